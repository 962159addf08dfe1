import { describe, expect, it } from 'vitest';
import { formatClock, formatDate, formatStamp } from './clock.ts';
import { formatAge, formatDuration } from './duration.ts';
import { formatDelta, formatFactor } from './format-delta.ts';
import { chooseRateWindow, exactRateText, formatRate, rateText } from './format-rate.ts';
import { formatValue, tickText, valueText } from './format-value.ts';
import { parseQuantity, parseRate } from './parse-quantity.ts';

/** Same text with ordinary spaces, so that expectations can be read. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('values', () => {
  it.each([
    [null, 'commands', '–'],
    [Number.NaN, 'ratio', '–'],
    [0, 'commands', '0'],
    [12, 'responses', '12'],
    [2.5, 'connections', '2.50'],
    [999.6, 'commands', '1.00K'],
    [999_499, 'commands', '999K'],
    [999_500, 'commands', '1.00M'],
    [1e9, 'commands', '1.00B'],
    [1e15, 'commands', '1.00e3T'],
    [0.948, 'ratio', '94.8 %'],
    [1, 'ratio', '100 %'],
    [0, 'ratio', '0 %'],
    [0.00004, 'ratio', '0.00400 %'],
    [999_999, 'bytes', '1.00 MB'],
    [512, 'bytes', '512 B'],
    [0.0123, 'seconds', '12.3 ms'],
    [0, 'seconds', '0 s'],
    [0.9999, 'seconds', '1.00 s'],
    [59.9, 'seconds', '59.9 s'],
    [59.97, 'seconds', '1 m'],
    [9_360, 'seconds', '2 h 36 m'],
    [-5, 'seconds', '−5.00 s'],
  ] as const)('%s %s is written %s', (value, unit, text) => {
    expect(plain(valueText(value, unit))).toBe(text);
  });

  it('keeps number and unit apart, for two type sizes', () => {
    expect(formatValue(0.948, 'ratio')).toEqual({ text: '94.8', suffix: '\u00a0%' });
  });

  it('drops trailing zeros on an axis only', () => {
    expect([0, 2_500, 200_000, 10].map((v) => tickText(v, 'commands'))).toEqual(['0', '2.5K', '200K', '10']);
    expect(plain(tickText(0.5, 'ratio'))).toBe('50 %');
  });
});

describe('rates', () => {
  it('always carry their window', () => {
    expect(rateText(733_412 / 3_600, 'commands', 'h')).toBe('733K/h');
    expect(rateText(24_000 / 3_600, 'commands', 'h')).toBe('24.0K/h');
    expect(rateText(0, 'commands', 'h')).toBe('0/h');
    expect(exactRateText(733_412 / 3_600, 'h')).toBe('733,412/h');
    expect(plain(rateText(1.1e6, 'bytes', 's'))).toBe('1.10 MB/s');
  });

  it('say nothing but a dash when there is none', () => {
    expect(formatRate(null, 'commands', 'h')).toEqual({ text: '–', suffix: '' });
  });

  it('choose the shortest window in which something happens', () => {
    expect([5, 0.5, 0.001, 0.00002, 0, null].map(chooseRateWindow)).toEqual([
      's',
      'min',
      'h',
      'day',
      'h',
      'h',
    ]);
  });
});

describe('changes', () => {
  it('are relative, or in points between ratios, and signed', () => {
    expect(plain(formatDelta(733, 24, 'commands'))).toBe('−96.7 %');
    expect(plain(formatDelta(0.614, 0.948, 'ratio'))).toBe('+33.4 pp');
    expect(plain(formatDelta(5, 5, 'commands'))).toBe('±0 %');
    expect(plain(formatDelta(0, 0, 'commands'))).toBe('±0 %');
    expect(formatDelta(0, 5, 'commands')).toBe('–');
    expect(formatDelta(null, 5, 'commands')).toBe('–');
  });

  it('tell how many times only where that means something', () => {
    expect(formatFactor(733, 24)).toBe('30.5× fewer');
    expect(formatFactor(24, 733)).toBe('30.5× more');
    expect([formatFactor(0, 5), formatFactor(5, 5), formatFactor(null, 5)]).toEqual([null, null, null]);
  });
});

describe('times', () => {
  const at = Date.UTC(2026, 3, 9, 20, 34, 5);

  it('are UTC and say so', () => {
    expect(formatClock(at)).toBe('20:34Z');
    expect(formatClock(at, 'seconds')).toBe('20:34:05Z');
    expect(formatDate(at)).toBe('9 Apr');
    expect(formatStamp(at)).toBe('9 Apr 20:34Z');
    expect([formatClock(null), formatStamp(Number.NaN), formatDate(9e15)]).toEqual(['–', '–', '–']);
  });

  it('are rounded down to two parts', () => {
    expect(
      [59_999, 60_000, 9_360_000, 75_000_000, 0, 86_400_000 * 3 + 4 * 3_600_000]
        .map(formatDuration)
        .map(plain),
    ).toEqual(['59 s', '1 m', '2 h 36 m', '20 h 50 m', '0 s', '3 d 4 h']);
    expect(plain(formatAge(4_200))).toBe('4 s ago');
    expect(plain(formatAge(-500))).toBe('0 s ago');
    expect(formatAge(null)).toBe('never');
  });
});

describe('reading', () => {
  it('takes what people write', () => {
    expect(parseQuantity('195,680')).toBe(195_680);
    expect(parseQuantity('1.5m')).toBe(1_500_000);
    expect(parseRate('24K/h')).toBeCloseTo(24_000 / 3_600);
    expect(parseRate('7,200 / hour')).toBe(2);
    expect(parseRate('50816/day')).toBeCloseTo(50_816 / 86_400);
  });

  it('is not fooled by names that every object has', () => {
    expect([parseRate('24K/constructor'), parseQuantity('5constructor'), parseQuantity('5toString')]).toEqual(
      [null, null, null],
    );
  });

  it('refuses a rate without a window and anything else', () => {
    expect([parseRate('24K'), parseRate('24K/fortnight'), parseQuantity('K'), parseQuantity('1,2')]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});
