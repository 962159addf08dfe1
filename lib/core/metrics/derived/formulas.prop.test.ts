import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isExactStatus, leftOf, leftShareOf, perEach, shareOf, statusClass } from './formulas.ts';

const amount = fc.double({ min: 0, max: 1e9, noNaN: true });
const some = fc.double({ min: 1e-6, max: 1e9, noNaN: true });

describe('formulas', () => {
  test('a share lies in 0–1, and a part and its rest make up the whole', () => {
    fc.assert(
      fc.property(amount, some, (part, rest) => {
        const share = shareOf(part, part + rest) ?? Number.NaN;
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
        expect(share + (shareOf(rest, part + rest) ?? Number.NaN)).toBeCloseTo(1, 9);
      }),
    );
  });

  test('a share does not change with the traffic', () => {
    fc.assert(
      fc.property(some, some, fc.double({ min: 0.01, max: 1000, noNaN: true }), (part, rest, times) => {
        expect(shareOf(part * times, (part + rest) * times)).toBeCloseTo(shareOf(part, part + rest) ?? -1, 9);
      }),
    );
  });

  test('of nothing there is no share and nothing for each', () => {
    expect([shareOf(0, 0), shareOf(Number.NaN, 0), perEach(5, 0), leftShareOf(0, 0)]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect([shareOf(0, 5), perEach(0, 5)]).toEqual([0, 0]);
  });

  test('what is left is never below 0 nor above what is allowed', () => {
    fc.assert(
      fc.property(amount, some, (used, limit) => {
        expect(leftOf(used, limit)).toBeGreaterThanOrEqual(0);
        expect(leftOf(used, limit)).toBeLessThanOrEqual(limit);
        const share = leftShareOf(used, limit) ?? Number.NaN;
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('a status has the class of its first digit, anything else is other', () => {
    expect(['200', '2xx', '429', '599', 'other', '4xxx', '', undefined, '999'].map(statusClass)).toEqual([
      '2xx',
      '2xx',
      '4xx',
      '5xx',
      'other',
      'other',
      'other',
      'other',
      'other',
    ]);
    expect(['429', '4xx', 'other', undefined].map(isExactStatus)).toEqual([true, false, false, false]);
  });
});
