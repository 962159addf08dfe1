import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vitest/node';

/** A node of the syntax tree, in the ESTree shape; fields are looked at by name. */
export interface Node {
  type: string;
  start: number;
  [field: string]: unknown;
}

/** A source file, taken apart. `path` is from the project's root, with forward slashes. */
export interface Source {
  path: string;
  text: string;
  body: readonly Node[];
}

/** One broken rule. */
export interface Finding {
  path: string;
  line: number;
  message: string;
}

/** An import of a file, or a re-export from one. */
export interface Import {
  /** From the project's root for our own files (`lib/core/x.ts`), else the name of the package or built-in. */
  target: string;
  ours: boolean;
  /** True when nothing of it is left at run time. */
  typeOnly: boolean;
  specifier: string;
  node: Node;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Takes a text apart as if it were the file at `path`. Throws on a syntax error. */
export function parseSource(path: string, text: string): Source {
  const lang = path.endsWith('x') ? 'tsx' : 'ts';
  return { path, text, body: parseAst(text, { lang }).body as unknown as Node[] };
}

/** True for files that only tests use: `test/`, `test-*.ts` beside the tests, and the tests themselves. */
export function isTestHelper(path: string): boolean {
  return /^(test|e2e)\/|(^|\/)test-[^/]*$|\.test\.tsx?$/.test(path);
}

/** All TypeScript files under these folders or files of the project, tests and their helpers left out. */
export function readSources(places: readonly string[]): readonly Source[] {
  return places
    .flatMap(listFiles)
    .filter((path) => /\.tsx?$/.test(path) && !/\.d\.ts$/.test(path) && !isTestHelper(path))
    .map((path) => parseSource(path, readFileSync(join(ROOT, path), 'utf8')));
}

function listFiles(place: string): string[] {
  try {
    return readdirSync(join(ROOT, place), { withFileTypes: true }).flatMap((entry) => {
      const path = posix.join(place, entry.name);
      return entry.isDirectory() ? listFiles(path) : [path];
    });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOTDIR') return [place];
    if (code === 'ENOENT') return [];
    throw error;
  }
}

/** True for anything with a `type`: the nodes of the tree. */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

/** Calls `visit` for `node` and everything under it; children of a node for which it gives false are left out. */
export function walk(node: unknown, visit: (node: Node) => boolean | undefined): void {
  if (Array.isArray(node)) {
    for (const child of node) walk(child, visit);
    return;
  }
  if (!isNode(node) || visit(node) === false) return;
  for (const value of Object.values(node)) if (typeof value === 'object') walk(value, visit);
}

/** The node in a field; null when there is none. */
export function child(node: Node | null, field: string): Node | null {
  const value = node?.[field];
  return isNode(value) ? value : null;
}

/** The nodes in a field that holds a list. */
export function children(node: Node | null, field: string): readonly Node[] {
  const value = node?.[field];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** The name of an identifier, in code or in JSX; null for anything else. */
export function nameOf(node: Node | null): string | null {
  return node !== null && typeof node.name === 'string' ? node.name : null;
}

/** `a.b` for such an expression of two names, else null. */
export function memberOf(node: Node | null): { object: string | null; property: string } | null {
  if (node?.type !== 'MemberExpression') return null;
  const property = child(node, 'property');
  const name = node.computed === true ? literalOf(property) : nameOf(property);
  return name === null ? null : { object: nameOf(child(node, 'object')), property: name };
}

/** The text of a string literal, else null. */
export function literalOf(node: Node | null): string | null {
  return node?.type === 'Literal' && typeof node.value === 'string' ? node.value : null;
}

export function finding(source: Source, node: Node | null, message: string): Finding {
  return { path: source.path, line: source.text.slice(0, node?.start ?? 0).split('\n').length, message };
}

/** Every finding as `path:line message`, for the text of a failed test. */
export function print(findings: readonly Finding[]): string[] {
  return findings.map(({ path, line, message }) => `${path}:${line} ${message}`).sort();
}

/** All imports of a file: static, dynamic, re-exports and types. */
export function importsOf(source: Source): readonly Import[] {
  const found: Import[] = [];
  walk(source.body, (node) => {
    const specifier = literalOf(child(node, 'source'));
    if (specifier === null) return;
    const ours = specifier.startsWith('.') || specifier.startsWith('@/');
    found.push({
      target: ours ? resolve(source.path, specifier) : specifier,
      ours,
      typeOnly: isTypeOnly(node),
      specifier,
      node,
    });
  });
  return found;
}

function resolve(from: string, specifier: string): string {
  return specifier.startsWith('@/')
    ? posix.normalize(specifier.slice(2))
    : posix.join(posix.dirname(from), specifier);
}

function isTypeOnly(node: Node): boolean {
  if (node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type') return true;
  const names = children(node, 'specifiers');
  return names.length > 0 && names.every((one) => one.importKind === 'type' || one.exportKind === 'type');
}
