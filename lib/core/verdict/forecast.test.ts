import { describe, expect, it } from 'vitest';
import { BLOCK_MS } from '../time/range.ts';
import type { Baseline } from './baseline.ts';
import type { CountBlock } from './blocks.ts';
import { baselineLowerRate, baselineUpperRate, countLimits } from './count-limits.ts';
import {
  anytimeLowerRate,
  anytimeUpperRate,
  claimedDispersion,
  clockWeights,
  dispersionOf,
  routeOf,
  shortDispersionOf,
} from './count-route.ts';
import { type ClaimForecast, forecastClaim } from './forecast.ts';
import type { ClaimPromise } from './limits.ts';
import { CALM, FAMILIES, makeSeries, randomPoisson, type SeriesFamily, seededRandom } from './test-series.ts';
import { baselineOfCounts } from './watch.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

function baselineFor(family: SeriesFamily, days = 14): Baseline {
  const baseline = baselineOfCounts(makeSeries(family, 21, { days }).before);
  if (baseline === null) throw new Error('the generator made no comparable day');
  return baseline;
}

const family = (name: string) => FAMILIES.find((each) => each.name === name) ?? CALM;
const calm = baselineFor(CALM);
const wild = baselineFor(family('AR .97, daily, day 5 %'));
const fallTo = (ratio: number): ClaimPromise => ({ kind: 'change', ratio });
const noRise: ClaimPromise = { kind: 'guard', against: 'rise', margin: 0.1, floorRatio: null };
const afterMs = (forecast: ClaimForecast): number => forecast.decidableAfterMs ?? Number.POSITIVE_INFINITY;

describe('the forecast before a deploy', () => {
  it('a great fall on a calm metric is told after an hour and not before', () => {
    const forecast = forecastClaim({ baseline: calm, promise: fallTo(0.033) });
    expect(forecast).toMatchObject({ why: null, weak: false, baselineDays: 14 });
    expect(afterMs(forecast)).toBe(HOUR_MS + 5 * MINUTE_MS);
  });

  it('what a calm metric tells in an hour, a wild one does not tell in a day, and the reason names both numbers', () => {
    expect(afterMs(forecastClaim({ baseline: calm, promise: noRise }))).toBeLessThanOrEqual(2 * HOUR_MS);
    const forecast = forecastClaim({ baseline: wild, promise: noRise });
    expect(forecast.decidableAfterMs).toBeNull();
    expect(forecast.why).toMatch(
      /^After 24 h this metric is known to ±1\d % only; the promise leaves room for 10 %\.$/,
    );
  });

  it('a longer watch never decides later, a shorter one never sooner', () => {
    const promise = fallTo(0.5);
    const day = afterMs(forecastClaim({ baseline: wild, promise }));
    expect(afterMs(forecastClaim({ baseline: wild, promise, maxHours: 48 }))).toBe(day);
    expect(afterMs(forecastClaim({ baseline: calm, promise: fallTo(0.1), maxHours: 0.5 }))).toBe(
      Number.POSITIVE_INFINITY,
    );
  });

  it('the smallest change shrinks with the hours and is smaller on a calm metric', () => {
    for (const baseline of [calm, wild]) {
      const { after1h, after6h, after24h } = forecastClaim({ baseline, promise: fallTo(0.5) }).smallestChange;
      expect(after6h ?? 1).toBeLessThan(after1h ?? 0);
      expect(after24h ?? 1).toBeLessThanOrEqual(after6h ?? 0);
    }
    const end = (baseline: Baseline) =>
      forecastClaim({ baseline, promise: fallTo(0.5) }).smallestChange.after24h ?? 1;
    expect(end(calm)).toBeLessThan(0.02);
    expect(end(wild)).toBeGreaterThan(0.1);
  });

  it('without a baseline, with a weak one, or without an amount it says so and promises no time', () => {
    expect(forecastClaim({ baseline: null, promise: noRise })).toMatchObject({
      decidableAfterMs: null,
      baselineDays: 0,
      why: 'There is no comparable day before it.',
    });
    const weak = forecastClaim({ baseline: baselineFor(CALM, 3), promise: fallTo(0.05) });
    expect(weak).toMatchObject({ decidableAfterMs: null, weak: true, baselineDays: 3 });
    expect(weak.why).toBe('Only 3 comparable days before it; 7 are needed for a verdict.');
    // A weak baseline adds a day spread of 10 %, so nothing much below 40 % can show.
    expect(weak.smallestChange.after24h ?? 0).toBeGreaterThan(0.25);
    const improve = forecastClaim({ baseline: calm, promise: { kind: 'improve', toward: 'down' } });
    expect(improve.decidableAfterMs).toBeNull();
    expect(improve.why).toMatch(/no amount/);
    expect(forecastClaim({ baseline: calm, promise: fallTo(1) }).why).toMatch(/no change/);
  });

  it('rare events are counted: a promised 0 is told after hours of silence, a doubling of what never was never', () => {
    const rare = baselineFor({ ...CALM, perMinute: 0.5 });
    const zero = forecastClaim({ baseline: rare, promise: fallTo(0) });
    expect(afterMs(zero) / HOUR_MS).toBeGreaterThan(4.8);
    expect(afterMs(zero) / HOUR_MS).toBeLessThan(5.1);
    expect(zero.smallestChange.after1h).toBeNull();
    const never = baselineFor({ ...CALM, perMinute: 0 });
    expect(forecastClaim({ baseline: never, promise: fallTo(2) }).why).toMatch(/too rare/);
    // 30 an hour that become 60 lie too near to the 58 that would do; 20 where there was none are told from 16.
    expect(forecastClaim({ baseline: rare, promise: fallTo(2) }).why).toMatch(/too rare/);
    const risen = forecastClaim({ baseline: never, promise: fallTo(1e6), levelPerHour: 20 });
    expect(afterMs(risen)).toBeLessThan(24 * HOUR_MS);
    // 1.5 events an hour, 36 in a day: no day tells them from the limit of 1.9.
    expect(forecastClaim({ baseline: rare, promise: fallTo(0.05) }).why).toMatch(/too rare/);
    const fewer = forecastClaim({ baseline: baselineFor({ ...CALM, perMinute: 10 }), promise: fallTo(0.3) });
    expect(fewer).toMatchObject({ why: null, smallestChange: { after1h: null } });
    expect(afterMs(fewer)).toBeLessThan(24 * HOUR_MS);
  });
});

describe('the count route', () => {
  it('is taken below twenty events a block of the lower of baseline and claim', () => {
    expect(routeOf(1_000, fallTo(0.5))).toBe('logs');
    expect(routeOf(1_000, fallTo(0.01))).toBe('counts');
    expect(routeOf(1_000, fallTo(0))).toBe('counts');
    expect(routeOf(19, fallTo(5))).toBe('counts');
    expect(routeOf(null, fallTo(0.01))).toBe('logs');
  });

  it.each([
    [1, 4.1],
    [1.2, 4.9],
  ])('with φ = %d proves less than one an hour after %d h of silence', (dispersion, hours) => {
    expect(anytimeUpperRate({ events: 0, hours: hours - 0.06 }, dispersion)).toBeGreaterThan(1);
    expect(anytimeUpperRate({ events: 0, hours: hours + 0.06 }, dispersion)).toBeLessThan(1);
  });

  it('without events has the upper limit of its closed form', () => {
    for (const hours of [0.5, 3, 24]) {
      const closed = (Math.log(1 / 0.05) + 0.5 * Math.log(1 + hours / 0.5)) / hours;
      expect(anytimeUpperRate({ events: 0, hours }, 1)).toBeCloseTo(closed, 9);
    }
    expect(anytimeUpperRate({ events: 0, hours: 0 }, 1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('holds the true rate below its limit at every look, for all but few of the watches', () => {
    let wrong = 0;
    for (let seed = 0; seed < 200; seed++) {
      const random = seededRandom(seed * 7_919);
      let events = 0;
      let isWrong = false;
      for (let look = 1; look <= 96; look++) {
        events += randomPoisson(random, 0.5);
        if (anytimeUpperRate({ events, hours: look / 4 }, 1) < 2) isWrong = true;
      }
      if (isWrong) wrong += 1;
    }
    // 2–3.4 % of 3,000 were measured; the method allows 5 %.
    expect(wrong).toBeLessThanOrEqual(10);
  });

  it('holds for many events too, and is then near to them', () => {
    let wrong = 0;
    for (let seed = 0; seed < 100; seed++) {
      const random = seededRandom(seed * 7_919 + 1);
      let events = 0;
      let isWrong = false;
      for (let look = 1; look <= 96; look++) {
        events += randomPoisson(random, 45);
        if (anytimeUpperRate({ events, hours: look / 4 }, 1, 120) < 180) isWrong = true;
      }
      if (isWrong) wrong += 1;
    }
    expect(wrong).toBeLessThanOrEqual(5);
    expect(anytimeUpperRate({ events: 4_320, hours: 24 }, 1, 180)).toBeLessThan(195);
  });

  it('more silence never raises the limit, one event always does', () => {
    let last = Number.POSITIVE_INFINITY;
    for (let hours = 0.25; hours <= 24; hours += 0.25) {
      const upper = anytimeUpperRate({ events: 3, hours }, 1.2);
      expect(upper).toBeLessThan(last);
      expect(anytimeUpperRate({ events: 4, hours }, 1.2)).toBeGreaterThan(upper);
      last = upper;
    }
  });

  it('holds a promise against the lower limit of the baseline', () => {
    const baseline = { events: 336, hours: 336 };
    expect(baselineLowerRate(baseline, 1.2)).toBeGreaterThan(0.8);
    expect(baselineLowerRate(baseline, 1.2)).toBeLessThan(1);
    expect(baselineLowerRate({ events: 0, hours: 336 }, 1.2)).toBe(0);
    expect(baselineUpperRate(baseline, 1.2)).toBeGreaterThan(1);
    expect(baselineUpperRate({ events: 0, hours: 336 }, 3)).toBeGreaterThan(0);
    const metAt = (promise: ClaimPromise, events: number) =>
      countLimits(promise, { events, hours: 336 }, 1.2)?.met;
    expect(metAt(fallTo(0), 336_000)).toBeCloseTo(1, 9);
    expect(metAt(fallTo(0), 33_600_000)).toBeCloseTo(100, 9);
    // Less than one an hour before: one an hour would be no change at all.
    expect(metAt(fallTo(0), 200)).toBeLessThan(0.3);
    expect(metAt(noRise, 0)).toBe(1);
    expect(metAt(fallTo(3), 0)).toBeUndefined();
    expect(metAt(fallTo(1), 336)).toBeUndefined();
  });

  it('orders the limits of every promise: what is met is on track, and nothing on track is missed or worse', () => {
    const promises: ClaimPromise[] = [
      ...[0, 0.01, 0.3, 0.95, 1.05, 2, 40].map(fallTo),
      noRise,
      { kind: 'guard', against: 'fall', margin: 0.1, floorRatio: null },
      { kind: 'improve', toward: 'down' },
      { kind: 'improve', toward: 'up' },
    ];
    for (const promise of promises) {
      for (const events of [1, 30, 5_000]) {
        const limits = countLimits(promise, { events, hours: 336 }, 1.2);
        if (limits === null) throw new Error('each of them can be counted');
        const sign = limits.direction === 'down' ? 1 : -1;
        expect(sign * limits.missed).toBeGreaterThanOrEqual(sign * limits.estimate);
        expect(sign * limits.worse).toBeGreaterThanOrEqual(sign * limits.estimate);
        expect(sign * limits.missed).toBeGreaterThanOrEqual(sign * limits.met);
      }
    }
  });

  it('a level that was promised is held as it stands, whatever the baseline was', () => {
    const at = (promise: ClaimPromise, perHour: number, events: number) =>
      countLimits(promise, { events, hours: 336 }, 1.2, perHour);
    expect(at(fallTo(0.1), 6, 60 * 336)).toMatchObject({ direction: 'down', met: 7.5, missed: 7.5 });
    expect(at(noRise, 5, 0)).toMatchObject({ met: 5, estimate: 5, worse: 5 });
    expect(at(noRise, 0, 0)).toMatchObject({ met: 1, worse: 1 });
    expect(at(fallTo(Number.MAX_VALUE), 20, 0)).toMatchObject({ direction: 'up', met: 16 });
  });

  it('believes no baseline to be calmer than φ = 1.2, a short one than 3', () => {
    const blocks = (count: number, increase: (i: number) => number): CountBlock[] =>
      Array.from({ length: count }, (_, i) => ({ increase: increase(i), coveredMs: BLOCK_MS }));
    expect(dispersionOf(blocks(100, () => 4))).toBe(1.2);
    expect(dispersionOf(blocks(20, () => 1))).toBe(3);
    expect(dispersionOf([])).toBe(3);
    expect(dispersionOf(blocks(2_880, (i) => (i % 10 === 0 ? 40 : 0)))).toBeGreaterThan(35);
    // Bursts of an hour: blocks alone would say 48, hours say what they are.
    expect(dispersionOf(blocks(2_880, (i) => (i % 288 < 12 && i % 576 < 288 ? 40 : 0)))).toBeGreaterThan(200);
  });

  it('of a level that wanders only the bursts are left when next to nothing is promised', () => {
    const { before } = makeSeries(family('AR .97, daily, day 5 %'), 3);
    const both = { dispersion: dispersionOf(before), shortDispersion: shortDispersionOf(before) };
    expect(both.dispersion).toBeGreaterThan(50);
    expect(both.shortDispersion).toBeLessThan(10);
    expect(claimedDispersion(both, noRise)).toBe(both.dispersion);
    expect(claimedDispersion(both, fallTo(0))).toBe(both.shortDispersion);
    const bursts = Array.from(
      { length: 2_880 },
      (_, i): CountBlock => ({
        increase: i % 10 === 0 ? 40 : 0,
        coveredMs: BLOCK_MS,
      }),
    );
    expect(shortDispersionOf(bursts)).toBeGreaterThan(30);
  });

  it('a quiet night proves nothing: hours weigh as much as is usual at their time', () => {
    const before = Array.from(
      { length: 14 * 288 },
      (_, i): CountBlock => ({
        increase: i % 288 < 144 ? 10 : 1,
        coveredMs: BLOCK_MS,
      }),
    );
    const weights = clockWeights(before);
    expect(weights[72]).toBeCloseTo(1.77, 1);
    expect(weights[216]).toBeCloseTo(0.23, 1);
    expect(weights.reduce((sum, weight) => sum + weight, 0) / 288).toBeCloseTo(1, 1);
    // Against a flat day the same counts would stray 265-fold.
    expect(dispersionOf(before)).toBeLessThan(10);
    expect(clockWeights([]).every((weight) => weight === 1)).toBe(true);
  });

  it('holds the true rate above its lower limit at every look too', () => {
    let wrong = 0;
    for (let seed = 0; seed < 200; seed++) {
      const random = seededRandom(seed * 7_919 + 2);
      let events = 0;
      let isWrong = false;
      for (let look = 1; look <= 96; look++) {
        events += randomPoisson(random, 0.5);
        if (anytimeLowerRate({ events, hours: look / 4 }, 1) > 2) isWrong = true;
      }
      if (isWrong) wrong += 1;
    }
    expect(wrong).toBeLessThanOrEqual(10);
    expect(anytimeLowerRate({ events: 0, hours: 5 }, 1)).toBe(0);
    expect(anytimeLowerRate({ events: 4_320, hours: 24 }, 1, 180)).toBeGreaterThan(165);
  });
});
