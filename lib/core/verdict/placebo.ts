import type { LogBlocks } from './blocks.ts';
import { FIRST_LOOK_BLOCKS, TRAILING_BLOCKS, WATCH_BLOCKS } from './boundary.ts';
import { cumulativeMultiple } from './quantiles.ts';
import { clip, middleOf } from './robust.ts';

/** Lengths of fake watches, in blocks. */
const LENGTHS = [1, 2, 3, 6, 12, 24, 36, 48, 72, 96, 144, 288] as const;
/** Up to this many blocks a mean must also beat the largest that the baseline has shown (M_L). */
export const LARGEST_UP_TO = 12;
/** A window with fewer measured blocks than this share is no window. */
const WINDOW_SHARE = 0.75;
/** Residuals count up to this many spreads, in a window of its own median, as in the watch. */
const CLIP_SPREADS = 3;
/** Up to this many numbers are sorted by hand. */
const SHORT = 24;
/** A weak baseline: what a day may stray by, and how little is known of that (method 3.4). */
const WEAK_DAY_SPREAD = 0.1;
const WEAK_FREEDOM = 10;
/** How far means of L blocks stray when nothing happens, read off the baseline days as fake deploys. */
export interface Placebo {
  /** V(L): variance of a mean of L blocks, never rising with L. */
  varianceOf: (blocks: number) => number;
  /** Degrees of freedom of V(L). */
  freedomOf: (blocks: number) => number;
  /** M_L: largest mean of L blocks seen, unclipped; 0 beyond the 24 blocks that anyone asks for. */
  largestOf: (blocks: number) => number;
  /** q_n at the claim's own boundary: the multiple of √V(n) that is the half-width. */
  multipleAt: (blocks: number) => number;
}

export interface CalibrateInput {
  /** Leave-one-day-out residuals, oldest first. */
  residuals: LogBlocks;
  scale: number;
  days: number;
  floor: (blocks: number) => number;
  isWeak: boolean;
  /** Means that were taken from the days: 1, or 2 with weekends apart. */
  lostDays: number;
  /** Blocks that share one number, where parts of the baseline are coarser than a block; 1 where none are. */
  stepBlocks?: number;
}

/** Placebo calibration (method 3.3). Takes in autocorrelation, day-to-day shifts and the error of the baseline together. */
export function calibrate({
  residuals,
  scale,
  days,
  floor,
  isWeak,
  lostDays,
  stepBlocks = 1,
}: CalibrateInput): Placebo {
  const reach = CLIP_SPREADS * scale;
  const known = knownOf(residuals, reach);
  const plain = prefixOf(residuals, (value) => value);
  const clipped = prefixOf(residuals, (value) => clip(value, 0, reach));
  // A residual against D − 1 other days strays more than the watch does against D; one day alone says nothing of that.
  const correction = days > 1 ? (days * days - 1) / (days * days) : 2;
  const weak = isWeak ? WEAK_DAY_SPREAD ** 2 : 0;

  const variances: number[] = [];
  for (const length of LENGTHS) {
    const stride = Math.max(1, Math.floor(length / 4));
    const meanSquare =
      length < FIRST_LOOK_BLOCKS
        ? windowsOf(clipped, length, stride).meanSquare
        : ownWindows(known, { length, stride, reach, near: scale });
    // Where gaps leave no window this long, nothing shows that longer means stray less than shorter ones.
    const seen = meanSquare === null ? (variances.at(-1) ?? scale * scale) : meanSquare * correction + weak;
    variances.push(Math.max(seen, floor(length)));
  }
  for (let i = variances.length - 2; i >= 0; i--) {
    variances[i] = Math.max(variances[i] ?? 0, variances[i + 1] ?? 0);
  }
  widenBelowStep(variances, stepBlocks);
  const largest = Array.from({ length: TRAILING_BLOCKS }, (_, i) => windowsOf(plain, i + 1, 1).largest);

  const freedomOf = (blocks: number): number =>
    isWeak ? WEAK_FREEDOM : Math.max(days - lostDays, (WATCH_BLOCKS * days) / blocks - 1);
  return {
    varianceOf: (blocks) => interpolate(variances, blocks),
    freedomOf,
    largestOf: (blocks) => largest[blocks - 1] ?? 0,
    multipleAt: (blocks) => cumulativeMultiple(freedomOf(blocks)),
  };
}

/**
 * A baseline that knows one number for R blocks cannot show how the single ones stray: V(L) ≥ V(R)·R/L for L < R, as if
 * they strayed by chance.
 */
function widenBelowStep(variances: number[], stepBlocks: number): void {
  const atStep = interpolate(variances, stepBlocks);
  for (const [i, length] of LENGTHS.entries()) {
    if (length < stepBlocks) variances[i] = Math.max(variances[i] ?? 0, (atStep * stepBlocks) / length);
  }
}

/** Running sums of the values and of how many there are, so that each window costs two reads. */
interface Prefix {
  sum: Float64Array;
  count: Float64Array;
}

function prefixOf(residuals: LogBlocks, value: (residual: number) => number): Prefix {
  const sum = new Float64Array(residuals.length + 1);
  const count = new Float64Array(residuals.length + 1);
  for (const [i, residual] of residuals.entries()) {
    sum[i + 1] = (sum[i] ?? 0) + (residual === null ? 0 : value(residual));
    count[i + 1] = (count[i] ?? 0) + (residual === null ? 0 : 1);
  }
  return { sum, count };
}

/** Residuals without those that are missing, how many there are before each, and running sums of them, plain and clipped about 0. */
interface Known {
  values: Float64Array;
  before: Int32Array;
  plain: Float64Array;
  clipped: Float64Array;
}

function knownOf(residuals: LogBlocks, reach: number): Known {
  const values = Float64Array.from(residuals.flatMap((value) => value ?? []));
  const before = new Int32Array(residuals.length + 1);
  for (const [i, residual] of residuals.entries())
    before[i + 1] = (before[i] ?? 0) + (residual === null ? 0 : 1);
  const plain = new Float64Array(values.length + 1);
  const clipped = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    plain[i + 1] = (plain[i] ?? 0) + value;
    clipped[i + 1] = (clipped[i] ?? 0) + clip(value, 0, reach);
  }
  return { values, before, plain, clipped };
}

/**
 * Mean square of what θ̂ would have been in each window: its mean, clipped about its own median. Clipped about 0 a window
 * that lies off as a whole (a weekend night) would be cut here and count in full in the watch. Null without a window.
 */
function ownWindows(
  { values, before, plain, clipped }: Known,
  { length, stride, reach, near }: { length: number; stride: number; reach: number; near: number },
): number | null {
  let squares = 0;
  let windows = 0;
  const scratch = new Float64Array(length);
  for (let from = 0; from + length < before.length; from += stride) {
    const [first, last] = [before[from] ?? 0, before[from + length] ?? 0];
    const count = last - first;
    if (count < WINDOW_SHARE * length) continue;
    windows += 1;
    // A window that lies near 0 is clipped much the same about either; only one that lies off needs its median.
    if (Math.abs((plain[last] ?? 0) - (plain[first] ?? 0)) <= near * count) {
      squares += (((clipped[last] ?? 0) - (clipped[first] ?? 0)) / count) ** 2;
      continue;
    }
    const sorted = scratch.subarray(0, count);
    sorted.set(values.subarray(first, last));
    sortInPlace(sorted);
    const middle = middleOf(sorted) ?? 0;
    let sum = 0;
    for (const value of sorted) sum += clip(value, middle, reach);
    squares += (sum / count) ** 2;
  }
  return windows === 0 ? null : squares / windows;
}

/** Thousands of short windows: the call of a sort costs more than sorting them. */
function sortInPlace(values: Float64Array): void {
  if (values.length > SHORT) {
    values.sort();
    return;
  }
  for (let i = 1; i < values.length; i++) {
    const value = values[i] ?? 0;
    let at = i;
    for (; at > 0 && (values[at - 1] ?? 0) > value; at--) values[at] = values[at - 1] ?? 0;
    values[at] = value;
  }
}

function windowsOf(
  { sum, count }: Prefix,
  length: number,
  stride: number,
): { meanSquare: number | null; largest: number } {
  let squares = 0;
  let windows = 0;
  let largest = 0;
  for (let from = 0; from + length < sum.length; from += stride) {
    const known = (count[from + length] ?? 0) - (count[from] ?? 0);
    if (known < WINDOW_SHARE * length) continue;
    const mean = ((sum[from + length] ?? 0) - (sum[from] ?? 0)) / known;
    squares += mean * mean;
    windows += 1;
    largest = Math.max(largest, Math.abs(mean));
  }
  return { meanSquare: windows === 0 ? null : squares / windows, largest };
}

/** Straight between the lengths on logarithms of both. */
function interpolate(variances: readonly number[], blocks: number): number {
  const above = LENGTHS.findIndex((length) => length >= blocks);
  if (above < 0) return variances.at(-1) ?? Number.NaN;
  const [highLength, high] = [LENGTHS[above] ?? 1, variances[above] ?? Number.NaN];
  if (above === 0 || highLength === blocks) return high;
  const [lowLength, low] = [LENGTHS[above - 1] ?? 1, variances[above - 1] ?? Number.NaN];
  const share = Math.log(blocks / lowLength) / Math.log(highLength / lowLength);
  return Math.exp(Math.log(low) + share * (Math.log(high) - Math.log(low)));
}
