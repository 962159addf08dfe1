import { alignUp, DAY_MS, HOUR_MS, MINUTE_MS, overlapMs, SECOND_MS, type TimeRange } from '../time/range.ts';
import { formatClock, formatDate } from '../units/clock.ts';
import { type Zone, zoneOffsetMs } from '../units/zone.ts';

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

/** Distance of round times that gives a range of this length at most `maxCount` of them. */
export function timeStepMs(lengthMs: number, maxCount: number): number {
  return STEPS_MS.find((step) => lengthMs / step <= maxCount) ?? alignUp(lengthMs / maxCount, DAY_MS);
}

/**
 * The instant at which the wall clock of `zone` shows `localMs` (a wall clock written as if it were UTC). Null when it
 * never does, because clocks were put forward over it; a whole day then begins at the jump. Of two instants the first.
 */
function instantOf(localMs: number, stepMs: number, zone: Zone): number | null {
  // Offsets a day to either side hold every change that could matter; the larger one gives the earlier instant.
  const offsets = [zoneOffsetMs(localMs - DAY_MS, zone), zoneOffsetMs(localMs + DAY_MS, zone)];
  for (const offset of offsets.sort((a, b) => b - a)) {
    const atMs = localMs - offset;
    if (zoneOffsetMs(atMs, zone) === offset) return atMs;
  }
  return stepMs >= DAY_MS ? localMs - Math.min(...offsets) : null;
}

function labelOf(atMs: number, localMs: number, stepMs: number, zone: Zone): string {
  if (localMs % DAY_MS === 0) return formatDate(atMs, zone);
  return formatClock(atMs, stepMs < MINUTE_MS ? 'seconds' : 'minutes', zone).replace('Z', '');
}

/**
 * Instants inside the range at which the wall clock of `zone` is round, at most `maxCount` (one more where a step begins
 * right at the start); midnight is labelled with its date. An unknown zone is read as UTC.
 */
export function timeTicks(range: TimeRange, maxCount: number, zone: Zone = 'UTC'): TimeTick[] {
  const lengthMs = overlapMs(range, range);
  if (lengthMs === 0) return [];
  const stepMs = timeStepMs(lengthMs, maxCount);
  const ticks: TimeTick[] = [];
  const startOffset = zoneOffsetMs(range.startMs, zone);
  const endOffset = zoneOffsetMs(range.endMs, zone);
  const firstMs = alignUp(range.startMs + Math.min(startOffset, endOffset), stepMs);
  const lastMs = range.endMs + Math.max(startOffset, endOffset);
  for (let localMs = firstMs; localMs < lastMs; localMs += stepMs) {
    const atMs = instantOf(localMs, stepMs, zone);
    if (atMs === null || atMs < range.startMs || atMs >= range.endMs) continue;
    ticks.push({
      atMs,
      label: labelOf(atMs, localMs, stepMs, zone),
      minor: (localMs / stepMs) % 2 !== 0,
    });
  }
  return ticks;
}
