import { describe, expect, it } from 'vitest';
import { readTyped, readTypedWindow } from './typed-time.ts';

const NOW_MS = Date.UTC(2026, 3, 9, 20, 40, 12) + 5;
const at = (text: string, zone = 'UTC') => readTyped(text, zone, NOW_MS);

describe('a typed time', () => {
  it('is read in the zone that the page shows', () => {
    expect(at('2026-04-09 20:40')).toEqual({ atMs: Date.UTC(2026, 3, 9, 20, 40) });
    expect(at(' 2026-4-9  20:40:05 ')).toEqual({ atMs: Date.UTC(2026, 3, 9, 20, 40, 5) });
    expect(at('2026-04-09 20:40', 'Europe/Berlin')).toEqual({ atMs: Date.UTC(2026, 3, 9, 18, 40) });
    expect(at('2026-04-09')).toEqual({ atMs: Date.UTC(2026, 3, 9) });
  });

  it('may bring its own zone, or be “now”', () => {
    expect(at('2026-04-09T20:40Z', 'Europe/Berlin')).toEqual({ atMs: Date.UTC(2026, 3, 9, 20, 40) });
    expect(at('2026-04-09T20:40+02:00')).toEqual({ atMs: Date.UTC(2026, 3, 9, 18, 40) });
    expect(at('Now')).toEqual({ atMs: NOW_MS - 5 });
  });

  it.each([
    ['', 'Type a time, such as 2026-04-09 20:40.'],
    ['tea time', 'Write it as 2026-04-09 20:40, or as 2026-04-09T20:40Z.'],
    ['09.04.2026 20:40', 'Write it as 2026-04-09 20:40, or as 2026-04-09T20:40Z.'],
    ['2026-04-09 24:00', 'A day goes from 00:00 to 23:59.'],
    ['2026-04-31 10:00', 'There is no such time in UTC.'],
  ])('%j: says what is wrong', (text, fault) => {
    expect(at(text)).toEqual({ fault });
  });
});

describe('a typed window', () => {
  const read = (from: string, to: string) => readTypedWindow({ from, to }, 'UTC', NOW_MS);

  it('is the span between the two', () => {
    expect(read('2026-04-09 16:00', 'now')).toEqual({
      range: { startMs: Date.UTC(2026, 3, 9, 16), endMs: NOW_MS - 5 },
    });
  });

  it('names the field that is wrong', () => {
    expect(read('x', '2026-04-09 16:00')).toMatchObject({ field: 'from' });
    expect(read('2026-04-09 16:00', 'x')).toMatchObject({ field: 'to' });
  });

  it.each([
    ['2026-04-09 16:00', '2026-04-09 15:00', 'to', 'The asked time ends before it begins.'],
    ['2026-04-09 16:00:00', '2026-04-09 16:00:59', 'to', 'The shortest time shown is a minute.'],
    ['2026-01-01 00:00', '2026-04-09 00:00', 'to', 'The longest time shown is 90 days.'],
    ['2026-04-09 16:00', '2026-04-09 20:41', 'to', 'That time has not come yet. “now” is the latest.'],
    ['2026-04-10 16:00', '2026-04-11 20:41', 'from', 'That time has not come yet.'],
  ])('from %s to %s is refused', (from, to, field, fault) => {
    expect(read(from, to)).toEqual({ field, fault });
  });
});
