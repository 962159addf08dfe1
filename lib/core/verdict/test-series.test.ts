import { describe, expect, it } from 'vitest';
import { blocksOfMinutes, CALM, gridFamily, minuteCounts, NO_EFFECT, stepTo } from './test-series.ts';

const CONSTANT = { ...CALM, spread: 0, perMinute: 10_000 };
const meanBetween = (counts: readonly number[], from: number, to: number): number =>
  counts.slice(from, to).reduce((sum, count) => sum + count, 0) / (to - from);

describe('made series', () => {
  it('one seed is one bit-identical series, another seed another', () => {
    const once = minuteCounts(CALM, 8, 2, stepTo(0.5));
    expect(minuteCounts(CALM, 8, 2, stepTo(0.5))).toEqual(once);
    expect(minuteCounts(CALM, 9, 2, stepTo(0.5)).counts).not.toEqual(once.counts);
  });

  it('what a deploy does changes nothing before it', () => {
    const plain = minuteCounts(CALM, 4, 2, NO_EFFECT);
    const noisy = minuteCounts(CALM, 4, 2, {
      ...stepTo(0.2),
      addedNoise: { correlation: 0.9, spread: 0.5 },
      driftPerDay: 2,
      capPerMinute: 40,
    });
    expect(noisy.counts.slice(0, noisy.deployAt)).toEqual(plain.counts.slice(0, plain.deployAt));
    expect(noisy.counts.slice(noisy.deployAt)).not.toEqual(plain.counts.slice(plain.deployAt));
  });

  it('a step comes at its onset over its ramp, and goes when it is said to end', () => {
    const { counts, deployAt } = minuteCounts(CONSTANT, 1, 1, {
      ratio: 3,
      onsetMinutes: 60,
      rampMinutes: 30,
      endsAfterMinutes: 600,
    });
    const hour = (n: number) => meanBetween(counts, deployAt + 60 * n, deployAt + 60 * (n + 1)) / 10_000;
    expect(hour(0)).toBeCloseTo(1, 1);
    expect(hour(1)).toBeCloseTo(2.5, 1);
    expect(hour(2)).toBeCloseTo(3, 1);
    expect(hour(10)).toBeCloseTo(1, 1);
  });

  it('drift comes to its ratio in a day, and a cap lets no more through', () => {
    const drifting = minuteCounts(CONSTANT, 2, 1, { ...NO_EFFECT, driftPerDay: 2 });
    expect(meanBetween(drifting.counts, 2_820, 2_880) / 10_000).toBeCloseTo(1.96, 1);
    const capped = minuteCounts(CONSTANT, 2, 1, { ...stepTo(5), capPerMinute: 20_000 });
    expect(meanBetween(capped.counts, 1_440, 2_880) / 20_000).toBeCloseTo(1, 2);
  });

  it('noise that comes with a deploy strays by what was said', () => {
    const { counts, deployAt } = minuteCounts(CONSTANT, 3, 1, {
      ...NO_EFFECT,
      addedNoise: { correlation: 0, spread: 0.4 },
    });
    const logs = counts.slice(deployAt).map((count) => Math.log(count / 10_000));
    const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
    const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / logs.length;
    expect(Math.sqrt(variance)).toBeCloseTo(0.4, 1);
  });

  it('five minutes make a block, and the watch begins with the block of the deploy', () => {
    const series = blocksOfMinutes({
      counts: Array.from({ length: 2_880 }, (_, i) => (i < 1_440 ? 1 : 2)),
      deployAt: 1_440,
      firstWeekday: 4,
    });
    expect([series.before.length, series.after.length]).toEqual([288, 288]);
    expect(series.before.at(-1)).toEqual({ increase: 5, coveredMs: 300_000 });
    expect(series.after[0]).toEqual({ increase: 10, coveredMs: 300_000 });
    expect([series.isWeekend(-1), series.isWeekend(0)]).toEqual([false, true]);
  });

  it('every family of the grid can be told by logarithms', () => {
    const families = Array.from({ length: 200 }, (_, seed) => gridFamily(seed));
    expect(Math.min(...families.map(({ perMinute }) => 5 * perMinute))).toBeGreaterThanOrEqual(20);
    expect(new Set(families.map(({ correlation }) => correlation)).size).toBe(4);
    expect(gridFamily(7)).toEqual(gridFamily(7));
  });
});
