import { describe, expect, it } from 'vitest';
import { parseInstantMs } from '@/lib/core/time/parse-instant.ts';
import { readSeriesCsv } from './series-csv.ts';

const T = Date.UTC(2026, 0, 5, 10, 0);

function pointsOf(text: string): [number, number | null][] {
  const read = readSeriesCsv(text);
  if ('fault' in read) throw new Error(`${read.line}: ${read.fault}`);
  return read.points.map(({ atMs, value }) => [(atMs - T) / 1_000, value]);
}

describe('a series as CSV', () => {
  it.each([
    ['ISO with Z', '2026-01-05T10:00:00Z,1\n2026-01-05T10:05:00Z,2'],
    ['ISO without a zone is UTC', '2026-01-05 10:00:00,1\n2026-01-05 10:05:00,2'],
    ['ISO with an offset', '2026-01-05T11:00:00+01:00,1\n2026-01-05 11:05:00+01,2'],
    ['ISO with parts of a second', '2026-01-05 10:00:00.000000,1\n2026-01-05 10:05:00.000,2'],
    ['ISO without seconds', '2026-01-05 10:00,1\n2026-01-05T10:05,2'],
    ['epoch seconds', `${T / 1_000},1\n${T / 1_000 + 300},2`],
    ['epoch seconds with parts', `${T / 1_000}.000,1\n${T / 1_000 + 300}.0,2`],
    ['epoch ms', `${T},1\n${T + 300_000},2`],
    ['a header', 'timestamp,value\n2026-01-05T10:00:00Z,1\n2026-01-05T10:05:00Z,2'],
    [
      'a header of other words',
      '"Time (UTC)","redis GETs/s"\n2026-01-05T10:00:00Z,1\n2026-01-05T10:05:00Z,2',
    ],
    [
      'semicolons, quotes, CRLF, a byte order mark',
      '\uFEFF"2026-01-05T10:00:00Z";"1"\r\n"2026-01-05T10:05:00Z";2\r\n',
    ],
    [
      'tabs, empty lines, remarks, more columns',
      '# made by hand\n\n2026-01-05T10:00:00Z\t1\tx\n\n2026-01-05T10:05:00Z\t2\ty',
    ],
  ])('%s', (_, text) => {
    expect(pointsOf(text)).toEqual([
      [0, 1],
      [300, 2],
    ]);
  });

  it.each(['', 'NaN', 'null', '-', 'None', 'N/A'])(
    'a value of %j was not measured, and is not zero',
    (value) => {
      expect(pointsOf(`2026-01-05T10:00:00Z,${value}\n2026-01-05T10:05:00Z,0`)).toEqual([
        [0, null],
        [300, 0],
      ]);
    },
  );

  it('rows out of order are sorted, and of two for one time the first stays; both are said', () => {
    const read = readSeriesCsv(`${T + 60_000},2\n${T},1\n${T + 60_000},9`);
    expect(read).toEqual({
      points: [
        { atMs: T, value: 1 },
        { atMs: T + 60_000, value: 2 },
      ],
      warnings: ['1 row out of order, sorted', '1 row for a time that was there before, left out'],
    });
  });

  it('an infinite value was not measured, and that is said', () => {
    const read = readSeriesCsv(`${T},+Inf\n${T + 1_000},3`);
    expect(read).toEqual({
      points: [
        { atMs: T, value: null },
        { atMs: T + 1_000, value: 3 },
      ],
      warnings: ['1 infinite value taken as not measured'],
    });
  });

  it.each([
    ['time,value\n2026-01-05T10:00:00Z,1\nyesterday,2', 3, '"yesterday" is no time'],
    ['2026-01-05T10:00:00Z,1\n2026-01-05T10:05:00Z,1.2.3', 2, '"1.2.3" is no number'],
    ['', 1, 'no row'],
    ['0,1\n2026-01-05T10:00:00Z,1', 1, 'span 56 years'],
    ['timestamp,value\n', 1, 'no row'],
    ['2026-13-45T10:00:00Z,1', 1, 'is no time'],
    ['1700000000000000000,1', 1, 'is no time'],
  ])('%j: the line that is wrong is named', (text, line, words) => {
    const read = readSeriesCsv(text);
    expect(read).toEqual({ fault: expect.stringContaining(words), line });
  });

  it('a time says the same instant however it is written', () => {
    const ways = [
      '2026-01-05T10:00:00Z',
      '2026-01-05 10:00 UTC',
      `${T}`,
      `${T / 1_000}`,
      '2026-01-05T12:00+0200',
    ];
    expect(ways.map(parseInstantMs)).toEqual(ways.map(() => T));
    expect(parseInstantMs('2026-01-05')).toBe(Date.UTC(2026, 0, 5));
    expect(['', 'now', '2026-01'].map(parseInstantMs)).toEqual([null, null, null]);
  });
});
