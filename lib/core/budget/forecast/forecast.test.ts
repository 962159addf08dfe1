import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../time/range.ts';
import { findStep } from './find-step.ts';
import { forecastLimit, type LimitQuestion } from './forecast-limit.ts';
import { forecastUse } from './forecast-use.ts';
import { capBursts, toHours } from './hours.ts';

const NOW_MS = Date.UTC(2026, 3, 9, 22);
const AHEAD = [1, 2, 3, 6, 12, 24, 48, 72];

/** Hours that end now. */
const historyOf = (hours: readonly (number | null)[]): LimitQuestion['history'] => ({
  startMs: NOW_MS - hours.length * HOUR_MS,
  stepMs: HOUR_MS,
  increments: hours,
});
const ask = (over: Partial<LimitQuestion> = {}) =>
  forecastLimit({
    ...{ used: 0, allowed: 500_000, nowMs: NOW_MS, renewsMs: null },
    ...{ history: historyOf(Array(48).fill(24_000)), ...over },
  });
const hoursUntil = (atMs: number | null | undefined) =>
  atMs === null || atMs === undefined ? null : (atMs - NOW_MS) / HOUR_MS;
/** A day with a noon in it: 600 an hour at its height, 200 in the night. */
const dayShape = (hour: number): number => 400 + 200 * Math.sin((2 * Math.PI * hour) / 24);

describe('when a limit ends', () => {
  it('at a steady rate is what is left over the rate: 500K at 24K/h in 20 h 50 m', () => {
    const { forecast, lasts, why } = ask();
    expect(hoursUntil(forecast?.likelyMs)).toBeCloseTo(500 / 24, 2);
    expect([lasts, why]).toEqual([false, null]);
    expect(forecast?.fromMs).toBe(48 * HOUR_MS);
  });

  it('knows the night: 4,800 an evening early end later than the rate of now says', () => {
    // Now is the height of the day; the rate of the last hour alone would have it used up in 8 h.
    const hours = Array.from({ length: 15 * 24 }, (_, i) => dayShape(i + 6 - 15 * 24));
    const exact = (until: number) =>
      Array.from({ length: until }, (_, i) => dayShape(i + 6)).reduce((a, b) => a + b, 0);
    const { forecast } = ask({ allowed: exact(12), history: historyOf(hours) });
    expect(exact(12) / dayShape(5)).toBeLessThan(9);
    expect(hoursUntil(forecast?.likelyMs)).toBeCloseTo(12, 0);
  });

  it('is now where all is used, whatever else is known', () => {
    const { forecast, lasts } = ask({ used: 500_000, history: historyOf([]) });
    expect(forecast).toEqual({ likelyMs: NOW_MS, earliestMs: NOW_MS, latestMs: NOW_MS, fromMs: 0 });
    expect(lasts).toBe(false);
  });

  it('is not told before the first half hour was seen: there is a reason, and no zero', () => {
    expect(ask({ history: historyOf([]) })).toMatchObject({ forecast: null, lasts: false, ahead: [] });
    expect(ask({ history: historyOf([null, null]) }).why).toBe('less than half an hour of its use was seen');
    const silent = [...Array<number>(48).fill(24_000), ...Array<null>(30).fill(null)];
    expect(ask({ history: historyOf(silent) })).toMatchObject({ forecast: null, lasts: false });
    const late = [...Array<number>(48).fill(24_000), null, null];
    expect(ask({ history: historyOf(late) }).why).toBeNull();
    expect(ask({ history: historyOf([...late, null]) }).why).toBe(
      'nothing is known of its use in the last 3 h',
    );
  });

  it('lasts where the whole band does until the period ends, and may end where a part of it does', () => {
    const soon = ask({ renewsMs: NOW_MS + 5 * HOUR_MS });
    expect(soon).toMatchObject({
      lasts: true,
      forecast: { likelyMs: null, earliestMs: null, latestMs: null },
    });
    const noisy = historyOf(Array.from({ length: 240 }, (_, i) => (i % 5 === 0 ? 90_000 : 7_500)));
    const may = ask({ history: noisy, renewsMs: NOW_MS + 20 * HOUR_MS });
    expect(may.lasts).toBe(false);
    expect(may.forecast).toMatchObject({ latestMs: null });
    expect(may.forecast?.earliestMs).toBeLessThan(NOW_MS + 20 * HOUR_MS);
    // A period that should be over by now saves nobody.
    expect(hoursUntil(ask({ renewsMs: NOW_MS - HOUR_MS }).forecast?.likelyMs)).toBeCloseTo(500 / 24, 2);
  });

  it('with less than two days of history has a wide band', () => {
    const width = (hours: number) => {
      const { forecast } = ask({ history: historyOf(Array(hours).fill(24_000)) });
      return ((forecast?.latestMs ?? 0) - (forecast?.earliestMs ?? 0)) / HOUR_MS;
    };
    expect(width(6)).toBeGreaterThan(20);
    expect(width(15 * 24)).toBeLessThan(6);
  });
});

describe('a deploy that changes the level', () => {
  const before = Array.from(
    { length: 14 * 24 },
    (_, i) => 733_000 * (1 + 0.3 * Math.sin((2 * Math.PI * i) / 24)),
  );
  const later = (hours: number) =>
    Array.from({ length: hours }, (_, i) => 0.033 * (before[(before.length + i) % 24] ?? 0));
  const perDay = 0.033 * 733_000 * 24;

  it('counts an hour after it, by what is known since then; without being told of it from the second hour on', () => {
    const told = forecastUse([...before, ...later(1)], 1, [24])?.[0]?.likely ?? 0;
    expect(told / perDay).toBeCloseTo(1, 1);
    expect(findStep([...before, ...later(1)])).toBeNull();
    expect(findStep([...before, ...later(2)])).toBe(2);
    const found = forecastUse([...before, ...later(2)], null, [24])?.[0]?.likely ?? 0;
    expect(found / perDay).toBeCloseTo(1, 1);
    expect(findStep([...before, ...later(60)])).toBe(60);
  });

  it('counts after ten minutes where the history is fine enough, and only if it changed anything', () => {
    const fine = (hours: readonly number[]) => hours.flatMap((hour) => Array<number>(12).fill(hour / 12));
    const asked = (parts: readonly number[], nowMs: number) =>
      ask({
        ...{ allowed: 1e7, nowMs, steps: [NOW_MS] },
        history: {
          startMs: NOW_MS - 14 * 24 * HOUR_MS,
          stepMs: 5 * MINUTE_MS,
          increments: [...fine(before), ...parts],
        },
      });
    const low = asked([2_000, 2_000], NOW_MS + 10 * MINUTE_MS);
    expect(hoursUntil(low.forecast?.likelyMs)).toBeGreaterThan(300);
    const same = asked([61_000, 61_000], NOW_MS + 10 * MINUTE_MS);
    // The same hours of a day before, added up: 1e7 are gone after 11.6 h of them, and after 13.6 h by their mean.
    const usual = (until: number) =>
      before.slice(0, Math.floor(until)).reduce((sum, hour) => sum + hour, 0) +
      (until % 1) * (before[Math.floor(until)] ?? 0);
    const untilMs = (same.forecast?.likelyMs ?? 0) - NOW_MS;
    expect(usual(untilMs / HOUR_MS) / 1e7).toBeCloseTo(1, 1);
  });
});

describe('laws of the forecast', () => {
  const history = fc.array(fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { freq: 8 }), {
    maxLength: 300,
  });

  it('the band is in order, never falls, and is finite', () => {
    fc.assert(
      fc.property(history, fc.option(fc.integer({ min: 1, max: 80 })), (hours, since) => {
        const points = forecastUse(hours, since, AHEAD) ?? [];
        let before = { lo: 0, likely: 0, hi: 0 };
        for (const point of points) {
          expect(Number.isFinite(point.hi)).toBe(true);
          expect(point.lo).toBeLessThanOrEqual(point.likely);
          expect(point.likely).toBeLessThanOrEqual(point.hi);
          for (const of of ['lo', 'likely', 'hi'] as const)
            expect(point[of]).toBeGreaterThanOrEqual(before[of]);
          before = point;
        }
      }),
      { numRuns: 60 },
    );
  });

  it('an end is never before now, the earliest not after the likely one, and that not after the latest', () => {
    const whole = fc.record({
      hours: history,
      used: fc.double({ min: 0, max: 1e7, noNaN: true }),
      allowed: fc.double({ min: 1, max: 1e7, noNaN: true }),
      days: fc.option(fc.integer({ min: -1, max: 31 })),
    });
    fc.assert(
      fc.property(whole, ({ hours, used, allowed, days }) => {
        const renewsMs = days === null ? null : NOW_MS + days * 24 * HOUR_MS;
        const { forecast, lasts, why, past, ahead } = ask({
          used,
          allowed,
          history: historyOf(hours),
          renewsMs,
        });
        expect(forecast === null).toBe(why !== null);
        if (forecast !== null) {
          const { earliestMs, likelyMs, latestMs } = forecast;
          const ends = [earliestMs, likelyMs, latestMs].map((atMs) => atMs ?? Number.POSITIVE_INFINITY);
          expect(Math.min(...ends)).toBeGreaterThanOrEqual(NOW_MS);
          expect(ends).toEqual(ends.toSorted((a, b) => a - b));
          expect(lasts).toBe(earliestMs === null);
        }
        expect(past.at(-1)).toEqual([NOW_MS, used]);
        for (const [i, [atMs, amount]] of past.entries()) {
          expect(amount).toBeGreaterThanOrEqual(past[i - 1]?.[1] ?? 0);
          expect(atMs).toBeGreaterThanOrEqual(past[i - 1]?.[0] ?? 0);
        }
        for (const [i, [atMs]] of ahead.entries()) expect(atMs).toBeGreaterThan(ahead[i - 1]?.[0] ?? 0);
      }),
      { numRuns: 60 },
    );
  });

  it('twice the use is twice the forecast: units are of no account', () => {
    const hours = Array.from({ length: 240 }, (_, i) => dayShape(i) * (1 + 0.1 * Math.sin(i * i)));
    const one = forecastUse(hours, null, AHEAD) ?? [];
    const two =
      forecastUse(
        hours.map((hour) => 2 * hour),
        null,
        AHEAD,
      ) ?? [];
    expect(two).toHaveLength(AHEAD.length);
    for (const [i, point] of two.entries()) {
      expect(point.likely / (one[i]?.likely ?? 0)).toBeCloseTo(2, 9);
      expect(point.hi / (one[i]?.hi ?? 0)).toBeCloseTo(2, 9);
    }
  });
});

describe('hours', () => {
  it('are counted back from the end; what is missing of one is filled up, and most of it missing is a gap', () => {
    const increments = [
      ...Array(6).fill(1),
      ...Array(6).fill(null),
      ...Array(12).fill(2),
      ...Array(12).fill(null),
    ];
    const stepMs = 5 * MINUTE_MS;
    expect(toHours({ startMs: 0, stepMs, increments })).toEqual([12, 24, null]);
    expect(toHours({ startMs: 0, stepMs, increments: [7, ...increments] })).toEqual([12, 24, null]);
    expect(() => toHours({ startMs: 0, stepMs: 7 * MINUTE_MS, increments })).toThrow();
  });

  it('a single burst is hardly taken for what is to come, and the band knows of it', () => {
    const hours = Array<number>(96).fill(10);
    hours[70] = 1_000;
    expect(capBursts(hours)[70]).toBe(30);
    const next = forecastUse(hours, null, [24])?.[0];
    // A day without it is 240, and the mean of these days 487.
    expect(next?.likely).toBeGreaterThan(235);
    expect(next?.likely).toBeLessThan(300);
    expect(next?.hi).toBeGreaterThan(1_000);
  });
});

describe('what was used', () => {
  it('begins with the period, ends with what is used now, and holds what the gaps must hold', () => {
    const history = historyOf([100, 100, null, 100]);
    const { past } = ask({ used: 400, history, startsMs: NOW_MS - 4 * HOUR_MS, allowed: 1_000 });
    expect(past.map(([atMs, used]) => [(atMs - NOW_MS) / HOUR_MS, used])).toEqual([
      [-4, 0],
      [-3, 100],
      [-2, 200],
      [-1, 300],
      [0, 400],
    ]);
    // Of a period that began before the history, what came before it is in it from the start.
    expect(ask({ used: 1_000, history, startsMs: NOW_MS - 99 * HOUR_MS }).past[0]?.[1]).toBe(700);
  });
});
