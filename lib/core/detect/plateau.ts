import { alignDown, alignUp, DAY_MS, MINUTE_MS } from '../time/range.ts';
import { type Firing, joinSights, type Seen, type Sight, shortNumber } from './firing.ts';
import { quantileOf } from './quantile-of.ts';

/** Windows of 30 min every 5 min; longer where samples are so far apart that 20 of them take longer. */
const LEAST_WINDOW_MS = 30 * MINUTE_MS;
const LEAST_STEP_MS = 5 * MINUTE_MS;
const LEAST_SAMPLES = 20;
/** A window that was asked for 20 samples may miss a few of them. */
const ENOUGH_SAMPLES = 0.75;
/** A sample this close to the upper end of its window stands at it; half of them must. */
const NEAR_SHARE = 0.01;
const LEAST_NEAR = 0.5;
/** The spread at the top is half of the narrowest (2nd percentile) that is usual there: in the busiest quarter of windows. */
const NARROWER = 0.5;
const NARROWEST = 0.02;
const TOP_QUARTER = 0.75;
/** It stands where the metric is highest: against the usual top, or the highest since the deploy, or a known quota. */
const OF_USUAL_TOP = 0.9;
const USUAL_TOP = 0.98;
const OF_HIGHEST = 0.98;
const OF_QUOTA = 0.97;
/** Fewer windows than so much time has say nothing of what is usual. */
const LEAST_HISTORY_MS = DAY_MS;
/** A top without any spread is not infinitely flat. */
const MOST_SCORE = 100;
const HOLDING = { fireAfter: 2, clearBelow: 1, clearAfterMs: 15 * MINUTE_MS };

/** One value of a rate or a level, as it was measured. */
export interface LevelSample {
  atMs: number;
  value: number;
}

export interface PlateauInput {
  /** Before and since, oldest first. */
  samples: readonly LevelSample[];
  /** Usual distance of two samples. */
  sampleMs: number;
  /** Windows that end up to here are the baseline; those that end later are judged. */
  fromMs: number;
  nowMs: number;
  /** The deploy, for the highest seen since; null: since `fromMs`. */
  sinceMs: number | null;
  /** A limit that is known, in the unit of the samples: it replaces the test of the level. */
  quota: number | null;
  /** How many requests were refused in a span; null where nobody counts them. More than none makes it severe. */
  refusedIn: ((startMs: number, endMs: number) => number) | null;
}

/** What a window of 30 min looks like. */
interface Top {
  endMs: number;
  median: number;
  upper: number;
  /** (q95 − q50)/q50. */
  spread: number;
  /** Share of samples within 1 % of q95. */
  near: number;
}

/** How a metric looks where it is highest. */
export interface UsualTop {
  /** The narrowest spread that is usual there: (q95 − q50)/q50. */
  spread: number;
  level: number;
  /** Smallest step between two samples: a spread below half of it cannot be seen. */
  resolution: number;
}

/**
 * Flat top (method 3.7): a metric that presses against a ceiling. Windows of 30 min every 5 min; fires on two in a row
 * whose spread is half of the narrowest that is usual at the top, with half of the samples at the upper end, at a high
 * level. Always-flat metrics stay quiet: they are held against their own narrowest. Nothing without a day before.
 */
export function detectPlateaus(
  input: PlateauInput,
  usual: UsualTop | null = usualTop(input.samples, input.sampleMs, input.fromMs),
): Firing[] {
  return usual === null ? [] : joinSights(sightsOf(input, paceOf(input.sampleMs), usual), HOLDING);
}

/** How long the windows are, and how often one ends. */
interface Pace {
  windowMs: number;
  stepMs: number;
}

function paceOf(sampleMs: number): Pace {
  return {
    windowMs: Math.max(LEAST_WINDOW_MS, LEAST_SAMPLES * sampleMs),
    stepMs: Math.max(LEAST_STEP_MS, sampleMs),
  };
}

/** What is usual at the top of the samples before `untilMs`; null without a day of them. It can be kept for a while. */
export function usualTop(
  samples: readonly LevelSample[],
  sampleMs: number,
  untilMs: number,
): UsualTop | null {
  const pace = paceOf(sampleMs);
  const firstMs = samples[0]?.atMs;
  if (firstMs === undefined) return null;
  const tops = [...topsOf(samples, pace, firstMs, untilMs)].flatMap((top) => top ?? []);
  if (tops.length * pace.stepMs < LEAST_HISTORY_MS - pace.windowMs) return null;
  const medians = tops.map(({ median }) => median).sort((a, b) => a - b);
  const high = quantileOf(medians, TOP_QUARTER);
  const spreads = tops.filter(({ median }) => median >= high).map(({ spread }) => spread);
  return {
    spread: quantileOf(
      spreads.sort((a, b) => a - b),
      NARROWEST,
    ),
    level: quantileOf(medians, USUAL_TOP),
    resolution: smallestStep(samples, untilMs),
  };
}

function smallestStep(samples: readonly LevelSample[], untilMs: number): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (const [i, { atMs, value }] of samples.entries()) {
    const step = Math.abs(value - (samples[i - 1]?.value ?? value));
    if (atMs < untilMs && step > 0 && step < smallest) smallest = step;
  }
  return Number.isFinite(smallest) ? smallest : 0;
}

function* sightsOf(
  { samples, fromMs, nowMs, sinceMs, quota, refusedIn }: PlateauInput,
  pace: Pace,
  usual: UsualTop,
): Generator<Sight> {
  const highestAt = runningHighest(samples, sinceMs ?? fromMs);
  // The highest since a deploy is a top only where it was seen to move since: else it may be any quiet level.
  let hasMoved = false;
  for (const top of topsOf(samples, pace, fromMs - pace.windowMs + pace.stepMs, nowMs)) {
    if (top === null) {
      yield null;
      continue;
    }
    const { endMs } = top;
    if (flatnessOf(top, usual) <= 1 && endMs - pace.windowMs >= (sinceMs ?? fromMs)) hasMoved = true;
    const highest = hasMoved ? highestAt(endMs) : null;
    yield {
      ...topLook(top, usual, { quota, highest }, pace),
      startMs: endMs - pace.stepMs,
      endMs,
      isSevere: (refusedIn?.(endMs - pace.windowMs, endMs) ?? 0) > 0,
    };
  }
}

/** What a metric may press against: a quota, or the highest seen since a deploy; null where neither is known. */
interface Ceiling {
  quota: number | null;
  highest: number | null;
}

/** What is seen of a flat top. */
export interface PlateauSeen extends Seen {
  /** How far its top moves, (q95 − q50)/q50, and the least that is usual there. */
  spread: number;
  usualSpread: number;
}

/** How many times flatter than what counts as flat. */
function flatnessOf({ spread, median }: Top, usual: UsualTop): number {
  const limit = NARROWER * usual.spread;
  // A level that fell to a few of its smallest steps looks flat and is not.
  const seen = Math.max(spread, usual.resolution / 2 / median);
  return limit <= 0 ? 0 : Math.min(MOST_SCORE, limit / seen);
}

function topLook(top: Top, usual: UsualTop, { quota, highest }: Ceiling, { windowMs }: Pace): PlateauSeen {
  const { median, upper, spread, near } = top;
  const flatter = flatnessOf(top, usual);
  const isHigh =
    quota !== null
      ? median >= OF_QUOTA * quota
      : median >= OF_USUAL_TOP * usual.level || (highest !== null && upper >= OF_HIGHEST * highest);
  return {
    // A spread that equals its limit is not below it.
    score: isHigh && near >= LEAST_NEAR && flatter > 1 ? flatter : 0,
    value: median,
    expected: quota ?? usual.level,
    windowMs,
    what: wordsOf(top, usual, quota),
    spread,
    usualSpread: usual.spread,
  };
}

/**
 * What is seen by `nowMs`: the less flat one of the last two windows, since both must be. `samples` reach back over one
 * window and two steps. Null where one of the two was not measured, or stands at zero.
 */
export function plateauLook(
  samples: readonly LevelSample[],
  { sampleMs, nowMs, quota }: Pick<PlateauInput, 'sampleMs' | 'nowMs' | 'quota'>,
  usual: UsualTop,
): PlateauSeen | null {
  const pace = paceOf(sampleMs);
  const lastMs = alignDown(nowMs, pace.stepMs);
  const looks = [lastMs - pace.stepMs, lastMs].map((endMs) => {
    const from = samples.findIndex(({ atMs }) => atMs >= endMs - pace.windowMs);
    const to = samples.findLastIndex(({ atMs }) => atMs < endMs) + 1;
    const top = from === -1 ? null : topOf(samples, from, to, endMs);
    return top === null ? null : topLook(top, usual, { quota, highest: null }, pace);
  });
  const [before = null, last = null] = looks;
  if (before === null || last === null) return null;
  return before.score < last.score ? { ...last, score: before.score } : last;
}

/** How far back samples must reach for {@link plateauLook}. */
export function plateauReachMs(sampleMs: number): number {
  const { windowMs, stepMs } = paceOf(sampleMs);
  return windowMs + 2 * stepMs;
}

function wordsOf({ median, spread }: Top, usual: UsualTop, quota: number | null): string {
  const percent = (share: number) => `${shortNumber(100 * share)} %`;
  const where = quota === null ? '' : `, ${percent(median / quota)} of its quota`;
  return `flat at ${shortNumber(median)}${where}: its top moves by ${percent(spread)}, ${percent(usual.spread)} is the least that is usual`;
}

/** Windows that end on whole steps after the first whole one from `startMs` on, up to `untilMs`; null where too little was measured. */
function* topsOf(
  samples: readonly LevelSample[],
  { windowMs, stepMs }: Pace,
  startMs: number,
  untilMs: number,
): Generator<Top | null> {
  let from = 0;
  let to = 0;
  const firstEndMs = alignUp(startMs + windowMs, stepMs);
  for (let endMs = firstEndMs; endMs <= untilMs; endMs += stepMs) {
    while ((samples[from]?.atMs ?? Number.POSITIVE_INFINITY) < endMs - windowMs) from += 1;
    while ((samples[to]?.atMs ?? Number.POSITIVE_INFINITY) < endMs) to += 1;
    yield topOf(samples, from, to, endMs);
  }
}

function topOf(samples: readonly LevelSample[], from: number, to: number, endMs: number): Top | null {
  if (to - from < ENOUGH_SAMPLES * LEAST_SAMPLES) return null;
  const sorted = new Float64Array(to - from);
  for (let i = from; i < to; i++) sorted[i - from] = samples[i]?.value ?? 0;
  sorted.sort();
  const median = quantileOf(sorted, 0.5);
  // Nothing presses against a ceiling at zero.
  if (median <= 0) return null;
  const upper = quantileOf(sorted, 0.95);
  const near = sorted.filter((value) => Math.abs(value - upper) <= NEAR_SHARE * upper).length;
  return { endMs, median, upper, spread: (upper - median) / median, near: near / sorted.length };
}

/** Highest sample from one time on, asked with times that only grow. */
function runningHighest(samples: readonly LevelSample[], sinceMs: number): (untilMs: number) => number {
  let next = samples.findIndex(({ atMs }) => atMs >= sinceMs);
  if (next < 0) next = samples.length;
  let highest = Number.NEGATIVE_INFINITY;
  return (untilMs) => {
    for (; (samples[next]?.atMs ?? Number.POSITIVE_INFINITY) < untilMs; next++) {
      highest = Math.max(highest, samples[next]?.value ?? highest);
    }
    return highest;
  };
}
