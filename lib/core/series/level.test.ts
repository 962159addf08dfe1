import { describe, expect, it } from 'vitest';
import type { Flow } from './family-sum.ts';
import { latestOf, meanRateOf, ratioOf, totalOf } from './level.ts';

const MINUTE = 60_000;
const flow = (...buckets: ([increase: number, coveredMs: number, gapIncrease?: number] | null)[]): Flow =>
  buckets.map((bucket) =>
    bucket === null ? null : { increase: bucket[0], coveredMs: bucket[1], gapIncrease: bucket[2] ?? 0 },
  );

describe('the level at the end of a line', () => {
  it('is the mean of its last five closed minutes', () => {
    const points = [9, 1, 2, 3, 4, 5, 100].map((value, i) => [i * MINUTE, value] as const);
    expect(latestOf(points, MINUTE, 6.5 * MINUTE)).toEqual({ atMs: 6 * MINUTE, value: 3 });
  });

  it('is that of the open bucket only when there is no other, and null without any', () => {
    expect(latestOf([[0, 7]], MINUTE, 30_000)).toEqual({ atMs: 30_000, value: 7 });
    expect(latestOf([[0, null]], MINUTE, 30_000)).toBeNull();
  });

  it('stays where newer buckets were not measured, and says up to when it is known', () => {
    const points = [
      [0, 7],
      [MINUTE, null],
      [2 * MINUTE, null],
    ] as const;
    expect(latestOf(points, MINUTE, 3 * MINUTE)).toEqual({ atMs: MINUTE, value: 7 });
  });
});

describe('what a line comes to', () => {
  it('counts what was known only in total, and all machines though one is silent', () => {
    expect(totalOf([flow([1, MINUTE], [0, 0, 5]), flow(null, [2, MINUTE])])).toBe(8);
  });

  it('is null without cover, and zero only when it was measured', () => {
    expect(totalOf([flow(null, null)])).toBeNull();
    expect(totalOf([])).toBeNull();
    expect(totalOf([flow([0, 0])])).toBeNull();
    expect(totalOf([flow([0, MINUTE])])).toBe(0);
    expect(meanRateOf(flow(null))).toBeNull();
    expect(ratioOf(flow([0, MINUTE]), flow([0, MINUTE]))).toBeNull();
  });

  it('a mean rate is over the covered time only', () => {
    expect(meanRateOf(flow([60, MINUTE], null, [30, MINUTE / 2]))).toBe(1);
  });
});
