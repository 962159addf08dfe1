import { LOST, repairDecoding } from './repair-decoding.ts';
import { splitGlued } from './repair-glue.ts';

/** Longer texts are cut: the rest is said to be unread. */
export const MAX_CHARS = 262_144;
/** What is beyond this of one line is not read. */
export const MAX_LINE_CHARS = 4_000;

/** More lines than any person reads. */
export const MAX_LINES = 10_000;

/** A line to read; several may come from one line of the text, where headings were glued to it. */
export interface Line {
  readonly text: string;
  /** 1-based line of the text as given. */
  readonly line: number;
}

export interface Repaired {
  /** One entry a line of the text as given. */
  readonly lines: readonly string[];
  readonly logical: readonly Line[];
  /** Sentences on what was cut; empty when everything was read. */
  readonly cuts: readonly string[];
}

/** Stands for a mark of which only the place is known: done or open is for the heading to say. */
export const UNKNOWN_MARK = '◇';

/** A text as a person meant it: wrong decodings, control characters, entities, lost marks and glued headings mended. */
export function repairText(given: string): Repaired {
  const cuts: string[] = [];
  let text = given;
  if (text.length > MAX_CHARS) {
    cuts.push(`Only the first ${MAX_CHARS.toLocaleString('en')} characters were read.`);
    text = text.slice(0, MAX_CHARS);
  }
  let long = 0;
  const cut = text.split(/\r\n|\n|\r|\u2028|\u2029/).map((line) => {
    if (line.length <= MAX_LINE_CHARS) return line;
    long += 1;
    return line.slice(0, MAX_LINE_CHARS);
  });
  if (long > 0)
    cuts.push(
      `${long === 1 ? 'One line was' : `${long} lines were`} cut after ${MAX_LINE_CHARS.toLocaleString('en')} characters.`,
    );
  // Decoded in one piece: which encoding it was is told by all marks together.
  const lines = repairDecoding(cut.join('\n')).split('\n').map(repairLine);
  const all = joinLoneMarks(
    lines.flatMap((line, i) => splitGlued(line).map((part) => ({ text: part, line: i + 1 }))),
  );
  if (all.length > MAX_LINES) cuts.push(`Only the first ${MAX_LINES.toLocaleString('en')} lines were read.`);
  return { lines, logical: all.slice(0, MAX_LINES), cuts };
}

const ENTITIES: Readonly<Record<string, string>> = {
  rarr: '→',
  '#8594': '→',
  '#x2192': '→',
  rArr: '⇒',
  gt: '>',
  lt: '<',
  amp: '&',
  nbsp: ' ',
  '#160': ' ',
  le: '≤',
  ge: '≥',
  ndash: '–',
  mdash: '—',
  times: '×',
  micro: 'µ',
  quot: '"',
  '#39': "'",
  apos: "'",
  asymp: '≈',
  darr: '↓',
  uarr: '↑',
  minus: '-',
  bull: '•',
  hellip: '…',
};
/** Tags that a page leaves in pasted text. Others, such as `<previous-image-id>`, are placeholders and stay. */
const TAGS =
  /<\/?(?:a|b|i|u|em|strong|code|pre|p|div|span|br|hr|h[1-6]|ul|ol|li|table|thead|tbody|tr|td|th|details|summary|sub|sup|kbd|img|small|center|font|del|ins|blockquote|s|mark|picture|source|video)\b[^<>]{0,500}>/gi;

/** Control characters (tabs stay) and marks that change only the look of the one before. */
const UNSEEN = /(?!\t)\p{Cc}|\xad|[\u200b-\u200d\u2060]|\ufe0e|\ufe0f|\ufeff|\u20e3/gu;

const LOST_ARROW = / (?:\?|□)/;

function repairLine(line: string): string {
  let text = line;
  if (/[^\x20-\x7e]/.test(text)) {
    text = text
      .replace(UNSEEN, '')
      .replace(/[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g, ' ')
      .replace(/[\u2010\u2011\u2212\ufe63\uff0d]/g, '-')
      .replace(/[\u2018\u2019\u02bc]/g, "'")
      .replace(/[\u201c\u201d]/g, '"')
      .replace(/[➔➜➞➝➙➡⟶⟹⇒⇨⭢🡒]/gu, '→')
      .replace(/[≈∼]/g, '~')
      .replace(/[│┃║]/g, '|')
      .replace(/(^|[\s:(|])–(?=\$?\d)/g, '$1-');
  }
  if (text.includes('&'))
    text = text.replace(
      /&([a-zA-Z]{2,6}|#x?[0-9a-fA-F]{2,5});/g,
      (all, name: string) => ENTITIES[name] ?? all,
    );
  if (text.includes('<'))
    text = text
      .replace(/<!--.{0,2000}?-->/g, '')
      .replace(/<br\s*\/?>/gi, ' ; ')
      .replace(TAGS, ' ');
  if (text.includes('\\')) text = text.replace(/\$?\\(?:long)?(?:right|Right)arrow\$?|\$\\to\$/g, '→');
  if (text.includes(LOST)) text = placeLost(text);
  // A question mark or a box in place of an arrow.
  return LOST_ARROW.test(text)
    ? text.replace(/(\d[^\s?]{0,12}) (?:\?{1,3}|□) (?=[~<>]?\$?\d)/g, '$1 → ').trimEnd()
    : text.trimEnd();
}

const QUANTITY_BEFORE = /\d[\d.,]*\s?(?:[A-Za-z%$µ/][\w%/$.-]*\s?){0,4}\)?\s*$/;
const QUANTITY_AFTER = /^\s*(?:[~<>=]|about |approximately |circa )?\s*\$?\s?[\dXN]/;

/** Each lost mark by its place: arrow between quantities, dash of a range, mark of a state, apostrophe, dash of a sentence. */
function placeLost(line: string): string {
  let out = '';
  for (let i = 0; i < line.length; i += 1) {
    const char = line.charAt(i);
    if (char !== LOST) {
      out += char;
      continue;
    }
    // Several marks in a row are one, or one with its colour.
    while (line.charAt(i + 1) === LOST) i += 1;
    out += markAt(out, line.slice(i + 1, i + 81));
  }
  return out;
}

function markAt(before: string, after: string): string {
  const near = before.slice(-80);
  if (/[a-z]$/i.test(near) && /^(?:s|t|re|ve|ll|d|m)\b/.test(after)) return "'";
  if (/\d\s?[a-z%]{0,3}$/i.test(near) && /^\$?\d/.test(after)) return '–';
  if (/^[\s>*#|-]*(?:\d{1,2}[.)]\s+)?[*_]{0,2}$/.test(near) || /(?:[:|]|\*\*)\s*$/.test(near)) {
    if (/^\s*\d/.test(after) && /[|]\s*$/.test(near)) return '~';
    return UNKNOWN_MARK;
  }
  if (/\s$/.test(near) && /^\s/.test(after)) {
    const money = /(?:\$[\dXN]\S*|\b[XN])\s*(?:\/\w+)?\s*$/.test(near);
    if ((QUANTITY_BEFORE.test(near) || money) && QUANTITY_AFTER.test(after)) return '→';
    // A number further back on the line, and one right after it: still an arrow.
    if (/\d/.test(near) && /^\s*[~<]?\$?\d/.test(after)) return '→';
    return '—';
  }
  if (/[\s(]$/.test(near) && /^\d/.test(after)) return '~';
  return /[\s(]$/.test(near) || /^[\s).,;:]/.test(after) ? '' : '-';
}

/** A mark alone on a line belongs to the next line that says something; a command alone on a line stays. */
function joinLoneMarks(lines: readonly Line[]): readonly Line[] {
  const out: Line[] = [];
  let mark: string | null = null;
  let waited = 0;
  for (const one of lines) {
    const text = one.text.trim();
    if (/^(?:[-*•]\s*)?[✅☑✔✓❌✗✘◇⚠🔲⏳]$/u.test(text)) {
      mark = text.replace(/^[-*•]\s*/, '');
      waited = 0;
      continue;
    }
    if (mark !== null && text !== '') {
      out.push({ text: `- ${mark} ${text.replace(/^[-*•]\s+/, '')}`, line: one.line });
      mark = null;
    } else if (mark === null) out.push(one);
    else waited += 1;
    if (waited > 2) mark = null;
  }
  return out;
}
