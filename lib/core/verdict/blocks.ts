import type { Bucket } from '../metrics/blocks.ts';
import { BLOCK_MS } from '../time/range.ts';

/** What a counter did in one block; null where nothing is known of it. Events of a gap have no block and are left out. */
export type CountBlock = Pick<Bucket, 'increase' | 'coveredMs'> | null;

/** Logarithms block by block; null where a block was not measured: missing is not zero. */
export type LogBlocks = readonly (number | null)[];

/** Less than this share of a block measured, and the block is missing (method 3.2). */
export const COVERED_SHARE = 0.5;
/** Added to a count, so that a block without events has a logarithm. */
const HALF_EVENT = 0.5;

/** Whether enough of a block was measured to count as one. */
export function isUsable(block: CountBlock): block is NonNullable<CountBlock> {
  return block !== null && block.coveredMs > 0 && block.coveredMs >= COVERED_SHARE * BLOCK_MS;
}

/** y = ln(x + 0.5/covered) of a counter's block, x in events per second (method 3.2); null for a missing block. */
export function logOfCount(block: CountBlock): number | null {
  if (!isUsable(block)) return null;
  return Math.log(((block.increase + HALF_EVENT) * 1000) / block.coveredMs);
}

/** The same for a row of blocks. */
export function logsOfCounts(blocks: readonly CountBlock[]): LogBlocks {
  return blocks.map(logOfCount);
}

/**
 * y = ln(median) of a gauge's blocks. A level of 0 has a logarithm only where its `resolution` is known, as half a step
 * of it; else it is missing. Levels below 0 always are.
 */
export function logsOfLevels(medians: readonly (number | null)[], resolution: number | null): LogBlocks {
  const least = resolution === null ? 0 : resolution / 2;
  return medians.map((median) => {
    if (median === null || median < 0) return null;
    const level = Math.max(median, least);
    return level > 0 ? Math.log(level) : null;
  });
}

/** λ: mean events per whole block over the usable blocks; null without one. */
export function eventsPerBlock(blocks: readonly CountBlock[]): number | null {
  const usable = blocks.filter(isUsable);
  const coveredMs = usable.reduce((sum, block) => sum + block.coveredMs, 0);
  if (coveredMs === 0) return null;
  return (usable.reduce((sum, block) => sum + block.increase, 0) * BLOCK_MS) / coveredMs;
}
