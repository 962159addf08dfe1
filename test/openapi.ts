import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/**
 * A published OpenAPI 3.0 description, as far as answers are checked against it. The vendor's files are no part of the
 * project: they lie in a folder beside it, and a test that needs one skips where it is absent.
 */
export interface OpenApiSpec {
  readonly document: JsonObject;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** One place where a value is not what the schema says, such as `$[0].state: "on" is not one of active, suspended`. */
export type SchemaFault = string;

export interface CheckOptions {
  /**
   * Names that the description lacks but the provider sends. Every other undeclared property is a fault, though
   * OpenAPI allows it: a misspelt name in a fake would else go unseen.
   */
  undeclared?: readonly string[];
}

const SPEC_FOLDER = new URL('../../shared/contracts/openapi/', import.meta.url);
/** More says no more; a wrong shape repeats itself in every element of a list. */
const MAX_FAULTS = 20;

/** The description in this file of the specs' folder; null where the file is absent. Throws when it is not YAML. */
export function readOpenApi(fileName: string): OpenApiSpec | null {
  const path = fileURLToPath(new URL(fileName, SPEC_FOLDER));
  if (!existsSync(path)) return null;
  const document: unknown = parse(readFileSync(path, 'utf8'), { maxAliasCount: -1 });
  if (!isObject(document)) throw new Error(`${fileName} is no OpenAPI description`);
  return { document };
}

/**
 * Schema of the JSON answer to `method path` with this status; `path` as the description writes it
 * (`/redis/stats/{id}`). `default` stands in for a status that is not listed. Throws when there is none.
 */
export function responseSchema(
  spec: OpenApiSpec,
  method: string,
  path: string,
  status: number | 'default' = 200,
): unknown {
  const operation = at(spec, at(spec, at(spec, spec.document, 'paths'), path), method.toLowerCase());
  const responses = at(spec, operation, 'responses');
  const response = at(spec, responses, String(status)) ?? at(spec, responses, 'default');
  const content = at(spec, response, 'content');
  const media = at(spec, content, 'application/json') ?? at(spec, content, '*/*');
  const schema = at(spec, media, 'schema');
  if (schema === undefined)
    throw new Error(`the description has no JSON answer ${status} of ${method} ${path}`);
  return schema;
}

/** A schema by its name under `components`. Throws when there is none. */
export function namedSchema(spec: OpenApiSpec, name: string): unknown {
  const schema = at(spec, at(spec, at(spec, spec.document, 'components'), 'schemas'), name);
  if (schema === undefined) throw new Error(`the description has no schema ${name}`);
  return schema;
}

/** Query and path parameters of `method path` by name; those of the path item count too. */
export function parameterNames(spec: OpenApiSpec, method: string, path: string): readonly string[] {
  const item = at(spec, at(spec, spec.document, 'paths'), path);
  const lists = [at(spec, item, 'parameters'), at(spec, at(spec, item, method.toLowerCase()), 'parameters')];
  return lists
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .flatMap((raw) => {
      const name = at(spec, raw, 'name');
      return typeof name === 'string' ? [name] : [];
    });
}

/** Every place where `value` is not what `schema` says; empty when it fits. */
export function checkSchema(
  spec: OpenApiSpec,
  schema: unknown,
  value: unknown,
  options: CheckOptions = {},
): readonly SchemaFault[] {
  const undeclared = new Set(options.undeclared ?? []);
  return [...new Checker(spec, undeclared).check(schema, value, '$')].slice(0, MAX_FAULTS);
}

class Checker {
  constructor(
    private readonly spec: OpenApiSpec,
    private readonly undeclared: ReadonlySet<string>,
  ) {}

  check(raw: unknown, value: unknown, where: string): readonly SchemaFault[] {
    const { shape, declared, open } = this.#flatten(raw);
    return [...this.#checkOwn(shape, value, where), ...this.#checkUndeclared(declared, open, value, where)];
  }

  /** Everything but undeclared names: those can only be told once all parts of an `allOf` are known. */
  #checkOwn(parts: readonly JsonObject[], value: unknown, where: string): SchemaFault[] {
    return parts.flatMap((schema) => {
      if (value === null) return schema.nullable === true ? [] : this.#nullFaults(schema, where);
      return [
        ...this.#typeFaults(schema, value, where),
        ...this.#enumFaults(schema, value, where),
        ...this.#choiceFaults(schema, value, where),
        ...this.#objectFaults(schema, value, where),
        ...this.#itemFaults(schema, value, where),
      ];
    });
  }

  #nullFaults(schema: JsonObject, where: string): SchemaFault[] {
    const untyped = schema.type === undefined && schema.properties === undefined;
    return untyped || (Array.isArray(schema.enum) && schema.enum.includes(null))
      ? []
      : [`${where}: null is not allowed`];
  }

  #typeFaults(schema: JsonObject, value: unknown, where: string): SchemaFault[] {
    const { type } = schema;
    return typeof type !== 'string' || hasType(value, type) ? [] : [`${where}: ${show(value)} is no ${type}`];
  }

  #enumFaults(schema: JsonObject, value: unknown, where: string): SchemaFault[] {
    if (!Array.isArray(schema.enum) || schema.enum.includes(value)) return [];
    return [`${where}: ${show(value)} is not one of ${schema.enum.map(String).join(', ')}`];
  }

  #choiceFaults(schema: JsonObject, value: unknown, where: string): SchemaFault[] {
    const choices = [schema.oneOf, schema.anyOf].find(Array.isArray);
    if (choices === undefined) return [];
    const tried = choices.map((choice: unknown) => this.check(choice, value, where));
    return tried.some((faults) => faults.length === 0)
      ? []
      : [`${where}: fits none of the ${choices.length} shapes that it may have`, ...(tried[0] ?? [])];
  }

  #objectFaults(schema: JsonObject, value: unknown, where: string): SchemaFault[] {
    if (!isObject(value)) return [];
    const required = Array.isArray(schema.required) ? schema.required : [];
    const missing = required
      .filter((name): name is string => typeof name === 'string' && !Object.hasOwn(value, name))
      .map((name) => `${where}: ${name} is missing`);
    const properties = isObject(schema.properties) ? schema.properties : {};
    const wrong = Object.entries(properties)
      .filter(([name]) => Object.hasOwn(value, name))
      .flatMap(([name, inner]) => this.check(inner, value[name], `${where}.${name}`));
    const extra = isObject(schema.additionalProperties)
      ? Object.keys(value)
          .filter((name) => !Object.hasOwn(properties, name))
          .flatMap((name) => this.check(schema.additionalProperties, value[name], `${where}.${name}`))
      : [];
    return [...missing, ...wrong, ...extra];
  }

  #itemFaults(schema: JsonObject, value: unknown, where: string): SchemaFault[] {
    if (!Array.isArray(value) || schema.items === undefined) return [];
    return value.flatMap((item, i) => this.check(schema.items, item, `${where}[${i}]`));
  }

  #checkUndeclared(
    declared: ReadonlySet<string>,
    open: boolean,
    value: unknown,
    where: string,
  ): SchemaFault[] {
    // A schema without any property says nothing about names.
    if (!isObject(value) || open || declared.size === 0) return [];
    return Object.keys(value)
      .filter((name) => !declared.has(name) && !this.undeclared.has(name))
      .map((name) => `${where}: ${name} is not in the description`);
  }

  /** The schema with its references and `allOf` taken apart, and the names that all of it declares. */
  #flatten(raw: unknown): { shape: readonly JsonObject[]; declared: ReadonlySet<string>; open: boolean } {
    const shape: JsonObject[] = [];
    const declared = new Set<string>();
    let open = false;
    const take = (one: unknown, depth: number) => {
      const schema = resolve(this.spec, one);
      if (!isObject(schema) || depth > 20) return;
      // `nullable` beside an `allOf` holds for the whole.
      shape.push(schema);
      if (isObject(schema.properties)) for (const name of Object.keys(schema.properties)) declared.add(name);
      // What a choice declares is checked inside it.
      if (schema.oneOf !== undefined || schema.anyOf !== undefined) open = true;
      if (schema.additionalProperties !== undefined && schema.additionalProperties !== false) open = true;
      if (Array.isArray(schema.allOf)) for (const part of schema.allOf) take(part, depth + 1);
    };
    take(raw, 0);
    return { shape, declared, open };
  }
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'string':
    case 'boolean':
      return typeof value === type;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      throw new Error(`the type ${type} is not known to this check`);
  }
}

/** What a `$ref` stands for; anything else as it is. */
function resolve(spec: OpenApiSpec, raw: unknown): unknown {
  let value = raw;
  for (let hops = 0; isObject(value) && typeof value.$ref === 'string'; hops += 1) {
    const reference = value.$ref;
    if (!reference.startsWith('#/') || hops > 10) throw new Error(`${reference} cannot be followed`);
    value = reference
      .slice(2)
      .split('/')
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>((node, step) => (isObject(node) ? node[step] : undefined), spec.document);
    if (value === undefined) throw new Error(`${reference} leads nowhere`);
  }
  return value;
}

function at(spec: OpenApiSpec, raw: unknown, name: string): unknown {
  const node = resolve(spec, raw);
  return isObject(node) && Object.hasOwn(node, name) ? resolve(spec, node[name]) : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 60);
}
