import { alignDown, DAY_MS } from '../time/range.ts';

/** `2026-04-09`: the UTC day of an instant. */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** Midnight UTC after `atMs`: then a new budget begins. */
export function nextDayMs(atMs: number): number {
  return alignDown(atMs, DAY_MS) + DAY_MS;
}
