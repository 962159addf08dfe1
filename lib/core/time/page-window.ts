import { NAMED_RANGES, type NamedRange, namedRange } from './named-range.ts';
import { DAY_MS, type TimeRange } from './range.ts';

/**
 * The time that a page shows. `live` follows the clock; `fixed` stands still (zoomed, frozen or linked), and `name` is
 * the live range that "now" leads back to.
 */
export type PageWindow =
  | { kind: 'live'; name: NamedRange }
  | { kind: 'fixed'; name: NamedRange; startMs: number; endMs: number };

/** The second window that a page may be compared with, of the same length: right before, a day or a week earlier. */
export const COMPARISONS = ['before', 'day', 'week'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** How far the second window lies before the first, in ms. */
export function comparisonOffsetMs(comparison: Comparison, range: TimeRange): number {
  switch (comparison) {
    case 'before':
      return range.endMs - range.startMs;
    case 'day':
      return DAY_MS;
    case 'week':
      return 7 * DAY_MS;
    default:
      return comparison satisfies never;
  }
}

/** The span of a window at `nowMs`. */
export function windowRange(shown: PageWindow, nowMs: number): TimeRange {
  return shown.kind === 'live'
    ? namedRange(shown.name, nowMs)
    : { startMs: shown.startMs, endMs: shown.endMs };
}

/** Shortest and longest fixed window that a page shows. */
export const SHORTEST_WINDOW_MS = 60_000;
export const LONGEST_WINDOW_MS = 90 * DAY_MS;

/** True for a name in the closed set. */
export function isNamedRange(text: string): text is NamedRange {
  return (NAMED_RANGES as readonly string[]).includes(text);
}
