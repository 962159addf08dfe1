import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localTime } from '@/lib/core/units/zone.ts';
import { findInstant, writeWall } from './zone-time.ts';

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Australia/Lord_Howe',
];

describe('wall time', () => {
  it('comes back from every instant, or from the first that the same wall shows', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2040, 0, 1) }),
        (zone, anyMs) => {
          const atMs = Math.floor(anyMs / 1_000) * 1_000;
          const wall = localTime(atMs, zone);
          const found = wall === null ? Number.NaN : (findInstant(wall, zone) ?? Number.NaN);
          expect(localTime(found, zone)).toEqual(wall);
          expect(found).toBeLessThanOrEqual(atMs);
        },
      ),
    );
  });

  it('takes the first of two when clocks are set back', () => {
    const wall = { year: 2026, month: 10, day: 25, hour: 2, minute: 30, second: 0 };
    expect(findInstant(wall, 'Europe/Berlin')).toBe(Date.UTC(2026, 9, 25, 0, 30));
  });

  it('does not exist in the hour that is skipped, nor on a day that is not in the calendar', () => {
    const skipped = { year: 2026, month: 3, day: 29, hour: 2, minute: 30, second: 0 };
    expect(findInstant(skipped, 'Europe/Berlin')).toBeNull();
    expect(findInstant({ ...skipped, month: 4, day: 31 }, 'UTC')).toBeNull();
    expect(findInstant({ ...skipped, month: 13 }, 'UTC')).toBeNull();
  });

  it('is written as it is typed', () => {
    expect(writeWall(Date.UTC(2026, 3, 9, 22, 5), 'UTC')).toBe('2026-04-09 22:05');
    expect(writeWall(Date.UTC(2026, 3, 9, 22, 5, 7), 'Europe/Berlin')).toBe('2026-04-10 00:05:07');
  });
});
