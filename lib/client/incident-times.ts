import { DAY_MS } from '@/lib/core/time/range.ts';
import { readTyped } from './typed-time.ts';

/** An instant, or what is wrong with the text. */
type Read = { atMs: number } | { fault: string };

/** `2026-04-09 20:40Z` as people copy it from a page, as an ISO instant. */
const asIso = (typed: string) =>
  typed.trim().replace(/^(\d{4}-\d\d-\d\d) +(\d\d:\d\d(?::\d\d)?) ?(?:Z|UTC)$/i, '$1T$2Z');

/** A time that lies behind us, as typed in UTC; `now` is one. */
export function readPast(typed: string, nowMs: number): Read {
  const read = readTyped(asIso(typed), 'UTC', nowMs);
  return 'atMs' in read && read.atMs > nowMs ? { fault: 'That time has not come yet.' } : read;
}

/** When an action is due, as typed in UTC: a day (`2026-04-16`, then its end) or a time. It may lie ahead, and in the past. */
export function readDue(typed: string): Read {
  const clean = asIso(typed);
  // Nothing that is still to be done is due now.
  if (/^now$/i.test(clean)) return { fault: 'Write it as 2026-04-16.' };
  const read = readTyped(clean, 'UTC', 0);
  const isDay = /^\d{4}-\d{1,2}-\d{1,2}$/.test(clean);
  return 'atMs' in read && isDay ? { atMs: read.atMs + DAY_MS - 1 } : read;
}
