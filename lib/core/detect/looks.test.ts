import { describe, expect, it } from 'vitest';
import { BLOCK_MS, MINUTE_MS } from '../time/range.ts';
import { daysBefore } from '../verdict/baseline.ts';
import { type CountBlock, eventsPerBlock, logsOfCounts } from '../verdict/blocks.ts';
import { leaveOneOut } from '../verdict/profile.ts';
import { CALM, FAMILIES, makeSeries, randomPoisson, seededRandom } from '../verdict/test-series.ts';
import type { BlockSeries } from './block-series.ts';
import { type CountSeries, countLook, countUsual, detectCountSpikes } from './count-spike.ts';
import { daysOfResiduals, detectDrift } from './drift.ts';
import type { FoundStep } from './found-step.ts';
import { lumpedMinutes } from './lumped-minutes.ts';
import { detectPlateaus, plateauLook, usualTop } from './plateau.ts';
import { driftSince, type RateRow, type RateUsual, rateLooks, usualRate } from './rate-look.ts';
import { detectRegressions } from './regression.ts';
import { detectSpikes } from './spike.ts';
import { type CounterSpan, detectStalls, stallLook, stallUsual } from './stall.ts';

const WILD = FAMILIES.find(({ name }) => name === 'AR .9, daily, day 3 %') ?? CALM;
const DAY = 288;

/** Two weeks and a day; `change` is the logarithm of what the day does. */
function rowOf(family: typeof CALM, seed: number, change: (block: number) => number) {
  const { before, after } = makeSeries(family, seed);
  const changed = after.map(
    (block, i): CountBlock =>
      block === null ? null : { ...block, increase: Math.round(block.increase * Math.exp(change(i))) },
  );
  const usual = usualRate(logsOfCounts(before), eventsPerBlock(before), 1);
  if (usual === null) throw new Error('the generator made no comparable day');
  const logs = logsOfCounts([...before, ...changed]);
  const row = (until: number, over: Partial<RateRow> = {}): RateRow => ({
    ...{ logs, origin: before.length, until: before.length + until, steps: [], movedAt: null },
    ...{ levelOf: Math.exp, way: 'up' as const },
    ...over,
  });
  return { usual, row, logs, origin: before.length, before };
}

const step =
  (ratio: number, from: number, to = 999) =>
  (block: number) =>
    block >= from && block < to ? Math.log(ratio) : 0;

/** The series that a walk over the same day gets. */
function walked({ row, usual }: ReturnType<typeof rowOf>): BlockSeries {
  const { logs, origin } = row(DAY);
  const { expected } = usual.baseline;
  const deviations = logs.slice(origin).map((log, i) => {
    const mean = expected[i % expected.length] ?? null;
    return log === null || mean === null ? null : log - mean;
  });
  return { startMs: 0, leadBlocks: 0, deviations, baseline: usual.baseline, levelOf: Math.exp };
}

function firstBlock(scores: readonly (number | null | undefined)[], inRow: number): number {
  return scores.findIndex(
    (_, i) => i + 1 >= inRow && scores.slice(i + 1 - inRow, i + 1).every((one) => (one ?? 0) >= 1),
  );
}

describe('looks one by one', () => {
  it('find what a walk over the whole series finds, at the same block', () => {
    for (const [seed, ratio] of [
      [1, 1],
      [2, 3],
      [3, 1.6],
    ] as const) {
      const made = rowOf(WILD, seed, step(ratio, 150, 200));
      const looks = Array.from({ length: DAY }, (_, i) => rateLooks(made.row(i + 1), made.usual));
      const series = walked(made);
      const [spike] = detectSpikes(series, 'up');
      const [regression] = detectRegressions(series, 'up');
      expect
        .soft(
          firstBlock(
            looks.map((look) => look.spike?.score),
            1,
          ),
        )
        .toBe((spike?.startMs ?? -BLOCK_MS) / BLOCK_MS);
      // A walk has no lead of the day before here, so that its first two hours are empty.
      const found = firstBlock(
        looks.map((look, i) => (i < 23 ? null : look.regression?.score)),
        2,
      );
      expect.soft(found).toBe((regression?.startMs ?? -BLOCK_MS) / BLOCK_MS);
    }
  });

  it('see the drift that a walk sees, at the same look', () => {
    const made = rowOf(CALM, 3, (block) => (Math.log(1.4) * block) / DAY);
    const placeboDays = daysOfResiduals(leaveOneOut(daysBefore(logsOfCounts(made.before)), null));
    const [found] = detectDrift({ series: walked(made), placeboDays, way: 'up' });
    const at = (block: number) => driftSince(made.row(block), made.usual, made.origin);
    const block = (found?.startMs ?? Number.NaN) / BLOCK_MS + 1;
    expect(at(block - 1)?.score ?? 0).toBeLessThan(1);
    expect(at(block)?.score).toBeGreaterThanOrEqual(1);
    expect(at(DAY)).toMatchObject({ what: found?.what });
  });

  it('call a drift over when the last 2 h are back', () => {
    const made = rowOf(CALM, 3, (block) => (block < 260 ? (Math.log(1.6) * block) / DAY : 0));
    expect(driftSince(made.row(220), made.usual, made.origin)?.score).toBeGreaterThanOrEqual(1);
    expect(driftSince(made.row(DAY), made.usual, made.origin)?.score).toBe(0);
  });

  it('call a spike over with its first usual block, though half an hour still holds it', () => {
    const made = rowOf(WILD, 2, step(5, 100, 102));
    const scores = Array.from(
      { length: 8 },
      (_, i) => rateLooks(made.row(100 + i), made.usual).spike?.score ?? -1,
    );
    expect(scores.map((score) => score >= 1)).toEqual([false, true, true, false, false, false, false, false]);
  });

  it('tell nothing of a block that was not measured', () => {
    const made = rowOf(CALM, 4, step(5, 0));
    const logs = made.logs.with(made.origin + 99, null);
    expect(rateLooks(made.row(100, { logs }), made.usual)).toEqual({ spike: null, regression: null });
    expect(rateLooks(made.row(99, { logs }), made.usual).spike?.score).toBeGreaterThan(1);
  });
});

describe('a value that never moves', () => {
  const constant = Array<number>(15 * DAY).fill(Math.log(40));

  it('netdata #12967: is no anomaly at any look, and stays none', () => {
    const usual = usualRate(constant.slice(0, 14 * DAY), 12_000, 1);
    if (usual === null) throw new Error('there are whole days');
    const row = { logs: constant, origin: 14 * DAY, levelOf: Math.exp, way: 'both' as const };
    for (let i = 1; i <= DAY; i += 7) {
      const { spike, regression } = rateLooks(
        { ...row, steps: [], movedAt: null, until: 14 * DAY + i },
        usual,
      );
      expect.soft([spike?.score, regression?.score]).toEqual([expect.closeTo(0, 9), expect.closeTo(0, 9)]);
    }
  });

  it('is no flat top either: it has never moved more', () => {
    const minutes = Array.from({ length: 3 * 1_440 }, (_, i) => ({ atMs: i * MINUTE_MS, value: 40 }));
    const usual = usualTop(minutes, MINUTE_MS, 2 * 1_440 * MINUTE_MS);
    const ask = { sampleMs: MINUTE_MS, nowMs: 3 * 1_440 * MINUTE_MS, quota: null };
    expect(usual === null ? null : plateauLook(minutes, ask, usual)?.score).toBe(0);
  });
});

describe('a look after a step', () => {
  const fall = Math.log(1 / 30);
  const stepAt = (made: ReturnType<typeof rowOf>, block: number): { steps: FoundStep[]; movedAt: number } => {
    const at = made.origin + block;
    return { steps: [{ at, settleBlocks: 2, log: fall }], movedAt: at + 2 };
  };

  it('holds a promised fall as usual, and a return from it as the alarm that it is', () => {
    const made = rowOf(WILD, 5, (block) => (block < 100 || block >= 200 ? 0 : fall));
    const moved = stepAt(made, 100);
    const score = (until: number, over: Partial<RateRow>) =>
      rateLooks(made.row(until, over), made.usual).spike?.score ?? 0;
    expect(score(180, { ...moved, way: 'both' })).toBeLessThan(1);
    expect(score(180, { way: 'both' })).toBeGreaterThan(1);
    expect(score(201, moved)).toBeGreaterThan(1);
    expect(score(201, {})).toBeLessThan(1);
  });

  it('says what is usual at the new level', () => {
    const made = rowOf(WILD, 5, step(1 / 30, 100));
    const { spike } = rateLooks(made.row(180, stepAt(made, 100)), made.usual);
    expect((spike?.value ?? 0) / (spike?.expected ?? 1)).toBeCloseTo(1, 0);
  });

  it('lets pass what fewer events stray by, in 20 days none alarms', () => {
    const alarms = Array.from({ length: 20 }, (_, seed) => {
      const { before, after } = makeSeries({ ...CALM, perMinute: 100 }, seed + 20);
      const random = seededRandom(seed);
      const fewer = after.map(
        (block, i): CountBlock =>
          block === null || i < 100 ? block : { ...block, increase: randomPoisson(random, 500 / 30) },
      );
      const usual = usualRate(logsOfCounts(before), eventsPerBlock(before), 1) as RateUsual;
      const origin = before.length;
      const row = {
        logs: logsOfCounts([...before, ...fewer]),
        origin,
        levelOf: Math.exp,
        way: 'up' as const,
      };
      const moved = { steps: [{ at: origin + 100, settleBlocks: 1, log: fall }], movedAt: origin + 101 };
      return Array.from({ length: 150 }, (_, i) =>
        rateLooks({ ...row, ...moved, until: origin + 130 + i }, usual),
      ).some(({ spike, regression }) => (spike?.score ?? 0) >= 1 || (regression?.score ?? 0) >= 1);
    });
    expect(alarms.filter(Boolean)).toEqual([]);
  });
});

describe('a look at rare events', () => {
  const before: CountSeries = {
    startMs: 0,
    stepMs: MINUTE_MS,
    counts: Array<number>(14 * 1440).fill(0),
    requests: null,
  };
  const usual = countUsual(before);
  const since = (counts: (number | null)[]): CountSeries => ({
    ...before,
    startMs: 14 * 1440 * MINUTE_MS,
    counts,
  });

  it('sees at every minute what a walk sees', () => {
    if (usual === null) throw new Error('there is a baseline');
    const random = seededRandom(8);
    const counts = Array.from({ length: 400 }, (_, i) =>
      randomPoisson(random, i >= 120 && i < 150 ? 4 : 0.01),
    );
    const [walk] = detectCountSpikes(before, since(counts));
    const scores = counts.map((_, i) => countLook(since(counts.slice(0, i + 1)), usual)?.score ?? 0);
    expect(scores.findIndex((score) => score >= 1)).toBe(
      ((walk?.startMs ?? 0) - since([]).startMs) / MINUTE_MS,
    );
    expect(scores.slice(200).every((score) => score < 1)).toBe(true);
  });

  it('knows nothing in a minute that was not measured', () => {
    if (usual === null) throw new Error('there is a baseline');
    expect(countLook(since([50, null]), usual)).toBeNull();
    expect(countLook(since([]), usual)).toBeNull();
  });
});

describe('blocks as minutes', () => {
  const block = (increase: number, coveredMs = BLOCK_MS): CountBlock => ({ increase, coveredMs });

  it('hold the same sums, and what was not measured stays so', () => {
    const minutes = lumpedMinutes([block(7), null, block(3, BLOCK_MS / 2), block(9, 1_000)]);
    expect(minutes).toHaveLength(20);
    expect(minutes.slice(0, 5)).toEqual([7, 0, 0, 0, 0]);
    expect(minutes.slice(5, 10)).toEqual([null, null, null, null, null]);
    expect(minutes.slice(10, 12)).toEqual([6, 0]);
    expect(minutes[15]).toBeNull();
  });

  it('make no spike of what their minutes would not: a busy minute is taken as usual', () => {
    const random = seededRandom(4);
    const blocks = Array.from({ length: 14 * DAY }, () => block(randomPoisson(random, 5)));
    const lumped = countUsual({
      startMs: 0,
      stepMs: MINUTE_MS,
      counts: lumpedMinutes(blocks),
      requests: null,
    });
    const largest = Math.max(...blocks.map((one) => one?.increase ?? 0));
    expect(lumped?.count.windows[0]?.largest).toBe(largest);
  });
});

describe('a look at a flat top', () => {
  const random = seededRandom(9);
  const minute = (i: number) => ({ atMs: i * MINUTE_MS, value: 100 + 20 * Math.sin(i / 90) + 6 * random() });
  const before = Array.from({ length: 2_880 }, (_, i) => minute(i));
  const flat = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => ({ atMs: (from + i) * MINUTE_MS, value: 124 }));
  const ask = (samples: readonly { atMs: number; value: number }[], minutes: number) => {
    const usual = usualTop(before, MINUTE_MS, 2_880 * MINUTE_MS);
    if (usual === null) throw new Error('two days are enough');
    return plateauLook(samples, { sampleMs: MINUTE_MS, nowMs: minutes * MINUTE_MS, quota: null }, usual);
  };

  it('fires where a walk fires, and needs two windows', () => {
    const samples = [...before, ...flat(2_880, 60)];
    const scores = Array.from({ length: 60 }, (_, i) => ask(samples, 2_880 + i)?.score ?? 0);
    const input = { samples, sampleMs: MINUTE_MS, fromMs: 2_880 * MINUTE_MS, nowMs: 2_940 * MINUTE_MS };
    const [walk] = detectPlateaus({ ...input, sinceMs: null, quota: null, refusedIn: null });
    const first = scores.findIndex((score) => score >= 1);
    expect(first).toBeGreaterThanOrEqual(20);
    expect(first).toBeLessThanOrEqual(35);
    // The walk dates a firing by the step that ended with its window.
    expect(2_880 + first).toBe(((walk?.startMs ?? 0) + 5 * MINUTE_MS) / MINUTE_MS);
  });

  it('says nothing where one of its windows was not measured', () => {
    const samples = [...before, ...flat(2_880, 60)].filter(
      ({ atMs }) => atMs < 2_890 * MINUTE_MS || atMs >= 2_912 * MINUTE_MS,
    );
    expect(ask(samples, 2_920)).toBeNull();
    expect(ask([], 2_920)).toBeNull();
  });
});

describe('a look at a silence', () => {
  const before: CountSeries = {
    startMs: 0,
    stepMs: BLOCK_MS,
    counts: Array<number>(14 * DAY).fill(500),
    requests: null,
  };
  const startMs = 14 * DAY * BLOCK_MS;
  const spans = (increases: readonly (number | null)[]): CounterSpan[] =>
    increases.map((increase, i) => ({
      fromMs: startMs + i * 30_000,
      toMs: startMs + (i + 1) * 30_000,
      increase,
    }));

  it('of a counter of 100 a minute is told within 3 min, as a walk tells it', () => {
    const usual = stallUsual(before, null);
    if (usual === null) throw new Error('there are events');
    const increases = [50, 50, ...Array<number>(10).fill(0)];
    const scores = increases.map((_, i) => stallLook(spans(increases.slice(0, i + 1)), usual)?.score ?? 0);
    const first = scores.findIndex((score) => score >= 1);
    expect((first - 1) * 30_000).toBeLessThanOrEqual(3 * MINUTE_MS);
    expect(startMs + first * 30_000).toBe(detectStalls(before, spans(increases), null)[0]?.startMs);
  });

  it('is none under a claimed fall of 96.7 %, and unknown while no numbers come', () => {
    const slow = { ...before, counts: Array<number>(14 * DAY).fill(50) };
    const claimed = stallUsual(slow, { ratio: 0.033 });
    const quiet = spans([1, ...Array<number>(12).fill(0)]);
    expect(claimed === null ? null : stallLook(quiet, claimed)?.score).toBeLessThan(1);
    const usual = stallUsual(slow, null);
    expect(usual === null ? null : stallLook(quiet, usual)?.score).toBeGreaterThanOrEqual(1);
    expect(usual === null ? null : stallLook([...quiet, ...spans([null])], usual)).toBeNull();
  });
});
