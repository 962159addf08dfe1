import { describe, expect, test } from 'vitest';
import { type CounterState, stepCounter } from '@/lib/core/metrics/increments.ts';
import { PeriodWatch } from './period-watch.ts';

const at = (iso: string) => Date.parse(iso);
const MINUTE = 60_000;

describe('a total of the day', () => {
  test('names its UTC day and where that began', () => {
    const watch = new PeriodWatch('day');
    expect(watch.step(700, at('2026-04-09T20:40:00Z'), 0)).toEqual({
      marker: 'day:2026-04-09',
      atMs: at('2026-04-09T00:00:00Z'),
    });
  });

  test('the start is on our clock, and does not move with later readings of the skew', () => {
    const watch = new PeriodWatch('day');
    const first = watch.step(700, at('2026-04-09T20:40:00Z'), 5_000);
    expect(first?.atMs).toBe(at('2026-04-09T00:00:00Z') - 5_000);
    expect(watch.step(701, at('2026-04-09T20:41:00Z'), 4_100)).toBe(first);
  });

  test('yesterday’s total that is still served after midnight stays yesterday’s, until it falls', () => {
    const watch = new PeriodWatch('day');
    watch.step(2_200_000, at('2026-04-09T23:59:00Z'), 0);
    expect(watch.step(2_201_000, at('2026-04-10T00:01:00Z'), 0)?.marker).toBe('day:2026-04-09');
    expect(watch.step(2_200_900, at('2026-04-10T00:02:00Z'), 0)?.marker).toBe('day:2026-04-09');
    expect(watch.step(900, at('2026-04-10T00:03:00Z'), 0)?.marker).toBe('day:2026-04-10');
  });

  test('a total that hangs for an hour after midnight makes no new day', () => {
    const watch = new PeriodWatch('day');
    watch.step(2_200_000, at('2026-04-09T23:59:00Z'), 0);
    expect(watch.step(2_200_000, at('2026-04-10T01:00:00Z'), 0)?.marker).toBe('day:2026-04-09');
  });

  test('long after midnight any fall is the new day', () => {
    const watch = new PeriodWatch('day');
    watch.step(1_000, at('2026-04-09T23:00:00Z'), 0);
    expect(watch.step(990, at('2026-04-10T20:00:00Z'), 0)?.marker).toBe('day:2026-04-10');
  });

  test('seen first right after midnight it may be of either day, so nothing is said until it falls or time has passed', () => {
    const watch = new PeriodWatch('day');
    expect(watch.step(2_200_000, at('2026-04-10T00:01:00Z'), 0)).toBeNull();
    expect(watch.step(40, at('2026-04-10T00:02:00Z'), 0)?.marker).toBe('day:2026-04-10');
    const quiet = new PeriodWatch('day');
    expect(quiet.step(3, at('2026-04-10T00:01:00Z'), 0)).toBeNull();
    expect(quiet.step(9, at('2026-04-10T00:14:00Z'), 0)).toBeNull();
    expect(quiet.step(9, at('2026-04-10T00:15:00Z'), 0)?.marker).toBe('day:2026-04-10');
  });
});

describe('a total of the month', () => {
  test('begins again when it fell in a new month', () => {
    const watch = new PeriodWatch('month');
    expect(watch.step(498_964, at('2026-04-30T23:59:00Z'), 0)?.marker).toBe('month:2026-04');
    expect(watch.step(499_000, at('2026-05-01T00:05:00Z'), 0)?.marker).toBe('month:2026-04');
    expect(watch.step(12, at('2026-05-01T00:06:00Z'), 0)).toEqual({
      marker: 'month:2026-05',
      atMs: at('2026-05-01T00:00:00Z'),
    });
  });

  test('a billing month that begins on another day keeps its marker: the fall itself says that it began again', () => {
    const watch = new PeriodWatch('month');
    watch.step(400_000, at('2026-04-14T23:59:00Z'), 0);
    expect(watch.step(10, at('2026-04-15T00:01:00Z'), 0)?.marker).toBe('month:2026-04');
  });
});

test('three days with a lag of 4 minutes: the increments of the store add up, without a spike at midnight', () => {
  const perMinute = 1_527;
  const dayStart = (ms: number) => Math.floor(ms / 86_400_000) * 86_400_000;
  const watch = new PeriodWatch('day');
  let state: CounterState | null = null;
  let sum = 0;
  let largest = 0;
  let previousVisitMs: number | null = null;
  const from = at('2026-04-07T12:00:00Z');
  const until = at('2026-04-10T12:00:00Z');
  for (let now = from; now <= until; now += MINUTE) {
    const seen = now - 4 * MINUTE;
    const value = ((seen - dayStart(seen)) / MINUTE) * perMinute;
    const start = watch.step(value, now, 0);
    const step = stepCounter(state, {
      atMs: now,
      value,
      intervalMs: MINUTE,
      start,
      previousVisitMs,
      absentThen: false,
    });
    state = step.state;
    previousVisitMs = now;
    sum += step.increment?.increase ?? 0;
    largest = Math.max(largest, step.increment?.increase ?? 0);
  }
  expect(largest).toBe(perMinute);
  // At each midnight the last minute before the fall is lost, never more.
  const all = ((until - from) / MINUTE) * perMinute;
  expect(all - sum).toBeLessThanOrEqual(3 * perMinute);
  expect(all - sum).toBeGreaterThanOrEqual(0);
});
