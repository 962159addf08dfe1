import { describe, expect, it } from 'vitest';
import { peekingBoundary, trailingBoundary } from './boundary.ts';
import {
  countUpperTail,
  gammaQuantile,
  normalCdf,
  normalQuantile,
  normalUpperTail,
  studentCdf,
  studentUpperQuantile,
  studentUpperTail,
} from './distributions.ts';
import { betaShare, gammaShares, logGamma } from './special-functions.ts';

describe('special functions', () => {
  it('give ln Γ of whole and half numbers', () => {
    expect(logGamma(1)).toBeCloseTo(0, 13);
    expect(logGamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 13);
    expect(logGamma(10)).toBeCloseTo(Math.log(362_880), 12);
    expect(logGamma(0.1)).toBeCloseTo(2.252712651734206, 12);
  });

  it('give the incomplete beta and gamma of closed forms', () => {
    expect(betaShare(0.3, 1, 1)).toBeCloseTo(0.3, 13);
    expect(betaShare(0.3, 2, 3)).toBeCloseTo(0.3483, 10);
    expect(gammaShares(2, 1).below).toBeCloseTo(1 - Math.exp(-2), 13);
    expect(gammaShares(5, 3).above).toBeCloseTo(Math.exp(-5) * (1 + 5 + 12.5), 13);
  });
});

describe('the normal distribution', () => {
  it('agrees with the tables, far out in the tail too', () => {
    expect(normalCdf(1.96)).toBeCloseTo(0.9750021048517795, 12);
    expect(normalCdf(-1)).toBeCloseTo(0.15865525393145707, 12);
    expect(normalUpperTail(6) / 9.865876450376946e-10).toBeCloseTo(1, 9);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 10);
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(1e-9)).toBeCloseTo(-5.997807014931, 8);
  });
});

describe("Student's t", () => {
  it.each([
    [1, 0.025, 12.7062],
    [2, 0.005, 9.9248],
    [5, 0.025, 2.5706],
    [10, 0.005, 3.1693],
    [30, 0.025, 2.0423],
    [120, 0.005, 2.6174],
  ])('with %d degrees of freedom has the tabulated quantile at tail %d', (df, tail, t) => {
    expect(studentUpperQuantile(tail, df)).toBeCloseTo(t, 4);
  });

  it('inverts its own tail for any degrees of freedom, whole or not', () => {
    for (const df of [0.7, 2.5, 13, 55.2, 4031]) {
      for (const tail of [1e-6, 0.001, 0.2, 0.49]) {
        expect(studentUpperTail(studentUpperQuantile(tail, df), df) / tail).toBeCloseTo(1, 9);
      }
    }
    expect(studentCdf(0, 3)).toBeCloseTo(0.5, 13);
    expect(studentCdf(-1, 1)).toBeCloseTo(0.25, 12);
  });

  it.each([
    [7, 5.13],
    [14, 3.81],
    [28, 3.39],
  ])('gives the 24 h multiple of a baseline of %d days', (days, expected) => {
    const tail = normalUpperTail(peekingBoundary(0.05));
    expect(Math.abs(studentUpperQuantile(tail, days - 1) - expected)).toBeLessThan(0.006);
  });

  it('comes to the normal boundary with many days', () => {
    const c = peekingBoundary(0.05);
    expect(studentUpperQuantile(normalUpperTail(c), 1e7)).toBeCloseTo(c, 4);
  });
});

describe('counts', () => {
  it('have the tail of a Poisson where the variance is the mean', () => {
    expect(countUpperTail(3, 1, 1)).toBeCloseTo(1 - Math.exp(-1) * 2.5, 12);
    expect(countUpperTail(0, 1, 1)).toBe(1);
    expect(countUpperTail(1, 0, 0)).toBe(0);
  });

  it('have the tail of a negative binomial summed by hand', () => {
    const [mean, variance] = [2, 6];
    const r = (mean * mean) / (variance - mean);
    const p = mean / variance;
    let below = 0;
    for (let k = 0; k < 5; k++) {
      below += Math.exp(
        logGamma(k + r) - logGamma(r) - logGamma(k + 1) + r * Math.log(p) + k * Math.log(1 - p),
      );
    }
    expect(countUpperTail(5, mean, variance)).toBeCloseTo(1 - below, 10);
  });

  it('have gamma quantiles as tabulated: half a chi-square', () => {
    expect(gammaQuantile(0.95, 0.5, 0.5)).toBeCloseTo(3.841458820694, 8);
    expect(gammaQuantile(0.05, 5, 0.5)).toBeCloseTo(3.940299136, 7);
  });
});

describe('the boundary', () => {
  it.each([
    [0.1, [2.667, 2.738, 2.798, 2.829, 2.877]],
    [0.05, [2.947, 3.012, 3.067, 3.095, 3.138]],
    [0.01, [3.497, 3.552, 3.599, 3.623, 3.659]],
    [0.001, [4.143, 4.19, 4.229, 4.249, 4.28]],
  ])('at α = %d is the tabulated constant for every horizon', (alpha, row) => {
    const ratios = [24, 48, 96, 144, 288];
    for (const [i, expected] of row.entries()) {
      expect.soft(Math.abs(peekingBoundary(alpha, ratios[i]) - expected)).toBeLessThan(0.002);
    }
  });

  it('of a moving window of 2 h in 24 h is 3.62 for a claim and 4.07 for an alarm', () => {
    expect(trailingBoundary(0.05)).toBeCloseTo(3.62, 2);
    expect(trailingBoundary(0.01)).toBeCloseTo(4.07, 2);
  });
});
