import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK_MS, HOUR_MS } from '../time/range.ts';
import { BLOCKS_A_PART, historyPartSchema, toBlocks } from './part.ts';
import { PartMaker } from './part-maker.ts';
import type { SampleRow } from './sample-row.ts';

const TARGET = 'harbor/production/redis/cache';
const START_MS = Date.UTC(2026, 3, 9);
const isCounter = (metric: string) => metric.endsWith('_total');

function row(metric: string, atMs: number, value: number, more: Partial<SampleRow> = {}): SampleRow {
  return {
    ...{ metric, labels: {}, quality: 'measured', atMs, value, intervalMs: 60_000, added: 'work out' },
    target: TARGET,
    ...more,
  };
}

/** All parts of some rows, `every` so many rows apart. */
function partsOf(rows: readonly SampleRow[], every = Number.POSITIVE_INFINITY) {
  const maker = new PartMaker({ isCounter });
  const parts = rows.flatMap((one, i) => {
    expect(maker.add(one, TARGET)).toBeNull();
    return (i + 1) % every === 0 ? [...maker.takeParts(false)] : [];
  });
  return [...parts, ...maker.takeParts(true)];
}

const blocksOf = (parts: ReturnType<typeof partsOf>) =>
  parts.flatMap(({ series }) =>
    series.flatMap(({ metric, blocks }) => toBlocks(blocks).map((one) => ({ metric, ...one }))),
  );

describe('parts of an import', () => {
  it('hold the same blocks wherever they are cut, each block once', () => {
    const steps = fc.array(
      fc.record({
        apartMs: fc.integer({ min: 1_000, max: 400_000 }),
        amount: fc.integer({ min: -40, max: 60 }),
      }),
      { minLength: 1, maxLength: 120 },
    );
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 30 }), (all, every) => {
        let [atMs, value] = [START_MS, 100];
        const rows = all.map(({ apartMs, amount }) => {
          atMs += apartMs;
          value = Math.max(0, value + amount);
          return row('x_total', atMs, value);
        });
        const whole = blocksOf(partsOf(rows));
        const cut = blocksOf(partsOf(rows, every));
        expect(cut).toEqual(whole);
        expect(new Set(cut.map(({ startMs }) => startMs)).size).toBe(cut.length);
      }),
      { numRuns: 60 },
    );
  });

  it('are small enough for a request, and what the server takes', () => {
    const rows = Array.from({ length: 2.5 * BLOCKS_A_PART }, (_, i) =>
      row('level', START_MS + i * BLOCK_MS, i),
    );
    const parts = partsOf(rows);
    expect(
      parts.map(({ series }) => series.reduce((sum, { blocks }) => sum + blocks.startMs.length, 0)),
    ).toEqual([1_000, 1_000, 500]);
    for (const part of parts) expect(historyPartSchema.parse(part)).toEqual(part);
  });

  it('count a counter by the rules of counters: a restart is no spike, a glitch adds nothing, a gap no rate', () => {
    const rows = [100, 110, 5, 15, 14, 20].map((value, i) => row('x_total', START_MS + i * 60_000, value));
    const later = row('x_total', START_MS + 2 * HOUR_MS + 60_000, 500);
    const blocks = blocksOf(partsOf([...rows, later]));
    expect(blocks.reduce((sum, { increase }) => sum + increase, 0)).toBe(10 + 5 + 10 + 5);
    expect(blocks.at(-1)).toMatchObject({ increase: 0, coveredMs: 0, gapIncrease: 480 });
  });

  it('take the word of the store: what a row added is what it says, and no difference is made up where rows were cut out', () => {
    const told = (i: number, value: number, added: SampleRow['added']) =>
      row('x_total', START_MS + i * 60_000, value, { added });
    const blocks = blocksOf(
      partsOf([
        told(0, 100, 'difference'),
        told(1, 130, 'difference'),
        told(2, 90, null),
        told(3, 7, {
          fromMs: START_MS + 170_000,
          toMs: START_MS + 180_000,
          increase: 7,
          gap: false,
          reset: true,
          partial: false,
        }),
        told(30, 900, 'difference'),
        told(31, 4, 'difference'),
      ]),
    );
    expect(blocks.map(({ increase, gapIncrease, coveredMs }) => [increase, gapIncrease, coveredMs])).toEqual([
      [37, 0, 70_000],
      [0, 893, 0],
      [0, 0, 0],
    ]);
  });

  it('refuse a row that is not later than the one before', () => {
    const maker = new PartMaker({ isCounter });
    expect(maker.add(row('level', START_MS, 1), TARGET)).toBeNull();
    expect(maker.add(row('level', START_MS, 2), TARGET)).toHaveProperty('fault');
    expect(maker.add(row('level', START_MS - 1, 2), TARGET)).toHaveProperty('fault');
    expect(maker.add(row('other', START_MS, 2), TARGET)).toBeNull();
  });

  it('cover of a level what its samples cover, and nothing between rare ones', () => {
    const rows = [0, 1, 2].map((i) => row('level', START_MS + i * HOUR_MS, i, { intervalMs: null }));
    const blocks = blocksOf(partsOf(rows));
    expect(blocks.map(({ startMs }) => startMs)).toEqual(rows.map(({ atMs }) => atMs));
  });
});
