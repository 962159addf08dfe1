import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Increment } from '@/lib/core/metrics/increments.ts';
import { BLOCK_MS } from '@/lib/core/time/range.ts';
import { Grid } from '../grid.ts';
import type { SeriesHour } from '../series-hour.ts';
import { packGrid, unpackGrid } from './blocks.ts';
import { packChunk, unpackChunk, unpackExceptions } from './chunk.ts';
import { putNumber, putNumbers, putSparse, takeNumber, takeNumbers, takeSparse } from './numbers.ts';
import { RangeDecoder, RangeEncoder, UintModel } from './range-coder.ts';
import { readScrapeRow, type VisitRow, writeScrapeRow } from './scrape-row.ts';
import { DamagedRowError, seal, unseal } from './sealed.ts';
import { packVisits, unpackVisits, type VisitHour } from './visits.ts';

const awkward = [
  0,
  -0,
  1,
  -1,
  0.1,
  0.1 + 0.2,
  2 ** 49,
  -(2 ** 49) - 1,
  2 ** 53,
  Number.MAX_VALUE,
  Number.MIN_VALUE,
];
const finite = fc.oneof(
  fc.constantFrom(...awkward),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.maxSafeInteger(),
  fc.integer({ min: -100_000, max: 100_000 }).map((n) => n / 100),
  fc.nat(2 ** 20).map((n) => n / 1024),
);
/** Columns of one kind, as series are, and columns of anything. */
const column = fc
  .oneof(
    fc.array(finite, { maxLength: 300 }),
    fc.array(fc.nat(1000), { maxLength: 300 }),
    fc.array(fc.integer({ min: -500, max: 90_000 }), { maxLength: 300 }).map((deltas) => {
      let value = 1e9;
      return deltas.map((delta) => (value += delta));
    }),
    fc
      .array(fc.integer({ min: -9999, max: 9999 }), { maxLength: 300 })
      .map((list) => list.map((n) => n / 1000)),
    fc.tuple(finite, fc.nat(300)).map(([value, n]) => Array<number>(n).fill(value)),
  )
  .map((list) => Float64Array.from(list));
const atMs = fc.oneof(fc.integer({ min: -(2 ** 40), max: 2 ** 44 }), fc.constantFrom(0, 1, -1, 8.64e15));

function expectSame(found: Float64Array, wanted: Float64Array): void {
  // Object.is tells −0 from 0 and knows NaN; toEqual does both for arrays.
  expect([...found]).toEqual([...wanted]);
}

describe('numbers', () => {
  it('come back exactly, whatever they are', () => {
    fc.assert(
      fc.property(column, fc.array(finite, { maxLength: 4 }), (values, singles) => {
        const encoder = new RangeEncoder();
        for (const value of singles) putNumber(encoder, value);
        putNumbers(encoder, values);
        for (const value of singles) putNumber(encoder, value);
        const decoder = new RangeDecoder(encoder.finish());
        const take = () => singles.map(() => takeNumber(decoder));
        expect(take()).toEqual(singles);
        expectSame(takeNumbers(decoder, values.length), values);
        expect(take()).toEqual(singles);
      }),
      { numRuns: 300 },
    );
  });

  it('come back with the holes between them', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(finite, fc.constant(Number.NaN)), { maxLength: 80 }), (list) => {
        const values = Float64Array.from(list);
        const encoder = new RangeEncoder();
        putSparse(encoder, values);
        expectSame(takeSparse(new RangeDecoder(encoder.finish()), values.length), values);
      }),
    );
  });

  it('of every size up to 2^53 − 1 pass through the coder', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger().map(Math.abs), { maxLength: 200 }), (list) => {
        const encoder = new RangeEncoder();
        const model = new UintModel();
        for (const value of list) encoder.uint(model, value);
        const decoder = new RangeDecoder(encoder.finish());
        model.reset();
        expect(list.map(() => decoder.uint(model))).toEqual(list);
      }),
    );
  });
});

const visitHour: fc.Arbitrary<VisitHour> = fc
  .array(
    fc.record({
      atMs,
      intervalMs: fc.constantFrom(15_000, 10_000, 300_000),
      durationMs: fc.nat(5000),
      error: fc.option(
        fc.record({ kind: fc.constantFrom('timeout' as const, 'auth' as const), message: fc.string() }),
        { freq: 5 },
      ),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((visits) => ({
    length: visits.length,
    atMs: Float64Array.from(visits, (visit) => visit.atMs),
    intervalMs: Float64Array.from(visits, (visit) => visit.intervalMs),
    durationMs: Float64Array.from(visits, (visit) => visit.durationMs),
    ok: Float64Array.from(visits, (visit) => (visit.error === null ? 1 : 0)),
    errors: new Map(visits.flatMap(({ error }, i) => (error === null ? [] : [[i, error] as const]))),
  }));

const seriesHour: fc.Arbitrary<SeriesHour> = visitHour.chain((visits) =>
  fc
    .record({
      counter: fc.boolean(),
      refAtMs: fc.oneof(atMs, fc.constant(Number.NaN)),
      refValue: finite,
      values: fc.array(fc.oneof(finite, fc.constant(Number.NaN)), {
        minLength: visits.length,
        maxLength: visits.length,
      }),
      exceptions: fc.array(
        fc.tuple(
          fc.nat(visits.length - 1),
          fc.option(
            fc.record({
              fromMs: fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
              increase: finite,
              gap: fc.boolean(),
              reset: fc.boolean(),
              partial: fc.boolean(),
            }),
          ),
        ),
        { maxLength: 5 },
      ),
    })
    .map(({ values, exceptions, refAtMs, refValue, counter }) => ({
      counter,
      refAtMs,
      refValue: Number.isNaN(refAtMs) ? Number.NaN : refValue,
      visits,
      values: Float64Array.from(values),
      exceptions: new Map(
        exceptions.map(([index, step]): [number, Increment | null] => [
          index,
          step === null ? null : { ...step, toMs: visits.atMs[index] ?? 0 },
        ]),
      ),
    })),
);

describe('packed rows', () => {
  it('give visits back with their times and errors', () => {
    fc.assert(
      fc.property(visitHour, (visits) => {
        expect(unpackVisits(packVisits(visits))).toEqual(visits);
      }),
    );
  });

  it('give an hour of a series back with its reference and exceptions', () => {
    fc.assert(
      fc.property(seriesHour, (hour) => {
        const packed = packChunk(hour);
        expect(unpackChunk(packed, hour.visits)).toEqual(hour);
        expect(unpackExceptions(packed, hour.visits)).toEqual(hour.exceptions);
      }),
      { numRuns: 300 },
    );
  });

  it('give blocks back as they were settled, and settling twice changes nothing', () => {
    const samples = fc.array(fc.tuple(fc.nat(287), finite, fc.nat(1e6)), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(samples, fc.boolean(), fc.nat(20_000), (list, counter, day) => {
        const grid = new Grid(day * 86_400_000, BLOCK_MS, 288);
        for (const [block, value, increase] of list) {
          const at = grid.startMs + block * BLOCK_MS + 1000;
          if (!counter) grid.addGauge(at, value, 15_000);
          else {
            grid.addCounter(at, value);
            grid.addIncrement({ fromMs: at - 999, toMs: at, increase, gap: increase % 5 === 0 });
          }
        }
        const packed = packGrid(grid, counter) ?? new Uint8Array();
        const back = unpackGrid(packed);
        expect(back.counter).toBe(counter);
        expectSame(back.grid.columns, grid.columns);
        expectSame(back.grid.settle(counter).columns, grid.columns);
      }),
    );
  });

  it('are refused when a bit was changed', () => {
    const packed = seal((encoder) =>
      putNumbers(
        encoder,
        Float64Array.from({ length: 90 }, (_, i) => i * i),
      ),
    );
    for (let bit = 0; bit < packed.length * 8; bit++) {
      const broken = packed.slice();
      broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => unseal(broken)).toThrow(DamagedRowError);
    }
    expect(() => unseal(new Uint8Array())).toThrow(DamagedRowError);
  });
});

describe('a scrape row', () => {
  it('gives the visit back exactly', () => {
    const start = fc.option(fc.record({ marker: fc.string(), atMs: fc.option(fc.integer()) }));
    const row: fc.Arbitrary<VisitRow> = fc
      .record({
        atMs,
        intervalMs: fc.nat(1e7),
        durationMs: fc.nat(1e5),
        ok: fc.boolean(),
        error: fc.option(fc.record({ kind: fc.constant('http' as const), message: fc.string() })),
        starts: fc.array(start, { minLength: 1, maxLength: 3 }),
        samples: fc.array(fc.tuple(fc.integer({ min: 1, max: 2 ** 24 }), finite, fc.nat(2)), {
          maxLength: 50,
        }),
        ownStarts: fc.boolean(),
      })
      .map(({ samples, ownStarts, ...rest }) => ({
        ...rest,
        seriesIds: samples.map(([id]) => id),
        values: samples.map(([, value]) => value),
        startOf: ownStarts ? samples.map(([, , which]) => which) : null,
      }));
    fc.assert(
      fc.property(row, (visit) => {
        expect(readScrapeRow(writeScrapeRow(visit))).toEqual(visit);
      }),
    );
  });
});

describe('size', () => {
  /** Bytes a sample of `make(i, before)` over 300 points, packed as one hour. */
  function bytesPerSample(make: (i: number, before: number) => number, first: number): number {
    let value = first;
    const values = Float64Array.from({ length: 300 }, (_, i) => {
      value = make(i, value);
      return value;
    });
    const visits = {
      length: 300,
      atMs: values.map((_, i) => i * 12_000),
      intervalMs: values.map(() => 12_000),
    };
    const hour = { counter: false, refAtMs: -12_000, refValue: first, visits, values, exceptions: new Map() };
    return packChunk(hour).length / 300;
  }
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };

  it.each([
    ['a constant', () => 5, 5, 0.05],
    ['a steady counter', (_: number, v: number) => v + 7, 1e9, 0.06],
    [
      'a counter of 100 ± 30 a scrape',
      (_: number, v: number) => v + 70 + Math.floor(random() * 60),
      1e9,
      0.95,
    ],
    ['a slow counter', (_: number, v: number) => v + (random() < 0.1 ? 1 : 0), 100, 0.12],
    [
      'a walk with 2 decimals',
      (_: number, v: number) => Math.round(100 * v + random() * 100 - 50) / 100,
      50,
      1.05,
    ],
    ['a near-constant', (_: number, v: number) => (random() < 0.02 ? Math.floor(random() * 9) : v), 3, 0.15],
  ])('of %s stays small', (_, make, first, limit) => {
    expect(bytesPerSample(make, first)).toBeLessThan(limit);
  });
});
