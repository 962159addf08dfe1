import type { Token } from 'markdown-it';
import { exactText } from '../units/format-value.ts';
import { NOTE_LIMITS, type NoteBlock, type NoteInline, type NoteRow } from './note-types.ts';
import { hostToName, safeHref } from './safe-link.ts';

const MARKS = { strong_open: 'strong', em_open: 'em', s_open: 'strike' } as const;
/** Blocks that hold blocks. */
const CONTAINERS = new Set(['blockquote_open', 'list_item_open']);

/** Walks the tokens of one note once; what it does not know is left out, never passed on. */
export class NoteBuilder {
  readonly #tokens: readonly Token[];
  #at = 0;
  #nodes = 0;
  #isDeep = false;
  /** Levels of the headings that stand above the next one, as they were written. */
  #headings: number[] = [];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** Why something is missing, one sentence; null when nothing is. */
  get whyCut(): string | null {
    if (this.#nodes >= NOTE_LIMITS.nodes)
      return `The note has more than ${exactText(NOTE_LIMITS.nodes)} parts; the rest is not shown.`;
    return this.#isDeep ? 'Parts of the note are nested too deeply to be shown.' : null;
  }

  /** Blocks up to the token `end`, which is taken too. */
  blocks(end = ''): NoteBlock[] {
    const out: NoteBlock[] = [];
    while (this.#at < this.#tokens.length && this.#nodes < NOTE_LIMITS.nodes) {
      const token = this.#next();
      if (token === null || token.type === end) break;
      const block = this.#block(token);
      if (block !== null) {
        out.push(block);
        this.#nodes += 1;
      }
    }
    return out;
  }

  #block(token: Token): NoteBlock | null {
    switch (token.type) {
      case 'heading_open':
        return { kind: 'heading', level: this.#headingLevel(token.tag), children: this.#line() };
      case 'paragraph_open':
        return { kind: 'paragraph', children: this.#line() };
      case 'fence':
      case 'code_block':
        return { kind: 'code', text: token.content.replace(/\n$/, '') };
      case 'blockquote_open':
        return { kind: 'quote', blocks: this.blocks('blockquote_close') };
      case 'bullet_list_open':
        return { kind: 'list', start: null, items: this.#items('bullet_list_close') };
      case 'ordered_list_open':
        return {
          kind: 'list',
          start: Number(token.attrGet('start') ?? 1),
          items: this.#items('ordered_list_close'),
        };
      case 'table_open':
        return this.#table();
      case 'hr':
        return { kind: 'rule' };
      default:
        return null;
    }
  }

  #next(): Token | null {
    const token = this.#tokens[this.#at] ?? null;
    this.#at += 1;
    // The parser leaves out, without a word, what stands deeper than its limit.
    if (token !== null && CONTAINERS.has(token.type) && token.level >= NOTE_LIMITS.nesting - 1)
      this.#isDeep = true;
    return token;
  }

  /** `# A` and then `### B` are one step apart for a reader, so they are for a page. */
  #headingLevel(tag: string): number {
    const written = Number(tag.slice(1)) || 1;
    this.#headings = [...this.#headings.filter((level) => level < written), written];
    return this.#headings.length;
  }

  #items(end: string): NoteBlock[][] {
    const items: NoteBlock[][] = [];
    while (this.#at < this.#tokens.length && this.#nodes < NOTE_LIMITS.nodes) {
      const token = this.#next();
      if (token === null || token.type === end) break;
      if (token.type !== 'list_item_open') continue;
      this.#nodes += 1;
      items.push(this.blocks('list_item_close'));
    }
    return items;
  }

  #table(): NoteBlock {
    const rows: NoteInline[][][] = [];
    while (this.#at < this.#tokens.length && this.#nodes < NOTE_LIMITS.nodes) {
      const token = this.#next();
      if (token === null || token.type === 'table_close') break;
      if (token.type === 'tr_open') rows.push([]);
      if (token.type !== 'th_open' && token.type !== 'td_open') continue;
      this.#nodes += 1;
      rows.at(-1)?.push(this.#line());
    }
    const [head = [], ...rest]: NoteRow[] = rows;
    return { kind: 'table', head, rows: rest };
  }

  /** The words of the block that was just opened. */
  #line(): NoteInline[] {
    const token = this.#tokens[this.#at];
    if (token?.type !== 'inline' && token?.type !== 'plain') return [];
    this.#at += 1;
    if (token.type === 'plain') return [{ kind: 'text', text: token.content }];
    return this.#inlines(token.children ?? [], { at: 0 }, '');
  }

  #inlines(tokens: readonly Token[], place: { at: number }, end: string): NoteInline[] {
    const out: NoteInline[] = [];
    while (place.at < tokens.length && this.#nodes < NOTE_LIMITS.nodes) {
      const token = tokens[place.at];
      place.at += 1;
      if (token === undefined || token.type === end) break;
      const inline = this.#inline(token, tokens, place);
      if (inline === null) continue;
      out.push(inline);
      this.#nodes += 1;
    }
    return out;
  }

  #inline(token: Token, tokens: readonly Token[], place: { at: number }): NoteInline | null {
    switch (token.type) {
      case 'text':
      case 'text_special':
        return token.content === '' ? null : { kind: 'text', text: token.content };
      case 'code_inline':
        return { kind: 'code', text: token.content };
      // Nobody's server is asked for a picture: the words that stand for it do.
      case 'image':
        return { kind: 'text', text: token.children?.map(({ content }) => content).join('') || 'image' };
      case 'softbreak':
      case 'hardbreak':
        return { kind: 'break' };
      case 'strong_open':
      case 'em_open':
      case 's_open': {
        const kind = MARKS[token.type];
        return { kind, children: this.#inlines(tokens, place, token.type.replace('_open', '_close')) };
      }
      case 'link_open':
        return this.#link(token, this.#inlines(tokens, place, 'link_close'));
      default:
        return null;
    }
  }

  #link(token: Token, children: readonly NoteInline[]): NoteInline {
    const href = safeHref(String(token.attrGet('href') ?? ''));
    const words = children.map(wordsOf).join('');
    if (href === null) return { kind: 'text', text: words };
    if (words.trim() === '')
      return { kind: 'link', href, host: null, children: [{ kind: 'text', text: href }] };
    return { kind: 'link', href, host: hostToName(href, words), children };
  }
}

/** The bare words of a run. */
export function wordsOf(inline: NoteInline): string {
  switch (inline.kind) {
    case 'text':
    case 'code':
      return inline.text;
    case 'break':
      return ' ';
    case 'strong':
    case 'em':
    case 'strike':
    case 'link':
      return inline.children.map(wordsOf).join('');
    default:
      return inline satisfies never;
  }
}
