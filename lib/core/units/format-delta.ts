import type { Unit } from '../metrics/catalogue/entry.ts';
import { MINUS, NBSP, NO_DATA, threeDigits } from './decimal.ts';

/** `+33.4`, `−96.7`, `±0`: a change always carries its sign. */
function signed(value: number): string {
  if (value === 0) return '±0';
  return `${value < 0 ? MINUS : '+'}${threeDigits(Math.abs(value))}`;
}

/**
 * Change from `before` to `after`: percentage points for ratios (`+33.4 pp`), else relative (`−96.7 %`).
 * `–` when either is missing, or when a relative change has no base (`before` is 0). Never shown without its pair.
 */
export function formatDelta(before: number | null, after: number | null, unit: Unit): string {
  if (before === null || after === null) return NO_DATA;
  const change = unit === 'ratio' ? (after - before) * 100 : ((after - before) / Math.abs(before)) * 100;
  if (!Number.isFinite(change)) return before === 0 && after === 0 ? `±0${NBSP}%` : NO_DATA;
  return `${signed(change)}${NBSP}${unit === 'ratio' ? 'pp' : '%'}`;
}

/** How many times fewer or more: `30.5× fewer`. Null when a side is missing, zero or of another sign, or nothing changed. */
export function formatFactor(before: number | null, after: number | null): string | null {
  if (before === null || after === null || before <= 0 || after <= 0 || before === after) return null;
  const factor = after < before ? before / after : after / before;
  return Number.isFinite(factor) ? `${threeDigits(factor)}× ${after < before ? 'fewer' : 'more'}` : null;
}
