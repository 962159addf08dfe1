import { describe, expect, it } from 'vitest';
import { normalizedScore, PROFILES, probationOf, rawScore, type ScoredSeries, worthAt } from './nab-score.ts';

const [STANDARD] = PROFILES;
if (STANDARD === undefined) throw new Error('there is no profile');
const WINDOWS = [
  { first: 300, last: 399 },
  { first: 700, last: 799 },
];
const series = (detections: number[]): ScoredSeries => ({ rows: 1_000, windows: WINDOWS, detections });
const score = (...detections: number[]) => normalizedScore([series(detections)], STANDARD);

describe('the score of the Numenta Anomaly Benchmark', () => {
  it('is 0 for silence and 100 for the first row of every window, in every profile', () => {
    for (const profile of PROFILES) {
      expect(normalizedScore([series([])], profile)).toBe(0);
      expect(normalizedScore([series([300, 700])], profile)).toBeCloseTo(100, 10);
    }
  });

  it('takes the earliest detection of a window and counts no second one', () => {
    expect(score(310, 350, 399, 700)).toBe(score(310, 700));
    expect(score(310, 700)).toBeLessThan(score(300, 700));
    expect(score(399, 700)).toBeGreaterThan(score(700));
  });

  it('takes most for a detection far away, and little for one just behind a window', () => {
    expect(rawScore(series([200, 300, 700]), STANDARD)).toBeCloseTo(2 - 0.11, 10);
    expect(rawScore(series([300, 400, 700]), STANDARD)).toBeGreaterThan(2 - 0.01);
    expect(rawScore(series([300, 697, 700]), STANDARD)).toBeCloseTo(2 - 0.11, 2);
  });

  it('does not look at the first part of a series', () => {
    expect(probationOf(1_000)).toBe(150);
    expect(probationOf(20_000)).toBe(750);
    expect(score(0, 149, 300, 700)).toBeCloseTo(100, 10);
    expect(score(150, 300, 700)).toBeLessThan(100);
  });

  it('punishes a missed window twice where few misses are asked for', () => {
    const [, , lowMisses] = PROFILES;
    if (lowMisses === undefined) throw new Error('there is no such profile');
    expect(rawScore(series([300]), lowMisses)).toBeCloseTo(1 - 2, 10);
    expect(rawScore(series([300]), STANDARD)).toBeCloseTo(1 - 1, 10);
  });

  it('falls from 1 over 0 at the end of a window to −1', () => {
    expect([worthAt(-1), worthAt(0), worthAt(1), worthAt(3.1)].map((x) => Math.round(100 * x))).toEqual([
      99, 0, -99, -100,
    ]);
  });
});
