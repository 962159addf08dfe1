import type { Direction, LimitOp, Span } from './document.ts';
import { remember } from './memo.ts';
import type { Passage, Section } from './passages.ts';
import type { Quantity, QuantityKind } from './quantity.ts';
import { roundValue } from './quantity-number.ts';
import { betterWhen, fold } from './vocabulary.ts';

/** A claim while it is put together. Higher `rank` absorbs lower. */
export interface Draft {
  before: Span | null;
  after: Span | null;
  kind: QuantityKind;
  unit: string | null;
  window: string | null;
  changePct: Span | null;
  delta: Span | null;
  factor: Span | null;
  changePp: Span | null;
  limit: Span | null;
  limitOp: LimitOp | null;
  guard: boolean;
  direction: Direction | null;
  approximate: boolean;
  /** `96%+`: the percent is a floor. */
  orMore: boolean;
  /** Words that say what is measured: own label, noun, then headings. */
  words: string;
  /** Words of the statement itself, without those of headings. */
  subject: string;
  text: string;
  lines: number[];
  section: Section | null;
  block: number;
  /** Place in the document, for what stands next to what. */
  order: number;
}

/** An empty draft at a passage. */
export function draftAt(passage: Passage, order: number, offset = 0): Draft {
  return {
    before: null,
    after: null,
    kind: 'count',
    unit: null,
    window: null,
    changePct: null,
    delta: null,
    factor: null,
    changePp: null,
    limit: null,
    limitOp: null,
    guard: false,
    direction: null,
    approximate: false,
    orMore: false,
    words: '',
    subject: '',
    text: passage.text,
    lines: [lineAt(passage, offset)],
    section: passage.section,
    block: passage.block,
    order,
  };
}

/** The source line of an offset in a passage's text. */
export function lineAt(passage: Passage, offset: number): number {
  let line = passage.line;
  for (const one of passage.breaks) if (one.offset <= offset) line = one.line;
  return line;
}

/** The middle of a span. */
export function middle(span: Span): number {
  return typeof span === 'number' ? span : (span[0] + span[1]) / 2;
}

/** The span times a factor; ends stay in order. */
export function scaleSpan(span: Span, by: number): Span {
  const clean = (value: number) => roundValue(value * by);
  if (typeof span === 'number') return clean(span);
  const ends = [clean(span[0]), clean(span[1])] as const;
  return ends[0] <= ends[1] ? ends : [ends[1], ends[0]];
}

/** Signed by a sign: −96.7 for a fall of 96.7 %. */
export function signSpan(span: Span, sign: -1 | 0 | 1): Span {
  return sign === -1 ? scaleSpan(span, -1) : span;
}

const IN_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000 };
const IN_BYTES: Readonly<Record<string, number>> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9 };

/** Both ends of a pair in one unit: the smaller one of the two, or the only one. Null when they cannot be of one metric. */
export function alignPair(
  before: Quantity,
  after: Quantity,
): { before: Span; after: Span; kind: QuantityKind; unit: string | null; window: string | null } | null {
  const window = before.window ?? after.window;
  if (before.window !== null && after.window !== null && before.window !== after.window) {
    // `1.2M/day → 500/hour` is one metric in two windows: said per the window of the first.
    const ratio = windowRatio(after.window, before.window);
    if (ratio === null || before.kind !== after.kind) return null;
    const pair = alignPair(
      { ...before, window: null },
      { ...after, value: scaleSpan(after.value, ratio), window: null },
    );
    return pair === null ? null : { ...pair, window: before.window };
  }
  if (before.kind === after.kind) {
    const scales = before.kind === 'time' ? IN_MS : before.kind === 'bytes' ? IN_BYTES : null;
    if (scales !== null && before.unit !== after.unit) {
      const left = scales[before.unit ?? ''] ?? 1;
      const right = scales[after.unit ?? ''] ?? 1;
      const unit = left < right ? before.unit : after.unit;
      const base = Math.min(left, right);
      return {
        before: scaleSpan(before.value, left / base),
        after: scaleSpan(after.value, right / base),
        kind: before.kind,
        unit,
        window,
      };
    }
    return {
      before: before.value,
      after: after.value,
      kind: before.kind,
      unit: before.unit ?? after.unit,
      window,
    };
  }
  // A bare number takes the unit of its partner; zero fits everything.
  if (before.bare)
    return {
      before: scaleSpan(before.value, after.scale),
      after: after.value,
      kind: after.kind,
      unit: after.unit,
      window,
    };
  if (after.bare)
    return {
      before: before.value,
      after: scaleSpan(after.value, before.scale),
      kind: before.kind,
      unit: before.unit,
      window,
    };
  if (after.kind === 'count' && middle(after.value) === 0)
    return { before: before.value, after: 0, kind: before.kind, unit: before.unit, window };
  return null;
}

const SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  min: 60,
  h: 3_600,
  day: 86_400,
  week: 604_800,
  month: 2_592_000,
  year: 31_536_000,
};

/** What a number per `from` is per `to`. */
export function windowRatio(from: string, to: string): number | null {
  const left = windowSeconds(from);
  const right = windowSeconds(to);
  return left === null || right === null ? null : right / left;
}

/** Seconds of a window such as `3h`. */
export function windowSeconds(window: string): number | null {
  const match = /^(\d*)([a-z]+)$/.exec(window);
  const one = SECONDS[match?.[2] ?? ''];
  return one === undefined ? null : one * Number(match?.[1] || 1);
}

/** −1 when the pair falls, 1 when it rises, 0 when it stays. */
export function pairSign(before: Span, after: Span): -1 | 0 | 1 {
  const left = middle(before);
  const right = middle(after);
  return right < left ? -1 : right > left ? 1 : 0;
}

/** The change in percent that a pair gives, `before` in the middle; null over zero. */
export function pairPercent(before: Span, after: Span): number | null {
  const left = middle(before);
  return left === 0 ? null : ((middle(after) - left) / Math.abs(left)) * 100;
}

/** The direction of a sign. */
export function directionOf(sign: -1 | 0 | 1): Direction | null {
  return sign === -1 ? 'down' : sign === 1 ? 'up' : null;
}

/** A pair as a draft, or null where the two cannot be one metric. */
export function draftPair(passage: Passage, order: number, before: Quantity, after: Quantity): Draft | null {
  const pair = alignPair(before, after);
  if (pair === null) return null;
  const draft = draftAt(passage, order, Math.min(before.start, after.start));
  draft.before = pair.before;
  draft.after = pair.after;
  draft.kind = pair.kind;
  draft.unit = pair.unit;
  draft.window = pair.window;
  draft.approximate = before.approximate || after.approximate;
  draft.direction = directionOf(pairSign(pair.before, pair.after)) ?? 'unchanged';
  return draft;
}

/** What a percent of improvement without a direction means for the metric of `words`. */
export function improvementSign(words: string, kind: QuantityKind | null): -1 | 0 | 1 {
  if (kind === 'time' || kind === 'money' || kind === 'bytes') return -1;
  return betterWhen(words);
}

const MAX_TOKENS = 4_000;

/** Content words of a text, singular, without numbers: what two labels are compared by. */
export const tokensOf = remember(MAX_TOKENS, (text): ReadonlySet<string> => {
  const out = new Set<string>();
  for (const word of fold(text).split(/[\s/]+/)) {
    if (word.length < 2 || /^\d/.test(word) || STOP.has(word)) continue;
    out.add(word.length > 3 ? word.replace(/ies$/, 'y').replace(/(?<=[^s])s$/, '') : word);
  }
  return out;
});

const STOP = new Set(
  'the an of per in on at to for with and or is are was by from a de la el los las por en con un una del al per day hour hr min month second sec approx approximately about around roughly total each every only now just it its this that than then dia hora mes cada aproximadamente expected impact result after before ms kb mb gb'.split(
    ' ',
  ),
);

/** How alike two sets of words are, 0–1. */
export function similarity(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  if (left.size === 0 || right.size === 0) return 0;
  let both = 0;
  for (const word of left) if (right.has(word)) both += 1;
  return both / (left.size + right.size - both);
}
