import { BLOCK_MS } from '../time/range.ts';
import { WATCH_BLOCKS } from '../verdict/boundary.ts';
import { studentUpperQuantile } from '../verdict/distributions.ts';
import { type BlockSeries, type WrongWay, wrongBy } from './block-series.ts';
import { DETECTOR_ALPHA, type Firing, joinSights, type Sight, shortNumber } from './firing.ts';
import { expectedAt, plainMean } from './moving-mean.ts';

/** Windows of 5, 15 and 30 min, in blocks. */
const WINDOWS = [1, 3, 6] as const;
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
  const { startMs, leadBlocks, deviations, baseline, levelOf } = series;
  const { placebo } = baseline;
  const widths = WINDOWS.map((blocks) => {
    const looks = (WINDOWS.length * WATCH_BLOCKS * (blocks === 1 ? 1 : OVERLAP)) / blocks;
    const tail = DETECTOR_ALPHA / looks / 2;
    const multiple = studentUpperQuantile(tail, placebo.freedomOf(blocks));
    return Math.max(
      multiple * Math.sqrt(placebo.varianceOf(blocks)),
      BEYOND_LARGEST * placebo.largestOf(blocks),
    );
  });
  for (const [i, deviation] of deviations.entries()) {
    if (i < leadBlocks) continue;
    const fromMs = startMs + (i - leadBlocks) * BLOCK_MS;
    const usual = expectedAt(baseline, i - leadBlocks);
    if (deviation === null || usual === null) {
      yield null;
      continue;
    }
    let worst = { score: 0, mean: deviation, blocks: 1 };
    for (const [at, blocks] of WINDOWS.entries()) {
      const mean = plainMean(deviations, i, blocks);
      const width = widths[at] ?? Number.POSITIVE_INFINITY;
      if (mean !== null && wrongBy(mean, way) / width > worst.score) {
        worst = { score: wrongBy(mean, way) / width, mean, blocks };
      }
    }
    const [value, expected] = [levelOf(usual + worst.mean), levelOf(usual)];
    yield {
      startMs: fromMs,
      endMs: fromMs + BLOCK_MS,
      score: worst.score,
      value,
      expected,
      what: `${shortNumber(value)} over ${worst.blocks * 5} min, ${shortNumber(expected)} is usual`,
    };
  }
}
