import { describe, expect, it } from 'vitest';
import { findCoarseGaps, type VisitBucket } from './find-coarse-gaps.ts';

const STEP = 300_000;
const GOOD: VisitBucket = { coveredMs: STEP, goodShare: 1 };
const BAD: VisitBucket = { coveredMs: STEP, goodShare: 0 };
const GRID = { startMs: 0, stepMs: STEP };

function find(
  buckets: readonly (VisitBucket | null)[],
  intervalMs = 15_000,
  untilMs = buckets.length * STEP,
) {
  const range = { startMs: 0, endMs: buckets.length * STEP };
  return findCoarseGaps(buckets, GRID, range, untilMs, intervalMs).map(({ startMs, endMs, reason }) => [
    startMs / STEP,
    endMs / STEP,
    reason,
  ]);
}

describe('gaps from blocks', () => {
  it('good visits leave none, and a bucket of which half is covered is no gap', () => {
    expect(find([GOOD, { coveredMs: STEP / 2, goodShare: 1 }, GOOD])).toEqual([]);
  });

  it('buckets without visits are not watched, buckets of failed ones failed', () => {
    expect(find([GOOD, null, null, GOOD, BAD, GOOD])).toEqual([
      [1, 3, 'not_watched'],
      [4, 5, 'failed'],
    ]);
  });

  it('the silence after a failed visit belongs to it, the one before it does not', () => {
    expect(find([GOOD, null, BAD, null, GOOD])).toEqual([
      [1, 2, 'not_watched'],
      [2, 4, 'failed'],
    ]);
  });

  it('a target visited every five minutes may miss a bucket, or three', () => {
    expect(find([GOOD, null, null, null, GOOD], STEP)).toEqual([]);
    expect(find([GOOD, null, null, null, null, GOOD], STEP)).toEqual([[1, 5, 'not_watched']]);
  });

  it('the open bucket is judged by the time that has passed', () => {
    const open: VisitBucket = { coveredMs: 60_000, goodShare: 1 };
    expect(find([GOOD, open], 15_000, STEP + 60_000)).toEqual([]);
    expect(find([GOOD, null], 15_000, STEP + 30_000)).toEqual([]);
    expect(find([GOOD, null], 15_000, STEP + 60_000)).toEqual([[1, 1.2, 'not_watched']]);
  });

  it('a run that begins before the range or ends after it is cut to it', () => {
    const range = { startMs: 1.5 * STEP, endMs: 2.5 * STEP };
    expect(findCoarseGaps([GOOD, null, null, GOOD], GRID, range, 4 * STEP, 15_000)).toEqual([
      { startMs: 1.5 * STEP, endMs: 2.5 * STEP, reason: 'not_watched' },
    ]);
    const later = { startMs: 3 * STEP, endMs: 4 * STEP };
    expect(findCoarseGaps([GOOD, null, null, GOOD], GRID, later, 4 * STEP, 15_000)).toEqual([]);
  });
});
