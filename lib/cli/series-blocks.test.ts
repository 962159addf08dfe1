import { describe, expect, it } from 'vitest';
import { BLOCK_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { claimBlocksOf, minuteCounts, parseUnitMs, resolutionOf, type SeriesShape } from './series-blocks.ts';
import type { SeriesPoint } from './series-csv.ts';

const T = Date.UTC(2026, 0, 5, 10, 0);
const PER_MINUTE: SeriesShape = { kind: 'rate', unitMs: MINUTE_MS };
const COUNTER: SeriesShape = { kind: 'counter', unitMs: null };
const COUNT: SeriesShape = { kind: 'count', unitMs: null };
const GAUGE: SeriesShape = { kind: 'gauge', unitMs: null };

function rows(stepMs: number, values: readonly (number | null)[], startMs = T): SeriesPoint[] {
  return values.map((value, i) => ({ atMs: startMs + i * stepMs, value }));
}

const around = (originMs: number) => ({ originMs, untilMs: null, days: null });

describe('blocks around a deploy', () => {
  it('the block that holds it is the first of those after it', () => {
    const blocks = claimBlocksOf(rows(MINUTE_MS, Array(20).fill(6)), PER_MINUTE, around(T + 12 * MINUTE_MS));
    const whole = { increase: 30, coveredMs: BLOCK_MS };
    expect(blocks).toEqual({
      kind: 'counts',
      before: [whole, whole],
      after: [whole, whole],
      countsEvents: true,
    });
  });

  it('a rate of unknown unit is taken per second and counts no events', () => {
    const blocks = claimBlocksOf(
      rows(BLOCK_MS, [2, 2]),
      { kind: 'rate', unitMs: null },
      around(T + BLOCK_MS),
    );
    expect(blocks).toMatchObject({
      countsEvents: false,
      before: [{ increase: 600 }],
      after: [{ increase: 600 }],
    });
  });

  it('a counter gives what it rose by, a restart adds no spike, a small decrease adds nothing', () => {
    const values = [100, 130, 160, 190, 220, 250, 10, 40, 39, 70, 100];
    const blocks = claimBlocksOf(rows(MINUTE_MS, values), COUNTER, around(T + BLOCK_MS));
    if (blocks.kind !== 'counts') throw new Error('a counter has no levels');
    expect(blocks.before).toEqual([{ increase: 150, coveredMs: BLOCK_MS }]);
    // 10 since its restart, 30, nothing for the decrease, 30 above what stood before it, 30.
    expect(blocks.after[0]?.increase).toBeCloseTo(10 + 30 + 30 + 30, 9);
  });

  it('counts are of the time since the row before, and are shared out over the blocks that they touch', () => {
    const blocks = claimBlocksOf(rows(30 * MINUTE_MS, [60, 120]), COUNT, around(T));
    if (blocks.kind !== 'counts') throw new Error('counts have no levels');
    expect(blocks.before.map((block) => block?.increase)).toEqual(Array(6).fill(10));
    expect(blocks.after.map((block) => block?.increase)).toEqual(Array(6).fill(20));
  });

  it('levels are means weighted by time, and one row an hour holds for the hour', () => {
    const blocks = claimBlocksOf(rows(HOUR_MS, [4, 8]), GAUGE, around(T + HOUR_MS));
    expect(blocks).toEqual({
      kind: 'levels',
      before: Array(12).fill(4),
      after: Array(12).fill(8),
      resolution: 1,
    });
  });

  it('what was not measured is missing: an empty row, and a hole of more than three rows', () => {
    const points = rows(BLOCK_MS, [1, null, 1, 1]).concat(rows(BLOCK_MS, [1], T + 10 * BLOCK_MS));
    const blocks = claimBlocksOf(points, GAUGE, around(T));
    expect(blocks.after).toEqual([1, null, 1, 1, null, null, null, null, null, null, 1]);
  });

  it('a rate or a count below zero was not measured', () => {
    for (const shape of [PER_MINUTE, COUNT]) {
      const { before, after } = claimBlocksOf(rows(BLOCK_MS, [1, -5, 1]), shape, around(T));
      expect(before.concat(after).map((block) => block === null)).toEqual([false, true, false]);
    }
  });

  it('nothing after `untilMs` is seen, and no more than the days asked for before', () => {
    const blocks = claimBlocksOf(rows(HOUR_MS, Array(96).fill(3)), GAUGE, {
      originMs: T + 72 * HOUR_MS,
      untilMs: T + 74 * HOUR_MS + MINUTE_MS,
      days: 2,
    });
    expect([blocks.before.length, blocks.after.length]).toEqual([2 * 288, 24]);
  });

  it('a deploy after the last row has nothing after it, and one before the first row nothing before', () => {
    const points = rows(BLOCK_MS, [1, 1]);
    expect(claimBlocksOf(points, GAUGE, around(T + HOUR_MS)).after).toEqual([]);
    expect(claimBlocksOf(points, GAUGE, around(T - HOUR_MS)).before).toEqual([]);
  });
});

describe('events by minute', () => {
  it('keeps the step of rows that are further apart', () => {
    expect(minuteCounts(rows(BLOCK_MS, [5, 0, 10]), COUNT)).toEqual({
      startMs: T - BLOCK_MS,
      stepMs: BLOCK_MS,
      counts: [5, 0, 10],
    });
  });

  it('a minute without a row is not a minute without events', () => {
    const points = [...rows(MINUTE_MS, [1, 2]), ...rows(MINUTE_MS, [3, 4], T + 10 * MINUTE_MS)];
    expect(minuteCounts(points, COUNT).counts).toEqual([
      1,
      2,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      4,
    ]);
  });
});

it('a unit is read in the words people use', () => {
  expect(['/s', '/min', 'per minute', 'h', '/day', '/fortnight'].map(parseUnitMs)).toEqual([
    1_000,
    MINUTE_MS,
    MINUTE_MS,
    HOUR_MS,
    24 * HOUR_MS,
    null,
  ]);
});

it('the resolution is the last digit that is written', () => {
  expect(
    [[1, 2], [1, 2.25], [0.1, null], [1e-7, 5], []].map((values) => resolutionOf(rows(1, values))),
  ).toEqual([1, 0.01, 0.1, 1e-7, null]);
});
