import { describe, expect, it } from 'vitest';
import { CALM, NO_EFFECT, stepTo } from '../../lib/core/verdict/test-series.ts';
import { found, percent, printTable, quantileOf } from './format.ts';
import { runJob } from './jobs.ts';
import { readOptions } from './options.ts';
import { asLogs, gridOf, isMostlyAboveZero, type PublicSeries } from './public-series.ts';
import { gatesOf, printReport, type Report } from './report.ts';

describe('options', () => {
  it('have sizes of their own for the whole and for the usual run, and refuse what is no number', () => {
    expect(readOptions([], '/somewhere')).toMatchObject({ isFull: false, writes: false, only: [] });
    expect(readOptions(['--full'], '/somewhere').watches).toBeGreaterThanOrEqual(1_000);
    expect(readOptions(['--watches', '7', '--only', 'cover,change'], '/somewhere')).toMatchObject({
      watches: 7,
      only: ['cover', 'change'],
    });
    expect(() => readOptions(['--watches', 'many'], '/somewhere')).toThrow(/--watches takes a whole number/);
    expect(() => readOptions(['--sedes', '3'], '/somewhere')).toThrow();
  });
});

describe('a piece of work', () => {
  it('gives one outcome a seed, the same ones each time', () => {
    const job = {
      measure: 'change' as const,
      params: { family: CALM, days: 7, effect: stepTo(0.05) },
      seeds: [1, 2, 3],
    };
    const once = runJob(job);
    expect(once.map((one) => one.firstMinutes)).toEqual([15, 15, 15]);
    expect(once.some((one) => one.wrongWay)).toBe(false);
    expect(runJob(job)).toEqual(once);
  });

  it('sees no change where there is none, and every rival gets the same watch', () => {
    const params = { family: CALM, days: 7, effect: NO_EFFECT };
    const [nothing] = runJob({ measure: 'nothing', params, seeds: [5] });
    expect(nothing).toMatchObject({ false05: false, false01: false });
    const [rivals] = runJob({ measure: 'rivals', params, seeds: [5] });
    expect(Object.keys(rivals ?? {})).toHaveLength(5);
  });

  it('counts what a perfect reader would, whatever happens to the counter', () => {
    const outcomes = runJob({ measure: 'counter', params: {}, seeds: [1, 2, 3, 4, 5, 6] });
    expect(outcomes.filter((one) => !one.holds)).toEqual([]);
    expect(outcomes.some((one) => one.counted > 0)).toBe(true);
  });
});

describe('public series on the clock', () => {
  const series: PublicSeries = {
    name: 'made',
    stepMs: 600_000,
    points: [
      { atMs: 1_000, value: 4 },
      { atMs: 600_000, value: 5 },
      { atMs: 1_800_000, value: 0 },
    ],
    labels: [],
    isCount: false,
  };

  it('a number of a longer step stands for its blocks, and no further', () => {
    expect(gridOf(series)).toEqual({ fromMs: 0, values: [4, 4, 5, 5, null, null, 0, 0] });
  });

  it('zero has no logarithm, and a series of zeros is not told by them', () => {
    expect(asLogs([Math.E, 0, null])).toEqual([1, null, null]);
    expect(isMostlyAboveZero(series)).toBe(false);
    expect(isMostlyAboveZero(series, 0.5)).toBe(true);
  });
});

describe('the report', () => {
  const report: Report = {
    options: readOptions([], '/somewhere'),
    startedMs: Date.UTC(2026, 0, 2),
    tookMs: 1,
    sections: [
      {
        gates: [
          { name: 'kept', measured: '1', gate: '1', holds: true },
          { name: 'broken', measured: '2', gate: '1', holds: false },
        ],
        tables: [],
      },
    ],
    left: ['Not measured: this.'],
  };

  it('says first which gates fail, what was left out, and of what day and seed it is', () => {
    expect(gatesOf(report).map(({ name }) => name)).toEqual(['broken', 'kept']);
    const text = printReport(report);
    expect(text).toContain('Gates: 1 of 2 hold');
    expect(text).toMatch(/\| FAILS \| broken/);
    expect(text).toContain('Not measured: this.');
    expect(text).toContain('2026-01-02, first seed');
  });

  it('writes shares and times as a person reads them', () => {
    expect([0, 0.024, 0.1, 0.998, 1].map(percent)).toEqual(['0 %', '2.4 %', '10 %', '99.8 %', '100 %']);
    expect(percent(Number.NaN)).toBe('–');
    expect(quantileOf([30, null, 15], 0.9)).toBeNull();
    expect(found([15, 15, 30, 600])).toBe('100 %, 15 min / 10.0 h');
    expect(found([15, null, null])).toBe('33 %');
    expect(printTable({ title: 'A', note: '', head: ['b', 'long'], rows: [['1', '2']] })).toBe(
      '## A\n\n| b   | long |\n|-----|------|\n| 1   | 2    |\n',
    );
  });
});
