import { wordsOf } from './note-builder.ts';
import type { NoteBlock } from './note-types.ts';
import { parseNote } from './parse-note.ts';

/** The bare words of a note on one line, for places that have no room for more. Empty for an empty note. */
export function noteText(markdown: string): string {
  return parseNote(markdown).map(blockWords).filter(Boolean).join(' ').replace(/\s+/g, ' ').trim();
}

function blockWords(block: NoteBlock): string {
  switch (block.kind) {
    case 'heading':
    case 'paragraph':
      return block.children.map(wordsOf).join('');
    case 'code':
      return block.text;
    case 'list':
      return block.items.flatMap((item) => item.map(blockWords)).join(' ');
    case 'quote':
      return block.blocks.map(blockWords).join(' ');
    case 'table':
      return [block.head, ...block.rows]
        .flatMap((row) => row.map((cell) => cell.map(wordsOf).join('')))
        .join(' ');
    case 'rule':
      return '';
    case 'cut':
      return block.why;
    default:
      return block satisfies never;
  }
}
