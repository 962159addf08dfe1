import type { Unit } from '../metrics/catalogue/entry.ts';
import { MINUS, NBSP, NO_DATA, threeDigits } from './decimal.ts';

const GROUPED = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });

/** `+33.4`, `−96.7`, `±0`: a change always carries its sign. */
function signed(value: number, digits: string): string {
  return value === 0 ? '±0' : `${value < 0 ? MINUS : '+'}${digits}`;
}

/**
 * Digits of a fall in percent that is not complete: 99.96 is not written `100`, for that would say that nothing is left.
 * `percent` is between 0 and 100.
 */
function digitsShortOfAll(percent: number): string {
  for (let digits = 3; digits <= 8; digits++) {
    const text = percent.toPrecision(digits);
    if (Number(text) < 100) return digits === 3 ? threeDigits(percent) : text;
  }
  return '99.999999';
}

/**
 * Change from `before` to `after`: percentage points for ratios (`+33.4 pp`), else relative (`−96.7 %`).
 * `–` when either is missing, or when a relative change has no base (`before` is 0). Never shown without its pair.
 */
export function formatDelta(before: number | null, after: number | null, unit: Unit): string {
  if (before === null || after === null) return NO_DATA;
  const change = unit === 'ratio' ? (after - before) * 100 : ((after - before) / Math.abs(before)) * 100;
  if (!Number.isFinite(change)) return before === 0 && after === 0 ? `±0${NBSP}%` : NO_DATA;
  const magnitude = Math.abs(change);
  const isPartialFall = unit !== 'ratio' && before > 0 && after > 0 && change < 0;
  const digits = isPartialFall ? digitsShortOfAll(magnitude) : threeDigits(magnitude);
  return `${signed(change, digits)}${NBSP}${unit === 'ratio' ? 'pp' : '%'}`;
}

/** A factor: `30.5×`, `1,200×`. `times` is above 0. */
export function formatTimes(times: number): string {
  return `${times >= 999.5 && times < 1e9 ? GROUPED.format(times) : threeDigits(times)}×`;
}

/** How many times fewer or more: `30.5× fewer`. Null when a side is missing, zero or of another sign, or nothing changed. */
export function formatFactor(before: number | null, after: number | null): string | null {
  if (before === null || after === null || before <= 0 || after <= 0 || before === after) return null;
  const factor = after < before ? before / after : after / before;
  return Number.isFinite(factor) ? `${formatTimes(factor)} ${after < before ? 'fewer' : 'more'}` : null;
}
