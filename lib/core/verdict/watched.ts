import { alignDown, BLOCK_MS } from '../time/range.ts';
import { BLOCKS_PER_DAY } from './baseline.ts';
import { type BeforeSide, beforeSide, usualOver } from './before-side.ts';
import { isUsable } from './blocks.ts';
import { type Route, takeRoute } from './judge-route.ts';
import type { JudgeInput } from './judge-types.ts';
import { planSpans, type SpanPlan } from './spans.ts';
import { type SumTrack, trackSums } from './sum-track.ts';
import { maskBlocks } from './verdict-numbers.ts';

/** A claim's watch laid out on the clock, with all that its verdict is read from. */
export interface Watched {
  input: JudgeInput;
  /** Start of the block that holds T₀, and T₀ after it. */
  startMs: number;
  offsetMs: number;
  /** Blocks from there that begin before the settle time is over, that the watch has, and that are over. */
  settleBlocks: number;
  watchBlocks: number;
  atBlocks: number;
  isOver: boolean;
  before: BeforeSide;
  /** What is usual over the clock times of the watch; null where none of them was measured. */
  usual: number | null;
  /** The claim's blocks without those that must not count: the settle time, and what guards mask. */
  blocks: JudgeInput['blocks'];
  /** Null for levels. */
  sums: SumTrack | null;
  plan: SpanPlan;
  route: Route;
}

/** Lays a watch out and tells its claim at every look. Blocks after the end of the watch are left out. */
export function layOut(input: JudgeInput): Watched {
  const startMs = alignDown(input.originMs, BLOCK_MS);
  const offsetMs = input.originMs - startMs;
  const watchBlocks = Math.max(0, Math.floor((input.endMs - startMs) / BLOCK_MS));
  const atBlocks = Math.min(watchBlocks, input.blocks.after.length);
  const settled = Math.ceil((input.settledMs - startMs) / BLOCK_MS);
  const settleBlocks = Math.min(watchBlocks, Math.max(0, settled));
  // Which days are weekends is only told for the day after T₀; a longer watch takes all days alike.
  const isWeekend = watchBlocks > BLOCKS_PER_DAY ? null : input.isWeekend;
  const before = beforeSide({ ...input, isWeekend, startMs });
  const usual = usualOver(before, watchBlocks);

  const measured = measuredBlocks(input.blocks).slice(0, atBlocks);
  const plan = planSpans({ spans: input.spans, quiet: input.quiet ?? [], startMs, settleBlocks, measured });
  const blocks = maskBlocks(
    input.blocks,
    (i) => i < settleBlocks || i >= atBlocks || plan.isMasked[i] === true,
  );
  const rates = before.usual.map((level) => (level === null ? null : level / 1000));
  const sums =
    blocks.kind === 'counts' ? trackSums({ after: blocks.after, rates, settleBlocks, offsetMs }) : null;
  const isOver = atBlocks >= watchBlocks;
  // A watch that ends while nobody can tell has no last look to be graded by.
  const isGraded = isOver && (plan.freezes[atBlocks] ?? null) === null;
  const route = takeRoute({
    target: input.target,
    blocks,
    before,
    usual,
    sums,
    settleBlocks,
    watchBlocks,
    offsetMs,
    isOver: isGraded,
  });
  return {
    input,
    startMs,
    offsetMs,
    settleBlocks,
    watchBlocks,
    atBlocks,
    isOver,
    before,
    usual,
    blocks,
    sums,
    plan,
    route,
  };
}

function measuredBlocks(blocks: JudgeInput['blocks']): boolean[] {
  return blocks.kind === 'counts' ? blocks.after.map(isUsable) : blocks.after.map((level) => level !== null);
}
