import 'server-only';
import { createHash } from 'node:crypto';

const MAX_LENGTH = 120;
/** Statements whose literals the server itself has replaced by `$n`. */
const NORMALISED = /^(SELECT|INSERT|UPDATE|DELETE|MERGE|WITH|VALUES|TABLE)\b/i;

/**
 * Label of a statement family: its text without comments and anything that could still be a literal, in one line of
 * at most 120 characters. Null when no text is left. Utility statements (`CREATE ROLE … PASSWORD …`) are stored as
 * they were sent, so only their first words stay.
 */
export function familyOf(query: string): string | null {
  const text = collapse(stripLiterals(query));
  if (text === '') return null;
  if (!NORMALISED.test(text)) {
    const words = /^[A-Za-z]+(?: [A-Za-z_]+)?/.exec(text)?.[0];
    return words === undefined ? null : words.toUpperCase().slice(0, MAX_LENGTH);
  }
  if (text.length <= MAX_LENGTH) return text;
  // Long statements often begin alike: the ending tells them apart.
  const ending = ` … #${createHash('sha256').update(text).digest('hex').slice(0, 6)}`;
  return text.slice(0, MAX_LENGTH - ending.length).trimEnd() + ending;
}

/** One pass, so that a quote inside a comment or a comment inside a quote is read as what it is. */
const TOKEN = new RegExp(
  [
    String.raw`/\*[\s\S]*?(?:\*/|$)`, // comment
    String.raw`--[^\n]*`, // comment to the end of the line
    `"(?:[^"]|"")*(?:"|$)`, // quoted name, kept
    String.raw`\b[eE]'(?:\\[\s\S]|''|[^'\\])*(?:'|$)`, // string with escapes
    `'(?:[^']|'')*(?:'|$)`, // string
    String.raw`\$([A-Za-z_][A-Za-z0-9_]*)?\$[\s\S]*?(?:\$\1\$|$)`, // dollar-quoted string
    String.raw`\$\d+`, // placeholder, kept
    String.raw`[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*`, // name or keyword, kept
    String.raw`\d[\w.]*`, // number
  ].join('|'),
  'g',
);

function stripLiterals(query: string): string {
  return query.replace(TOKEN, (token) => {
    if (token.startsWith('/*') || token.startsWith('--')) return ' ';
    if (/^\$\d+$/.test(token) || /^["A-Za-z_\u0080-\uffff]/.test(token)) {
      return /^[eE]'/.test(token) ? '?' : token;
    }
    return '?';
  });
}

function collapse(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/;\s*$/, '')
    .trim();
}
