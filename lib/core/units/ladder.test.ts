import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNITS } from '../metrics/catalogue/entry.ts';
import { MINUS } from './decimal.ts';
import { formatDelta, formatTimes } from './format-delta.ts';
import { WINDOW_SECONDS } from './format-rate.ts';
import { ladder, ladderText } from './ladder.ts';
import { formatMoney } from './money.ts';
import { parseRate } from './parse-quantity.ts';

const PRICE = { perUnits: 100_000, usd: 0.2 };
const rate = fc
  .tuple(fc.integer({ min: -5, max: 9 }), fc.double({ min: 1, max: 9.999, noNaN: true }))
  .map(([power, lead]) => lead * 10 ** power);

describe('the ladder', () => {
  it('gives one rate in every window, and what it costs where a price is known', () => {
    expect(ladderText(ladder(733_000 / 3_600, 'commands', PRICE))).toBe(
      '733,000/h = 204/s = 17.6M/day = $35.18/day at $0.20 per 100K',
    );
    expect(ladderText(ladder(733_412 / 3_600, 'commands'))).toBe('733,412/h = 204/s = 17.6M/day');
    expect(ladder(12 / 60, 'commands', null, 'min').map(({ text }) => text)).toEqual([
      '12.0/min',
      '0.200/s',
      '720/h',
      '17.3K/day',
    ]);
  });

  it('says nothing where nothing was measured, and counts zero', () => {
    expect([ladder(null, 'commands', PRICE), ladder(Number.NaN, 'commands')]).toEqual([[], []]);
    expect(ladderText(ladder(0, 'commands', PRICE))).toBe('0/h = 0/s = 0/day = $0.00/day at $0.20 per 100K');
  });

  it('never prints NaN, and every rung reads back as the same rate within its rounding', () => {
    fc.assert(
      fc.property(rate, fc.constantFrom(...UNITS), (perSecond, unit) => {
        expect(ladderText(ladder(perSecond, unit, PRICE))).not.toMatch(/NaN|Infinity|undefined|–/);
        for (const { text, window } of ladder(perSecond, 'commands')) {
          if (window === 'money') continue;
          const back = parseRate(text) ?? Number.NaN;
          // Half a unit of the third digit; a number in full is rounded to one.
          const slack = Math.max(perSecond * 0.00501, 0.5 / WINDOW_SECONDS[window]);
          expect(Math.abs(back - perSecond)).toBeLessThanOrEqual(slack);
        }
      }),
    );
    fc.assert(
      fc.property(fc.double(), (any) => !/NaN|Infinity/.test(ladderText(ladder(any, 'bytes', PRICE)))),
    );
  });
});

describe('money', () => {
  it('is written to the cent, whole from a thousand on, and in three digits below a cent', () => {
    expect([35.184, 1_284.4, 999.996, 0.2, 0.002, 0, -3.2, null, Number.NaN].map(formatMoney)).toEqual([
      '$35.18',
      '$1,284',
      '$1,000',
      '$0.20',
      '$0.00200',
      '$0.00',
      `${MINUS}$3.20`,
      '–',
      '–',
    ]);
  });

  it('reads back within half of its last digit, and −x is a minus and then x', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.0001, max: 1e9, noNaN: true }), (usd) => {
        const back = Number(formatMoney(usd).replace(/[$,]/g, ''));
        expect(Math.abs(back - usd)).toBeLessThanOrEqual(
          usd >= 999.995 ? 0.5 : usd < 0.00995 ? usd * 0.005 : 0.005001,
        );
        expect(formatMoney(-usd)).toBe(MINUS + formatMoney(usd));
      }),
    );
    fc.assert(fc.property(fc.double(), (usd) => !/NaN|Infinity/.test(formatMoney(usd))));
  });
});

describe('changes and factors', () => {
  it('never say −100 % of what has not vanished', () => {
    fc.assert(
      fc.property(rate, fc.double({ min: 1e-7, max: 1, noNaN: true }), (before, share) => {
        const text = formatDelta(before, before * share, 'commands');
        expect(text).not.toMatch(/NaN/);
        if (before * share < before) expect(text).not.toMatch(/^−100(\.0*)?\s%/);
      }),
    );
  });

  it('are grouped from a thousand on', () => {
    expect([30.54, 1.5, 1_234, 999.6, 3e10].map(formatTimes)).toEqual([
      '30.5×',
      '1.50×',
      '1,230×',
      '1,000×',
      '3.00e10×',
    ]);
  });
});
