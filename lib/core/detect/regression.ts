import { BLOCK_MS } from '../time/range.ts';
import { TRAILING_BLOCKS } from '../verdict/boundary.ts';
import { relapseMultiple } from '../verdict/quantiles.ts';
import { type BlockSeries, type WrongWay, wrongBy } from './block-series.ts';
import { type Firing, joinSights, type Sight, shortNumber } from './firing.ts';
import { clippedMean, expectedAt } from './moving-mean.ts';

const HOLDING = { fireAfter: 2, clearBelow: 0.5, clearAfterMs: 15 * 60_000 };

/**
 * Regression and relapse (method 3.7): the clipped mean of the last 2 h against Student's quantile for a window that
 * moves over 24 h times √V(24), and no less than the largest mean of 2 h that the baseline has shown. Fires on two
 * evaluations, recovers after 15 min below half. `held`: logarithm of the level that was reached and must be kept
 * (0: the baseline's own).
 */
export function detectRegressions(series: BlockSeries, way: WrongWay, held = 0): Firing[] {
  return joinSights(sightsOf(series, way, held), HOLDING);
}

function* sightsOf(series: BlockSeries, way: WrongWay, held: number): Generator<Sight> {
  const { startMs, leadBlocks, deviations, baseline, levelOf } = series;
  const { placebo, scale } = baseline;
  const freedom = placebo.freedomOf(TRAILING_BLOCKS);
  const width = Math.max(
    relapseMultiple(freedom) * Math.sqrt(placebo.varianceOf(TRAILING_BLOCKS)),
    placebo.largestOf(TRAILING_BLOCKS),
  );
  for (const [i, deviation] of deviations.entries()) {
    if (i < leadBlocks) continue;
    const fromMs = startMs + (i - leadBlocks) * BLOCK_MS;
    const mean = deviation === null ? null : clippedMean(deviations, i, TRAILING_BLOCKS, scale);
    const usual = expectedAt(baseline, i - leadBlocks);
    if (mean === null || usual === null) {
      yield null;
      continue;
    }
    const [value, expected] = [levelOf(usual + mean), levelOf(usual + held)];
    yield {
      startMs: fromMs,
      endMs: fromMs + BLOCK_MS,
      score: wrongBy(mean - held, way) / width,
      value,
      expected,
      what: `${shortNumber(value)} over 2 h, ${shortNumber(expected)} is usual`,
    };
  }
}
