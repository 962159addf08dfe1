import { describe, expect, it } from 'vitest';
import { seededRandom } from '../verdict/test-series.ts';
import { detectFrozen } from './frozen.ts';
import type { LevelSample } from './plateau.ts';

const SCRAPE = 15_000;
const samples = (values: readonly number[], from = 0): LevelSample[] =>
  values.map((value, i) => ({ atMs: (from + i) * SCRAPE, value }));

const random = seededRandom(2);
const lively = Array.from({ length: 2_000 }, () => Math.round(1_000 * random()) / 10);
const coarse = Array.from({ length: 2_000 }, () => Math.floor(2 * random()));

const frozenIn = (before: readonly number[], after: readonly number[]) =>
  detectFrozen(samples(before), samples(after, before.length));

describe('a level that stands still', () => {
  it('is told after a few equal samples where it always moves, and ends when it moves', () => {
    const [found] = frozenIn(lively, [1, 7, 7, 7, 7, 7, 7, 7, 8]);
    expect(found).toMatchObject({ value: 7, endMs: (lively.length + 7) * SCRAPE });
  });

  it('is not told of a level that often repeats itself until it repeats longer than ever', () => {
    expect(frozenIn(coarse, Array(10).fill(1))).toEqual([]);
    expect(frozenIn(coarse, Array(40).fill(1))).toHaveLength(1);
  });

  it('is never told of a constant', () => {
    expect(frozenIn(Array(500).fill(45), Array(500).fill(45))).toEqual([]);
    expect(frozenIn([], Array(500).fill(45))).toEqual([]);
  });

  it('is not told of a night of zeros that every night has', () => {
    const day = [...Array(200).fill(0), ...lively.slice(0, 600)];
    expect(frozenIn([...day, ...day, ...day], Array(200).fill(0))).toEqual([]);
  });
});
