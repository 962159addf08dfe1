import { describe, expect, it } from 'vitest';
import { lowerBound, sumShares, upperBound } from './bounds.ts';

describe('bounds of a share', () => {
  it('of none at all are those of the rule of three', () => {
    // (1 − p)^n = .05
    expect(upperBound({ hits: 0, of: 100 })).toBeCloseTo(1 - 0.05 ** (1 / 100), 10);
    expect(lowerBound({ hits: 0, of: 100 })).toBe(0);
    expect(lowerBound({ hits: 50, of: 50 })).toBeCloseTo(0.05 ** (1 / 50), 10);
    expect(upperBound({ hits: 50, of: 50 })).toBe(1);
  });

  it('leave so much chance to what was seen: 1 of 10', () => {
    const p = upperBound({ hits: 1, of: 10 });
    expect((1 - p) ** 10 + 10 * p * (1 - p) ** 9).toBeCloseTo(0.05, 9);
    const q = lowerBound({ hits: 1, of: 10 });
    expect(1 - (1 - q) ** 10).toBeCloseTo(0.05, 9);
  });

  it('say nothing of nothing', () => {
    expect(sumShares([])).toEqual({ hits: 0, of: 0 });
    expect(upperBound(sumShares([]))).toBe(1);
    expect(lowerBound(sumShares([]))).toBe(0);
  });
});
