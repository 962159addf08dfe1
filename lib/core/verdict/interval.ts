import type { Baseline } from './baseline.ts';
import type { LogBlocks } from './blocks.ts';
import { FIRST_LOOK_BLOCKS, TRAILING_BLOCKS } from './boundary.ts';
import { LARGEST_UP_TO } from './placebo.ts';
import { cumulativeMultiple, relapseMultiple, trailingMultiple } from './quantiles.ts';
import { clip, MAD_TO_SIGMA, medianOf, middleOf } from './robust.ts';

/** Before this many blocks (1 h) a verdict must be cleared by three half-widths (method 3.4). */
export const HOUR_BLOCKS = 12;
export const EARLY_CLEARANCE = 3;
/** A deviation counts up to this many spreads from the median. */
const CLIP_SPREADS = 3;
/** Noise is judged over the last 4 h; this much more than s* is "noisier than before". */
const NOISE_BLOCKS = 48;
const NOISIER_BY = 1.6;
/** Means of 30 min, at least eight of them, and the most autocorrelation that is believed of so few. */
const BATCH_BLOCKS = 6;
const LEAST_BATCHES = 8;
const MOST_CORRELATION = 0.8;
/** Of the trailing 2 h this share must be measured. */
const TRAILING_SHARE = 0.75;

/** Blocks of the watch from T₀ on; null for the settle time and for what was not measured. */
export interface WatchBlocks {
  /** d_j = y_j − m_j. */
  deviations: LogBlocks;
  /** Events per whole block, for the same blocks; null for a gauge. */
  events: LogBlocks | null;
}

/** Estimate and half-width of a logarithm; e^x − 1 is the effect. */
export interface Estimate {
  estimate: number;
  halfWidth: number;
}

/** What one look at the watch sees. */
export interface Look extends Estimate {
  /** Blocks since T₀ when it was taken, the settle time with them. */
  atBlocks: number;
  /** Usable blocks that it rests on. */
  n: number;
  /**
   * The distance by which *met* or *missed* must clear its limit: the half-width, three of them before 1 h, and infinite
   * until then where no events are counted. Alarms use the half-width.
   */
  clearance: number;
  /** √V*(n), for the share that is only shown. */
  standardError: number;
  /** Since which look (in blocks from T₀) the watch is noisier than its baseline; null when it is not. Never taken back. */
  noisierSinceBlocks: number | null;
  /** The last 2 h alone; null until they are there and measured. */
  trailing: TrailingEstimate | null;
}

export interface TrailingEstimate extends Estimate {
  /** The distance that an alarm on the last 2 h needs (relapse, method 3.7). */
  alarmWidth: number;
}

/** d_j of blocks after T₀ against the expected ones; missing where either is. */
export function deviationsOf(logs: LogBlocks, expected: LogBlocks): LogBlocks {
  return logs.map((log, j) => {
    const usual = expected[j % expected.length] ?? null;
    return log === null || usual === null ? null : log - usual;
  });
}

/**
 * A: what fewer events add to the variance of one block, max(0, 1/λ_post − 1/λ_base). Never more than 1: the half event
 * that a block is given keeps its logarithm from straying further when next to nothing happens. 0 for a gauge.
 */
export function countingNoise(baseEvents: number | null, postEvents: number, blocks: number): number {
  if (baseEvents === null || baseEvents <= 0) return 0;
  return Math.max(0, Math.min(1, blocks / postEvents) - 1 / baseEvents);
}

/** h_n without what only the watch itself can show: the quantile times √V*(n), and no less than M_n up to 1 h. */
export function plannedHalfWidth({ placebo }: Baseline, n: number, noise: number): number {
  const width = placebo.multipleAt(n) * Math.sqrt(placebo.varianceOf(n) + noise / n);
  return n <= LARGEST_UP_TO ? Math.max(width, placebo.largestOf(n)) : width;
}

/**
 * Every look of a watch, one per usable block from 15 min on (method 3.4). The intervals hold at all looks together.
 * Computed from the blocks alone, so that replay and live agree; looks of a longer watch begin with those of a shorter.
 */
export function walkLooks(baseline: Baseline, { deviations, events }: WatchBlocks): Look[] {
  const looks: Look[] = [];
  const seen: number[] = [];
  const sorted: number[] = [];
  let eventSum = 0;
  let noisierSinceBlocks: number | null = null;
  for (const [index, deviation] of deviations.entries()) {
    if (deviation === null) continue;
    seen.push(deviation);
    insertSorted(sorted, deviation);
    eventSum += events?.[index] ?? 0;
    const n = seen.length;
    if (n < FIRST_LOOK_BLOCKS) continue;

    const noise = events === null ? 0 : countingNoise(baseline.eventsPerBlock, eventSum, n);
    const spread = Math.sqrt(baseline.scale ** 2 + noise);
    const noisierBy = n < HOUR_BLOCKS ? 0 : noiseOf(seen.slice(-NOISE_BLOCKS)) / spread;
    if (noisierBy > NOISIER_BY) noisierSinceBlocks ??= index + 1;

    const middle = middleOf(sorted) ?? 0;
    const planned = plannedHalfWidth(baseline, n, noise);
    const halfWidth = Math.max(planned, widthShown(seen, sorted, middle, noisierSinceBlocks !== null));
    const lately = deviations.slice(Math.max(0, index + 1 - TRAILING_BLOCKS), index + 1);
    looks.push({
      atBlocks: index + 1,
      n,
      estimate: clippedMean(seen, middle, spread),
      halfWidth,
      clearance: clearanceOf(n, halfWidth, events !== null),
      standardError: Math.sqrt(baseline.placebo.varianceOf(n) + noise / n),
      noisierSinceBlocks,
      trailing: trailingOf(baseline, lately, spread, noise, noisierSinceBlocks !== null),
    });
  }
  return looks;
}

function clearanceOf(n: number, halfWidth: number, countsEvents: boolean): number {
  if (n >= HOUR_BLOCKS) return halfWidth;
  // Without events nothing says how much of the first hour is chance.
  return countsEvents ? EARLY_CLEARANCE * halfWidth : Number.POSITIVE_INFINITY;
}

/** Mean of the last 2 h, clipped, with the constant of a moving window; wider by as much as the noise grew. */
function trailingOf(
  { placebo }: Baseline,
  lately: LogBlocks,
  spread: number,
  noise: number,
  isNoisier: boolean,
): TrailingEstimate | null {
  const values = lately.flatMap((value) => value ?? []);
  if (lately.length < TRAILING_BLOCKS || values.length < TRAILING_SHARE * TRAILING_BLOCKS) return null;
  const freedom = placebo.freedomOf(TRAILING_BLOCKS);
  // By its own noise: a warm-up before it is none of it.
  const noisierBy = isNoisier ? noiseOf(values) / spread : 1;
  const error =
    Math.sqrt(placebo.varianceOf(TRAILING_BLOCKS) + noise / values.length) * Math.max(1, noisierBy);
  return {
    estimate: clippedMean(values, medianOf(values) ?? 0, spread),
    halfWidth: trailingMultiple(freedom) * error,
    alarmWidth: Math.max(relapseMultiple(freedom) * error, placebo.largestOf(TRAILING_BLOCKS)),
  };
}

/** θ̂: the mean of what is clipped to the median ± 3 s*. */
function clippedMean(values: readonly number[], middle: number, spread: number): number {
  let sum = 0;
  for (const value of values) sum += clip(value, middle, CLIP_SPREADS * spread);
  return sum / values.length;
}

function noiseOf(values: readonly number[]): number {
  const middle = medianOf(values) ?? 0;
  return MAD_TO_SIGMA * (medianOf(values.map((value) => Math.abs(value - middle))) ?? 0);
}

/** The half-width that the watch itself shows to be needed: before 1 h always, later only when it is noisier. */
function widthShown(
  seen: readonly number[],
  sorted: readonly number[],
  middle: number,
  isNoisier: boolean,
): number {
  if (seen.length >= HOUR_BLOCKS && !isNoisier) return 0;
  if (seen.length >= HOUR_BLOCKS && seen.length >= LEAST_BATCHES * BATCH_BLOCKS) return batchWidth(seen);
  return Math.max(middle - (sorted[0] ?? middle), (sorted.at(-1) ?? middle) - middle);
}

/** The half-width that means of 30 min ask for; a warm-up is no noise, so the first 2 h are left out once there is enough else. */
function batchWidth(all: readonly number[]): number {
  const settled = all.slice(TRAILING_BLOCKS);
  const seen = settled.length >= LEAST_BATCHES * BATCH_BLOCKS ? settled : all;
  const count = Math.floor(seen.length / BATCH_BLOCKS);
  return widthOfMeans(
    Array.from({ length: count }, (_, i) => {
      const batch = seen.slice(i * BATCH_BLOCKS, (i + 1) * BATCH_BLOCKS);
      return batch.reduce((sum, value) => sum + value, 0) / BATCH_BLOCKS;
    }),
  );
}

/** q · SE of means of batches, with t of one less than their number, widened by their own correlation. */
export function widthOfMeans(means: readonly number[]): number {
  const count = means.length;
  const middle = means.reduce((sum, mean) => sum + mean, 0) / count;
  const away = means.map((mean) => mean - middle);
  const squares = away.reduce((sum, value) => sum + value * value, 0);
  if (squares === 0) return 0;
  const lagged = away.reduce((sum, value, i) => sum + value * (away[i + 1] ?? 0), 0);
  const correlation = Math.min(MOST_CORRELATION, Math.max(0, lagged / squares));
  const error = Math.sqrt(squares / (count - 1) / count);
  return cumulativeMultiple(count - 1) * error * Math.sqrt((1 + correlation) / (1 - correlation));
}

function insertSorted(sorted: number[], value: number): void {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  sorted.splice(low, 0, value);
}
