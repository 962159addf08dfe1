import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseUpstashTime } from './timestamp.ts';

/** Writes a time as Go does: any number of digits of a second, at any offset. */
function goText(ms: number, nanos: string, offsetMinutes: number, zone: string): string {
  const iso = new Date(ms + offsetMinutes * 60_000).toISOString();
  const sign = offsetMinutes < 0 ? '-' : '+';
  const [hours, minutes] = [Math.floor(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60];
  const offset = `${sign}${String(hours).padStart(2, '0')}${String(minutes).padStart(2, '0')}`;
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}${nanos === '' ? '' : `.${nanos}`} ${offset} ${zone}`;
}

const SECOND = fc.integer({ min: Date.UTC(1970, 0, 2) / 1000, max: Date.UTC(2099, 11, 30) / 1000 });

describe('times as Upstash writes them', () => {
  test('any second, with any digits behind it, at any offset, is read to the millisecond', () => {
    const digits = fc.stringMatching(/^\d{0,9}$/);
    const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(
        SECOND,
        digits,
        offset,
        fc.constantFrom('UTC', 'CEST', 'MST'),
        (second, nanos, minutes, zone) => {
          const ms = Number(nanos.padEnd(3, '0').slice(0, 3));
          expect(parseUpstashTime(goText(second * 1000, nanos, minutes, zone))).toBe(second * 1000 + ms);
        },
      ),
    );
  });

  test('no text makes it throw, and what it reads is a true instant', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} \+\d{4} UTC$/)),
        (text) => {
          const ms = parseUpstashTime(text);
          if (ms === null) return;
          expect(Number.isSafeInteger(ms)).toBe(true);
          expect(new Date(ms).toISOString().slice(0, 4)).toMatch(/^\d{4}$/);
        },
      ),
    );
  });

  test.each([
    ['2025-08-31 15:12:52.799480932 +0000 UTC', '2025-08-31T15:12:52.799Z'],
    ['2025-09-04 15:12:52.76649148 +0000 UTC', '2025-09-04T15:12:52.766Z'],
    ['2023-05-22 10:59:23.426 +0000 UTC', '2023-05-22T10:59:23.426Z'],
    ['2025-08-31 15:12:52 +0000 UTC', '2025-08-31T15:12:52.000Z'],
    ['2025-08-31 15:12:52.5 +0000 UTC m=+0.000012', '2025-08-31T15:12:52.500Z'],
    ['2025-08-31 15:12:52.5 +0200 +0200', '2025-08-31T13:12:52.500Z'],
    ['2025-08-31T15:12:52.5Z', '2025-08-31T15:12:52.500Z'],
    ['2025-08-31T15:12:52+02:00', '2025-08-31T13:12:52.000Z'],
    ['2024-02-29 00:00:00 +0000 UTC', '2024-02-29T00:00:00.000Z'],
  ])('%s', (text, iso) => {
    expect(parseUpstashTime(text)).toBe(Date.parse(iso));
  });

  test.each([
    '',
    '2025-08-31',
    '12',
    'Sunday',
    '2025-02-29 10:00:00 +0000 UTC',
    '2025-04-31 10:00:00 +0000 UTC',
    '2025-13-01 10:00:00 +0000 UTC',
    '2025-08-31 24:00:00 +0000 UTC',
    '2025-08-31 10:60:00 +0000 UTC',
    '2025-08-31 10:00:00.1234567890 +0000 UTC',
    '2025-08-31 10:00:00 +9900 UTC',
    '0001-01-01 00:00:00 +0000 UTC ago',
    `2025-08-31 10:00:00 +0000 UTC${' '.repeat(80)}`,
  ])('is no time: %s', (text) => {
    expect(parseUpstashTime(text)).toBeNull();
  });
});
