import MarkdownIt, { type Token } from 'markdown-it';
import { prepareLines } from './markdown-lines.ts';
import type { Line } from './repair.ts';

/** A node of the block structure. Texts keep their inline marks. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly lines: readonly Line[] }
  | { readonly kind: 'paragraph'; readonly lines: readonly Line[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly Item[] }
  | { readonly kind: 'code'; readonly language: string; readonly lines: readonly Line[] }
  | { readonly kind: 'table'; readonly rows: readonly Row[] };

export interface Item {
  /** The number of an ordered item as written; null for a bullet. */
  readonly number: number | null;
  readonly blocks: readonly Block[];
}

/** One row of a table; the first one is its header. */
export interface Row {
  readonly cells: readonly string[];
  readonly line: number;
}

/**
 * Blocks only: inline marks are taken off by us, since damaged text has them unbalanced. Indented code, setext headings
 * and raw HTML are off: in pasted text an indent, a rule or an angle bracket hardly ever means them.
 */
const PARSER = new MarkdownIt('default', { html: false, maxNesting: 40 });
PARSER.disable(['code', 'lheading', 'reference', 'html_block']);
PARSER.core.ruler.enableOnly(['normalize', 'block']);

/** The block structure of repaired lines, each text with its line in the text as given. */
export function readBlocks(logical: readonly Line[]): readonly Block[] {
  const lines = prepareLines(logical);
  const tokens = PARSER.parse(lines.map((one) => one.text).join('\n'), {});
  return new Builder(tokens, lines).blocks('');
}

class Builder {
  readonly #tokens: readonly Token[];
  readonly #lines: readonly Line[];
  #at = 0;

  constructor(tokens: readonly Token[], lines: readonly Line[]) {
    this.#tokens = tokens;
    this.#lines = lines;
  }

  /** Blocks up to the token `end`, which is taken too. */
  blocks(end: string): Block[] {
    const out: Block[] = [];
    while (this.#at < this.#tokens.length) {
      const token = this.#tokens[this.#at];
      this.#at += 1;
      if (token === undefined || token.type === end) break;
      switch (token.type) {
        case 'heading_open':
          out.push({ kind: 'heading', level: Number(token.tag.slice(1)) || 1, lines: this.#inline() });
          break;
        case 'paragraph_open':
          out.push({ kind: 'paragraph', lines: this.#inline() });
          break;
        case 'blockquote_open':
          out.push(...this.blocks('blockquote_close'));
          break;
        case 'bullet_list_open':
        case 'ordered_list_open':
          out.push(this.#list(token.type === 'ordered_list_open'));
          break;
        case 'fence':
          out.push({
            kind: 'code',
            language: token.info.trim().split(/\s/)[0]?.toLowerCase() ?? '',
            lines: this.#split(token.content.replace(/\n$/, ''), (token.map?.[0] ?? 0) + 1),
          });
          break;
        case 'table_open':
          out.push(this.#table());
          break;
        default:
          break;
      }
    }
    return out;
  }

  #list(ordered: boolean): Block {
    const items: Item[] = [];
    const end = ordered ? 'ordered_list_close' : 'bullet_list_close';
    while (this.#at < this.#tokens.length) {
      const token = this.#tokens[this.#at];
      this.#at += 1;
      if (token === undefined || token.type === end) break;
      if (token.type === 'list_item_open')
        items.push({ number: ordered ? Number(token.info) : null, blocks: this.blocks('list_item_close') });
    }
    return { kind: 'list', ordered, items };
  }

  #table(): Block {
    const rows: Row[] = [];
    let cells: string[] = [];
    while (this.#at < this.#tokens.length) {
      const token = this.#tokens[this.#at];
      this.#at += 1;
      if (token === undefined || token.type === 'table_close') break;
      if (token.type === 'tr_open') {
        cells = [];
        rows.push({ cells, line: this.#lineAt(token.map?.[0] ?? 0) });
      } else if (token.type === 'inline') cells.push(token.content);
    }
    return { kind: 'table', rows };
  }

  #inline(): readonly Line[] {
    const token = this.#tokens[this.#at];
    if (token === undefined || token.type !== 'inline') return [];
    this.#at += 1;
    return this.#split(token.content, token.map?.[0] ?? 0);
  }

  #split(content: string, first: number): readonly Line[] {
    return content.split('\n').map((text, i) => ({ text, line: this.#lineAt(first + i) }));
  }

  #lineAt(index: number): number {
    return this.#lines[index]?.line ?? this.#lines.at(-1)?.line ?? 1;
  }
}
