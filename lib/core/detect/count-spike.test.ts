import { describe, expect, it } from 'vitest';
import { randomPoisson, seededRandom } from '../verdict/test-series.ts';
import { buildCountBaseline } from './count-baseline.ts';
import { detectCountSpikes } from './count-spike.ts';
import type { Firing } from './firing.ts';

const MINUTE = 60_000;
const DAY = 1_440;

function poisson(perMinute: number, minutes: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: minutes }, () => randomPoisson(random, perMinute));
}

interface Case {
  before: readonly (number | null)[];
  after: readonly (number | null)[];
  requests?: { before: readonly number[]; after: readonly number[] };
}

function spikesIn({ before, after, requests }: Case): Firing[] {
  const startMs = before.length * MINUTE;
  return detectCountSpikes(
    { startMs: 0, stepMs: MINUTE, counts: before, requests: requests?.before ?? null },
    { startMs, stepMs: MINUTE, counts: after, requests: requests?.after ?? null },
  );
}

const never = Array<number>(14 * DAY).fill(0);
const quiet = (minutes: number) => Array<number>(minutes).fill(0);
/** Minute of the watch at the end of which it fired. */
const minutesOf = (firings: readonly Firing[], before = never) =>
  firings.map(({ startMs }) => startMs / MINUTE + 1 - before.length);

describe('a spike of rare events', () => {
  it('ten in one minute, where there never were any, fire with that minute', () => {
    const after = [...quiet(600), 10, ...quiet(100)];
    const found = spikesIn({ before: never, after });
    expect(minutesOf(found)).toEqual([601]);
    expect(found[0]).toMatchObject({
      value: 10,
      endMs: expect.any(Number),
      what: expect.stringMatching(/^10 in 1 min/),
    });
  });

  it('a stray one does not, whenever it comes', () => {
    for (const at of [0, 300, 1_439]) {
      const after = quiet(DAY);
      after[at] = 1;
      expect(spikesIn({ before: never, after })).toEqual([]);
    }
  });

  it('a trickle of 0.2 a minute is found within 2 h, and named by its long window', () => {
    const found = spikesIn({ before: never, after: poisson(0.2, 300, 3) });
    expect(minutesOf(found)[0]).toBeLessThan(120);
    expect(found[0]?.what).toMatch(/in (1|6) h/);
  });

  it('seven of ten failing once in a hundred minutes are found, one in a hundred is not', () => {
    const before = poisson(0.01, 14 * DAY, 8);
    expect(minutesOf(spikesIn({ before, after: [...quiet(30), 7, ...quiet(30)] }), before)).toEqual([31]);
    expect(spikesIn({ before, after: [...quiet(30), 1, ...quiet(30)] })).toEqual([]);
  });

  it('bursts as the baseline knows them do not fire, one far above them does', () => {
    const before = quiet(14 * DAY).map((_, i): number => (i % 700 === 0 ? 12 : 0));
    const after = quiet(DAY).map((_, i): number => (i % 700 === 0 ? 12 : 0));
    expect(spikesIn({ before, after })).toEqual([]);
    expect(minutesOf(spikesIn({ before, after: after.with(650, 200) }), before)).toEqual([651]);
  });

  it('it stays while 1 to 5 min are hot, ends with them, and does not come back for what was counted then', () => {
    const after = [...quiet(60), ...Array(30).fill(5), ...quiet(120), 1, ...quiet(120)];
    const found = spikesIn({ before: never, after });
    expect(found).toHaveLength(1);
    const endMinute = (found[0]?.endMs ?? 0) / MINUTE - never.length;
    expect(endMinute).toBeGreaterThanOrEqual(90);
    expect(endMinute).toBeLessThanOrEqual(95);
  });

  it('minutes that were not measured are neither quiet nor hot: it neither fires nor recovers in them', () => {
    const hole = Array<null>(60).fill(null);
    const found = spikesIn({ before: never, after: [...quiet(10), 20, 20, ...hole] });
    expect(found).toMatchObject([{ endMs: null }]);
    expect(spikesIn({ before: never, after: hole })).toEqual([]);
    expect(spikesIn({ before: hole, after: [50] })).toEqual([]);
  });

  it('what comes every day at the same hour does not fire', () => {
    const daily = (days: number) =>
      quiet(days * DAY).map((_, i) => (i % DAY >= 600 && i % DAY < 630 ? 6 : 0));
    expect(spikesIn({ before: daily(14), after: daily(1) })).toEqual([]);
  });

  it('a longer replay begins with what a shorter one gave', () => {
    const after = [...quiet(60), 15, ...quiet(90), 40, 3, 9, ...quiet(90)];
    const whole = spikesIn({ before: never, after });
    for (const minutes of [70, 152, 200]) {
      const part = spikesIn({ before: never, after: after.slice(0, minutes) });
      expect(part.map(({ startMs }) => startMs)).toEqual(
        whole.map(({ startMs }) => startMs).filter((startMs) => startMs < (never.length + minutes) * MINUTE),
      );
    }
  });
});

describe('with requests beside them', () => {
  const requests = (perMinute: number, minutes: number) => Array<number>(minutes).fill(perMinute);
  const before = poisson(0.2, 14 * DAY, 21);

  it('says that the share rose too where requests are as many as before', () => {
    const found = spikesIn({
      before,
      after: [...quiet(60), ...Array(10).fill(8)],
      requests: { before: requests(1_000, 14 * DAY), after: requests(1_000, 70) },
    });
    expect(found[0]?.what).toMatch(/their share of requests rose too$/);
  });

  it('says that the share did not where requests rose with them', () => {
    const found = spikesIn({
      before,
      after: [...quiet(60), ...Array(10).fill(8)],
      requests: {
        before: requests(1_000, 14 * DAY),
        after: [...requests(1_000, 60), ...requests(40_000, 10)],
      },
    });
    expect(found[0]?.what).toMatch(/the share did not$/);
  });

  it('finds a share that rose while requests fell and the number stayed', () => {
    const after = [...quiet(60), ...Array(20).fill(1)];
    const fell = { before: requests(1_000, 14 * DAY), after: [...requests(1_000, 60), ...requests(10, 20)] };
    expect(spikesIn({ before, after, requests: fell })[0]?.what).toMatch(
      /the share rose, the number did not$/,
    );
  });
});

describe('the baseline of rare events', () => {
  it('expects about the mean by the clock, and half an event where there was none', () => {
    const baseline = buildCountBaseline(never, 1);
    expect(baseline?.expectedAt(0)).toBeCloseTo(0.5 / never.length, 4);
    const steady = buildCountBaseline(poisson(2, 14 * DAY, 4), 1);
    expect(steady?.expectedAt(700)).toBeGreaterThan(1.8);
    expect(steady?.expectedAt(700)).toBeLessThan(2.2);
    expect(steady?.windows.every(({ dispersion }) => dispersion >= 1.2 && dispersion < 1.6)).toBe(true);
  });

  it('is the same whenever it is shifted by whole days', () => {
    const counts = poisson(0.5, 3 * DAY, 5);
    const baseline = buildCountBaseline(counts, 1);
    expect(baseline?.expectedAt(5)).toBe(baseline?.expectedAt(5 + DAY));
    expect(baseline?.expectedAt(-1)).toBe(baseline?.expectedAt(DAY - 1));
  });

  it('has no windows shorter than its buckets', () => {
    const baseline = buildCountBaseline(poisson(5, 14 * 48, 6), 30);
    expect(baseline?.windows.map(({ length }) => length)).toEqual([2, 12]);
  });
});
