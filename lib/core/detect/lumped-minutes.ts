import { BLOCK_MS, MINUTE_MS } from '../time/range.ts';
import { type CountBlock, isUsable } from '../verdict/blocks.ts';

const MINUTES = BLOCK_MS / MINUTE_MS;

/**
 * Counts by minute where only blocks of 5 min are known: all of a block in its first minute. Sums over 5 min and more are
 * right; a single minute looks busier than it was, so that less is called a spike, never more.
 */
export function lumpedMinutes(blocks: readonly CountBlock[]): (number | null)[] {
  const minutes: (number | null)[] = [];
  for (const block of blocks) {
    const isKnown = isUsable(block);
    minutes.push(isKnown ? (block.increase * BLOCK_MS) / block.coveredMs : null);
    for (let i = 1; i < MINUTES; i++) minutes.push(isKnown ? 0 : null);
  }
  return minutes;
}
