import { isCommand } from './command.ts';
import { type Block, type Item, type Row, readBlocks } from './markdown.ts';
import { wraps } from './markdown-lines.ts';
import type { Line } from './repair.ts';
import { isMajorHeading, readSideLabel, sideOfLabel } from './vocabulary.ts';

/** A heading, a label or a parent item: what is said under it is said of it. */
export interface Section {
  readonly title: string;
  readonly line: number;
  /** 1–6 Markdown headings, then headings of plain text, numbered ones, bold lines, labels, and items with children. */
  readonly level: number;
  readonly parent: Section | null;
}

export type MarkKind = 'tick' | 'cross' | 'warn' | 'open' | 'unknown';

/** One statement: an item, a line, or a wrapped paragraph, without inline marks. */
export interface Passage {
  readonly text: string;
  /** The same with inline code still quoted. */
  readonly raw: string;
  readonly line: number;
  /** Offsets in `text` at which a further line of the source begins. */
  readonly breaks: readonly { readonly offset: number; readonly line: number }[];
  readonly kind: 'text' | 'item' | 'heading' | 'code' | 'command';
  readonly section: Section | null;
  /** Passages of one list, one paragraph or one code block share it. */
  readonly block: number;
  readonly depth: number;
  readonly ordered: boolean;
  readonly mark: MarkKind | null;
  readonly box: boolean | null;
  readonly indent: number;
  /** In a code block of commands or of SQL. */
  readonly fenced: boolean;
}

export interface Table {
  readonly rows: readonly Row[];
  readonly section: Section | null;
  readonly block: number;
}

export interface Structure {
  readonly passages: readonly Passage[];
  readonly tables: readonly Table[];
}

const LEVEL = { major: 7, minor: 8, number: 9, bold: 10, label: 11, item: 12 } as const;

/** Passages and tables in their order, each with the headings it stands under. */
export function readPassages(logical: readonly Line[]): Structure {
  const flat = new Flattener();
  flat.blocks(readBlocks(logical), 0);
  return { passages: flat.passages, tables: flat.tables };
}

/** Titles from the nearest heading outwards. */
export function titlesOf(section: Section | null): readonly string[] {
  const out: string[] = [];
  for (let one = section; one !== null; one = one.parent) out.push(one.title);
  return out;
}

class Flattener {
  readonly passages: Passage[] = [];
  readonly tables: Table[] = [];
  #section: Section | null = null;
  #block = 0;
  /** True while nothing was said since the last heading of plain text: the next one is inside it. */
  #fresh = false;
  /** True after a label's list, table or code: the label is over with the next paragraph. */
  #spent: 'list' | 'code' | false = false;

  blocks(blocks: readonly Block[], depth: number): void {
    for (const [i, block] of blocks.entries()) {
      switch (block.kind) {
        case 'heading':
          this.#heading(block.lines, block.level);
          break;
        case 'paragraph':
          this.#block += 1;
          this.#paragraph(block.lines, depth, blocks[i + 1] ?? null);
          break;
        case 'list':
          this.#list(block.items, block.ordered, depth, blocks[i + 1] ?? null);
          this.#spent = 'list';
          break;
        case 'code':
          this.#block += 1;
          this.#code(block.lines, block.language, depth);
          this.#spent = 'code';
          break;
        case 'table':
          this.#block += 1;
          if (block.rows.length > 1)
            this.tables.push({
              rows: block.rows.map((row) => ({ line: row.line, cells: row.cells.map(cleanInline) })),
              section: this.#section,
              block: this.#block,
            });
          this.#fresh = false;
          this.#spent = 'list';
          break;
        default:
          block satisfies never;
      }
    }
  }

  #open(title: string, line: number, level: number): void {
    let parent = this.#section;
    while (parent !== null && parent.level >= level) parent = parent.parent;
    this.#section = { title, line, level, parent };
    this.#fresh = true;
    this.#spent = false;
  }

  #heading(lines: readonly Line[], level: number): void {
    const text = lines.map((one) => one.text).join(' ');
    const line = lines[0]?.line ?? 1;
    this.#block += 1;
    this.#push(text, lines.slice(0, 1), 'heading', 0, false, 0);
    this.#open(cleanInline(stripMark(text).rest), line, level);
  }

  #closeLabel(): void {
    if (
      this.#spent !== false &&
      this.#section !== null &&
      this.#section.level >= LEVEL.bold &&
      this.#section.level < LEVEL.item
    ) {
      const isLabel =
        this.#section.level >= LEVEL.label ||
        (this.#spent === 'list' && sideOfLabel(this.#section.title) !== null);
      if (isLabel) this.#section = this.#section.parent;
    }
    this.#spent = false;
  }

  #paragraph(lines: readonly Line[], depth: number, next: Block | null): void {
    const groups = groupLines(lines);
    for (const [i, group] of groups.entries()) {
      const first = group[0];
      if (first === undefined) continue;
      const text = group.map((one) => one.text.trim()).join(' ');
      // Of several lines with a mark each, none is the title of the next.
      const listed =
        stripMark(text).mark !== null &&
        [groups[i - 1], groups[i + 1]].some(
          (other) => other?.[0] !== undefined && stripMark(other[0].text).mark !== null,
        );
      const level =
        group.length === 1 && !listed
          ? headingLevel(text, i < groups.length - 1 || next !== null, depth)
          : null;
      if (level !== null) {
        if (level >= LEVEL.label) this.#closeLabel();
        const nested =
          this.#fresh &&
          this.#section !== null &&
          this.#section.level >= LEVEL.major &&
          this.#section.level < LEVEL.number &&
          level < LEVEL.number;
        this.#push(text, group, 'heading', depth, false, 0);
        this.#open(
          titleOf(cleanInline(stripMark(text).rest)),
          first.line,
          nested ? Math.min((this.#section?.level ?? level) + 0.1, 8.9) : level,
        );
        continue;
      }
      this.#closeLabel();
      this.#push(
        text,
        group,
        isCommand(cleanInline(text)) ? 'command' : 'text',
        depth,
        false,
        first.text.length - first.text.trimStart().length,
      );
    }
  }

  #list(items: readonly Item[], ordered: boolean, depth: number, next: Block | null): void {
    this.#block += 1;
    const block = this.#block;
    const outer = this.#section;
    for (const item of items) {
      const [head, ...rest] = item.blocks;
      const groups = head?.kind === 'paragraph' ? groupLines(head.lines) : [];
      const [own, ...more] = groups;
      const text = own?.map((one) => one.text.trim()).join(' ') ?? '';
      const title =
        ordered &&
        items.length === 1 &&
        rest.length === 0 &&
        more.length === 0 &&
        next !== null &&
        next.kind !== 'heading' &&
        isNumberedTitle(text);
      this.#block = title ? this.#block + 1 : block;
      if (own !== undefined && own.length > 0)
        this.#push(
          text,
          own,
          title ? 'heading' : isCommand(cleanInline(text)) ? 'command' : 'item',
          depth + 1,
          ordered,
          0,
        );
      if (title && own?.[0] !== undefined) {
        this.#section = outer;
        this.#open(cleanInline(text).replace(/:$/, ''), own[0].line, LEVEL.number);
        return;
      }
      const children: Block[] = [
        ...(more.length > 0 ? [{ kind: 'paragraph' as const, lines: more.flat() }] : []),
        ...(head !== undefined && head.kind !== 'paragraph' ? [head] : []),
        ...rest,
      ];
      if (children.length > 0) {
        this.#section = {
          title: cleanInline(stripMark(text).rest).replace(/:$/, ''),
          line: own?.[0]?.line ?? 1,
          level: LEVEL.item + depth,
          parent: outer,
        };
        this.#spent = false;
        this.blocks(children, depth + 1);
      }
      this.#section = outer;
      this.#fresh = false;
    }
    this.#block = Math.max(this.#block, block) + 1;
  }

  #code(lines: readonly Line[], language: string, depth: number): void {
    const outer = this.#section;
    const manner = codeManner(lines, language);
    if (manner === 'data') return;
    const table = manner === 'text' ? readDrawnTable(lines) : null;
    if (table !== null) {
      this.tables.push({ rows: table, section: outer, block: this.#block });
      this.#fresh = false;
      return;
    }
    /** Heads inside the block, by their indent. */
    let heads: { indent: number; section: Section }[] = [];
    for (const one of lines) {
      const text = one.text.replace(/^\s*(?:#+|\/\/|--)\s+/, '').trim();
      if (text === '') continue;
      const indent = one.text.length - one.text.trimStart().length;
      if (manner === 'shell' || isCommand(text)) {
        this.#push(
          one.text,
          [one],
          isCommand(one.text) || manner === 'shell'
            ? /^\s*(?:#|\/\/)/.test(one.text)
              ? 'code'
              : 'command'
            : 'code',
          depth,
          false,
          indent,
          manner === 'shell',
        );
        continue;
      }
      if (language === 'sql') {
        this.#push(one.text, [one], /^\s*--/.test(one.text) ? 'code' : 'command', depth, false, indent, true);
        continue;
      }
      if (manner === 'source') continue;
      const isHead =
        /^[^\d]{2,50}:$/.test(text) ||
        (sideOfLabel(text.replace(/[=:\-\s]+$/, '')) !== null && !/\d/.test(text)) ||
        /^[A-Z][A-Z &]{3,40}$/.test(text);
      if (isHead) {
        const side = sideOfLabel(text.replace(/[:\s]+$/, '')) !== null;
        heads = heads.filter((head) => head.indent < indent && !(side && head.indent === indent));
        const section: Section = {
          title: text.replace(/[=:\-\s]+$/, ''),
          line: one.line,
          level: LEVEL.label + heads.length * 0.1,
          parent: heads.at(-1)?.section ?? outer,
        };
        heads.push({ indent, section });
        continue;
      }
      if (heads.length > 1) heads = heads.filter((head) => head.indent < indent || head === heads[0]);
      this.#section = heads.at(-1)?.section ?? outer;
      this.#push(text, [one], 'code', depth, false, indent);
    }
    this.#section = outer;
    this.#fresh = false;
  }

  #push(
    raw: string,
    lines: readonly Line[],
    kind: Passage['kind'],
    depth: number,
    ordered: boolean,
    indent: number,
    fenced = false,
  ): void {
    const { mark, box, rest } = stripMark(raw);
    const text = cleanInline(rest);
    const breaks: { offset: number; line: number }[] = [];
    if (lines.length > 1) {
      // Offsets are of the cleaned text: each part is cleaned by itself, which marks over line ends hardly shift.
      let offset = 0;
      for (const [i, one] of lines.entries()) {
        if (i > 0) breaks.push({ offset, line: one.line });
        offset += cleanInline(i === 0 ? stripMark(one.text).rest : one.text.trim()).length + 1;
      }
    }
    this.passages.push({
      text,
      raw: rest,
      line: lines[0]?.line ?? 1,
      breaks,
      kind,
      section: this.#section,
      block: this.#block,
      depth,
      ordered,
      mark,
      box,
      indent,
      fenced,
    });
    if (kind !== 'heading') this.#fresh = false;
  }
}

/** Lines of a paragraph as statements: a line that goes on with the sentence before belongs to it. */
function groupLines(lines: readonly Line[]): Line[][] {
  const groups: Line[][] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    const before = last?.at(-1);
    if (line.text.trim() === '') continue;
    if (last !== undefined && before !== undefined && last.length < 40 && wraps(before.text, line.text))
      last.push(line);
    else groups.push([line]);
  }
  return groups;
}

const MARKS: readonly [RegExp, MarkKind][] = [
  [/^(?:✅|☑|✔|✓|🟢)/u, 'tick'],
  [/^(?:❌|✗|✘|🔴)/u, 'cross'],
  [/^(?:⚠|🚨)/u, 'warn'],
  [/^(?:⏳|🔲|⬜|☐|🕐|⌛|🟡)/u, 'open'],
  [/^◇/u, 'unknown'],
];

/** The mark or the checkbox that a statement begins with, and the statement without it. */
export function stripMark(raw: string): { mark: MarkKind | null; box: boolean | null; rest: string } {
  let rest = raw.trim();
  // Letters, digits and bold begin most statements: no mark.
  if (/^[\w*$("'~<]/.test(rest)) return { mark: null, box: null, rest };
  const boxed = /^\\?\[([ xX✓✔]?)\\?\]\s*/u.exec(rest);
  const box = boxed === null ? null : (boxed[1] ?? '').trim() !== '';
  if (boxed !== null) rest = rest.slice(boxed[0].length);
  let mark: MarkKind | null = null;
  for (let round = 0; round < 3; round += 1) {
    const found = MARKS.find(([pattern]) => pattern.test(rest));
    if (found !== undefined) {
      mark ??= found[1];
      rest = rest.replace(found[0], '').trimStart();
    } else {
      const emoji = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier})+\s*/u.exec(rest);
      if (emoji === null || /^[↑↓→↔©®™]/u.test(rest)) break;
      rest = rest.slice(emoji[0].length);
    }
  }
  return { mark, box, rest };
}

/** A text without the marks of bold, italics, code and links. */
export function cleanInline(raw: string): string {
  if (!/[*_`~[\\\t]| {2}/.test(raw)) return raw.trim();
  let text = raw;
  if (text.includes(']('))
    text = text.replace(/!?\[([^\]]{0,300})\]\(([^)\s]{0,500})(?:\s+"[^"]{0,200}")?\)/g, '$1');
  if (text.includes('\\')) text = text.replace(/\\([\\`*_{}[\]()#+.!|~<>$-])/g, '$1');
  if (text.includes('*')) text = text.replace(/\*\*|\*(?=\S)|(?<=\S)\*(?!\w)/g, '');
  if (text.includes('_')) text = text.replace(/(?<!\w)_{1,2}(?=\S)|(?<=\S)_{1,2}(?!\w)/g, '');
  return text
    .replace(/`+|~~/g, '')
    .replace(/[ \t]{2,}/g, ' ')
    .trim();
}

const LABEL_VALUE = /:\s+\S/;

function headingLevel(raw: string, hasNext: boolean, depth: number): number | null {
  const text = cleanInline(stripMark(raw).rest);
  if (text === '' || text.length > 90 || !hasNext) return null;
  if (isStateTitle(text)) return LEVEL.bold;
  if (/^\s*#{1,6}\S/.test(raw)) return 4;
  if (isCommand(text)) return null;
  if (
    /^(?:\*\*|__)[^*]{1,80}(?:\*\*|__):?(?:\s*\([^)]{0,60}\))?:?$/.test(stripTail(stripMark(raw).rest)) &&
    !LABEL_VALUE.test(text)
  )
    return LEVEL.bold;
  if (/:$/.test(text) && text.split(/\s+/).length <= 12) return LEVEL.label;
  if (depth > 0 || LABEL_VALUE.test(text) || /[.,;!]$/.test(text) || text.length > 70) return null;
  if (!/^[\p{Lu}\d]/u.test(text) || text.split(/\s+/).length > 9) return null;
  if (/→|->|=>|\d\s*[%x]|\d[\d,.]{2,}|\d\s*(?:ms|s|KB|MB|GB|k)\b/.test(text.replace(/\([^)]*\)/g, '')))
    return null;
  if (/(?:^|\s)[\w-]+[=@/]\S|\.\w{2,4}$|^[0-9a-f]{7,40}\b/.test(text)) return null;
  const side = sideOfLabel(text) !== null;
  if (!side && !isMajorHeading(text) && !isTitleCase(text)) return null;
  return isMajorHeading(text) && !side ? LEVEL.major : LEVEL.minor;
}

/** `Before: the old worker` without a number: what is listed below belongs to that state. */
function isStateTitle(text: string): boolean {
  const label = /^([^:]{2,40}):\s+\S/.exec(text)?.[1];
  if (label === undefined || /\d/.test(text) || text.length > 60) return false;
  const side = sideOfLabel(label);
  return (side === 'before' || side === 'after') && readSideLabel(label)?.pure === true;
}

/** The title of a line that is one; of `Before: the old worker` only the state. */
function titleOf(text: string): string {
  return isStateTitle(text) ? text.slice(0, text.indexOf(':')) : text.replace(/:$/, '');
}

/** Marks at the end of a bold line: `**Before (slow) ❌**`. */
function stripTail(text: string): string {
  return text.trim().replace(/[\s\p{Extended_Pictographic}◇]+(?=\*\*:?$|$)/gu, '');
}

function isTitleCase(text: string): boolean {
  const words = text
    .replace(/\([^)]*\)/g, '')
    .split(/[\s/-]+/)
    .filter((word) => /\p{L}/u.test(word));
  if (words.length === 0) return false;
  const small = words.filter((word) => /^\p{Ll}/u.test(word) && word.length > 3).length;
  return small === 0 || (words.length <= 5 && small <= 1) || words.length <= 3;
}

/** `2. Database pool` with text after it is a heading; a sentence or a label with its value is an item. */
function isNumberedTitle(raw: string): boolean {
  const text = cleanInline(stripMark(raw).rest);
  return (
    text.length <= 90 &&
    !LABEL_VALUE.test(text) &&
    !/[.,;]$/.test(text) &&
    text.split(/\s+/).length <= 12 &&
    !isCommand(text)
  );
}

/** What a code block holds: written text, shell commands, a program, or sample data. */
function codeManner(lines: readonly Line[], language: string): 'text' | 'shell' | 'source' | 'data' {
  if (/^(?:json5?|jsonc|xml|html|csv|yaml|yml|toml|ini|env|dotenv|proto|graphql)$/.test(language))
    return 'data';
  const texts = lines.map((one) => one.text.trim()).filter((text) => text !== '');
  if (/^[{[]/.test(texts[0] ?? '') && /[}\]][,;]?$/.test(texts.at(-1) ?? '')) return 'data';
  if (/^(?:bash|sh|shell|zsh|console|powershell|ps1|bat|fish|terminal|shell-session)$/.test(language))
    return 'shell';
  if (
    language !== '' &&
    !/^(?:text|txt|plain|plaintext|md|markdown|none|log|output|diff|mermaid)$/.test(language)
  )
    return 'source';
  if (language === 'mermaid') return 'data';
  const commands = texts.filter((text) => isCommand(text) || /^#/.test(text)).length;
  if (commands > 0 && commands >= texts.length * 0.5) return 'shell';
  const source = texts.filter(
    (text) =>
      /[;{}]$|^(?:import|export|const|let|var|def|class|function|return|if|for|async|await|from \w+ import|SELECT|INSERT|UPDATE|CREATE|@\w+)\b|^\w[\w.]* ?(?::=|=) ?\S|=>|^[<}\])]|^self\./.test(
        text,
      ) &&
      !/ (?:=>|=) ?~?\d[\d.,]*\s*(?:ms|s|KB|MB|%|[KMk]?\/)/.test(text) &&
      !/\d\S* ?=> ?\S*\d/.test(text),
  ).length;
  return source > texts.length * 0.45 ? 'source' : 'text';
}

/** A table drawn in a code block, with bars or with columns of spaces; null where there is none. */
function readDrawnTable(lines: readonly Line[]): readonly Row[] | null {
  const content = lines.filter(
    (one) => one.text.trim() !== '' && !/^[\s|+:=─━┼┌┐└┘├┤┬┴╔╗╚╝╠╣╦╩╬═-]+$/u.test(one.text),
  );
  if (content.length < 2) return null;
  const bars = content.filter((one) => one.text.split('|').length > 2);
  if (bars.length >= 2 && bars.length >= content.length * 0.7)
    return bars.map((one) => ({
      line: one.line,
      cells: one.text
        .trim()
        .replace(/^\||\|$/g, '')
        .split('|')
        .map((cell) => cell.trim()),
    }));
  const gaps = content.map((one) => ({ line: one.line, cells: one.text.trim().split(/\s{2,}|\t+/) }));
  const head = gaps[0]?.cells.length ?? 0;
  // The corner over the labels is often left empty.
  const width = Math.max(...gaps.slice(1).map((row) => row.cells.length));
  if (width < 3 || gaps.slice(1).some((row) => row.cells.length < width - 1 || row.cells.length > width))
    return null;
  if (head === width) return gaps;
  if (head === width - 1)
    return gaps.map((row, i) => (i === 0 ? { line: row.line, cells: ['', ...row.cells] } : row));
  return null;
}
