/** U+2212: the sign that is as wide as a digit. A hyphen is not a minus. */
export const MINUS = '−';
/** Stands between a number and its unit, so that a line never breaks there. */
export const NBSP = '\u00a0';
/** What a missing number looks like. Read aloud as `no data`. */
export const NO_DATA = '–';

/** A number ready for the screen: `text + suffix` is what people read, `suffix` holds scale and unit. */
export interface Formatted {
  text: string;
  suffix: string;
}

/** One rung of a unit ladder: values from `factor` on are written in multiples of it. */
export interface Rung {
  factor: number;
  suffix: string;
}

/** `value` rounded to three significant digits, as a number. */
export function roundToThree(value: number): number {
  return Number(value.toPrecision(3));
}

/**
 * Three significant digits, plain notation between 0.001 and 999, else `1.23e15`.
 * `magnitude` is not negative; one that overflowed on its way here is `–`.
 */
export function threeDigits(magnitude: number): string {
  if (magnitude === 0) return '0';
  if (!Number.isFinite(magnitude)) return NO_DATA;
  const rounded = roundToThree(magnitude);
  if (rounded >= 0.001 && rounded < 1_000) return magnitude.toPrecision(3);
  return magnitude.toExponential(2).replace('e+', 'e').replace('e-', `e${MINUS}`);
}

/**
 * Writes `magnitude` on the lowest rung where the *rounded* number stays below the next rung,
 * so 999,999 bytes are `1.00 MB` and never `1000 kB`. Rungs ascend; the last one takes the rest.
 */
export function onLadder(magnitude: number, rungs: readonly Rung[]): Formatted {
  let chosen: Rung = { factor: 1, suffix: '' };
  for (const [index, rung] of rungs.entries()) {
    chosen = rung;
    const next = rungs[index + 1];
    if (next === undefined || roundToThree(magnitude / rung.factor) < next.factor / rung.factor) break;
  }
  return { text: threeDigits(magnitude / chosen.factor), suffix: chosen.suffix };
}

/** Puts the real minus in front of a negative value's magnitude; a rounded zero carries no sign. */
export function withSign(value: number, formatted: Formatted): Formatted {
  return value < 0 ? { ...formatted, text: `${MINUS}${formatted.text}` } : formatted;
}
