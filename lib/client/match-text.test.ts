import { describe, expect, it } from 'vitest';
import { filterByText, matchText } from './match-text.ts';

const titles = [
  'Redis GETs',
  'Database queries',
  'Cache hit ratio',
  'Last 24 hours',
  'Compare with a day before',
];
const find = (typed: string) => filterByText(titles, typed, (title) => title);

describe('finding a command by what was typed', () => {
  it('shows everything while nothing is typed', () => {
    expect(find('  ')).toEqual(titles);
  });

  it('takes beginnings of words, in any order', () => {
    expect(find('get red')).toEqual(['Redis GETs']);
    expect(find('24')).toEqual(['Last 24 hours']);
  });

  it('forgives missing letters and accents, but not everything', () => {
    expect(find('cmpr')).toEqual(['Compare with a day before']);
    expect(find('dàtabase')).toEqual(['Database queries']);
    expect(find('xyz')).toEqual([]);
    expect(matchText('ra', 'Cache hit ratio') ?? 0).toBeGreaterThan(
      matchText('ati', 'Cache hit ratio') ?? 99,
    );
  });

  it('puts the better answer first', () => {
    expect(filterByText(['Unfreeze', 'Freeze what is seen now'], 'freeze', (title) => title)[0]).toBe(
      'Freeze what is seen now',
    );
  });
});
