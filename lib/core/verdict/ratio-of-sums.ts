import { BLOCKS_PER_DAY } from './baseline.ts';
import { type CountBlock, isUsable, type LogBlocks } from './blocks.ts';

/**
 * Events per ms that are usual at each clock block: Σ events / Σ covered over the days; null where never measured. With
 * `isWeekend` (of a block by its index from T₀) only over the days of the same kind.
 */
export function expectedRates(
  before: readonly CountBlock[],
  isWeekend: ((index: number) => boolean) | null = null,
): LogBlocks {
  const events = new Float64Array(BLOCKS_PER_DAY);
  const coveredMs = new Float64Array(BLOCKS_PER_DAY);
  for (const [i, block] of before.entries()) {
    if (!isUsable(block)) continue;
    // The last block of `before` is the one right before T₀, so that index 0 of a day is the first after T₀.
    const index = i - before.length;
    const j = ((index % BLOCKS_PER_DAY) + BLOCKS_PER_DAY) % BLOCKS_PER_DAY;
    if (isWeekend !== null && isWeekend(index) !== isWeekend(j)) continue;
    events[j] = (events[j] ?? 0) + block.increase;
    coveredMs[j] = (coveredMs[j] ?? 0) + block.coveredMs;
  }
  return Array.from(events, (sum, j) => ((coveredMs[j] ?? 0) > 0 ? sum / (coveredMs[j] ?? 1) : null));
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
