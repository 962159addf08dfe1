import { describe, expect, it } from 'vitest';
import type { Point } from '../model/view.ts';
import { HOUR_MS, MINUTE_MS } from '../time/range.ts';
import { type ImpactSums, toImpact } from './impact.ts';
import { sumOver } from './sum-over.ts';
import { AT } from './test-incident.ts';

const LENGTH_MS = 166 * MINUTE_MS;
const sums: ImpactSums = {
  ...{ lengthMs: LENGTH_MS, isOver: true },
  errors: { count: 12, requests: 171_200, coveredMs: LENGTH_MS },
  refused: { count: 0, coveredMs: 130 * MINUTE_MS },
  over: {
    ...{ count: 1_870_000, coveredMs: LENGTH_MS, spanMs: LENGTH_MS, noun: 'GETs', quality: 'measured' },
    promise: 'at most 24.0K/h, promised by v1203',
  },
  price: { usd: 0.2, per: 100_000, own: false },
  wrong: { wrongMs: 72 * MINUTE_MS, coveredMs: LENGTH_MS },
};
const figure = (id: string, over: Partial<ImpactSums> = {}) =>
  toImpact({ ...sums, ...over }).find((one) => one.id === id);

describe('what an incident did, in numbers', () => {
  it('is what a hand calculation gives', () => {
    // 1.87M commands × $0.20 ÷ 100,000.
    expect(figure('commands_usd')).toMatchObject({ unit: 'usd', note: 'at $0.20 per 100K', why: null });
    expect(figure('commands_usd')?.value).toBeCloseTo(3.74, 10);
    expect(figure('errors')).toMatchObject({ value: 12, note: 'of 171,200 requests' });
    expect(figure('lasted')).toMatchObject({ value: 9_960_000, unit: 'ms' });
    expect(figure('mode_wrong')).toMatchObject({ value: 4_320_000, note: null });
  });

  it('zero that was measured is a zero, and says of how much of the time it is', () => {
    expect(figure('refused')).toMatchObject({
      value: 0,
      quality: 'measured',
      note: 'only of 2\u00a0h\u00a010\u00a0m of 2\u00a0h\u00a046\u00a0m',
    });
  });

  it('says whose price it is', () => {
    expect(figure('commands_usd', {})?.label).toBe('for these commands, at list price');
    const price = { usd: 0.1, per: 100_000, own: true };
    expect(figure('commands_usd', { price })?.label).toBe('for these commands, at your price');
  });

  it('what can’t be told is no number and says why, and money is not told of commands that are not', () => {
    const why = 'Nobody counts what Redis is asked here.';
    for (const id of ['commands_over', 'commands_usd'])
      expect(figure(id, { over: { why } })).toMatchObject({ value: null, why, quality: 'unavailable' });
    expect(figure('commands_usd', { price: { why: 'not billed' } })).toMatchObject({
      value: null,
      why: 'not billed',
    });
    expect(figure('errors', { errors: { why: 'no' } })).toMatchObject({ value: null, note: null });
  });
});

describe('events above a level', () => {
  const range = { startMs: AT, endMs: AT + HOUR_MS };
  const every20 = (...rates: (number | null)[]): Point[] =>
    rates.map((rate, i) => [AT - 20 * MINUTE_MS + i * 20 * MINUTE_MS, rate]);

  it('counts what lies above it, inside the range, over the time that is known', () => {
    // 10/s over 20 min above 2/s, then below, then unknown; before the range nothing counts.
    const found = sumOver(every20(500, 12, 1, null), 20 * MINUTE_MS, () => 2, range);
    expect(found).toEqual({ count: 12_000, coveredMs: 40 * MINUTE_MS });
  });

  it('cuts a bucket at the edge, and a time without a level counts for nothing', () => {
    const edge = { startMs: AT + 10 * MINUTE_MS, endMs: AT + 25 * MINUTE_MS };
    expect(sumOver(every20(9, 9, 9), 20 * MINUTE_MS, () => 4, edge)).toEqual({
      count: 5 * 900,
      coveredMs: 15 * MINUTE_MS,
    });
    expect(sumOver(every20(9, 9), 20 * MINUTE_MS, () => null, range)).toEqual({ count: 0, coveredMs: 0 });
  });
});
