import { describe, expect, it } from 'vitest';
import { measureOf } from './measure.ts';
import { sortRows } from './sort-rows.ts';
import { tableCsv } from './table-csv.ts';

const row = (key: string, perSecond: number | null, beforePerSecond: number | null = null) => ({
  key,
  perSecond,
  share: null,
  beforePerSecond,
  points: [],
});
const plain = {
  unit: 'commands',
  window: 'min',
  isExact: false,
  perRequest: false,
  requestsPerSecond: 5,
} as const;

describe('a measure', () => {
  it('writes rates by their window, in short or in full', () => {
    expect(measureOf(plain).text(1_520 / 60)).toBe('1.52K/min');
    expect(measureOf({ ...plain, isExact: true }).text(1_525 / 60)).toBe('1,525/min');
    expect(measureOf(plain).text(null)).toBe('–');
  });

  it('divides by requests of the same window, and says nothing where those are unknown or none', () => {
    expect(measureOf({ ...plain, perRequest: true }).text(10)).toBe('2.00');
    for (const requestsPerSecond of [null, 0]) {
      expect(measureOf({ ...plain, perRequest: true, requestsPerSecond }).value(10)).toBeNull();
    }
  });
});

describe('rows', () => {
  it('come by share, by change or by name; what is missing comes last', () => {
    const rows = [row('b', null), row('c', 5, 1), row('a', 9, 8)];
    const keys = (sort: Parameters<typeof sortRows>[1]) =>
      sortRows(rows, sort)
        .map(({ key }) => key)
        .join('');
    expect(keys('share')).toBe('acb');
    expect(keys('change')).toBe('cab');
    expect(keys('name')).toBe('abc');
  });
});

describe('the file of a table', () => {
  it('runs no formula, keeps commas inside a cell and leaves what is missing empty', () => {
    const text = tableCsv(
      [
        { heading: 'family', value: ({ key }) => key },
        { heading: 'per minute', value: ({ perSecond }) => perSecond },
      ],
      [row('=cmd|calc', 1.5), row('select a, b', null), row('x', Number.NaN)],
    );
    expect(text).toBe('family,per minute\r\n\'=cmd|calc,1.5\r\n"select a, b",\r\nx,\r\n');
  });
});
