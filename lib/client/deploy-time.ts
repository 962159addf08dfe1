import { readTyped } from './typed-time.ts';

const DAY_MS = 86_400_000;
/** How far ahead a deploy may be announced. */
const MOST_AHEAD_MS = 7 * DAY_MS;

/** Writes an instant as the field of the time shows it: `2026-04-09 17:54:52Z`. */
export function writeTime(atMs: number): string {
  return new Date(atMs)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
}

/** T₀ as typed, in UTC unless it says otherwise. `now` and an empty field mean now. */
export function readTime(typed: string, nowMs: number): { atMs: number } | { fault: string } {
  const clean = typed.trim().replace(/^(\d{4}-\d\d-\d\d) +(\d\d:\d\d(?::\d\d)?) ?(?:Z|UTC)$/i, '$1T$2Z');
  if (clean === '') return { atMs: nowMs };
  const read = readTyped(clean, 'UTC', nowMs);
  if ('fault' in read) return read;
  if (read.atMs > nowMs + MOST_AHEAD_MS) return { fault: 'A deploy can be told at most 7 days ahead.' };
  return read;
}

/** The time that a summary states, where it states the hour; null for a mere date. */
export function statedTime(time: string | null): number | null {
  if (time === null || !/T\d\d:\d\d/.test(time)) return null;
  const atMs = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(time) ? time : `${time}Z`);
  return Number.isFinite(atMs) ? atMs : null;
}
