import { BLOCK_MS } from '../time/range.ts';
import { type Baseline, type BaselineInput, buildBaseline } from './baseline.ts';
import { type CountBlock, eventsPerBlock, isUsable, type LogBlocks, logsOfCounts } from './blocks.ts';
import { deviationsOf, type WatchBlocks } from './interval.ts';

/** Blocks after T₀ (or after the last machine of a rolling deploy) that say nothing yet: 5 min. */
export const SETTLE_BLOCKS = 1;

/** The baseline of a counter from its blocks before T₀, oldest first. Null without a comparable day. */
export function baselineOfCounts(
  before: readonly CountBlock[],
  isWeekend: BaselineInput['isWeekend'] = null,
): Baseline | null {
  return buildBaseline({
    before: logsOfCounts(before),
    eventsPerBlock: eventsPerBlock(before),
    relativeStep: null,
    isWeekend,
  });
}

/** The watch of a counter from its blocks since T₀, held against the baseline; the settle time says nothing. */
export function watchOfCounts(
  after: readonly CountBlock[],
  expected: LogBlocks,
  settleBlocks = SETTLE_BLOCKS,
): WatchBlocks {
  const settled = after.map((block, i) => (i < settleBlocks ? null : block));
  return {
    deviations: deviationsOf(logsOfCounts(settled), expected),
    events: settled.map((block) => (isUsable(block) ? (block.increase * BLOCK_MS) / block.coveredMs : null)),
  };
}

/** The watch of a gauge from the logarithms of its blocks since T₀. */
export function watchOfLevels(
  logs: LogBlocks,
  expected: LogBlocks,
  settleBlocks = SETTLE_BLOCKS,
): WatchBlocks {
  const settled = logs.map((log, i) => (i < settleBlocks ? null : log));
  return { deviations: deviationsOf(settled, expected), events: null };
}
