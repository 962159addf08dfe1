import { type Baseline, BLOCKS_PER_DAY } from './baseline.ts';
import type { LogBlocks } from './blocks.ts';
import { FIRST_LOOK_BLOCKS, peekingBoundary } from './boundary.ts';
import { normalUpperTail, studentUpperQuantile } from './distributions.ts';
import { LARGEST_UP_TO } from './placebo.ts';
import { CLAIM_ALPHA } from './quantiles.ts';
import { clip, MAD_TO_SIGMA, medianOf } from './robust.ts';

/** A level needs as many blocks as a first look has on either side of the step: one wild block is no step. */
const LEAST_SIDE = FIRST_LOOK_BLOCKS;
/** Levels are told by medians of this many blocks, which two wild ones cannot move. */
const LEVEL_BLOCKS = 5;
/** Twice the log-likelihood that a time may lie below the best one at 95 % (method 3.5). */
const LIKELY_WITHIN = 7.7;
/** Blocks of the mean whose variance says how far neighbouring blocks move together. */
const NOISE_BLOCKS = 12;
/** A block counts up to this many spreads beyond the levels there are. */
const CLIP_SPREADS = 3;

/** When a step began: the first block of the new level, and the earliest and latest block that may be it at 95 %. */
export interface ChangeTime {
  atIndex: number;
  loIndex: number;
  hiIndex: number;
}

/**
 * When the level of a claim's metric changed: the argmax of the CUSUM of its deviations from 24 h before T₀ on (method
 * 3.5). `deviations` are d_j by block, `originIndex` is the block of T₀. Null when no step clears the noise: the
 * difference of the means on both sides must beat the quantile for the best of all splits (Siegmund, two open ends) times
 * √(V(n₁) + V(n₂)) with the baseline's own placebo variance, and a side of up to 1 h must beat M_L. Never earlier than a
 * side of 15 min allows.
 */
export function findChangeTime(
  deviations: LogBlocks,
  originIndex: number,
  baseline: Baseline,
): ChangeTime | null {
  const seen = measuredFrom(deviations, Math.max(0, originIndex - BLOCKS_PER_DAY));
  if (seen.length < 2 * LEAST_SIDE) return null;
  const values = clippedToLevels(
    seen.map(({ value }) => value),
    CLIP_SPREADS * baseline.scale,
  );
  const gains = splitGains(values);
  const best = largestAt(gains);
  if (best === null || !isStep(values, best, baseline)) return null;

  const slack = LIKELY_WITHIN * blockVariance(values, best, baseline);
  const likely = gains.flatMap((gain, split) =>
    gain !== null && (gains[best] ?? 0) - gain <= slack ? split : [],
  );
  const blockAt = (split: number) => seen[split]?.index ?? originIndex;
  const lowest = likely[0] ?? best;
  return {
    atIndex: blockAt(best),
    // It may have begun anywhere in blocks that were not measured.
    loIndex: (seen[lowest - 1]?.index ?? -1) + 1,
    hiIndex: blockAt(likely.at(-1) ?? best),
  };
}

function measuredFrom(deviations: LogBlocks, from: number): { index: number; value: number }[] {
  return deviations.flatMap((value, index) => (value === null || index < from ? [] : { index, value }));
}

/** Wild blocks brought to the nearest level that holds for a while: a single spike must not look like a step. */
function clippedToLevels(values: readonly number[], reach: number): number[] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let from = 0; from + LEVEL_BLOCKS <= values.length; from++) {
    const level = medianOf(values.slice(from, from + LEVEL_BLOCKS)) ?? 0;
    low = Math.min(low, level);
    high = Math.max(high, level);
  }
  const middle = (low + high) / 2;
  return values.map((value) => clip(value, middle, (high - low) / 2 + reach));
}

/** n₁n₂/n·(difference of means)² for each split, by the index of the first block after it; null where a side is too short. */
function splitGains(values: readonly number[]): (number | null)[] {
  const n = values.length;
  const total = values.reduce((sum, value) => sum + value, 0);
  let before = 0;
  return values.map((value, split) => {
    const sum = before;
    before += value;
    if (split < LEAST_SIDE || n - split < LEAST_SIDE) return null;
    const difference = (total - sum) / (n - split) - sum / split;
    return ((split * (n - split)) / n) * difference ** 2;
  });
}

function largestAt(gains: readonly (number | null)[]): number | null {
  let best: number | null = null;
  for (const [split, gain] of gains.entries()) {
    if (gain !== null && (best === null || gain > (gains[best] ?? 0))) best = split;
  }
  return best;
}

/** Whether the difference of the two sides is more than the metric does by itself, at whatever time one splits it. */
function isStep(values: readonly number[], split: number, { placebo }: Baseline): boolean {
  const n = values.length;
  const after = n - split;
  const difference = Math.abs(meanBetween(values, split, n) - meanBetween(values, 0, split));
  const shorter = Math.min(split, after);
  if (shorter <= LARGEST_UP_TO && difference <= placebo.largestOf(shorter)) return false;
  const constant = peekingBoundary(CLAIM_ALPHA, Math.max(2, ((n - LEAST_SIDE) / LEAST_SIDE) ** 2));
  const multiple = studentUpperQuantile(normalUpperTail(constant), placebo.freedomOf(shorter));
  return difference > multiple * Math.sqrt(placebo.varianceOf(split) + placebo.varianceOf(after));
}

function meanBetween(values: readonly number[], from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i] ?? 0;
  return sum / (to - from);
}

/**
 * Variance of one block for the likelihood, its neighbours' pull included: 12·V(12) of the baseline, or what either side
 * of the step itself shows where that is more (few events after a big fall).
 */
function blockVariance(values: readonly number[], split: number, { placebo }: Baseline): number {
  const spread = (side: readonly number[]): number => {
    const middle = medianOf(side) ?? 0;
    return MAD_TO_SIGMA * (medianOf(side.map((value) => Math.abs(value - middle))) ?? 0);
  };
  const shown = Math.max(spread(values.slice(0, split)), spread(values.slice(split)));
  return Math.max(NOISE_BLOCKS * placebo.varianceOf(NOISE_BLOCKS), placebo.varianceOf(1), shown ** 2);
}
