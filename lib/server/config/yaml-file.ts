import 'server-only';
import { type Alias, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type YAMLMap } from 'yaml';
import type { FaultList } from './faults.ts';
import { parseYaml } from './parse-yaml.ts';
import { resolveReferences } from './references.ts';
import type { Variables } from './variables.ts';

export type Path = readonly PropertyKey[];

/** A config file as plain data, with what is needed to speak about its places. */
export interface YamlFile {
  /** Maps have no prototype; references are resolved. */
  data: unknown;
  /** Line of a place, or of the nearest place around it that exists. */
  lineOf(path: Path): number;
  /** True when the place has a fault already, so that its value means nothing. */
  isBroken(path: Path): boolean;
  /** Variables that the text at this place was made from. */
  variablesOf(path: Path): readonly string[];
  /** True when any text of the file refers to this variable. */
  refersTo(variable: string): boolean;
  /** The text as written, references unresolved; null when it is no text. */
  writtenAt(path: Path): string | null;
}

const MAX_CHARS = 65_536;
const MAX_NODES = 20_000;
const MAX_DEPTH = 24;
const MAX_ALIASES = 100;
const FORBIDDEN_KEYS: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/** Reads one YAML text. Every fault goes to `faults`; null when the text is no YAML at all. Never throws. */
export function readYamlFile(
  text: string,
  where: string,
  variables: Variables,
  faults: FaultList,
): YamlFile | null {
  if (text.length > MAX_CHARS) {
    faults.add(where, null, `is larger than ${MAX_CHARS / 1024} KB; a config file is not`);
    return null;
  }
  return new Reader(where, variables, faults).read(text);
}

class Reader implements YamlFile {
  data: unknown = null;
  readonly #lines = new LineCounter();
  readonly #places = new Map<string, Place>();
  readonly #references = new Set<string>();
  readonly #open = new Set<Node>();
  #resolve: (alias: Alias) => Node | undefined = () => undefined;
  #nodes = 0;
  #aliases = 0;

  constructor(
    private readonly where: string,
    private readonly variables: Variables,
    private readonly faults: FaultList,
  ) {}

  read(text: string): YamlFile | null {
    const before = this.faults.size;
    try {
      const parsed = parseYaml(text, this.#lines);
      if (parsed === null) {
        this.faults.add(this.where, null, 'is nested more deeply than a config file is');
        return null;
      }
      const { document, hasMore } = parsed;
      if (hasMore) this.faults.add(this.where, null, 'holds several documents (---); write one');
      for (const { code, pos } of [...document.errors, ...document.warnings]) {
        this.faults.add(this.where, this.#lineAt(pos[0]), YAML_FAULTS[code] ?? 'is not valid YAML here');
      }
      if (this.faults.size > before) return null;
      this.#resolve = (alias) => alias.resolve(document);
      this.data = this.#walk(document.contents, []);
    } catch {
      // A fault of the parser itself; its message could hold text of the file.
      this.faults.add(this.where, null, 'cannot be read as YAML');
      return null;
    }
    return this;
  }

  lineOf(path: Path): number {
    for (let length = path.length; length > 0; length--) {
      const place = this.#places.get(keyOf(path.slice(0, length)));
      if (place !== undefined) return place.line;
    }
    return 1;
  }

  isBroken(path: Path): boolean {
    return this.#places.get(keyOf(path))?.isBroken ?? false;
  }

  variablesOf(path: Path): readonly string[] {
    return this.#places.get(keyOf(path))?.names ?? [];
  }

  refersTo(variable: string): boolean {
    return this.#references.has(variable);
  }

  writtenAt(path: Path): string | null {
    return this.#places.get(keyOf(path))?.written ?? null;
  }

  #walk(node: unknown, path: Path): unknown {
    if (++this.#nodes > MAX_NODES || path.length > MAX_DEPTH) {
      this.#break(path, 'holds more, or deeper, than a config file does; reading stopped here');
      return null;
    }
    if (isAlias(node)) return this.#walkAlias(node, path);
    if (isMap(node)) return this.#walkMap(node, path);
    if (isSeq(node)) return node.items.map((item, i) => this.#walkPlace(item, [...path, i], item));
    return isScalar(node) ? this.#walkScalar(node.value, path) : null;
  }

  #walkPlace(node: unknown, path: Path, lineNode: unknown): unknown {
    const start = (lineNode as { range?: readonly number[] | null } | null)?.range?.[0];
    const line = start === undefined ? this.lineOf(path) : this.#lineAt(start);
    this.#places.set(keyOf(path), { line, isBroken: false, names: [], written: null });
    return this.#walk(node, path);
  }

  #walkMap(map: YAMLMap, path: Path): unknown {
    const data: Record<string, unknown> = Object.create(null);
    for (const { key, value } of map.items) {
      const name = isScalar(key) ? String(key.value) : null;
      const line = isScalar(key) && key.range ? this.#lineAt(key.range[0]) : this.lineOf(path);
      if (name === null || FORBIDDEN_KEYS.includes(name)) {
        this.faults.add(this.where, line, `${describePath(path)}a key must be a plain name`);
      } else if (Object.hasOwn(data, name)) {
        const first = this.lineOf([...path, name]);
        this.faults.add(
          this.where,
          line,
          `${describePath(path)}the same key stands on line ${first} already`,
        );
      } else {
        data[name] = this.#walkPlace(value, [...path, name], key);
      }
    }
    return data;
  }

  #walkAlias(alias: Alias, path: Path): unknown {
    const node = ++this.#aliases > MAX_ALIASES ? undefined : this.#resolve(alias);
    if (node === undefined || this.#open.has(node)) {
      this.#break(path, `uses an alias that cannot be followed (at most ${MAX_ALIASES}, none inside itself)`);
      return null;
    }
    this.#open.add(node);
    const data = this.#walk(node, path);
    this.#open.delete(node);
    return data;
  }

  #walkScalar(value: unknown, path: Path): unknown {
    if (typeof value !== 'string') return value;
    const { text, names, problems } = resolveReferences(value, this.variables);
    for (const name of names) this.#references.add(name);
    const place = this.#places.get(keyOf(path));
    if (place !== undefined) Object.assign(place, { names, written: value });
    for (const problem of problems) this.#break(path, problem);
    return text;
  }

  #break(path: Path, message: string): void {
    const place = this.#places.get(keyOf(path));
    if (place !== undefined) place.isBroken = true;
    this.faults.add(this.where, this.lineOf(path), describePath(path) + message);
  }

  #lineAt(offset: number): number {
    return Math.max(1, this.#lines.linePos(offset).line);
  }
}

interface Place {
  line: number;
  isBroken: boolean;
  names: readonly string[];
  written: string | null;
}

/** `sources[0].url: `; a part that could be anything but a key of ours is left out. */
export function describePath(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += `${text === '' ? '' : '.'}${isPlainWord(String(part)) ? String(part) : '…'}`;
  }
  return text === '' ? '' : `${text}: `;
}

/** Safe to repeat in a fault: letters only, short. A credential that slipped into a key's place has more than that. */
export function isPlainWord(text: string): boolean {
  return /^[A-Za-z][A-Za-z_-]{0,23}$/.test(text);
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}

/** Our own words for the parser's codes: its texts quote the file. */
const YAML_FAULTS: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'an alias (*name) has no anchor (&name) before it',
  BAD_INDENT: 'the indentation does not fit the lines around it',
  BAD_SCALAR_START: 'a value begins with a sign that needs quotes around the value',
  BLOCK_AS_IMPLICIT_KEY: 'a key and a value do not fit on one line here; is a line break or a quote missing?',
  BLOCK_IN_FLOW: 'a list or map in lines stands inside brackets',
  IMPOSSIBLE: 'is not valid YAML here',
  KEY_OVER_1024_CHARS: 'a key is longer than 1,024 characters',
  MISSING_CHAR: 'a sign is missing: a closing quote, bracket, comma or the colon after a key',
  MULTILINE_IMPLICIT_KEY: 'a key goes over several lines; is a colon missing?',
  MULTIPLE_ANCHORS: 'a value has two anchors',
  MULTIPLE_TAGS: 'a value has two tags',
  NON_STRING_KEY: 'a key must be a plain name',
  TAB_AS_INDENT: 'a tab is used to indent; use spaces',
  TAG_RESOLVE_FAILED: 'a tag (!name) is not known; leave it out',
  UNEXPECTED_TOKEN: 'a sign stands where none is expected',
};
