import { BLOCK_MS } from '../time/range.ts';
import type { Baseline } from '../verdict/baseline.ts';
import { WATCH_BLOCKS } from '../verdict/boundary.ts';
import { studentUpperQuantile } from '../verdict/distributions.ts';
import { type BlockSeries, type WrongWay, wrongBy } from './block-series.ts';
import { DETECTOR_ALPHA, type Firing, joinSights, type Seen, type Sight, shortNumber } from './firing.ts';
import { expectedAt, plainMean } from './moving-mean.ts';

/** Windows of 5, 15 and 30 min, in blocks. */
export const SPIKE_BLOCKS = [1, 3, 6] as const;
/** A window that slides is looked at more often than windows of its length fit into a day. */
const OVERLAP = 2;
/** A spike must be this much larger than the largest one of the baseline: what came once in 14 days comes again. */
const BEYOND_LARGEST = 1.15;
const HOLDING = { fireAfter: 1, clearBelow: 0.5, clearAfterMs: 15 * 60_000 };

/**
 * Spikes of a rate or a level: the mean of the last 5, 15 or 30 min beyond Student's quantile at α/(3·288/L),
 * two-sided (half of that where windows overlap),
 * times √V(L), and 15 % beyond the largest mean of that length in the baseline. Rare events have a detector of their own.
 */
export function detectSpikes(series: BlockSeries, way: WrongWay): Firing[] {
  return joinSights(sightsOf(series, way), HOLDING);
}

function* sightsOf(series: BlockSeries, way: WrongWay): Generator<Sight> {
  const { startMs, leadBlocks, deviations } = series;
  const widths = spikeWidths(series.baseline);
  for (let i = leadBlocks; i < deviations.length; i++) {
    const seen = spikeLook(series, i, { way, widths });
    const fromMs = startMs + (i - leadBlocks) * BLOCK_MS;
    yield seen === null ? null : { ...seen, startMs: fromMs, endMs: fromMs + BLOCK_MS };
  }
}

/** How far a mean of each window may stray, in logarithms, shortest window first. It belongs to the baseline. */
export function spikeWidths({ placebo }: Baseline): readonly number[] {
  return SPIKE_BLOCKS.map((blocks) => {
    const looks = (SPIKE_BLOCKS.length * WATCH_BLOCKS * (blocks === 1 ? 1 : OVERLAP)) / blocks;
    const tail = DETECTOR_ALPHA / looks / 2;
    const multiple = studentUpperQuantile(tail, placebo.freedomOf(blocks));
    return Math.max(
      multiple * Math.sqrt(placebo.varianceOf(blocks)),
      BEYOND_LARGEST * placebo.largestOf(blocks),
    );
  });
}

/** What is seen of a spike. */
export interface SpikeSeen extends Seen {
  /** False once the last block is back: the window still holds what is over. */
  isHot: boolean;
}

/** A block that strays less than this share of its window's mean is back. */
const STILL_HOT = 0.5;

/**
 * What is seen at the end of block `i`: the window that strays furthest. `held`: logarithm of the level that was reached
 * since the baseline (0: its own). Null where the block, or what is usual then, was not measured.
 */
export function spikeLook(
  { leadBlocks, deviations, baseline, levelOf }: BlockSeries,
  i: number,
  { way, widths, held = 0 }: { way: WrongWay; widths: readonly number[]; held?: number },
): SpikeSeen | null {
  const deviation = deviations[i] ?? null;
  const usual = expectedAt(baseline, i - leadBlocks);
  if (deviation === null || usual === null) return null;
  let worst = { score: 0, mean: deviation, blocks: 1 };
  for (const [at, blocks] of SPIKE_BLOCKS.entries()) {
    const mean = plainMean(deviations, i, blocks);
    const width = widths[at] ?? Number.POSITIVE_INFINITY;
    if (mean !== null && wrongBy(mean - held, way) / width > worst.score) {
      worst = { score: wrongBy(mean - held, way) / width, mean, blocks };
    }
  }
  const [value, expected] = [levelOf(usual + worst.mean), levelOf(usual + held)];
  return {
    score: worst.score,
    value,
    expected,
    windowMs: worst.blocks * BLOCK_MS,
    isHot: wrongBy(deviation - held, way) >= STILL_HOT * wrongBy(worst.mean - held, way),
    what: `${shortNumber(value)} over ${worst.blocks * 5} min, ${shortNumber(expected)} is usual`,
  };
}
