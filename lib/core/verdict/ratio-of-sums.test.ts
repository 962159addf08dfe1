import { describe, expect, it } from 'vitest';
import { BLOCK_MS } from '../time/range.ts';
import type { CountBlock } from './blocks.ts';
import { walkLooks } from './interval.ts';
import { isMet, limitsOf } from './limits.ts';
import { burstShare, expectedRates, sumRatios } from './ratio-of-sums.ts';
import { baselineOfCounts, watchOfCounts } from './watch.ts';

const block = (increase: number): CountBlock => ({ increase, coveredMs: BLOCK_MS });
const BEFORE = Array.from({ length: 14 * 288 }, () => block(10_000));

describe('the ratio of sums', () => {
  it('one unchanged block an hour is not −97.5 %: the logarithms say so, the sum says −89.4 %', () => {
    const after = Array.from({ length: 288 }, (_, i) => block(i % 12 === 6 ? 10_000 : 245));
    const baseline = baselineOfCounts(BEFORE);
    const limits = limitsOf({ kind: 'change', ratio: 0.033 });
    if (baseline === null || limits === null) throw new Error('a constant baseline is one');
    const last = walkLooks(baseline, watchOfCounts(after, baseline.expected)).at(-1);
    if (last === undefined) throw new Error('288 blocks give looks');
    const { estimate, halfWidth } = last;
    expect(Math.exp(estimate)).toBeLessThan(0.03);
    expect(isMet(limits, { estimate, low: estimate - halfWidth, high: estimate + halfWidth })).toBe(true);

    const { cumulative, trailing } = sumRatios(after, expectedRates(BEFORE), 1);
    expect(cumulative).toBeCloseTo(0.106, 2);
    expect(trailing).toBeCloseTo(0.106, 2);
    expect(Math.log(cumulative ?? 0)).toBeGreaterThan(limits.met);
    expect(burstShare(after, 1)).toBeGreaterThan(0.75);
  });

  it('compares the same clock times, and a block that was not measured counts on neither side', () => {
    const course = (i: number) => block(i % 288 < 144 ? 100 : 900);
    const before = Array.from({ length: 3 * 288 }, (_, i) => course(i));
    const after = Array.from({ length: 100 }, (_, i) => (i % 3 === 0 ? null : course(i)));
    expect(sumRatios(after, expectedRates(before), 1).cumulative).toBeCloseTo(1, 12);
  });

  it('is unknown, not 0, where nothing was usual', () => {
    expect(sumRatios([block(5), block(5)], expectedRates([]), 0)).toEqual({
      cumulative: null,
      trailing: null,
    });
    const silent = Array.from({ length: 288 }, () => block(0));
    expect(sumRatios([block(5)], expectedRates(silent), 0).cumulative).toBeNull();
    expect(burstShare([block(0), null], 0)).toBeNull();
  });
});
