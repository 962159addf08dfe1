import { formatClock, formatDate, formatStamp } from '../units/clock.ts';
import { MINUTE_MS, type TimeRange } from './range.ts';

/** Shorter windows are told to the second. */
const SECONDS_UNDER_MS = 10 * MINUTE_MS;

/**
 * How a sentence begins that speaks of a past window, in UTC: `Between 16:00Z and 20:40Z` on the day of `nowMs`,
 * else with its date, and with its year when that is another one.
 */
export function windowWords({ startMs, endMs }: TimeRange, nowMs: number): string {
  const precision = endMs - startMs < SECONDS_UNDER_MS ? 'seconds' : 'minutes';
  const year = (atMs: number): string => {
    const own = new Date(atMs).getUTCFullYear();
    return own === new Date(nowMs).getUTCFullYear() ? '' : ` ${own}`;
  };
  const day = (atMs: number): string => formatDate(atMs) + year(atMs);
  // A window that ends at midnight belongs to the day before.
  const endDay = day(endMs - 1);
  if (day(startMs) === endDay) {
    const clocks = `${formatClock(startMs, precision)} and ${formatClock(endMs, precision)}`;
    return endDay === day(nowMs) ? `Between ${clocks}` : `On ${endDay} between ${clocks}`;
  }
  const stamp = (atMs: number): string =>
    year(atMs) === '' ? formatStamp(atMs, precision) : `${day(atMs)} ${formatClock(atMs, precision)}`;
  return `Between ${stamp(startMs)} and ${stamp(endMs)}`;
}
