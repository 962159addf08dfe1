import { BLOCKS_PER_DAY } from './baseline.ts';
import { levelsOf } from './before-side.ts';
import { type CountBlock, isUsable, type LogBlocks } from './blocks.ts';
import type { ClaimBlocks, JudgeInput } from './judge-types.ts';
import { expectedRates } from './ratio-of-sums.ts';
import { ratioBetween, type SumTrack, trackSums } from './sum-track.ts';

/** Blocks with those that must not count taken out. */
export function maskBlocks(blocks: ClaimBlocks, isMasked: (index: number) => boolean): ClaimBlocks {
  return blocks.kind === 'counts'
    ? { ...blocks, after: blocks.after.map((block, i) => (isMasked(i) ? null : block)) }
    : { ...blocks, after: blocks.after.map((level, i) => (isMasked(i) ? null : level)) };
}

/**
 * What was usual and what was measured, over the same blocks of the watch up to `atBlocks`: rates per second as events
 * over covered time, levels as means. Null without a block that has both.
 */
export function levelsAt(
  blocks: ClaimBlocks,
  usual: LogBlocks,
  atBlocks: number,
): { before: number | null; after: number | null } {
  let weight = 0;
  let before = 0;
  let after = 0;
  for (const [i, level] of levelsOf(blocks, 'after').slice(0, atBlocks).entries()) {
    const expected = usual[i % BLOCKS_PER_DAY] ?? null;
    if (level === null || expected === null) continue;
    const block = blocks.kind === 'counts' ? blocks.after[i] : null;
    const own = block?.coveredMs ?? 1;
    weight += own;
    before += own * expected;
    after += own * level;
  }
  return weight === 0 ? { before: null, after: null } : { before: before / weight, after: after / weight };
}

/** What was measured up to `atBlocks`, whether anything was usual or not; null without a block. */
export function levelAt(blocks: ClaimBlocks, atBlocks: number): number | null {
  return levelsAt(
    blocks,
    Array.from({ length: BLOCKS_PER_DAY }, () => 1),
    atBlocks,
  ).after;
}

/** The change of requests served over the blocks in which claim and requests were both measured, and of the claim per request. */
export interface PerRequest {
  requestsPct: number;
  perRequestPct: number;
}

/**
 * The effect per request served (design 5): a fall by lost traffic is no success. Ratio of sums over ratio of sums, over
 * blocks that have both. Null where requests are not counted, none were usual, or the claim's number is a level.
 */
export function perRequest(
  blocks: ClaimBlocks,
  sums: SumTrack | null,
  {
    requests,
    settleBlocks,
    offsetMs,
  }: Pick<JudgeInput, 'requests'> & { settleBlocks: number; offsetMs: number },
  atBlocks: number,
): PerRequest | null {
  if (requests === null || sums === null || blocks.kind !== 'counts') return null;
  const both = (row: readonly CountBlock[], other: readonly CountBlock[]) =>
    row.map((block, i) => (isUsable(other[i] ?? null) ? block : null));
  const layout = { settleBlocks, offsetMs };
  const own = trackSums({
    after: both(blocks.after, requests.after),
    rates: expectedRates(blocks.before),
    ...layout,
  });
  const served = trackSums({
    after: both(requests.after, blocks.after),
    rates: expectedRates(requests.before),
    ...layout,
  });
  const ratio = ratioBetween(own, settleBlocks, atBlocks);
  const traffic = ratioBetween(served, settleBlocks, atBlocks);
  if (ratio === null || traffic === null || traffic <= 0) return null;
  return { requestsPct: 100 * (traffic - 1), perRequestPct: 100 * (ratio / traffic - 1) };
}
