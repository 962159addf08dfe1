import { markdownTable, markdownText } from '../watch/markdown-text.ts';
import { wordsOf } from './note-builder.ts';
import type { NoteBlock, NoteInline, NoteRow } from './note-types.ts';
import { parseNote } from './parse-note.ts';

/** Less than a line of ours is cut at. */
const PIECE_CHARS = 400;

/**
 * A note as a quote in a document of ours. Its shape stays (paragraphs, lists, tables, code), its words cannot become
 * anything else: a heading is a strong line, a link is its words and its address.
 */
export function noteMarkdown(markdown: string): string[] {
  return parseNote(markdown)
    .flatMap((block, index) => [...(index === 0 ? [] : ['']), ...blockLines(block)])
    .map((line) => `> ${line}`.trimEnd());
}

function blockLines(block: NoteBlock): string[] {
  switch (block.kind) {
    case 'heading': {
      const words = inlineText(block.children).join(' ');
      return words === '' ? [] : [`**${words}**`];
    }
    case 'paragraph':
      return inlineText(block.children).map((line, index, all) =>
        index < all.length - 1 ? `${line}  ` : line,
      );
    case 'code':
      return fenced(block.text.split('\n'));
    case 'list': {
      const { start, items } = block;
      return items.flatMap((item, index) => {
        const sign = start === null ? '- ' : `${(start + index) % 1e9}. `;
        const lines = item.flatMap((one, n) => [...(n === 0 ? [] : ['']), ...blockLines(one)]);
        return (lines.length === 0 ? [''] : lines).map(
          (line, n) => (n === 0 ? sign : ' '.repeat(sign.length)) + line,
        );
      });
    }
    case 'quote':
      return block.blocks
        .flatMap((one, index) => [...(index === 0 ? [] : ['']), ...blockLines(one)])
        .map((line) => `> ${line}`.trimEnd());
    case 'table':
      return markdownTable(
        rowCells(block.head),
        block.rows.map((row) => rowCells(row)),
      );
    case 'rule':
      return ['---'];
    case 'cut':
      return [`*${markdownText(block.why)}*`];
    default:
      return block satisfies never;
  }
}

/** Lines as text between fences, which nothing in them can close. */
export function fenced(lines: readonly string[]): string[] {
  return [
    '```text',
    ...lines.map((line) => line.replaceAll('`', 'ˋ').replace(/[\p{Cc}\u2028\u2029]/gu, ' ')),
    '```',
  ];
}

const rowCells = (row: NoteRow) => row.map((cell) => inlineText(cell).join(' '));

/** The words of a run, a line for each line of the note. */
function inlineText(parts: readonly NoteInline[]): string[] {
  return splitLines(parts)
    .map((line) => safeWords(line.map(withAddress).join('')))
    .filter((line) => line !== '');
}

function splitLines(parts: readonly NoteInline[]): NoteInline[][] {
  const lines: NoteInline[][] = [[]];
  for (const part of parts) {
    if (part.kind === 'break') lines.push([]);
    else lines.at(-1)?.push(part);
  }
  return lines;
}

function withAddress(part: NoteInline): string {
  const words = wordsOf(part);
  return part.kind === 'link' && words !== part.href ? `${words} (${part.href})` : words;
}

/** Long text in pieces, since a line of others is cut where it is long. */
function safeWords(words: string): string {
  const signs = [...words.replace(/\s+/g, ' ').trim()];
  const pieces: string[] = [];
  for (let at = 0; at < signs.length; at += PIECE_CHARS) {
    const piece = signs.slice(at, at + PIECE_CHARS).join('');
    pieces.push((piece.startsWith(' ') ? ' ' : '') + markdownText(piece) + (piece.endsWith(' ') ? ' ' : ''));
  }
  return pieces.join('').trim();
}
