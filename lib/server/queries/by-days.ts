import 'server-only';
import type { TargetId } from '@/lib/core/model/target.ts';
import { alignDown, alignUp, BLOCK_MS, DAY_MS, HOUR_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { Reading } from '../runtime.ts';
import { keep, recall } from './remember.ts';

/** By target: `width` numbers a bucket, one bucket after another; NaN where nothing is known. */
export type Columns = ReadonlyMap<TargetId, Float64Array>;

export interface DayRead {
  /** Names what is read, without its time. */
  key: string;
  /** Numbers of a bucket. */
  width: number;
  stepMs: number;
  /** Columns on the aligned grid of `range`. */
  read: (range: TimeRange) => Promise<Columns>;
}

/** Room for so many numbers: 2.4 MB. */
const MEMORY = { name: 'days', most: 300_000 };
/** A day that ended longer ago than this takes no more samples: its hours are packed. */
const SETTLED_MS = 3 * HOUR_MS;
/** History may still be filled in. */
const LIFE_MS = HOUR_MS;

/** The settled days of a range, counted from 1970: `[firstDay, endDay)`, empty when `endDay` is not after `firstDay`. */
export function settledDays(runtime: Reading, range: TimeRange): { firstDay: number; endDay: number } {
  const settledDay = Math.floor((runtime.clock.wallMs() - SETTLED_MS) / DAY_MS);
  return {
    firstDay: Math.floor(range.startMs / DAY_MS),
    endDay: Math.min(Math.ceil(range.endMs / DAY_MS), settledDay),
  };
}

/**
 * What `read` gives for each of the settled days `[firstDay, endDay)`. Missing ones are read in one go, told apart by
 * the function that `read` answers with, and kept for an hour; `weigh` says how many numbers a day holds.
 */
export async function readSettledDays<T>(
  runtime: Reading,
  key: string,
  { firstDay, endDay }: { firstDay: number; endDay: number },
  read: (range: TimeRange) => Promise<(day: number) => T>,
  weigh: (day: T) => number,
): Promise<T[]> {
  const keyOf = (day: number): string => `${key} ${day}`;
  const known = new Map<number, T>();
  for (let day = firstDay; day < endDay; day++) {
    const kept = recall<T>(runtime, MEMORY, keyOf(day));
    if (kept !== undefined) known.set(day, kept);
  }
  const all = Array.from({ length: Math.max(0, endDay - firstDay) }, (_, i) => firstDay + i);
  const missing = all.filter((day) => !known.has(day));
  const [from] = missing;
  const to = missing.at(-1);
  if (from !== undefined && to !== undefined) {
    const dayOf = await read({ startMs: from * DAY_MS, endMs: (to + 1) * DAY_MS });
    for (let day = from; day <= to; day++) {
      const own = dayOf(day);
      known.set(day, own);
      keep(runtime, MEMORY, keyOf(day), own, LIFE_MS, 1 + weigh(own));
    }
  }
  return all.flatMap((day) => known.get(day) ?? []);
}

/**
 * Columns on the aligned grid of `range`. Days that are over are read once and then kept, so that a page over a week
 * that is looked at every few seconds reads only today.
 */
export async function readByDays(runtime: Reading, range: TimeRange, asked: DayRead): Promise<Columns> {
  const { stepMs, width } = asked;
  const days = settledDays(runtime, range);
  if (stepMs % BLOCK_MS !== 0 || DAY_MS % stepMs !== 0 || days.endDay <= days.firstDay)
    return asked.read(range);

  const startMs = alignDown(range.startMs, stepMs);
  const restMs = Math.max(startMs, days.endDay * DAY_MS);
  const [settled, rest] = await Promise.all([
    readSettledDays(
      runtime,
      `${asked.key} ${stepMs}`,
      days,
      async (part) => daySplitter(await asked.read(part), part.startMs, (DAY_MS / stepMs) * width),
      (columns) => [...columns.values()].reduce((sum, { length }) => sum + length, 0),
    ),
    range.endMs > restMs ? asked.read({ startMs: restMs, endMs: range.endMs }) : null,
  ]);
  const length = ((alignUp(range.endMs, stepMs) - startMs) / stepMs) * width;
  const whole = new Map<TargetId, Float64Array>();
  const put = (columns: Columns, atMs: number): void => {
    const from = ((atMs - startMs) / stepMs) * width;
    for (const [id, values] of columns) {
      const own = whole.get(id) ?? new Float64Array(length).fill(Number.NaN);
      whole.set(id, own);
      own.set(values.subarray(Math.max(0, -from), length - from), Math.max(0, from));
    }
  };
  for (const [i, columns] of settled.entries()) put(columns, (days.firstDay + i) * DAY_MS);
  if (rest !== null) put(rest, restMs);
  return whole;
}

/** The columns of one day out of those of many; targets of which nothing is known on it are left out. */
function daySplitter(found: Columns, startMs: number, size: number): (day: number) => Columns {
  return (day) => {
    const from = (day - startMs / DAY_MS) * size;
    const columns = new Map<TargetId, Float64Array>();
    for (const [id, values] of found) {
      const own = values.slice(from, from + size);
      if (own.some((value) => !Number.isNaN(value))) columns.set(id, own);
    }
    return columns;
  };
}
