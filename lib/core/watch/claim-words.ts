import { parseQuantity } from '../units/parse-quantity.ts';
import type { ClaimTarget } from '../verdict/judge-types.ts';
import { GUARD_MARGIN } from '../verdict/limits.ts';

/** What a promised level may be written in: the series' own unit, or events in a time. */
export interface ClaimWordsOptions {
  /** Seconds in the window that a level without one is in; null where such a level is in the series' own unit. */
  ownSeconds: number | null;
  /** True for a rate or count of events: a level then needs a window, its own or the one above. */
  isRate: boolean;
  /** Which way is better, for words that do not say: `should improve`. */
  good: 'down' | 'up';
}

/** Shown with every text that is no claim. */
export const CLAIM_EXAMPLES = [
  'falls by 96.7%',
  'falls to 24000/h',
  'rises by 20%',
  'stays below 5/h',
  'must not increase',
  'should improve',
] as const;

type Read = { target: ClaimTarget } | { fault: string };

const WINDOW_SECONDS: Readonly<Record<string, number>> = {
  ...{ s: 1, sec: 1, second: 1, m: 60, min: 60, minute: 60, h: 3_600, hr: 3_600, hour: 3_600 },
  ...{ d: 86_400, day: 86_400, week: 604_800, month: 2_629_800 },
};
const NUMBER = String.raw`(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?\s*[kmbt]?(?![a-z])`;
const LEVEL = String.raw`(?<level>${NUMBER})(?:\s*(?:/|per\s+|an?\s+(?=second|minute|hour|day|week|month))\s*(?<window>[a-z]+))?`;
const BEFORE = String.raw`(?<before>${NUMBER})(?:\s*(?:/|per\s+)\s*(?<beforeWindow>[a-z]+))?`;
const PERCENT = String.raw`(?<pct>\d+(?:\.\d+)?|\.\d+)(?:\s*(?:-|to)\s*(?<pctTo>\d+(?:\.\d+)?))?\s*(?:%|percent|pct)`;
const DOWN_WORDS = `fall|drop|decrease|decline|shrink|go down|reduce|be reduce|is reduce|sink|lower|be lower|is lower|cut|be cut|is cut`;
const UP_WORDS = `rise|increase|grow|climb|go up|gain|be raised|be higher|is higher`;
const LEAD = String.raw`(?:it\s+)?(?:(?:should|will|must|to|shall|does)\s+)?`;
const ABOUT = String.raw`(?:(?:about|around|roughly|approximately|~|at least|up to)\s*)?`;

/** One form that a claim may be written in, and what its parts mean. */
interface Form {
  pattern: RegExp;
  read: (groups: Readonly<Record<string, string | undefined>>, options: ClaimWordsOptions) => Read;
}

const FORMS: readonly Form[] = [
  form(String.raw`${LEAD}(?<verb>${DOWN_WORDS}|${UP_WORDS})\s+(?:by\s+)?${ABOUT}${PERCENT}`, byPercent),
  form(String.raw`(?<sign>[-+])\s*${PERCENT}`, byPercent),
  form(String.raw`${PERCENT}\s+(?<verb>less|fewer|lower|more|higher)`, byPercent),
  form(`${LEAD}(?<verb>halve|double|triple)`, byWord),
  form(String.raw`${LEAD}(?<verb>${DOWN_WORDS}|${UP_WORDS})\s+by\s+(?<half>half)`, byWord),
  form(
    String.raw`${LEAD}(?<verb>${DOWN_WORDS}|${UP_WORDS})\s+(?:by\s+)?${ABOUT}(?:a factor of\s+(?<factor>\d+(?:\.\d+)?)|(?<times>\d+(?:\.\d+)?)\s*(?:x|times|-?fold))`,
    byFactor,
  ),
  form(String.raw`(?<times>\d+(?:\.\d+)?)\s*(?:x|times)\s+(?<verb>less|fewer|lower|more|higher)`, byFactor),
  form(
    String.raw`${LEAD}(?:(?<verb>${DOWN_WORDS}|${UP_WORDS})\s+)?from\s+${BEFORE}\s+to\s+${ABOUT}${LEVEL}`,
    toLevel,
  ),
  form(String.raw`${BEFORE}\s*(?:->|→)\s*${LEVEL}`, toLevel),
  form(
    String.raw`${LEAD}(?<verb>${DOWN_WORDS}|${UP_WORDS})\s+to\s+(?:${ABOUT}${LEVEL}|(?<zero>zero|nothing|none))`,
    toLevel,
  ),
  form(
    String.raw`${LEAD}(?:stay|be|remain|is)?\s*(?<bound>below|under|at most|no more than|<=?|≤)\s*${LEVEL}`,
    toLevel,
  ),
  form(
    String.raw`${LEAD}(?:stay|be|remain|is)?\s*(?<bound>above|over|at least|no less than|>=?|≥)\s*${LEVEL}`,
    toLevel,
  ),
  form(String.raw`${LEAD}(?:stay|be|remain|is|stay at|be at)\s+(?<zero>0|zero)(?:\s*/\s*[a-z]+)?`, toLevel),
  form(
    String.raw`(?:it\s+)?(?:must|should|will|does|shall)\s*(?:not|n't)\s+(?<verb>${DOWN_WORDS}|${UP_WORDS}|get worse|worsen|regress)(?:\s+by)?(?:\s+more than)?(?:\s+${PERCENT})?`,
    asGuard,
  ),
  form(
    String.raw`no\s+(?<verb>increase|decrease|rise|fall|drop|growth|regression)(?:\s+(?:of|by))?(?:\s+more than)?(?:\s+${PERCENT})?`,
    asGuard,
  ),
  form(`${LEAD}(?<verb>improve|get better|${DOWN_WORDS}|${UP_WORDS})`, asImprovement),
];

/**
 * A promise in words, such as `falls by 96.7%`, as what a verdict is held against; a fault names what was not understood.
 * Levels come out per second, or in the series' own unit.
 */
export function readClaimWords(text: string, options: ClaimWordsOptions): Read {
  const words = plain(text);
  for (const { pattern, read } of FORMS) {
    const match = pattern.exec(words);
    if (match !== null) return read(match.groups ?? {}, options);
  }
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return fault(`"${shown}" is no claim that can be held against numbers`);
}

function form(pattern: string, read: Form['read']): Form {
  return { pattern: new RegExp(`^${pattern}$`), read };
}

/** Lower case, one kind of minus and dash, verbs without their endings, no full stop. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[−–—]/g, '-')
    .replace(/[’']/g, "'")
    .replace(/\u00a0/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.!]$/, '')
    .replace(/\b(?:fell|fallen|falls|falling)\b/g, 'fall')
    .replace(/\b(?:rose|risen|rises|rising)\b/g, 'rise')
    .replace(/\b(?:grew|grows|grown)\b/g, 'grow')
    .replace(/\b(?:drops|dropped|dropping)\b/g, 'drop')
    .replace(/\b(?:goes|went|going)\b/g, 'go')
    .replace(/\b(?:stays|stayed)\b/g, 'stay')
    .replace(/\b(?:remains|remained)\b/g, 'remain')
    .replace(/\b(?:gets|getting)\b/g, 'get')
    .replace(/\b(decreas|increas|declin|reduc|improv|halv|doubl|tripl)(?:es|ed|ing)\b/g, '$1e')
    .replace(/\b(climb|gain|shrink|lower|cut|sink|worsen|regress)(?:s|ed|ing)\b/g, '$1')
    .replace(/\b(do|does|must|should|will)n't\b/g, '$1 not')
    .replace(/\bdo not\b/g, 'does not');
}

function byPercent({ pct, pctTo, verb, sign }: Readonly<Record<string, string | undefined>>): Read {
  const isDown = sign === undefined ? isDownWord(verb) : sign === '-';
  // Of a range the nearer end is the promise: more than that is a gift.
  const share = Math.min(Number(pct), pctTo === undefined ? Number.POSITIVE_INFINITY : Number(pctTo)) / 100;
  if (share === 0) return fault('a change of 0 % promises nothing; say "must not increase"');
  if (isDown && share > 1) return fault('nothing falls by more than 100 %');
  return ratio(isDown ? 1 - share : 1 + share);
}

function byWord({ verb, half }: Readonly<Record<string, string | undefined>>): Read {
  if (half !== undefined) return ratio(isDownWord(verb) ? 0.5 : 1.5);
  return ratio(verb === 'halve' ? 0.5 : verb === 'double' ? 2 : 3);
}

function byFactor({ times, factor, verb }: Readonly<Record<string, string | undefined>>): Read {
  const by = Number(factor ?? times);
  if (!(by > 1)) return fault('a factor above 1 was expected; write a share with %');
  return ratio(isDownWord(verb) ? 1 / by : by);
}

function toLevel(groups: Readonly<Record<string, string | undefined>>, options: ClaimWordsOptions): Read {
  const { level, window, before, beforeWindow, verb, bound, zero } = groups;
  const after = zero === undefined ? levelOf(level, window, options) : { value: 0 };
  if ('fault' in after) return after;
  const stated = before === undefined ? null : levelOf(before, beforeWindow ?? window, options);
  if (stated !== null && 'fault' in stated) return stated;
  const statedBefore = stated?.value ?? null;
  const direction = directionOf(verb, bound, zero, after.value, statedBefore);
  if (direction === null) return fault('the two levels are the same; say "must not increase"');
  const isOdd =
    statedBefore !== null && verb !== undefined && isDownWord(verb) !== after.value < statedBefore;
  if (isOdd) return fault('the words and the two levels point in opposite directions');
  return { target: { promise: null, level: { value: after.value, direction }, statedBefore } };
}

function directionOf(
  verb: string | undefined,
  bound: string | undefined,
  zero: string | undefined,
  after: number,
  before: number | null,
): 'down' | 'up' | null {
  if (verb !== undefined) return isDownWord(verb) ? 'down' : 'up';
  if (zero !== undefined) return 'down';
  if (bound !== undefined) return /^(?:above|over|at least|no less than|>=?|≥)$/.test(bound) ? 'up' : 'down';
  if (before === null || before === after) return null;
  return after < before ? 'down' : 'up';
}

function levelOf(
  level: string | undefined,
  time: string | undefined,
  { ownSeconds, isRate }: ClaimWordsOptions,
): { value: number } | { fault: string } {
  const value = parseQuantity((level ?? '').replace(/\s+/g, ''));
  if (value === null) return fault(`"${level ?? ''}" is no number`);
  if (value === 0) return { value };
  if (time === undefined) {
    if (isRate && ownSeconds === null) return fault('it names no time: write 24000/h, 5/min or 200/s');
    return { value: ownSeconds === null ? value : value / ownSeconds };
  }
  const name = time.replace(/s$/, '') || 's';
  const seconds = Object.hasOwn(WINDOW_SECONDS, name) ? WINDOW_SECONDS[name] : undefined;
  if (seconds === undefined) return fault(`"${time}" is no time; there are s, min, h, day, week, month`);
  if (!isRate) return fault('a gauge is a level: its promise has no "per" in it');
  return { value: value / seconds };
}

function asGuard(
  { verb = '', pct, pctTo }: Readonly<Record<string, string | undefined>>,
  { good }: ClaimWordsOptions,
): Read {
  if (pctTo !== undefined) return fault('one margin was expected, such as 10%');
  const isWorse = /^(?:get worse|worsen|regress|regression)$/.test(verb);
  const against = isWorse ? (good === 'down' ? 'rise' : 'fall') : isDownWord(verb) ? 'fall' : 'rise';
  const margin = pct === undefined ? GUARD_MARGIN : Number(pct) / 100;
  if (margin <= 0 || (against === 'fall' && margin >= 1))
    return fault('a margin above 0 % was expected, such as 10%');
  return {
    target: {
      promise: { kind: 'guard', against, margin, floorRatio: null },
      level: null,
      statedBefore: null,
    },
  };
}

function asImprovement(
  { verb = '' }: Readonly<Record<string, string | undefined>>,
  { good }: ClaimWordsOptions,
): Read {
  const toward = /^(?:improve|get better)$/.test(verb) ? good : isDownWord(verb) ? 'down' : 'up';
  return { target: { promise: { kind: 'improve', toward }, level: null, statedBefore: null } };
}

function ratio(value: number): Read {
  // 1 − 0.967 is not 0.033 in binary; nobody promises more than nine digits.
  const rounded = Number(value.toFixed(9));
  return { target: { promise: { kind: 'change', ratio: rounded }, level: null, statedBefore: null } };
}

function isDownWord(word: string | undefined): boolean {
  return new RegExp(`^(?:${DOWN_WORDS}|less|fewer|fall)$`).test(word ?? '');
}

function fault(what: string): { fault: string } {
  return { fault: `${what}. Claims are written like: ${CLAIM_EXAMPLES.join(', ')}` };
}
