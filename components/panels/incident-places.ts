import { xPercent } from '@/lib/core/chart/x-place.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';

/** Entries that stand at one place of the strip, oldest first. */
export interface StripPlace<T> {
  /** Share of the range, 0–100: where the first of them is. */
  x: number;
  entries: readonly T[];
}

/**
 * Puts entries onto an axis of `widthPx`; those nearer to each other than `gapPx` share a place, so that each can be hit
 * with a finger. Every entry in the range has exactly one place; what lies outside of it has none.
 */
export function placeEntries<T extends { atMs: number }>(
  entries: readonly T[],
  range: TimeRange,
  widthPx: number,
  gapPx = 24,
): readonly StripPlace<T>[] {
  const gap = (gapPx / Math.max(gapPx, widthPx)) * 100;
  const places: { x: number; entries: T[] }[] = [];
  const inside = entries.filter(({ atMs }) => atMs >= range.startMs && atMs <= range.endMs);
  for (const entry of inside.toSorted((a, b) => a.atMs - b.atMs)) {
    const x = xPercent(entry.atMs, range);
    const last = places.at(-1);
    if (last !== undefined && x - last.x < gap) last.entries.push(entry);
    else places.push({ x, entries: [entry] });
  }
  return places;
}
