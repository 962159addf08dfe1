/** Makes the median of |x| of a normal sample its standard deviation. */
export const MAD_TO_SIGMA = 1.4826;

/** Middle of numbers in any order; null without one. */
export function medianOf(values: readonly number[]): number | null {
  // Typed numbers sort many times faster, and a walk over a watch asks for a thousand medians.
  return middleOf(Float64Array.from(values).sort());
}

/** Middle of sorted numbers; null without one. */
export function middleOf(sorted: ArrayLike<number>): number | null {
  const below = sorted[Math.ceil(sorted.length / 2) - 1];
  const above = sorted[Math.floor(sorted.length / 2)];
  return below === undefined || above === undefined ? null : (below + above) / 2;
}

/** Mean; null without a number. */
export function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Brings a value to within `reach` of a middle. */
export function clip(value: number, middle: number, reach: number): number {
  return Math.min(middle + reach, Math.max(middle - reach, value));
}
