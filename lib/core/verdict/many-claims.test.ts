import { describe, expect, it } from 'vitest';
import { falseShares, holmAdjusted, isAnyProven, rankByFalseShare } from './many-claims.ts';

/** The worked example of Benjamini and Hochberg (1995): fifteen end points of one trial. */
const TRIAL = [
  0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
  0.759, 1,
];
const rounded = (values: readonly number[]) => values.map((value) => Math.round(value * 1e6) / 1e6);

describe('many claims', () => {
  it('Holm multiplies the smallest by all, the next by one less, and never falls', () => {
    expect(rounded(holmAdjusted([0.01, 0.04, 0.03, 0.005]))).toEqual([0.03, 0.06, 0.06, 0.02]);
  });

  it('Holm proves the three end points of the worked example, Benjamini and Hochberg four', () => {
    expect(holmAdjusted(TRIAL).filter((p) => p <= 0.05)).toHaveLength(3);
    expect(falseShares(TRIAL).filter((share) => share <= 0.05)).toHaveLength(4);
  });

  it('the shares of false ones never fall with the p-value', () => {
    expect(rounded(falseShares([0.01, 0.04, 0.03, 0.005]))).toEqual([0.02, 0.04, 0.04, 0.02]);
    expect(rounded(falseShares([0.02, 0.02, 0.9]))).toEqual([0.03, 0.03, 0.9]);
  });

  it('a deploy failed when one claim stands after the correction for all of them', () => {
    expect(isAnyProven([0.02, 0.5, 0.9], 0.05)).toBe(false);
    expect(isAnyProven([0.016, 0.5, 0.9], 0.05)).toBe(true);
    expect(isAnyProven([0.02], 0.05)).toBe(true);
    expect(isAnyProven([], 0.05)).toBe(false);
  });

  it('nothing is ever above 1', () => {
    expect(holmAdjusted([0.7, 0.9])).toEqual([1, 1]);
    expect(falseShares([1, 1])).toEqual([1, 1]);
    expect(falseShares([])).toEqual([]);
  });

  it('deploys are ranked by how striking they are, equal ones as they came', () => {
    const deploys = [
      { id: 'v3', p: 0.03 },
      { id: 'v1', p: 0.005 },
      { id: 'v2', p: 0.03 },
      { id: 'v4', p: 0.01 },
    ];
    const ranked = rankByFalseShare(deploys, ({ p }) => p);
    expect(ranked.map(({ of }) => of.id)).toEqual(['v1', 'v4', 'v3', 'v2']);
    expect(rounded(ranked.map(({ falseShare }) => falseShare))).toEqual([0.02, 0.02, 0.03, 0.03]);
  });
});
