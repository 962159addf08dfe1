import type { LimitOp, Span } from './document.ts';
import { maskNumbers } from './quantity-mask.ts';
import { wordBefore } from './quantity-near.ts';
import { type NumberStyle, readNumber } from './quantity-number.ts';
import { readTail } from './quantity-unit.ts';

export type QuantityKind = 'count' | 'percent' | 'money' | 'time' | 'bytes' | 'factor' | 'points';

/** A number of a text with what belongs to it. */
export interface Quantity {
  /** Offsets of the number with its signs and its unit. */
  readonly start: number;
  readonly end: number;
  /** Where the digits begin, after `~`, `<` and `$`. */
  readonly digits: number;
  readonly value: Span;
  readonly kind: QuantityKind;
  /** As the document names units; null for a bare number. */
  readonly unit: string | null;
  readonly window: string | null;
  /** All words of the noun: `Redis GET requests`. */
  readonly noun: string;
  readonly approximate: boolean;
  readonly op: LimitOp | null;
  /** `96%+`. */
  readonly orMore: boolean;
  readonly sign: -1 | 0 | 1;
  /** Written as a word: `nine queries`. */
  readonly word: boolean;
  /** From the number as written to `value`: 60 for minutes. */
  readonly scale: number;
  /** Without unit and window. */
  readonly bare: boolean;
}

const APPROX =
  /(?:~|\b(?:about|around|approx(?:imately|\.)?|circa|ca\.|roughly|nearly|almost|some|estimated|est\.|aprox(?:imadamente|\.)?|unos|unas|cerca de|alrededor de|casi|aproximadamente)\s+(?:an?\s+|el\s+|un\s+|a\s+)?)\s*$/i;
const OPS: readonly [RegExp, LimitOp][] = [
  [
    /(?:<=|≤|\b(?:at most|no more than|not more than|up to|max(?:imum)?(?: of)?|como maximo|maximo|a lo sumo|within|not exceed|never exceed|no mas de|no más de|hasta|no (?:worse|slower|longer|larger|higher|bigger) than))\s*$/i,
    '<=',
  ],
  [
    /(?:>=|≥|\b(?:at least|no less than|not less than|min(?:imum)?(?: of)?|al menos|como minimo|minimo|por lo menos))\s*$/i,
    '>=',
  ],
  [
    /(?:<|\b(?:less than|under|below|fewer than|lower than|menos de|por debajo del?|menor(?:es)? (?:que|a|de)|inferior a|debajo del?|sooner than|shorter than|smaller than))\s*$/i,
    '<',
  ],
  [
    /(?:>|\b(?:more than|over|above|greater than|higher than|exceed(?:s|ing)?|mas de|más de|por encima del?|mayor(?:es)? (?:que|a|de)|superior a|superan?|encima del?|beyond|longer than|slower than|larger than|bigger than|worse than))\s*$/i,
    '>',
  ],
];

/** Words that a phrase of `APPROX` or `OPS` can end with: behind any other none of them is tried. */
const LEAD_ENDS = new Set(
  'about around approximately approx circa ca roughly nearly almost some estimated est aprox aproximadamente unos unas de casi an a el un most than to max maximum of maximo sumo within exceed exceeds exceeding hasta least min minimum menos minimo under below del que over above supera superan beyond'.split(
    ' ',
  ),
);
const LEAD_SIGN = /[~<>=≤≥]\s*$/;
const GLUED_TO = /[\p{L}_#@\\]/u;

/** Every quantity of a text, in order. Versions, dates, codes, paths and line counts are no quantities. */
export function readQuantities(text: string, style: NumberStyle): readonly Quantity[] {
  const digits = /\d/.test(text);
  const worded = NUMBER_WORD.test(text);
  if (!digits && !worded) return [];
  const masked = digits ? maskNumbers(text) : text;
  const found: Quantity[] = [];
  const pattern = /\d/g;
  let last = 0;
  for (let match = pattern.exec(masked); match !== null; match = pattern.exec(masked)) {
    const at = match.index;
    const one = readAt(text, masked, at, last, style);
    if (one === null) {
      // The rest of a number or of a word that holds one.
      const skip = /^[\w.,]*/.exec(masked.slice(at, at + 80))?.[0].length ?? 1;
      pattern.lastIndex = at + Math.max(1, skip);
      continue;
    }
    found.push(one);
    last = one.end;
    pattern.lastIndex = one.end;
  }
  const words = worded ? readWords(text, found) : [];
  return words.length === 0 ? found : [...found, ...words].sort((a, b) => a.start - b.start);
}

function readAt(text: string, masked: string, at: number, last: number, style: NumberStyle): Quantity | null {
  const charBefore = masked.charAt(at - 1);
  if (GLUED_TO.test(charBefore)) return null;
  const first = readNumber(masked, at, style);
  if (first === null) return null;
  const lead = text.slice(Math.max(last, at - 40), at);
  const money = /(?:US)?[$€£]\s?$/.exec(lead);
  let head = money === null ? lead : lead.slice(0, -money[0].length);
  let sign: -1 | 0 | 1 = 0;
  const signed =
    /(?:^|[\s(|:=~[→>])([-+])$/.exec(head) ?? (head === '-' || head === '+' ? [head, head] : null);
  if (signed !== null) {
    sign = signed[1] === '-' ? -1 : 1;
    head = head.slice(0, -1);
  }
  let approximate = false;
  let op: LimitOp | null = null;
  for (let round = 0; round < 2; round += 1) {
    if (!LEAD_ENDS.has(wordBefore(head, head.length)) && !LEAD_SIGN.test(head)) break;
    const approx = APPROX.exec(head);
    if (approx !== null) {
      approximate = true;
      head = head.slice(0, -approx[0].length);
    }
    const arrow = /(?:-+|=+)>\s*$/.test(head);
    const match = arrow ? undefined : OPS.find(([pattern]) => pattern.test(head));
    if (match !== undefined && op === null) {
      op = match[1];
      head = head.replace(match[0], '');
    }
  }
  // Marks of a rise or a fall right at the number.
  const arrowed = /([↓↑▼▲])\s?$/.exec(head);
  if (arrowed !== null && sign === 0) sign = /[↓▼]/.test(arrowed[1] ?? '') ? -1 : 1;
  const start = at - (lead.length - head.length);
  const between = /\b(?:between|entre)\s+(?:un |una |el |about )?$/i.test(head);
  const tail = readTail(masked, first, money?.[0].trim() ?? null, style, between);
  if (tail === null) return null;
  const orMore = tail.orMore;
  return {
    start: Math.max(last, start),
    end: tail.end,
    digits: at,
    value: tail.value,
    kind: tail.kind,
    unit: tail.unit,
    window: tail.window,
    noun: tail.noun,
    approximate,
    op,
    scale: tail.scale,
    orMore,
    sign,
    word: false,
    bare: tail.unit === null && tail.window === null,
  };
}

const WORDS: Readonly<Record<string, number>> = {
  zero: 0,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  'a dozen': 12,
  dozen: 12,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  eighty: 80,
  'a hundred': 100,
  hundred: 100,
  'one hundred': 100,
  'two hundred': 200,
  'three hundred': 300,
  'five hundred': 500,
  'a thousand': 1000,
  un: 1,
  una: 1,
  uno: 1,
  dos: 2,
  tres: 3,
  cuatro: 4,
  cinco: 5,
  seis: 6,
  siete: 7,
  ocho: 8,
  nueve: 9,
  diez: 10,
  doce: 12,
  quince: 15,
  veinte: 20,
  treinta: 30,
  cien: 100,
  cero: 0,
  mil: 1000,
};
/** Spanish eleven is left out: `once` is English far more often. */
const NUMBER_WORD =
  /\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|dozen|twenty|thirty|forty|fifty|sixty|eighty|hundred|thousand|zero|uno?|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce|quince|veinte|treinta|cien|cero|mil)\b/i;
const WORD_PATTERN = new RegExp(
  `(?<![\\w-])(${Object.keys(WORDS)
    .sort((a, b) => b.length - a.length)
    .join(
      '|',
    )})(?:(?=\\s+(?:[\\w-]+\\s+){0,2}[a-z])|(?<=\\b(?:takes?|makes?|needs?|is|to|only|just|costs?|tarda|hace|necesita|usa|solo) \\w+)(?=[.,;!]|$))`,
  'gi',
);

/** Numbers written as words before a noun in the plural, or `one` before one: only a partner makes them count. */
function readWords(text: string, found: readonly Quantity[]): readonly Quantity[] {
  const out: Quantity[] = [];
  WORD_PATTERN.lastIndex = 0;
  for (let match = WORD_PATTERN.exec(text); match !== null; match = WORD_PATTERN.exec(text)) {
    const word = (match[1] ?? '').toLowerCase();
    const value = WORDS[word];
    const at = match.index;
    if (value === undefined || found.some((one) => at < one.end && at + word.length > one.start)) continue;
    const tail = readTail(text, { value, end: at + word.length, scaled: false }, null, 'english');
    if (tail === null) continue;
    out.push({
      start: at,
      end: tail.end,
      digits: at,
      value,
      kind: tail.kind,
      unit: tail.unit,
      window: tail.window,
      noun: tail.noun,
      approximate: false,
      op: null,
      orMore: false,
      sign: 0,
      word: true,
      scale: tail.scale,
      bare: tail.unit === null,
    });
  }
  return out;
}
