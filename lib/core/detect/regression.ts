import { BLOCK_MS } from '../time/range.ts';
import type { Baseline } from '../verdict/baseline.ts';
import { TRAILING_BLOCKS } from '../verdict/boundary.ts';
import { relapseMultiple } from '../verdict/quantiles.ts';
import { type BlockSeries, type WrongWay, wrongBy } from './block-series.ts';
import { type Firing, joinSights, type Seen, type Sight, shortNumber } from './firing.ts';
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
  const { startMs, leadBlocks, deviations } = series;
  const width = regressionWidth(series.baseline);
  for (let i = leadBlocks; i < deviations.length; i++) {
    const seen = regressionLook(series, i, { way, width, held });
    const fromMs = startMs + (i - leadBlocks) * BLOCK_MS;
    yield seen === null ? null : { ...seen, startMs: fromMs, endMs: fromMs + BLOCK_MS };
  }
}

/** How far the mean of 2 h may stray, in logarithms. It belongs to the baseline. */
export function regressionWidth({ placebo }: Baseline): number {
  return Math.max(
    relapseMultiple(placebo.freedomOf(TRAILING_BLOCKS)) * Math.sqrt(placebo.varianceOf(TRAILING_BLOCKS)),
    placebo.largestOf(TRAILING_BLOCKS),
  );
}

/**
 * What is seen at the end of block `i`: where the last 2 h lie. Null where the block, too much of the 2 h, or what is
 * usual then was not measured.
 */
export function regressionLook(
  { leadBlocks, deviations, baseline, levelOf }: BlockSeries,
  i: number,
  { way, width, held }: { way: WrongWay; width: number; held: number },
): Seen | null {
  const isKnown = (deviations[i] ?? null) !== null;
  const mean = isKnown ? clippedMean(deviations, i, TRAILING_BLOCKS, baseline.scale) : null;
  const usual = expectedAt(baseline, i - leadBlocks);
  if (mean === null || usual === null) return null;
  const [value, expected] = [levelOf(usual + mean), levelOf(usual + held)];
  return {
    score: wrongBy(mean - held, way) / width,
    value,
    expected,
    windowMs: TRAILING_BLOCKS * BLOCK_MS,
    what: `${shortNumber(value)} over 2 h, ${shortNumber(expected)} is usual`,
  };
}
