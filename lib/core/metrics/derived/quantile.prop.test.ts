import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundOf, type CumulativeBucket, quantileOf } from './quantile.ts';

const BOUNDS = [0.01, 0.05, 0.1, 0.5, 1, Number.POSITIVE_INFINITY];
const rank = fc.constantFrom(0.5, 0.9, 0.95, 0.99);

/** How many fell between two bounds, as the cumulative buckets of a histogram. */
function cumulative(own: readonly number[]): CumulativeBucket[] {
  let count = 0;
  return BOUNDS.map((bound, i) => {
    count += own[i] ?? 0;
    return { bound, count };
  });
}
const own = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 6, maxLength: 6 });
const add = (a: readonly number[], b: readonly number[]) => a.map((n, i) => n + (b[i] ?? 0));

describe('a percentile from buckets', () => {
  test('lies between the bounds of the bucket that holds the true one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 100 }),
        rank,
        (times, at) => {
          const buckets = BOUNDS.map((bound) => ({ bound, count: times.filter((t) => t <= bound).length }));
          const truth = times.toSorted((a, b) => a - b)[Math.ceil(at * times.length) - 1] ?? Number.NaN;
          const upper = BOUNDS.find((bound) => truth <= bound) ?? Number.NaN;
          const lower = BOUNDS[BOUNDS.indexOf(upper) - 1] ?? 0;
          const found = quantileOf(at, buckets) ?? Number.NaN;
          expect(found).toBeGreaterThanOrEqual(lower);
          expect(found).toBeLessThanOrEqual(upper);
        },
      ),
    );
  });

  test('never falls as the rank rises', () => {
    fc.assert(
      fc.property(own, (counts) => {
        const found = [0.5, 0.9, 0.95, 0.99].flatMap((at) => quantileOf(at, cumulative(counts)) ?? []);
        expect(found).toEqual(found.toSorted((a, b) => a - b));
      }),
    );
  });

  test('of two windows together lies between those of each', () => {
    fc.assert(
      fc.property(own, own, rank, (a, b, at) => {
        const [one, other] = [quantileOf(at, cumulative(a)), quantileOf(at, cumulative(b))];
        fc.pre(one !== null && other !== null);
        const both = quantileOf(at, cumulative(add(a, b))) ?? Number.NaN;
        expect(both).toBeGreaterThanOrEqual(Math.min(one ?? 0, other ?? 0) - 1e-9);
        expect(both).toBeLessThanOrEqual(Math.max(one ?? 0, other ?? 0) + 1e-9);
      }),
    );
  });

  test('is no mean: one slow machine of little traffic does not move it', () => {
    const fast = [9_990, 10, 0, 0, 0, 0];
    const slow = [0, 0, 0, 0, 20, 0];
    expect(quantileOf(0.95, cumulative(slow))).toBeGreaterThan(0.9);
    expect(quantileOf(0.95, cumulative(add(fast, slow)))).toBeLessThan(0.01);
  });

  test('of buckets in any order, and of ones that fall by a few, is the same', () => {
    const buckets = cumulative([90, 5, 3, 1, 1, 0]);
    expect(quantileOf(0.95, buckets.toReversed())).toBe(quantileOf(0.95, buckets));
    const torn = buckets.map((one, i) => (i === 2 ? { ...one, count: one.count - 4 } : one));
    expect(quantileOf(0.95, torn)).not.toBeNull();
  });

  test('needs a bucket of infinity and enough observations; beyond the last bound it gives that bound', () => {
    expect(quantileOf(0.5, [{ bound: 1, count: 10 }])).toBeNull();
    expect(quantileOf(0.99, cumulative([99, 0, 0, 0, 0, 0]))).toBeNull();
    expect(quantileOf(0.99, cumulative([100, 0, 0, 0, 0, 0]))).toBeCloseTo(0.0099, 12);
    expect(quantileOf(0.5, cumulative([0, 0, 0, 0, 0, 0]))).toBeNull();
    expect(quantileOf(0.5, [])).toBeNull();
    expect(quantileOf(0.95, cumulative([50, 0, 0, 0, 0, 50]))).toBe(1);
    expect(quantileOf(0.5, [{ bound: Number.POSITIVE_INFINITY, count: 10 }])).toBeNull();
  });

  test('bounds are read as numbers however they are written', () => {
    expect(['1', '1.0', '+Inf', 'inf', '5e-3'].map(boundOf)).toEqual([1, 1, Infinity, Infinity, 0.005]);
    expect([undefined, '', ' ', 'x', 'NaN'].map(boundOf)).toEqual([null, null, null, null, null]);
  });
});
