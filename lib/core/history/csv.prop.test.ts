import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Increment } from '../metrics/increments.ts';
import { csvLines } from './csv-lines.ts';
import { CSV_COLUMNS, csvRows, splitCells } from './csv-rows.ts';
import type { SampleRow } from './sample-row.ts';

const NOW_MS = Date.UTC(2026, 3, 9);
const NOBODY = { target: null, metric: null, labels: {}, intervalMs: null };

const atMs = fc.integer({ min: Date.UTC(2020, 0, 1), max: NOW_MS });
const value = fc.double({ noNaN: true, noDefaultInfinity: true });
const step: fc.Arbitrary<Increment | null | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.constant(null),
  fc.record({
    fromMs: fc.integer({ min: NOW_MS - 1_000_000, max: NOW_MS }),
    toMs: fc.constant(0),
    increase: fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }).map((x) => x + 0),
    gap: fc.boolean(),
    reset: fc.boolean(),
    partial: fc.boolean(),
  }),
);
const series = fc.record({
  targetId: fc.constantFrom('harbor/production/redis/cache', 'a/b/app/=x,"y"'),
  metric: fc.constantFrom('redis_commands_total', 'redis_memory_used_bytes'),
  labels: fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), fc.string({ minLength: 1 })),
  quality: fc.constantFrom('measured' as const, 'inferred' as const),
});

describe('a CSV of samples', () => {
  it('reads back what was written, to the last bit', () => {
    fc.assert(
      fc.property(
        series,
        fc.array(fc.tuple(atMs, value, step), { minLength: 1, maxLength: 20 }),
        (name, samples) => {
          fc.pre(!name.targetId.startsWith('='));
          const rows = samples.map(([at, number, one]) =>
            one === undefined || one === null
              ? { at, number, step: one }
              : { at: NOW_MS, number, step: { ...one, toMs: NOW_MS } },
          );
          const text = csvLines(name, {
            atMs: rows.map(({ at }) => at),
            values: rows.map(({ number }) => number),
            intervalMs: rows.map(() => 15_000),
            steps: new Map(
              rows.flatMap(({ step: one }, i) => (one === undefined ? [] : [[i, one] as const])),
            ),
          });
          const read = csvRows(NOBODY);
          expect(read(CSV_COLUMNS.join(','))).toBeNull();
          const found = text.trimEnd().split('\n').map(read);
          const wanted = rows.map(
            ({ at, number, step: one }): SampleRow => ({
              ...{ target: name.targetId, metric: name.metric, labels: name.labels, quality: name.quality },
              ...{
                atMs: at,
                value: number,
                intervalMs: 15_000,
                added: one === undefined ? 'difference' : one,
              },
            }),
          );
          expect(found).toEqual(wanted);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('survives any text, and gives a row, a fault or nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 8 }), fc.string(), (lines, first) => {
        const read = csvRows({ ...NOBODY, metric: 'redis_commands_total' });
        for (const line of [first, ...lines]) {
          const row = read(line);
          if (row === null || 'fault' in row) continue;
          expect(Number.isFinite(row.value) && Number.isFinite(row.atMs)).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('takes columns in any order, labels as columns, seconds and milliseconds, semicolons and tabs', () => {
    const rows = [
      ['value;label.cmd;time;metric', '5;get;1775700000;redis_commands_total'],
      ['time_ms\tvalue\tmetric\tlabel.cmd', '1775700000000\t5\tredis_commands_total\tget'],
      ['timestamp,metric,labels,value', '2026-04-09T02:00:00Z,redis_commands_total,"{""cmd"":""get""}",5'],
    ].map(([header = '', line = '']) => {
      const read = csvRows(NOBODY);
      read(header);
      return read(line);
    });
    for (const row of rows)
      expect(row).toMatchObject({
        ...{ metric: 'redis_commands_total', labels: { cmd: 'get' }, atMs: 1_775_700_000_000 },
        ...{ value: 5, added: 'work out', intervalMs: null },
      });
  });

  it('makes no sample of an empty value: a gap stays a gap', () => {
    const read = csvRows({ ...NOBODY, metric: 'redis_memory_used_bytes' });
    expect(['time,value', '1775700000,', '1775700015,NaN', '1775700030,0'].map(read)).toMatchObject([
      null,
      null,
      null,
      { value: 0 },
    ]);
  });

  it('refuses an increase that is negative, from the future or of another age', () => {
    const read = csvRows(NOBODY);
    read('time,target,metric,value,added,added_since,note');
    const row = (more: string) => read(`2026-04-09T02:00:00Z,a/b/redis/c,redis_commands_total,5,${more}`);
    expect(row('-1,2026-04-09T01:59:45Z,')).toHaveProperty('fault');
    expect(row('1,2026-04-09T02:00:01Z,')).toHaveProperty('fault');
    expect(row('1,1970-01-01T00:00:00Z,')).toHaveProperty('fault');
    expect(row('1,2026-04-09T01:59:45Z,strange')).toHaveProperty('fault');
    expect(row('1,2026-04-09T01:59:45Z,gap')).toMatchObject({ added: { increase: 1, gap: true } });
  });

  it('splits what was quoted', () => {
    expect(splitCells('a,"b ""c"", d",,"e"', ',')).toEqual(['a', 'b "c", d', '', 'e']);
    expect(splitCells('"open', ',')).toEqual(['open']);
  });
});
