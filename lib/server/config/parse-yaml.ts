import 'server-only';
import { Composer, type CST, type Document, type LineCounter, Parser } from 'yaml';

const MAX_DEPTH = 48;

export interface ParsedYaml {
  document: Document;
  /** True when another document follows. */
  hasMore: boolean;
}

/**
 * Parses one YAML text; null when it is nested deeper than any config file. The parser works without recursion and
 * the composer does not: some thousand brackets overflow its stack, and V8 may then end the whole process. So depth
 * is measured in between.
 */
export function parseYaml(text: string, lines: LineCounter): ParsedYaml | null {
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  if (isTooDeep(tokens)) return null;
  const composer = new Composer({
    prettyErrors: false, // their excerpts would show what a line holds
    uniqueKeys: false, // theirs takes the square of the number of keys; the reader checks instead
    lineCounter: lines,
    logLevel: 'error',
    schema: 'core',
    version: '1.2',
  });
  const [document, second] = composer.compose(tokens, true, text.length);
  return document === undefined ? null : { document, hasMore: second !== undefined };
}

function isTooDeep(tokens: readonly CST.Token[]): boolean {
  let level: CST.Token[] = [...tokens];
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    level = level.flatMap(insideOf);
    if (level.length === 0) return false;
  }
  return true;
}

function insideOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) =>
    [key, value].filter((part) => part !== null && part !== undefined),
  );
}
