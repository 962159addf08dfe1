import { alignUp, DAY_MS, HOUR_MS, MINUTE_MS, overlapMs, SECOND_MS, type TimeRange } from '../time/range.ts';
import { formatClock, formatDate } from '../units/clock.ts';

const STEPS_MS = [
  SECOND_MS,
  5 * SECOND_MS,
  10 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
  2 * DAY_MS,
  7 * DAY_MS,
  28 * DAY_MS,
] as const;

export interface TimeTick {
  atMs: number;
  label: string;
  /** True for every other tick: a narrow plot leaves its label out. */
  minor: boolean;
}

function labelOf(atMs: number, stepMs: number): string {
  if (atMs % DAY_MS === 0) return formatDate(atMs);
  return formatClock(atMs, stepMs < MINUTE_MS ? 'seconds' : 'minutes').replace('Z', '');
}

/** Round UTC instants inside the range, at most `maxCount`; midnight is labelled with its date. */
export function timeTicks(range: TimeRange, maxCount: number): TimeTick[] {
  const lengthMs = overlapMs(range, range);
  if (lengthMs === 0) return [];
  const stepMs = STEPS_MS.find((step) => lengthMs / step <= maxCount) ?? alignUp(lengthMs / maxCount, DAY_MS);
  const ticks: TimeTick[] = [];
  for (let atMs = alignUp(range.startMs, stepMs); atMs < range.endMs; atMs += stepMs) {
    ticks.push({ atMs, label: labelOf(atMs, stepMs), minor: (atMs / stepMs) % 2 !== 0 });
  }
  return ticks;
}
