import { describe, expect, it } from 'vitest';
import { BLOCK_MS } from '../time/range.ts';
import type { CountBlock } from './blocks.ts';
import { walkLooks } from './interval.ts';
import { isMet, limitsOf } from './limits.ts';
import { burstShare, expectedRates } from './ratio-of-sums.ts';
import { sumsAt, sumsBreak, trackSums } from './sum-track.ts';
import { baselineOfCounts, watchOfCounts } from './watch.ts';

const block = (increase: number): CountBlock => ({ increase, coveredMs: BLOCK_MS });
const sumRatios = (after: readonly CountBlock[], before: readonly CountBlock[], settleBlocks = 1) =>
  sumsAt(trackSums({ after, rates: expectedRates(before), settleBlocks, offsetMs: 0 }), after.length, {
    direction: 'down',
    limit: Math.log(0.04125),
  });
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

    const { cumulative, trailing, keeps } = sumRatios(after, BEFORE);
    expect(keeps).toBe(false);
    expect(cumulative).toBeCloseTo(0.106, 2);
    expect(trailing).toBeCloseTo(0.106, 2);
    expect(Math.log(cumulative ?? 0)).toBeGreaterThan(limits.met);
    expect(burstShare(after, 1)).toBeGreaterThan(0.75);
  });

  it('compares the same clock times, and a block that was not measured counts on neither side', () => {
    const course = (i: number) => block(i % 288 < 144 ? 100 : 900);
    const before = Array.from({ length: 3 * 288 }, (_, i) => course(i));
    const after = Array.from({ length: 100 }, (_, i) => (i % 3 === 0 ? null : course(i)));
    expect(sumRatios(after, before).cumulative).toBeCloseTo(1, 12);
  });

  it('is unknown, not 0, where nothing was usual', () => {
    const unknown = { keeps: true, cumulative: null, trailing: null, warmUpMs: 0 };
    expect(sumRatios([block(5), block(5)], [], 0)).toEqual(unknown);
    const silent = Array.from({ length: 288 }, () => block(0));
    expect(sumRatios([block(5)], silent, 0)).toEqual(unknown);
    expect(burstShare([block(0), null], 0)).toBeNull();
  });

  it('leaves out the shortest warm-up that keeps the limit, and never the last 2 h', () => {
    const warm = (minutes: number, factor: number) =>
      Array.from({ length: 60 }, (_, i) => block(i * 5 < minutes ? 10_000 : 10_000 * factor));
    expect(sumRatios(warm(0, 0.03), BEFORE)).toMatchObject({ keeps: true, warmUpMs: 0 });
    expect(sumRatios(warm(30, 0.03), BEFORE)).toMatchObject({ keeps: true, warmUpMs: 30 * 60_000 });
    expect(sumRatios(warm(100, 0.03), BEFORE)).toMatchObject({ keeps: true, warmUpMs: 120 * 60_000 });
    expect(sumRatios(warm(170, 0.03), BEFORE)).toMatchObject({ keeps: false, warmUpMs: 0 });
    // Kept since the warm-up, and yet not by the last 2 h alone.
    const late = warm(0, 0.001).map((each, i) => (i === 50 ? block(10_000) : each));
    expect(sumRatios(late, BEFORE)).toMatchObject({ keeps: false });
    expect(sumRatios(late, BEFORE).trailing).toBeCloseTo((23 * 10 + 10_000) / 240_000, 6);
  });

  it('breaks a limit only where no warm-up keeps it', () => {
    const limit = { direction: 'down', limit: Math.log(0.5) } as const;
    const track = (after: readonly CountBlock[]) =>
      trackSums({ after, rates: expectedRates(BEFORE), settleBlocks: 1, offsetMs: 0 });
    const slow = track(Array.from({ length: 60 }, (_, i) => block(i < 12 ? 60_000 : 4_000)));
    expect(sumsBreak(slow, 60, limit)).toBe(false);
    expect(sumsBreak(track(Array.from({ length: 60 }, () => block(6_000))), 60, limit)).toBe(true);
    expect(sumsBreak(track([]), 0, limit)).toBe(false);
  });
});
