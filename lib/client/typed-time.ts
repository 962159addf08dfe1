import type { TimeRange } from '@/lib/core/time/range.ts';
import { SECOND_MS } from '@/lib/core/time/range.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { readInstant } from './address-window.ts';
import { judgeWindow } from './judge-window.ts';
import { findInstant } from './zone-time.ts';

/** An instant, or what is wrong with the text. */
export type TypedInstant = { atMs: number } | { fault: string };

/**
 * A time that a person typed: `2026-04-09 20:40` in the zone that the page shows, an ISO instant with its own zone, or
 * `now`.
 */
export function readTyped(text: string, zone: Zone, nowMs: number): TypedInstant {
  const typed = text.trim();
  if (typed === '') return { fault: 'Type a time, such as 2026-04-09 20:40.' };
  if (/^now$/i.test(typed)) return { atMs: Math.floor(nowMs / SECOND_MS) * SECOND_MS };
  const instantMs = readInstant(typed);
  if (instantMs !== null) return { atMs: instantMs };
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(typed);
  if (match === null) return { fault: 'Write it as 2026-04-09 20:40, or as 2026-04-09T20:40Z.' };
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  if (hour > 23 || minute > 59 || second > 59) return { fault: 'A day goes from 00:00 to 23:59.' };
  const atMs = findInstant({ year, month, day, hour, minute, second }, zone);
  return atMs === null ? { fault: `There is no such time in ${zone}.` } : { atMs };
}

/** Both ends of a window as they were typed. */
export interface TypedWindow {
  from: string;
  to: string;
}

/** The window, or what is wrong, at the field that it is wrong in. */
export type TypedResult = { range: TimeRange } | { field: keyof TypedWindow; fault: string };

/** Reads both fields: at least a minute, at most 90 days, not after now. */
export function readTypedWindow({ from, to }: TypedWindow, zone: Zone, nowMs: number): TypedResult {
  const start = readTyped(from, zone, nowMs);
  if ('fault' in start) return { field: 'from', ...start };
  const end = readTyped(to, zone, nowMs);
  if ('fault' in end) return { field: 'to', ...end };
  if (start.atMs >= nowMs) return { field: 'from', fault: 'That time has not come yet.' };
  if (end.atMs > nowMs) return { field: 'to', fault: 'That time has not come yet. “now” is the latest.' };
  const range = { startMs: start.atMs, endMs: end.atMs };
  const fault = judgeWindow(range);
  return fault === null ? { range } : { field: 'to', fault: `${fault}.` };
}
