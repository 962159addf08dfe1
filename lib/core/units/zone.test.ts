import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatClock, formatDate, formatSinceOrigin, formatStamp } from './clock.ts';
import { isZone, zoneOffsetMs } from './zone.ts';

const at = Date.UTC(2026, 3, 9, 20, 34, 5);
const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Asia/Kathmandu', 'Australia/Lord_Howe'];

describe('clock times', () => {
  it('end in Z in UTC only', () => {
    expect(formatClock(at)).toBe('20:34Z');
    expect(formatClock(at, 'seconds', 'Europe/Berlin')).toBe('22:34:05');
    expect(formatStamp(at, 'minutes', 'Asia/Kolkata')).toBe('10 Apr 02:04');
    expect(formatDate(at, 'America/New_York')).toBe('9 Apr');
    expect(formatClock(null, 'minutes', 'Europe/Berlin')).toBe('–');
    expect(formatClock(9e15, 'minutes', 'Europe/Berlin')).toBe('–');
  });

  it('of a zone that nobody knows are UTC, and no error', () => {
    expect(formatClock(at, 'minutes', 'Mars/Olympus')).toBe('20:34Z');
    expect(formatClock(at, 'minutes', '')).toBe('20:34Z');
    expect(zoneOffsetMs(at, 'Mars/Olympus')).toBe(0);
    expect([isZone('Mars/Olympus'), isZone(''), isZone('UTC'), isZone('Asia/Kathmandu')]).toEqual([
      false,
      false,
      true,
      true,
    ]);
    fc.assert(fc.property(fc.string(), (zone) => formatClock(at, 'minutes', zone) !== ''));
  });

  it('are what the platform says they are, at any instant', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(1995, 0), max: Date.UTC(2035, 0) }),
        fc.constantFrom(...ZONES),
        (atMs, timeZone) => {
          const text = new Date(atMs).toLocaleString('sv-SE', { timeZone });
          expect(formatClock(atMs, 'seconds', timeZone)).toBe(text.slice(11));
          expect(Number(formatDate(atMs, timeZone).split(' ')[0])).toBe(Number(text.slice(8, 10)));
          expect(new Date(atMs + zoneOffsetMs(atMs, timeZone)).toISOString().slice(0, 19)).toBe(
            text.replace(' ', 'T'),
          );
        },
      ),
    );
  });

  it('say 00:00 at midnight and never 24:00', () => {
    expect(formatClock(Date.UTC(2026, 3, 9, 22), 'minutes', 'Europe/Berlin')).toBe('00:00');
  });
});

describe('time since the deploy', () => {
  it('counts whole minutes in both directions', () => {
    expect(formatSinceOrigin(at + 160 * 60_000 + 59_000, at)).toBe('T+02:40');
    expect(formatSinceOrigin(at - 127 * 60_000 - 30_000, at)).toBe('T−02:07');
    expect(formatSinceOrigin(at - 5_000, at)).toBe('T+00:00');
    expect(formatSinceOrigin(at + 100 * 3_600_000, at)).toBe('T+100:00');
    expect([
      formatSinceOrigin(null, at),
      formatSinceOrigin(at, null),
      formatSinceOrigin(Number.NaN, at),
    ]).toEqual(['–', '–', '–']);
  });
});
