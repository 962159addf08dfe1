import 'server-only';
import { bucketStarts } from '@/lib/core/metrics/blocks.ts';
import {
  alignUp,
  BLOCK_MS,
  chooseStepMs,
  DAY_MS,
  HOUR_MS,
  STEPS_MS,
  type TimeRange,
} from '@/lib/core/time/range.ts';
import type { Retention } from '../config/types.ts';
import type { TargetStatus } from '../poller/target-poller.ts';

/** Points of a line at most: what a screen of 600 px can show, with room for its extremes. */
const MOST_POINTS = 300;

/** The time that is shown, and when it is looked at. */
export interface Span {
  range: TimeRange;
  nowMs: number;
  /** True for a range that ends now and moves on with the clock. */
  isLive: boolean;
}

/** The grid that a chart of this scope is drawn on. */
export interface Grid {
  range: TimeRange;
  stepMs: number;
  starts: readonly number[];
}

/** The aligned grid of `range` with this step. */
export function gridOf(range: TimeRange, stepMs: number): Grid {
  return { range, stepMs, starts: bucketStarts(range, stepMs) };
}

/**
 * A grid no finer than the slowest of the given targets is visited, nor than what is still kept of the oldest time
 * that goes onto it.
 */
export function chooseGrid(
  range: TimeRange,
  statuses: readonly TargetStatus[],
  finestMs: number = STEPS_MS[0],
): Grid {
  const slowestMs = Math.max(finestMs, ...statuses.map(({ history }) => history.intervalMs));
  return gridOf(range, chooseStepMs(range, MOST_POINTS, slowestMs));
}

/** The finest step in which numbers of `atMs` are still kept: samples, then 5-minute blocks, then hourly sums. */
export function finestStepMs(retention: Retention, atMs: number, nowMs: number): number {
  // What is about to be packed away counts as gone, so that a page does not lose it between two looks.
  if (atMs < alignUp(nowMs - retention.blocksDays * DAY_MS, DAY_MS)) return HOUR_MS;
  if (atMs < alignUp(nowMs - retention.samplesDays * DAY_MS, HOUR_MS)) return BLOCK_MS;
  return STEPS_MS[0];
}

/** The same grid, moved back by a multiple of its step. */
export function shiftGrid({ range, stepMs, starts }: Grid, backMs: number): Grid {
  return {
    range: { startMs: range.startMs - backMs, endMs: range.endMs - backMs },
    stepMs,
    starts: starts.map((startMs) => startMs - backMs),
  };
}
