import 'server-only';
import { DAY_MS } from '@/lib/core/time/range.ts';

/** Room for 16.7 million series or targets beside the hour or day in one key under 2^53. */
const ROOM = 2 ** 24;
/** Hours since 1970 stay under this for 119 more years. */
const HOURS_ROOM = 2 ** 21;

/** Hourly sums lie in rows of 30 days. */
export const PERIOD_MS = 30 * DAY_MS;

/** Time first: an hour is written, read back and deleted in one stretch. For chunks, visits, blocks, hourly sums. */
export function timeKey(time: number, id: number): number {
  return time * ROOM + id;
}

/** First key of a time; all earlier times lie below it. */
export function firstKeyOf(time: number): number {
  return time * ROOM;
}

export function splitTimeKey(key: number): { time: number; id: number } {
  return { time: Math.floor(key / ROOM), id: key % ROOM };
}

/** Series first: the few hours that wait for their day are read as one stretch. For recent blocks. */
export function recentKey(seriesId: number, hour: number): number {
  return seriesId * HOURS_ROOM + hour;
}

export function splitRecentKey(key: number): { seriesId: number; hour: number } {
  return { seriesId: Math.floor(key / HOURS_ROOM), hour: key % HOURS_ROOM };
}
