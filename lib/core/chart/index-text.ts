import { threeDigits, withSign } from '../units/decimal.ts';

/**
 * A number of the index scale, where the level before the deploy is 100: `100`, `56.2`, `3.3`, `0.04`. One decimal is as
 * much as a share of a hundred can bear; under 1 two significant digits. Never NaN: what is no number is `–`.
 */
export function formatIndex(value: number): string {
  const magnitude = Math.abs(value);
  let text: string;
  if (magnitude === 0) text = '0';
  else if (!Number.isFinite(magnitude) || magnitude >= 99_999.5) text = threeDigits(magnitude);
  else if (magnitude >= 99.95) text = String(Math.round(magnitude));
  else if (magnitude >= 0.95) text = String(Number(magnitude.toFixed(1)));
  else text = magnitude < 0.001 ? threeDigits(magnitude) : String(Number(magnitude.toPrecision(2)));
  return withSign(value, { text, suffix: '' }).text;
}
