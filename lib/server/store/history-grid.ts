import 'server-only';
import { BLOCK_PARTS, type Block, type Bucket, shareByTime } from '@/lib/core/metrics/blocks.ts';
import type { HistoryStretch } from '@/lib/core/model/history.ts';
import { alignDown, alignUp, BLOCK_MS, DAY_MS, overlapMs } from '@/lib/core/time/range.ts';
import type { Retention } from '@/lib/server/config/types.ts';
import { Grid } from './grid.ts';

/** History from before this is left out: its blocks are about to become hourly sums, which would then be added twice. */
export function historyFromMs(nowMs: number, { blocksDays }: Pick<Retention, 'blocksDays'>): number {
  return alignUp(nowMs - blocksDays * DAY_MS, DAY_MS) + DAY_MS;
}

/**
 * 5-minute blocks of one backfilled series from `fromMs` on; null when nothing of it is that new. The increase of a
 * counter's stretch is shared out by time, a gauge's level holds for all of its stretch.
 */
export function historyGrid(
  stretches: readonly HistoryStretch[],
  counter: boolean,
  fromMs: number,
): Grid | null {
  const kept = stretches.filter(
    ({ startMs, endMs, value }) => startMs >= fromMs && endMs > startMs && Number.isFinite(value),
  );
  const [first, last] = [kept[0], kept.at(-1)];
  if (first === undefined || last === undefined) return null;
  const startMs = alignDown(first.startMs, BLOCK_MS);
  const endMs = alignUp(last.endMs, BLOCK_MS);
  const grid = new Grid(startMs, BLOCK_MS, (endMs - startMs) / BLOCK_MS);
  for (const one of kept) {
    if (counter) {
      grid.addIncrement({ fromMs: one.startMs, toMs: one.endMs, increase: one.value, gap: false });
      continue;
    }
    for (let atMs = alignDown(one.startMs, BLOCK_MS); atMs < one.endMs; atMs += BLOCK_MS) {
      grid.addGauge(atMs, one.value, overlapMs({ startMs: atMs, endMs: atMs + BLOCK_MS }, one));
    }
  }
  return grid;
}

/** Blocks that are known exactly, from `fromMs` on, as a grid; null when none is that new. They must stand in order. */
export function blocksGrid(blocks: readonly Block[], fromMs: number): Grid | null {
  const kept = blocks.filter(({ startMs }) => startMs >= fromMs);
  const [first, last] = [kept[0], kept.at(-1)];
  if (first === undefined || last === undefined) return null;
  const grid = new Grid(first.startMs, BLOCK_MS, (last.startMs - first.startMs) / BLOCK_MS + 1);
  for (const block of kept) {
    const at = grid.indexOf(block.startMs);
    grid.n[at] = block.n;
    grid.sum[at] = block.sum;
    grid.min[at] = block.min ?? Number.NaN;
    grid.max[at] = block.max ?? Number.NaN;
    grid.last[at] = block.last ?? Number.NaN;
    grid.increase[at] = block.increase;
    grid.gapIncrease[at] = block.gapIncrease;
    grid.coveredMs[at] = block.coveredMs;
  }
  return grid;
}

/** Blocks as buckets of a finer grid: each an even share of its block, which is all that is known. */
export function spreadBlocks(
  blocks: readonly (Bucket | null)[],
  counter: boolean,
  grid: { startMs: number; stepMs: number; length: number },
): (Bucket | null)[] {
  const fine = new Grid(grid.startMs, grid.stepMs, grid.length);
  for (const block of blocks) {
    if (block === null || block.coveredMs === 0) continue;
    const span = { fromMs: block.startMs, toMs: block.startMs + BLOCK_MS, increase: block.increase };
    shareByTime(span, grid.stepMs, BLOCK_PARTS, (startMs, share, insideMs) => {
      const index = fine.indexOf(startMs);
      if (!fine.has(index)) return;
      const covered = (insideMs * block.coveredMs) / BLOCK_MS;
      if (!counter) fine.addGauge(startMs, block.mean ?? Number.NaN, covered);
      else if (covered > 0) fine.addShare(index, share, covered, (share * 1000) / covered);
    });
  }
  return fine.toBuckets(counter);
}
