/** A way in which pasting harms a document without taking anything away that a reader needs. */
export interface Harm {
  readonly name: string;
  readonly apply: (text: string) => string;
  /** Line of the harmed text where line `line` of the text now stands; both count from 1. */
  readonly lineOf: (line: number) => number;
}

const sameLine = (line: number) => line;

/** Harms that change no claim, check or command of any document. */
export const HARMS: readonly Harm[] = [
  { name: 'CRLF', apply: (text) => text.replaceAll('\n', '\r\n'), lineOf: sameLine },
  { name: 'a byte order mark', apply: (text) => `\ufeff${text}`, lineOf: sameLine },
  { name: 'NUL at the ends of lines', apply: (text) => text.replaceAll('\n', '\0\n'), lineOf: sameLine },
  {
    name: 'spaces that do not break',
    apply: (text) => text.replace(/(?<=\S) (?=\S)/g, '\u00a0'),
    lineOf: sameLine,
  },
  {
    name: 'site chrome around it',
    apply: (text) => `Home\n\nSkip to content\n\n← Back\n\n${text}\n\nEdit this page\n\n© 2026 Harbor crew\n`,
    lineOf: (line) => line + 6,
  },
];
