import type { LogBlocks } from './blocks.ts';
import { WATCH_BLOCKS } from './boundary.ts';
import { calibrate, type Placebo } from './placebo.ts';
import { type DayTypes, leaveOneOut, profileOf } from './profile.ts';
import { MAD_TO_SIGMA, medianOf } from './robust.ts';

export const BLOCKS_PER_DAY = WATCH_BLOCKS;
/** Days asked for, at least needed for a verdict, and needed to tell weekends from weekdays (method 3.3). */
export const BASELINE_DAYS = 14;
export const MIN_BASELINE_DAYS = 7;
const DAY_TYPE_DAYS = 21;
/** A day with fewer measured blocks than this share cannot be compared. */
const DAY_SHARE = 0.5;

/** What the days before T₀ are built from. */
export interface BaselineInput {
  /** Logarithms of the blocks before T₀, oldest first, the last one ending at T₀. What must not count is null. */
  before: LogBlocks;
  /** Mean events per block over them; null for a gauge. */
  eventsPerBlock: number | null;
  /** Smallest step of the number over its usual level; null where it has none. */
  relativeStep: number | null;
  /** Whether the block at this index from T₀ (negative before) lies on a weekend; null where nobody can say. */
  isWeekend: ((index: number) => boolean) | null;
  /** Blocks that share one number where parts of it are a provider's memory in coarser steps; 1 where none are. */
  stepBlocks?: number;
}

/** The expected course of a day and how far means of it stray by themselves. All in logarithms. */
export interface Baseline {
  /** Comparable days used, and days looked at that were too thin or masked. */
  days: number;
  excludedDays: number;
  /** Fewer than seven days: the state is capped at on track. */
  isWeak: boolean;
  /** Expected logarithm for each block of the watch day (m_j); null where no day was measured. */
  expected: LogBlocks;
  /** Robust spread s of one block around it. */
  scale: number;
  placebo: Placebo;
  eventsPerBlock: number | null;
  /** True where weekends have an expectation of their own. */
  usesDayTypes: boolean;
}

/** Cuts blocks before T₀ into whole days, newest first; a part of a day at the far end is left out. */
export function daysBefore(before: LogBlocks): LogBlocks[] {
  const count = Math.floor(before.length / BLOCKS_PER_DAY);
  return Array.from({ length: count }, (_, k) =>
    before.slice(before.length - (k + 1) * BLOCKS_PER_DAY, before.length - k * BLOCKS_PER_DAY),
  );
}

/** Shifts everything before the block `stepAt` by the size of a step that was found there, so that those days still compare. */
export function shiftBefore(before: LogBlocks, stepAt: number, logStep: number): LogBlocks {
  return before.map((value, i) => (value === null || i >= stepAt ? value : value + logStep));
}

function isComparable(day: LogBlocks): boolean {
  return day.filter((value) => value !== null).length >= DAY_SHARE * BLOCKS_PER_DAY;
}

/**
 * The baseline of method 3.3: profile by clock time, residuals against the other days, placebo variance. Null without
 * one comparable day. With 21 days it takes weekends apart where that makes the interval at the end narrower.
 */
export function buildBaseline(input: BaselineInput): Baseline | null {
  const days = daysBefore(input.before);
  const used = days.map((day) => (isComparable(day) ? day : day.map(() => null)));
  const count = days.filter(isComparable).length;
  if (count === 0) return null;

  const plain = baselineOf(input, used, count, null);
  const { isWeekend } = input;
  if (isWeekend === null || count < DAY_TYPE_DAYS) return plain;
  const types: DayTypes = (k, j) => (isWeekend((k < 0 ? 0 : -(k + 1)) * BLOCKS_PER_DAY + j) ? 1 : 0);
  const typed = baselineOf(input, used, count, types);
  if (typed.expected.some((value, j) => value === null && plain.expected[j] !== null)) return plain;
  return endWidth(typed) < endWidth(plain) ? typed : plain;
}

function endWidth({ placebo }: Baseline): number {
  return placebo.multipleAt(BLOCKS_PER_DAY) * Math.sqrt(placebo.varianceOf(BLOCKS_PER_DAY));
}

function baselineOf(
  { eventsPerBlock, relativeStep, stepBlocks = 1 }: BaselineInput,
  days: readonly LogBlocks[],
  count: number,
  types: DayTypes | null,
): Baseline {
  const residuals = leaveOneOut(days, types);
  const spread = medianOf(residuals.flatMap((value) => (value === null ? [] : Math.abs(value)))) ?? 0;
  const floor = floorOf(eventsPerBlock, relativeStep);
  // A number that never moves has a spread too: that of its own resolution.
  const scale = Math.max(MAD_TO_SIGMA * spread, Math.sqrt(floor(1)));
  return {
    days: count,
    excludedDays: days.length - count,
    isWeak: count < MIN_BASELINE_DAYS,
    expected: profileOf(days, types),
    scale,
    placebo: calibrate({
      residuals,
      scale,
      days: count,
      floor,
      isWeak: count < MIN_BASELINE_DAYS,
      lostDays: types === null ? 1 : 2,
      stepBlocks,
    }),
    eventsPerBlock,
    usesDayTypes: types !== null,
  };
}

/** Least variance of a mean of L blocks: of counting, of one part in 300, of the number's own steps (method 3.3). */
function floorOf(events: number | null, relativeStep: number | null): (blocks: number) => number {
  const counting = events === null || events <= 0 ? 0 : 1 / events;
  const step = relativeStep === null ? 0 : relativeStep ** 2 / 12;
  return (blocks) => Math.max(counting / blocks, 1e-5, step);
}
