import 'server-only';
import { DAY_MS } from '@/lib/core/time/range.ts';

const EARLIEST_MS = Date.UTC(2000, 0, 1);
const LATEST_MS = Date.UTC(2200, 0, 1);
/** A time without a zone could be any of 26 hours, so it is refused. */
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/i;

/** Unix ms of an ISO text with a zone, or of a number of ms, also as text; null for anything else. Unlike what a file of numbers may hold, a time of a deploy is never guessed at. */
export function parseZonedMs(given: string | number): number | null {
  const text = String(given).trim();
  const atMs = /^\d{12,14}$/.test(text) ? Number(text) : ISO.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isFinite(atMs) && atMs > EARLIEST_MS && atMs < LATEST_MS ? Math.round(atMs) : null;
}

/** How far ahead a deploy may be announced. */
export const MOST_AHEAD_MS = 7 * DAY_MS;
