import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Point } from '../model/view.ts';
import { decimate } from './decimate.ts';
import { valueDomain } from './domain.ts';
import { spreadLabels } from './labels.ts';
import { niceTicks } from './ticks.ts';
import { timeStepMs, timeTicks } from './time-ticks.ts';
import { nearestPoint } from './timeline.ts';

/** UTC, whole and half hours, a quarter, jumps of half an hour, at midnight, and over a whole day. */
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'America/Sao_Paulo',
  'Pacific/Apia',
  'Asia/Beirut',
] as const;

/** The wall clock as the platform writes it, by another way than ours. */
function wallClock(atMs: number, zone: string): { ofDayMs: number; day: number; text: string } {
  const [date = '', time = ''] = new Date(atMs).toLocaleString('sv-SE', { timeZone: zone }).split(' ');
  const [h = 0, m = 0, s = 0] = time.split(':').map(Number);
  return { ofDayMs: ((h * 60 + m) * 60 + s) * 1_000, day: Number(date.slice(-2)), text: time.slice(0, 5) };
}

const line = fc
  .array(fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { freq: 6 }), { maxLength: 3_000 })
  .map((values) => values.map((value, index): Point => [index * 1_000, value]));
const limit = fc.integer({ min: 20, max: 600 });
const measured = (points: readonly Point[]) => points.flatMap(([, value]) => (value === null ? [] : [value]));

describe('decimation', () => {
  it('never draws more than the limit and keeps lowest and highest', () => {
    fc.assert(
      fc.property(line, limit, (points, most) => {
        const drawn = decimate(points, most);
        expect(drawn.length).toBeLessThanOrEqual(Math.max(most, 0));
        const all = measured(points);
        const kept = measured(drawn);
        if (all.length === 0) return;
        expect(Math.min(...kept)).toBe(Math.min(...all));
        expect(Math.max(...kept)).toBe(Math.max(...all));
        expect(kept[0]).toBe(all[0]);
        expect(kept.at(-1)).toBe(all.at(-1));
      }),
    );
  });

  it('keeps a gap exactly where there was one, and invents no point', () => {
    fc.assert(
      fc.property(line, limit, (points, most) => {
        const drawn = decimate(points, most);
        const index = new Map(points.map(([atMs], i) => [atMs, i]));
        for (const [i, point] of drawn.entries()) {
          expect(points[index.get(point[0]) ?? -1]).toEqual(point);
          const next = drawn[i + 1];
          if (next === undefined || point[1] === null || next[1] === null) continue;
          const between = points.slice((index.get(point[0]) ?? 0) + 1, index.get(next[0]));
          expect(between.some(([, value]) => value === null)).toBe(false);
        }
      }),
    );
  });
});

describe('axes', () => {
  it('hold 0, every value and at least two ticks inside', () => {
    const values = fc.array(fc.double({ min: -1e9, max: 1e12, noNaN: true }), { maxLength: 50 });
    fc.assert(
      fc.property(values, fc.constantFrom('count' as const, 'amount' as const), (list, kind) => {
        const { min, max, ticks } = valueDomain({ values: list, levels: [], kind, maxSteps: 5 });
        expect(min).toBeLessThanOrEqual(Math.min(0, ...list));
        expect(max).toBeGreaterThanOrEqual(Math.max(0, ...list));
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        for (const tick of ticks) expect(tick >= min - 1e-9 && tick <= max * (1 + 1e-9)).toBe(true);
        if (kind === 'count') for (const tick of ticks) expect(Number.isInteger(tick)).toBe(true);
      }),
    );
  });

  it('have ticks in order, evenly apart and not too many', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1e12, noNaN: true }),
        fc.integer({ min: 2, max: 8 }),
        (max, steps) => {
          const ticks = niceTicks(0, max, steps);
          expect(ticks.length).toBeLessThanOrEqual(steps + 1);
          expect(ticks[0]).toBe(0);
          for (let i = 2; i < ticks.length; i++) {
            const [a = 0, b = 0, c = 0] = ticks.slice(i - 2, i + 1);
            expect((c - b) / (b - a)).toBeCloseTo(1, 6);
          }
        },
      ),
    );
  });

  it('label at most the asked number of instants, all inside the range', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2e12 }),
        fc.integer({ min: 0, max: 4e10 }),
        (startMs, lengthMs) => {
          const ticks = timeTicks({ startMs, endMs: startMs + lengthMs }, 6);
          expect(ticks.length).toBeLessThanOrEqual(7);
          for (const { atMs } of ticks) expect(atMs >= startMs && atMs < startMs + lengthMs).toBe(true);
        },
      ),
    );
  });

  it('are round on the wall clock of any zone, also across its clock changes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2030, 0) }),
        fc.integer({ min: 1_000, max: 4e10 }),
        fc.constantFrom(...ZONES),
        (startMs, lengthMs, zone) => {
          const stepMs = timeStepMs(lengthMs, 6);
          const ticks = timeTicks({ startMs, endMs: startMs + lengthMs }, 6, zone);
          expect(ticks.length).toBeLessThanOrEqual(7);
          for (const [i, { atMs, label }] of ticks.entries()) {
            expect(atMs >= startMs && atMs < startMs + lengthMs).toBe(true);
            if (i > 0) expect(atMs).toBeGreaterThan(ticks[i - 1]?.atMs ?? 0);
            const clock = wallClock(atMs, zone);
            // A day that begins with a jump of the clock begins at 01:00.
            const isJump = stepMs >= 86_400_000 && clock.ofDayMs === 3_600_000;
            if (!isJump) expect(clock.ofDayMs % Math.min(stepMs, 86_400_000)).toBe(0);
            expect(label).toContain(clock.ofDayMs === 0 || isJump ? `${clock.day} ` : clock.text);
            expect(label).not.toContain('Z');
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('leave out no round time of a day without clock changes', () => {
    const startMs = Date.UTC(2026, 5, 1, 3, 17);
    for (const zone of ZONES) {
      const ticks = timeTicks({ startMs, endMs: startMs + 6 * 3_600_000 }, 6, zone);
      expect(ticks.length).toBe(6);
    }
  });
});

describe('labels', () => {
  it('stand at least the gap apart, in order', () => {
    const labels = fc.array(
      fc.record({
        y: fc.integer({ min: 0, max: 200 }),
        text: fc.constant('x'),
        kind: fc.constantFrom('goal', 'value'),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(labels, (list) => {
        const placed = spreadLabels(list, 14, 260);
        for (let i = 1; i < placed.length; i++) {
          expect((placed[i]?.y ?? 0) - (placed[i - 1]?.y ?? 0)).toBeGreaterThanOrEqual(14);
        }
        for (const { y } of placed) expect(y).toBeLessThanOrEqual(260);
      }),
    );
  });
});

describe('the crosshair', () => {
  it('stops at the bucket whose middle is nearest', () => {
    const starts = fc.uniqueArray(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(starts, fc.integer({ min: -100, max: 1_200 }), (unsorted, atMs) => {
        const points = [...unsorted].sort((a, b) => a - b).map((start): Point => [start, 1]);
        const index = nearestPoint(points, atMs, 10);
        const distance = (i: number) => Math.abs((points[i]?.[0] ?? 0) + 5 - atMs);
        expect(distance(index ?? -1)).toBe(Math.min(...points.map((_, i) => distance(i))));
      }),
    );
  });
});
