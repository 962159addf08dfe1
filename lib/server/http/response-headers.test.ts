import { describe, expect, test } from 'vitest';
import { parseHttpDate, parseRetryAfter } from './response-headers.ts';

const NOW_MS = Date.UTC(2026, 10, 3, 10, 0, 0);

describe('Retry-After', () => {
  test.each([
    ['120', 120_000],
    ['0', 1_000],
    ['0.5', 1_000],
    ['1000000000', 3_600_000],
    [' 30 ', 30_000],
    ['Tue, 03 Nov 2026 10:02:00 GMT', 120_000],
    ['Tue, 03 Nov 2026 09:00:00 GMT', 1_000],
    ['Tue, 03 Nov 2099 10:00:00 GMT', 3_600_000],
  ])('%s is a wait of %i ms, clamped to 1 s – 1 h', (text, waitMs) => {
    expect(parseRetryAfter(text, null, NOW_MS)).toBe(waitMs);
  });

  test.each([
    '',
    '-5',
    '1e9',
    'soon',
    'NaN',
    'Infinity',
    '12 s',
    '0x10',
    '99999999999999',
    'Tue, 99 Foo 2026 99:99:99 GMT',
  ])('"%s" is nonsense and ignored', (text) => {
    expect(parseRetryAfter(text, null, NOW_MS)).toBeNull();
  });

  test('a date is read against the clock of the server that sent it', () => {
    const serverMs = NOW_MS + 600_000;
    expect(parseRetryAfter('Tue, 03 Nov 2026 10:11:00 GMT', serverMs, NOW_MS)).toBe(60_000);
  });
});

test('Date headers are read, and nothing else is taken for one', () => {
  expect(parseHttpDate('Tue, 03 Nov 2026 10:00:00 GMT')).toBe(NOW_MS);
  for (const text of [null, '', '12', '-5', 'yesterday']) expect(parseHttpDate(text)).toBeNull();
});
