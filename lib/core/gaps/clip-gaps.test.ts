import { describe, expect, it } from 'vitest';
import type { Point } from '../model/view.ts';
import { clipGaps } from './clip-gaps.ts';

const line = (...values: (number | null)[]): Point[] => values.map((value, i) => [i * 10, value]);

describe('gaps under a line', () => {
  it('time that nobody watched but that has numbers all the same is no gap', () => {
    const gap = { startMs: 0, endMs: 50, reason: 'not_watched_yet' as const };
    expect(clipGaps([gap], line(null, 1, 2, null, null), 10)).toEqual([
      { ...gap, endMs: 10 },
      { ...gap, startMs: 30 },
    ]);
    expect(clipGaps([gap], line(1, 1, 2, 0, 5), 10)).toEqual([]);
  });

  it('a bucket that only reaches into the gap says nothing about it', () => {
    const gap = { startMs: 5, endMs: 18, reason: 'not_watched' as const };
    expect(clipGaps([gap], line(1, 2), 10)).toEqual([gap]);
  });

  it('failed visits stay a gap: the other machines have numbers, this one has not', () => {
    const gap = { startMs: 0, endMs: 30, reason: 'timeout' as const };
    expect(clipGaps([gap], line(1, 2, 3), 10)).toEqual([gap]);
  });
});
