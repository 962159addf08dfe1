import { BLOCKS_PER_DAY } from './baseline.ts';
import { type CountBlock, isUsable, type LogBlocks } from './blocks.ts';
import { TRAILING_BLOCKS } from './boundary.ts';

/** Events per ms that are usual at each clock block: Σ events / Σ covered over the days; null where never measured. */
export function expectedRates(before: readonly CountBlock[]): LogBlocks {
  const events = new Float64Array(BLOCKS_PER_DAY);
  const coveredMs = new Float64Array(BLOCKS_PER_DAY);
  for (const [i, block] of before.entries()) {
    if (!isUsable(block)) continue;
    // The last block of `before` is the one right before T₀, so that index 0 of a day is the first after T₀.
    const j = (((i - before.length) % BLOCKS_PER_DAY) + BLOCKS_PER_DAY) % BLOCKS_PER_DAY;
    events[j] = (events[j] ?? 0) + block.increase;
    coveredMs[j] = (coveredMs[j] ?? 0) + block.coveredMs;
  }
  return Array.from(events, (sum, j) => ((coveredMs[j] ?? 0) > 0 ? sum / (coveredMs[j] ?? 1) : null));
}

/** What was counted over what was usual at the same clock times; null where nothing was usual. */
export interface SumRatios {
  /** Since the settle time. */
  cumulative: number | null;
  /** Over the last 2 h. */
  trailing: number | null;
}

/**
 * The ratio of sums beside the interval (method 3.5): a mean of logarithms forgives one unchanged block an hour, a sum
 * does not. `after` holds the blocks since T₀ up to the look; the settle blocks are left out by `settleBlocks`.
 */
export function sumRatios(after: readonly CountBlock[], rates: LogBlocks, settleBlocks: number): SumRatios {
  return {
    cumulative: ratioBetween(after, rates, settleBlocks),
    trailing: ratioBetween(after, rates, Math.max(settleBlocks, after.length - TRAILING_BLOCKS)),
  };
}

function ratioBetween(after: readonly CountBlock[], rates: LogBlocks, from: number): number | null {
  let events = 0;
  let expected = 0;
  for (const [i, block] of after.entries()) {
    const rate = rates[i % BLOCKS_PER_DAY] ?? null;
    if (i < from || rate === null || !isUsable(block)) continue;
    events += block.increase;
    expected += rate * block.coveredMs;
  }
  return expected > 0 ? events / expected : null;
}

/** Share of all events that fell into the tenth of the blocks with the most, 0–1: what bursts carry; null without events. */
export function burstShare(after: readonly CountBlock[], settleBlocks: number): number | null {
  const sizes = after
    .slice(settleBlocks)
    .filter(isUsable)
    .map((block) => block.increase)
    .sort((a, b) => b - a);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= 0) return null;
  return sizes.slice(0, Math.ceil(sizes.length / 10)).reduce((sum, size) => sum + size, 0) / total;
}
