import type { Span } from '../document.ts';

/** From low to high; equal ends for a single number. */
export interface Interval {
  low: number;
  high: number;
}

/** A span as an interval, widened by how exactly its ends were written. */
export function intervalOf(span: Span, half = 0): Interval {
  const [low, high] = typeof span === 'number' ? [span, span] : span;
  return { low: low - half, high: high + half };
}

export function overlaps(a: Interval, b: Interval): boolean {
  return a.low <= b.high && b.low <= a.high;
}

/** The number in the middle of a span: what a range is compared by. */
export function middleOf(span: Span): number {
  return typeof span === 'number' ? span : (span[0] + span[1]) / 2;
}

/** Least and greatest result of `of` over the ends of two intervals. Holds for what rises or falls in each of them. */
export function corners(a: Interval, b: Interval, of: (a: number, b: number) => number): Interval | null {
  const results = [of(a.low, b.low), of(a.low, b.high), of(a.high, b.low), of(a.high, b.high)];
  if (!results.every(Number.isFinite)) return null;
  return { low: Math.min(...results), high: Math.max(...results) };
}

/** How far apart two numbers are, as a share of the larger: 0 for equal ones, 1 when one of them is 0. */
export function apart(a: number, b: number): number {
  const largest = Math.max(Math.abs(a), Math.abs(b));
  return largest === 0 ? 0 : Math.abs(a - b) / largest;
}

/** Factors by which numbers differ when a unit, a window or a thousand was mistaken. */
const UNIT_FACTORS = [
  3, 7, 8, 10, 12, 24, 30, 60, 100, 168, 720, 1_000, 1_024, 1_440, 3_600, 86_400,
] as const;
const FACTOR_TOLERANCE = 0.012;

/** The unit-shaped factor between two numbers, at least 3; null when there is none, or one of them is 0. */
export function unitFactor(a: number, b: number): number | null {
  const least = Math.min(Math.abs(a), Math.abs(b));
  if (least === 0) return null;
  const ratio = Math.max(Math.abs(a), Math.abs(b)) / least;
  return UNIT_FACTORS.find((factor) => Math.abs(ratio / factor - 1) <= FACTOR_TOLERANCE) ?? null;
}
