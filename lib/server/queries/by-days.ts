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
  /** True where the range is asked for again and again with the same start, such as since a deploy. */
  hasFixedStart?: boolean;
}

/** Room for so many numbers: 16 MB. A day of one metric of 200 machines in blocks is 173,000. */
const MEMORY = { name: 'days', most: 2_000_000 };
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
 * Columns on the aligned grid of `range`. Days that are over are read once and then kept, and so are the hours of the last
 * day once they have settled: what is looked at every few seconds reads only the last hours.
 */
export async function readByDays(runtime: Reading, range: TimeRange, asked: DayRead): Promise<Columns> {
  const { stepMs, width } = asked;
  if (stepMs % BLOCK_MS !== 0 || DAY_MS % stepMs !== 0) return asked.read(range);
  const days = settledDays(runtime, range);
  const hasDays = days.endDay > days.firstDay;
  const startMs = alignDown(range.startMs, stepMs);
  const restMs = hasDays ? Math.max(startMs, days.endDay * DAY_MS) : startMs;
  const settledMs = Math.min(
    alignDown(runtime.clock.wallMs() - SETTLED_MS, HOUR_MS),
    alignDown(range.endMs, HOUR_MS),
  );
  const isKept = HOUR_MS % stepMs === 0 && (restMs % DAY_MS === 0 || asked.hasFixedStart === true);
  const lastMs = isKept ? Math.max(restMs, settledMs) : restMs;
  if (!hasDays && lastMs === startMs) return asked.read(range);
  const [settled, hours, rest] = await Promise.all([
    hasDays
      ? readSettledDays(
          runtime,
          `${asked.key} ${stepMs}`,
          days,
          async (part) => daySplitter(await asked.read(part), part.startMs, (DAY_MS / stepMs) * width),
          weightOf,
        )
      : [],
    lastMs > restMs ? readSettledHours(runtime, { startMs: restMs, endMs: lastMs }, asked) : null,
    range.endMs > lastMs ? asked.read({ startMs: lastMs, endMs: range.endMs }) : null,
  ]);
  return join(
    [
      ...settled.map((columns, i): Part => ({ columns, atMs: (days.firstDay + i) * DAY_MS })),
      ...(hours === null ? [] : [{ columns: hours, atMs: restMs }]),
      ...(rest === null ? [] : [{ columns: rest, atMs: lastMs }]),
    ],
    { startMs, endMs: alignUp(range.endMs, stepMs) },
    asked,
  );
}

interface SettledHours {
  endMs: number;
  columns: Columns;
}

/**
 * Hours that have settled, from a start that is asked for again; read anew once an hour. Never longer kept: a source that
 * is visited every six hours, or a store that was away, tells of an hour long after it.
 */
async function readSettledHours(runtime: Reading, range: TimeRange, asked: DayRead): Promise<Columns> {
  const name = `${asked.key} ${asked.stepMs} since ${range.startMs}`;
  const known = recall<SettledHours>(runtime, MEMORY, name);
  if (known?.endMs === range.endMs) return known.columns;
  const columns = await asked.read(range);
  keep(runtime, MEMORY, name, { endMs: range.endMs, columns }, LIFE_MS, 1 + weightOf(columns));
  return columns;
}

function weightOf(columns: Columns): number {
  return [...columns.values()].reduce((sum, { length }) => sum + length, 0);
}

/** Columns that begin at `atMs`. */
interface Part {
  columns: Columns;
  atMs: number;
}

/** Parts of `range`, which is a multiple of the step, as one; NaN where none of them lies. */
function join(
  parts: readonly Part[],
  range: TimeRange,
  { stepMs, width }: Pick<DayRead, 'stepMs' | 'width'>,
): Columns {
  const length = ((range.endMs - range.startMs) / stepMs) * width;
  const whole = new Map<TargetId, Float64Array>();
  for (const { columns, atMs } of parts) {
    const from = ((atMs - range.startMs) / stepMs) * width;
    for (const [id, values] of columns) {
      const own = whole.get(id) ?? new Float64Array(length).fill(Number.NaN);
      whole.set(id, own);
      own.set(values.subarray(Math.max(0, -from), length - from), Math.max(0, from));
    }
  }
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
