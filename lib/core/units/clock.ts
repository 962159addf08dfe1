import { NO_DATA } from './decimal.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Largest instant that a `Date` can hold. */
const MAX_MS = 8.64e15;

function isInstant(atMs: number | null): atMs is number {
  return atMs !== null && Math.abs(atMs) <= MAX_MS;
}

/** UTC time of day: `20:34Z`, or `20:34:05Z` with seconds. Null: `–`. */
export function formatClock(atMs: number | null, precision: 'minutes' | 'seconds' = 'minutes'): string {
  if (!isInstant(atMs)) return NO_DATA;
  const [, time = ''] = new Date(atMs).toISOString().split('T');
  return `${time.slice(0, precision === 'seconds' ? 8 : 5)}Z`;
}

/** UTC date without the year: `9 Apr`. Null: `–`. */
export function formatDate(atMs: number | null): string {
  if (!isInstant(atMs)) return NO_DATA;
  const date = new Date(atMs);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ''}`;
}

/** Date and time of day, UTC: `9 Apr 20:34Z`. Null: `–`. */
export function formatStamp(atMs: number | null, precision: 'minutes' | 'seconds' = 'minutes'): string {
  return isInstant(atMs) ? `${formatDate(atMs)} ${formatClock(atMs, precision)}` : NO_DATA;
}
