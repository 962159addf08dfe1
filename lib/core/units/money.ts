import { NO_DATA, threeDigits, withSign } from './decimal.ts';

const CENTS = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/**
 * US dollars: to the cent (`$35.18`), from a thousand on whole (`$1,284`), under a cent three digits (`$0.00200`).
 * Null and what is no number: `–`. Real minus in front: `−$3.20`.
 */
export function formatMoney(usd: number | null): string {
  if (usd === null || !Number.isFinite(usd)) return NO_DATA;
  return withSign(usd, { text: `$${magnitudeText(Math.abs(usd))}`, suffix: '' }).text;
}

function magnitudeText(magnitude: number): string {
  if (magnitude >= 1e12) return threeDigits(magnitude);
  if (magnitude >= 999.995) return WHOLE.format(magnitude);
  if (magnitude === 0 || magnitude >= 0.00995) return CENTS.format(magnitude);
  // Plain digits as far down as anybody is charged for.
  return magnitude >= 1e-6 ? magnitude.toPrecision(3) : threeDigits(magnitude);
}
