import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ClaimPromise,
  downLimit,
  isMet,
  isMissed,
  isMostlyMet,
  isWorse,
  limitsOf,
  provenShare,
  upLimit,
} from './limits.ts';

const down = fc.double({ min: 0.0001, max: 0.999, noNaN: true });
const up = fc.double({ min: 1.001, max: 1_000, noNaN: true });
const change = fc.oneof(down, up).map((ratio): ClaimPromise => ({ kind: 'change', ratio }));
const interval = fc
  .tuple(fc.double({ min: -8, max: 8, noNaN: true }), fc.double({ min: 0, max: 4, noNaN: true }))
  .map(([estimate, half]) => ({ estimate, low: estimate - half, high: estimate + half }));
const limits = (promise: ClaimPromise) => {
  const found = limitsOf(promise);
  if (found === null) throw new Error('this promise has limits');
  return found;
};
const exactly = (ratio: number) => ({
  low: Math.log(ratio),
  high: Math.log(ratio),
  estimate: Math.log(ratio),
});

describe('limits of a promise', () => {
  it('an unchanged number never keeps a promised change, however precisely it is known', () => {
    fc.assert(
      fc.property(change, fc.boolean(), (promise, isEnd) => {
        expect(isMet(limits(promise), exactly(1))).toBe(false);
        expect(isMostlyMet(limits(promise), exactly(1), isEnd)).toBe(false);
      }),
    );
  });

  it('a promise of −5 to −60 % is never met at R = 1', () => {
    for (let percent = 5; percent <= 60; percent++) {
      const ratio = 1 - percent / 100;
      expect(downLimit(ratio)).toBeLessThan(1);
      expect(isMet(limits({ kind: 'change', ratio }), exactly(1))).toBe(false);
    }
  });

  it('met implies mostly met', () => {
    fc.assert(
      fc.property(change, interval, fc.boolean(), (promise, each, isEnd) => {
        if (isMet(limits(promise), each)) expect(isMostlyMet(limits(promise), each, isEnd)).toBe(true);
      }),
    );
  });

  it('what is promised exactly keeps the promise; met, missed and worse exclude each other', () => {
    fc.assert(
      fc.property(change, interval, (promise, each) => {
        const ratio = promise.kind === 'change' ? promise.ratio : 1;
        expect(isMet(limits(promise), exactly(ratio))).toBe(true);
        const met = isMet(limits(promise), each);
        expect(met && isMissed(limits(promise), each)).toBe(false);
        expect(met && isWorse(limits(promise), each)).toBe(false);
      }),
    );
  });

  it('a narrower interval around the same estimate never loses a verdict', () => {
    fc.assert(
      fc.property(change, interval, fc.double({ min: 0, max: 1, noNaN: true }), (promise, each, share) => {
        const half = (each.high - each.low) / 2;
        const narrow = { ...each, low: each.estimate - share * half, high: each.estimate + share * half };
        if (isMet(limits(promise), each)) expect(isMet(limits(promise), narrow)).toBe(true);
        if (isMissed(limits(promise), each)) expect(isMissed(limits(promise), narrow)).toBe(true);
      }),
    );
  });

  it('tolerates a quarter of the level or a twentieth of the change, whichever is stricter', () => {
    expect(downLimit(0.033)).toBeCloseTo(0.04125, 12);
    expect(downLimit(0.8)).toBeCloseTo(0.81, 12);
    expect(upLimit(1.2)).toBeCloseTo(1.19, 12);
    expect(upLimit(5)).toBeCloseTo(4.8, 12);
    expect(upLimit(1.01)).toBeGreaterThan(1);
  });

  it('at the end alone a kept estimate with half of the promise proven is mostly met', () => {
    const promise: ClaimPromise = { kind: 'change', ratio: 0.8 };
    const wide = { low: Math.log(0.76), high: Math.log(0.85), estimate: Math.log(0.805) };
    expect(isMostlyMet(limits(promise), wide, false)).toBe(false);
    expect(isMostlyMet(limits(promise), wide, true)).toBe(true);
    expect(isMostlyMet(limits(promise), { ...wide, high: Math.log(0.9) }, true)).toBe(false);
    expect(provenShare(promise, limits(promise), wide)).toBeCloseTo(0.75, 12);
    expect(provenShare(promise, limits(promise), exactly(1.3))).toBe(0);
  });

  it('a guard keeps its margin and its floor', () => {
    const rise = limits({ kind: 'guard', against: 'rise', margin: 0.1, floorRatio: null });
    expect(isMet(rise, exactly(1.09))).toBe(true);
    expect(isMet(rise, exactly(1.11))).toBe(false);
    expect(isWorse(rise, exactly(1.11))).toBe(true);
    const floored = limits({ kind: 'guard', against: 'rise', margin: 0.1, floorRatio: 3 });
    expect(isMet(floored, exactly(2.9))).toBe(true);
    const fall = limits({ kind: 'guard', against: 'fall', margin: 0.1, floorRatio: null });
    expect(isMet(fall, exactly(0.91))).toBe(true);
    expect(isWorse(fall, exactly(0.89))).toBe(true);
  });

  it('an improvement without a number is at least 2 %', () => {
    const improve = limits({ kind: 'improve', toward: 'down' });
    expect(isMet(improve, exactly(0.99))).toBe(false);
    expect(isMet(improve, exactly(0.97))).toBe(true);
    expect(isMet(improve, { ...exactly(0.9), high: 0.01 })).toBe(false);
  });

  it('a promise of 0, of no change or of no number has none', () => {
    for (const ratio of [0, 1, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(limitsOf({ kind: 'change', ratio })).toBeNull();
    }
  });
});
