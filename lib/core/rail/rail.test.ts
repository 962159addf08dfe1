import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countClaims } from '../model/claim.ts';
import { WATCH_STOPS_MS, type WatchView } from '../model/watch.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/range.ts';
import { railGeometry } from './rail.ts';

const ORIGIN_MS = Date.UTC(2026, 3, 9, 22, 10);

function watchAt(elapsedMs: number, over: Partial<WatchView> = {}): WatchView {
  return {
    release: 'v1206',
    href: null,
    originMs: ORIGIN_MS,
    endMs: ORIGIN_MS + DAY_MS,
    nowMs: ORIGIN_MS + elapsedMs,
    state: 'on_track',
    provisional: false,
    reason: null,
    stops: WATCH_STOPS_MS.map((offsetMs) => ({
      offsetMs,
      state: 'waiting',
      block: null,
      provisional: false,
    })),
    interruption: null,
    nextLookMs: null,
    decidable: null,
    evidence: null,
    claims: [],
    counts: countClaims([]),
    assumedMachines: null,
    ...over,
  };
}

const cutAt = (elapsedMs: number): Partial<WatchView> => ({
  interruption: { atMs: ORIGIN_MS + elapsedMs, release: 'v1205', kind: 'suspend' },
});

describe('the rail of a watch', () => {
  it('has its stops equally far apart, from T₀ to the end', () => {
    const { stops } = railGeometry(watchAt(0));
    expect(stops.map(({ at }) => Math.round(at * 7))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(stops[0]?.stop).toBeNull();
  });

  it('runs evenly from one stop to the next: T+02:40 is a third of the way from 1 h to 6 h', () => {
    expect(railGeometry(watchAt(2 * HOUR_MS + 40 * MINUTE_MS)).now).toBeCloseTo((4 + 1 / 3) / 7);
  });

  it('has passed exactly the stops whose time has come, also to the millisecond', () => {
    const passed = (ms: number) => railGeometry(watchAt(ms)).stops.filter((stop) => stop.passed).length;
    expect([5 * MINUTE_MS - 1, 5 * MINUTE_MS, DAY_MS - 1, DAY_MS, 3 * DAY_MS].map(passed)).toEqual([
      1, 2, 7, 8, 8,
    ]);
  });

  it('stays on the rail before its beginning and after its end', () => {
    expect(railGeometry(watchAt(-HOUR_MS)).now).toBe(0);
    expect(railGeometry(watchAt(9 * DAY_MS)).now).toBe(1);
  });

  it('is whole up to an interruption and broken from there to now', () => {
    const rail = railGeometry(watchAt(7 * HOUR_MS, cutAt(2 * HOUR_MS + 39 * MINUTE_MS)));
    expect(rail.whole).toBe(rail.cut);
    expect(rail.whole).toBeLessThan(rail.now);
    expect(railGeometry(watchAt(7 * HOUR_MS)).whole).toBe(railGeometry(watchAt(7 * HOUR_MS)).now);
  });

  it('leaves a stop without its label where the interruption stands upon it', () => {
    const near = railGeometry(watchAt(7 * HOUR_MS, cutAt(HOUR_MS + MINUTE_MS)));
    expect(near.stops.filter(({ labelled }) => !labelled).map(({ offsetMs }) => offsetMs)).toEqual([HOUR_MS]);
    expect(railGeometry(watchAt(7 * HOUR_MS)).stops.every(({ labelled }) => labelled)).toBe(true);
  });

  it('lets the time cover no stop and no interruption, on any rail that is as long as it must be', () => {
    const moments = fc.record({
      elapsedMs: fc.integer({ min: -HOUR_MS, max: 2 * DAY_MS }),
      cutMs: fc.option(fc.integer({ min: 0, max: DAY_MS })),
      lengthPx: fc.integer({ min: 790, max: 1_700 }),
    });
    fc.assert(
      fc.property(moments, ({ elapsedMs, cutMs, lengthPx }) => {
        const rail = railGeometry(watchAt(elapsedMs, cutMs === null ? {} : cutAt(cutMs)));
        const { at, shiftPx } = rail.pill.wide;
        const pillPx = at * lengthPx + shiftPx;
        const obstacles = [...rail.stops.map((stop) => stop.at), ...(rail.cut === null ? [] : [rail.cut])];
        for (const obstacle of obstacles) {
          expect(Math.abs(obstacle * lengthPx - pillPx)).toBeGreaterThanOrEqual(45.9);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('stands between two stops on a rail that is too short for more', () => {
    const { narrow } = railGeometry(watchAt(2 * HOUR_MS + 40 * MINUTE_MS)).pill;
    expect(narrow.at).toBeCloseTo(4.5 / 7);
  });
});
