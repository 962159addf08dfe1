import type { Baseline } from '../../lib/core/verdict/baseline.ts';
import { peekingBoundary } from '../../lib/core/verdict/boundary.ts';
import { normalUpperTail, studentUpperQuantile } from '../../lib/core/verdict/distributions.ts';
import { type Look, walkLooks } from '../../lib/core/verdict/interval.ts';
import { ALARM_ALPHA } from '../../lib/core/verdict/quantiles.ts';
import {
  blocksOfMinutes,
  gridFamily,
  type MinuteSeries,
  minuteCounts,
  type SeriesEffect,
  type SeriesFamily,
  type TestSeries,
} from '../../lib/core/verdict/test-series.ts';
import { baselineOfCounts, watchOfCounts } from '../../lib/core/verdict/watch.ts';

const MINUTES_PER_DAY = 1_440;
export const MINUTES_PER_BLOCK = 5;

/** How a watch is made from a seed: a family (null: any of the grid), the days before it, and what the deploy does. */
export interface MadeParams {
  family: SeriesFamily | null;
  days: number;
  effect: SeriesEffect;
}

/** One made watch and its baseline. */
export interface Made {
  minutes: MinuteSeries;
  series: TestSeries;
  baseline: Baseline;
}

/** The watch of a seed. Throws where the generator gave no comparable day. */
export function makeWatch({ family, days, effect }: MadeParams, seed: number): Made {
  const minutes = minuteCounts(family ?? gridFamily(seed), seed, days, effect);
  const series = blocksOfMinutes(minutes);
  const baseline = baselineOfCounts(series.before, series.isWeekend);
  if (baseline === null)
    throw new Error(`seed ${seed} of ${family?.name ?? 'the grid'} has no comparable day`);
  return { minutes, series, baseline };
}

/** All looks of a made watch. */
export function looksOf({ series, baseline }: Made): Look[] {
  return walkLooks(baseline, watchOfCounts(series.after, baseline.expected));
}

const ALARM_TAIL = normalUpperTail(peekingBoundary(ALARM_ALPHA));
const known = new Map<number, number>();

/** Student's multiple for α = .01 in place of a claim's .05. */
function alarmMultiple(freedom: number): number {
  const multiple = known.get(freedom) ?? studentUpperQuantile(ALARM_TAIL, freedom);
  known.set(freedom, multiple);
  return multiple;
}

/** Whether a look leaves "no change" out at α = .01: all else that widens an interval is in its half-width already. */
export function isAlarm({ placebo }: Baseline, { estimate, halfWidth, standardError, n }: Look): boolean {
  return Math.abs(estimate) > Math.max(halfWidth, alarmMultiple(placebo.freedomOf(n)) * standardError);
}

/** First look at which the interval leaves a value out, in minutes of measured time after the settle end; null when none does. */
export function firstOutside(looks: readonly Look[], truth: number): number | null {
  const found = looks.find((look) => isOutside(look, truth));
  return found === undefined ? null : found.n * MINUTES_PER_BLOCK;
}

/** Whether the interval of a look leaves a value (a logarithm) out. */
export function isOutside({ estimate, halfWidth }: Look, truth: number): boolean {
  return Math.abs(estimate - truth) > halfWidth;
}

/** Counts minute by minute of the watch, and of as many days before it. */
export function dayBefore({ counts, deployAt }: MinuteSeries, daysAgo: number): number[] {
  const from = deployAt - daysAgo * MINUTES_PER_DAY;
  return counts.slice(from, from + MINUTES_PER_DAY);
}
