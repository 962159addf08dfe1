import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNITS } from '../metrics/catalogue/entry.ts';
import { MINUS } from './decimal.ts';
import { formatDuration } from './duration.ts';
import { formatDelta } from './format-delta.ts';
import { RATE_WINDOWS, rateText } from './format-rate.ts';
import { exactText, tickText, valueText } from './format-value.ts';
import { parseQuantity, parseRate, parseValue } from './parse-quantity.ts';

const anyUnit = fc.constantFrom(...UNITS);
/** Magnitudes that a dashboard can meet, spread evenly over their size. */
const magnitude = fc
  .tuple(fc.double({ min: -9, max: 14, noNaN: true }), fc.double({ min: 1, max: 9.999999, noNaN: true }))
  .map(([exponent, lead]) => lead * 10 ** Math.floor(exponent));
/** The next unit is reached by rounding, so no text may hold a full one of it. */
const OVERFULL = /(?:^|[−+±])(?:1000(?:\.0+)?\s?(?:[KMB]|kB|MB|GB|ms|µs|$)|60(?:\.0+)?\s(?:s|m)$|24\sh$)/;

describe('what is printed', () => {
  it('is never NaN, undefined or Infinity, whatever comes in', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.constant(null)), anyUnit, (value, unit) => {
        for (const text of [valueText(value, unit), ...RATE_WINDOWS.map((w) => rateText(value, unit, w))]) {
          expect(text).not.toMatch(/NaN|undefined|Infinity|null/);
          expect(text).not.toBe('');
        }
        expect(exactText(value)).not.toMatch(/NaN|Infinity/);
        expect(formatDelta(value, 1, unit)).not.toMatch(/NaN|Infinity/);
        expect(formatDuration(value)).not.toMatch(/NaN|Infinity/);
      }),
    );
  });

  it('never says 1000 kB, 1000 ms or 60 s: the next unit is used', () => {
    fc.assert(
      fc.property(magnitude, anyUnit, (value, unit) => {
        expect(valueText(value, unit)).not.toMatch(OVERFULL);
        expect(formatDuration(value * 1_000)).not.toMatch(OVERFULL);
      }),
      { numRuns: 2_000 },
    );
  });

  it('writes −x as a real minus and then x', () => {
    fc.assert(
      fc.property(magnitude, anyUnit, fc.constantFrom(...RATE_WINDOWS), (value, unit, window) => {
        expect(valueText(-value, unit)).toBe(MINUS + valueText(value, unit));
        expect(rateText(-value, unit, window)).toBe(MINUS + rateText(value, unit, window));
        expect(tickText(-value, unit)).toBe(MINUS + tickText(value, unit));
      }),
    );
  });

  it('reads back as the same value within its rounding', () => {
    fc.assert(
      fc.property(magnitude, anyUnit, (value, unit) => {
        const back = parseValue(valueText(value, unit), unit);
        // Half a unit of the third digit; a duration drops everything under its second part (at most 1 in 25).
        // Money is written to the cent.
        const cents = unit === 'usd' ? 0.00501 / value : 0;
        const slack = unit === 'seconds' && value >= 59.95 ? 0.05 : Math.max(0.00501, cents);
        expect(Math.abs((back ?? Number.NaN) - value) / value).toBeLessThanOrEqual(slack);
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads a rate back per second, whatever window it was written with', () => {
    fc.assert(
      fc.property(magnitude, fc.constantFrom(...RATE_WINDOWS), (value, window) => {
        const back = parseRate(rateText(value, 'commands', window));
        expect(Math.abs((back ?? Number.NaN) - value) / value).toBeLessThanOrEqual(0.00501);
      }),
    );
  });

  it('keeps every digit of an axis tick that matters', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999 }), fc.integer({ min: -2, max: 9 }), (lead, power) => {
        const value = lead * 10 ** power;
        expect(parseQuantity(tickText(value, 'commands'))).toBeCloseTo(value, 6 - power);
      }),
    );
  });
});

describe('what is read', () => {
  it('survives any text', () => {
    fc.assert(
      fc.property(fc.string(), anyUnit, (text, unit) => {
        for (const read of [parseQuantity(text), parseRate(text), parseValue(text, unit)]) {
          expect(read === null || Number.isFinite(read)).toBe(true);
        }
      }),
    );
  });
});
