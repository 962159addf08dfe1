import MarkdownIt from 'markdown-it';
import { exactText } from '../units/format-value.ts';
import { NoteBuilder } from './note-builder.ts';
import { NOTE_LIMITS, type NoteBlock } from './note-types.ts';
import { safeHref } from './safe-link.ts';

const MARK_SIGNS = /[[\]()*_`~<>!&\\]/g;

/** Raw HTML stays text, nothing becomes a link by itself, and no link leaves the three schemes. */
const PARSER = new MarkdownIt('default', {
  html: false,
  linkify: false,
  typographer: false,
  maxNesting: NOTE_LIMITS.nesting,
});
PARSER.disable(['reference']);
PARSER.validateLink = (address) => safeHref(address) !== null;
// The parser looks from every sign for the one that closes it: signs without end would take a time without end.
PARSER.core.ruler.before('inline', 'mark_limit', ({ tokens }) => {
  let marks = 0;
  let read = 0;
  for (const token of tokens) {
    if (token.type !== 'inline') continue;
    const count = token.content.match(MARK_SIGNS)?.length ?? 0;
    marks += count;
    read += 1;
    const isOver = marks > NOTE_LIMITS.marks || read > NOTE_LIMITS.nodes;
    if (count > NOTE_LIMITS.marksInOne || isOver) token.type = 'plain';
  }
});

/**
 * A note in Markdown as blocks that hold only words, lists, tables, code, quotes and checked links. Images are their
 * alternative text, raw HTML is the text that it is, and what is left out for its size is said in a last block.
 */
export function parseNote(markdown: string): NoteBlock[] {
  const { text, whyCut } = shorten(cleanNote(markdown.slice(0, NOTE_LIMITS.chars + 1)));
  const builder = new NoteBuilder(PARSER.parse(text, {}));
  const blocks = builder.blocks();
  const why = whyCut ?? builder.whyCut;
  return why === null ? blocks : [...blocks, { kind: 'cut', why }];
}

/** As much of a note as is read, and why the rest is not; null when all of it is. */
function shorten(note: string): { text: string; whyCut: string | null } {
  const lines = note.slice(0, NOTE_LIMITS.chars).split('\n');
  const text = lines.slice(0, NOTE_LIMITS.lines).join('\n');
  if (lines.length > NOTE_LIMITS.lines)
    return {
      text,
      whyCut: `The note has more than ${exactText(NOTE_LIMITS.lines)} lines; the rest is not shown.`,
    };
  if (note.length > NOTE_LIMITS.chars)
    return { text, whyCut: `The note is longer than ${NOTE_LIMITS.chars / 1024} KB; the rest is not shown.` };
  return { text, whyCut: null };
}

/** Control signs, and marks that are not seen but turn the direction of writing, have no place in a note. */
function cleanNote(markdown: string): string {
  return markdown
    .replace(/\r\n?/g, '\n')
    .replace(/[\u2028\u2029]/g, '\n')
    .replace(/[^\P{Cc}\t\n]/gu, '')
    .replace(/[\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\u061c\ufeff]/g, '');
}
