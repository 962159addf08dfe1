import { describe, expect, it } from 'vitest';
import type { ChartView } from '../model/view.ts';
import { dropView, perHour } from './chart-view.fixture.ts';
import { describeChart } from './describe.ts';
import { describeChange } from './describe-change.ts';

const plain = (text: string | undefined | null) => text?.replaceAll('\u00a0', ' ') ?? null;
const textOf = (before: number, after: number, over: Partial<ChartView> = {}) =>
  plain(
    describeChange(
      dropView({ change: { before, after, beforeWords: '', afterWords: '' }, as: 'value', ...over }),
      'h',
    )?.text,
  );

describe('a change in words', () => {
  it('gives the pair, the change and how many times', () => {
    const words = describeChange(dropView(), 'h');
    expect(plain(words?.text)).toBe('733K/h → 24.0K/h, −96.7 %, 30.5× fewer');
    expect(words?.before).toEqual({ text: '733', suffix: 'K/h' });
    expect(words?.after).toEqual({ text: '24.0', suffix: 'K/h' });
  });

  it('speaks of points between ratios, and never of a factor', () => {
    expect(textOf(0.614, 0.948, { unit: 'ratio' })).toBe('61.4 % → 94.8 %, +33.4 pp');
  });

  it('uses the word that fits the unit', () => {
    expect(textOf(0.4, 0.1, { unit: 'seconds' })).toBe('400 ms → 100 ms, −75.0 %, 4.00× lower');
    expect(textOf(0.1, 0.4, { unit: 'seconds' })).toBe('100 ms → 400 ms, +300 %, 4.00× higher');
    expect(textOf(4e6, 1e6, { unit: 'bytes' })).toBe('4.00 MB → 1.00 MB, −75.0 %, 4.00× less');
    expect(textOf(10, 30, { unit: 'connections' })).toBe('10 → 30, +200 %, 3.00× more');
  });

  it('leaves out what says nothing: a factor near one, a base of zero', () => {
    expect(textOf(100, 110)).toBe('100 → 110, +10.0 %');
    expect(textOf(0, 5)).toBe('0 → 5');
    expect(textOf(5, 0)).toBe('5 → 0, −100 %');
    expect(textOf(5, 5)).toBe('5 → 5, ±0 %');
    expect(describeChange(dropView({ change: null }), 'h')).toBeNull();
  });

  it('says that nothing is left only when nothing is', () => {
    expect(textOf(733_000, 200)).toBe('733K → 200, −99.97 %, 3,670× fewer');
  });

  it('comes first in the sentence of its chart, with how both sides were made', () => {
    expect(plain(describeChart(dropView(), 'h'))).toMatch(
      /^733K\/h → 24\.0K\/h, −96\.7 %, 30\.5× fewer \(mean of 24 h before; mean since T\+5m\)\. Between 24\.0K\/h and 733K\/h over 3 h/,
    );
    const values = dropView({
      change: { before: perHour(1), after: perHour(1), beforeWords: '', afterWords: '' },
    });
    expect(plain(describeChart(values, 'h'))).toMatch(/^1\.00\/h → 1\.00\/h, ±0 %\. Between/);
  });
});
