import { describe, expect, it } from 'vitest';
import { BLOCK_MS, DAY_MS } from '../time/range.ts';
import { daysBefore } from '../verdict/baseline.ts';
import { eventsPerBlock, logsOfCounts } from '../verdict/blocks.ts';
import { deviationsOf } from '../verdict/interval.ts';
import { leaveOneOut } from '../verdict/profile.ts';
import { CALM, FAMILIES, makeSeries, type SeriesFamily } from '../verdict/test-series.ts';
import { baselineOfCounts } from '../verdict/watch.ts';
import type { BlockSeries } from './block-series.ts';
import { daysOfResiduals, detectDrift, theilSen } from './drift.ts';
import { detectRegressions } from './regression.ts';
import { joinFirings, replayBlocks } from './replay.ts';
import { detectSlowDrift } from './slow-drift.ts';
import { detectSpikes } from './spike.ts';

const WILD = FAMILIES.find(({ name }) => name === 'AR .9, daily, day 3 %') ?? CALM;

/** A watch whose blocks are changed by a logarithm each; missing where it says null. */
function watchOf(family: SeriesFamily, seed: number, change: (block: number) => number | null) {
  const { before, after } = makeSeries(family, seed);
  const baseline = baselineOfCounts(before);
  if (baseline === null) throw new Error('the generator made no comparable day');
  const changed = after.map((block, i) => {
    const log = change(i);
    return block === null || log === null
      ? null
      : { ...block, increase: Math.round(block.increase * Math.exp(log)) };
  });
  const series: BlockSeries = {
    startMs: 0,
    leadBlocks: 0,
    deviations: deviationsOf(logsOfCounts(changed), baseline.expected),
    baseline,
    levelOf: Math.exp,
  };
  return { series, placeboDays: daysOfResiduals(leaveOneOut(daysBefore(logsOfCounts(before)), null)) };
}

const blockOf = (atMs: number | null | undefined) => (atMs ?? Number.NaN) / BLOCK_MS;
const step =
  (ratio: number, from: number, to = 999) =>
  (block: number) =>
    block >= from && block < to ? Math.log(ratio) : 0;

describe('a regression', () => {
  it.each([
    ['calm', CALM, 1.6],
    ['wild', WILD, 1.6],
    ['wild', WILD, 5],
  ])('on a %s metric it is told within 2 h when the level moves', (_, family, ratio) => {
    for (const seed of [1, 2, 3]) {
      const [found] = detectRegressions(watchOf(family, seed, step(ratio, 120)).series, 'up');
      expect.soft(blockOf(found?.startMs)).toBeGreaterThanOrEqual(120);
      expect.soft(blockOf(found?.startMs)).toBeLessThan(144);
      expect.soft(found?.endMs).toBeNull();
    }
  });

  it('one wild block, however high, is none', () => {
    expect(detectRegressions(watchOf(CALM, 4, step(50, 100, 101)).series, 'both')).toEqual([]);
  });

  it('a change for the better is none', () => {
    expect(detectRegressions(watchOf(CALM, 4, step(0.3, 100)).series, 'up')).toEqual([]);
    expect(detectRegressions(watchOf(CALM, 4, step(0.3, 100)).series, 'down')).toHaveLength(1);
  });

  it('a relapse is held against the level that was reached', () => {
    const fellAndCameBack = (block: number) => (block < 150 ? Math.log(0.05) : Math.log(0.4));
    const { series } = watchOf(CALM, 6, fellAndCameBack);
    const [found] = detectRegressions(series, 'up', Math.log(0.05));
    expect(blockOf(found?.startMs)).toBeGreaterThanOrEqual(150);
    expect(blockOf(found?.startMs)).toBeLessThan(174);
    expect(detectRegressions(series, 'up')).toEqual([]);
  });

  it('ends when the level is back, and not because numbers stop', () => {
    const [back] = detectRegressions(watchOf(CALM, 7, step(2, 60, 150)).series, 'up');
    expect(blockOf(back?.endMs)).toBeGreaterThanOrEqual(150);
    expect(blockOf(back?.endMs)).toBeLessThan(176);
    const stops = (block: number) => (block >= 150 ? null : step(2, 60)(block));
    expect(detectRegressions(watchOf(CALM, 7, stops).series, 'up')).toMatchObject([{ endMs: null }]);
  });
});

describe('a spike of a rate', () => {
  it('of ten minutes is told with its first block', () => {
    for (const [family, seed] of [
      [CALM, 1],
      [WILD, 3],
    ] as const) {
      const [found, ...more] = detectSpikes(watchOf(family, seed, step(3, 120, 122)).series, 'both');
      expect.soft(blockOf(found?.startMs)).toBe(120);
      expect.soft(found?.endMs).not.toBeNull();
      expect.soft(more).toEqual([]);
    }
  });

  it('that the baseline has every day is none', () => {
    const family = FAMILIES.find(({ spikesPerDay }) => spikesPerDay > 0) ?? CALM;
    const fired = [1, 2, 3, 4, 5, 6].filter(
      (seed) => detectSpikes(watchOf(family, seed, () => 0).series, 'both').length > 0,
    );
    expect(fired.length).toBeLessThanOrEqual(1);
  });

  it('downwards is none where only up is bad', () => {
    expect(detectSpikes(watchOf(CALM, 1, step(0.2, 120, 122)).series, 'up')).toEqual([]);
  });
});

describe('a drift', () => {
  it('of 40 % a day on a calm metric is told by 18 h, with its size', () => {
    for (const seed of [1, 2, 3]) {
      const rising = (block: number) => (Math.log(1.4) * block) / 288;
      const { series, placeboDays } = watchOf(CALM, seed, rising);
      const [found] = detectDrift({ series, placeboDays, way: 'both' });
      expect.soft(blockOf(found?.startMs)).toBeLessThan(18 * 12);
      const percent = Number(/rises by (\d+)/.exec(found?.what ?? '')?.[1]);
      expect.soft(Math.abs(percent - 40)).toBeLessThanOrEqual(8);
    }
  });

  it('is not told where nothing drifts, nor of less than 10 % a day', () => {
    for (const seed of [1, 2, 3, 4]) {
      const flat = watchOf(WILD, seed, () => 0);
      expect.soft(detectDrift({ ...flat, way: 'both' })).toEqual([]);
      const little = watchOf(
        { ...CALM, spread: 0.01, perMinute: 20_000 },
        seed,
        (block) => (0.05 * block) / 288,
      );
      expect.soft(detectDrift({ ...little, way: 'both' })).toEqual([]);
    }
  });

  it('has its slope from the median of all pairs: one wild hour in eight does not move it', () => {
    expect(theilSen([0, 1, 2, 3, 4, 5, 6, 7])).toBe(1);
    expect(theilSen([0, 1, 2, 90, 4, 5, 6, 7])).toBe(1);
    expect(theilSen([0, null, 2, 3, null])).toBeNull();
  });
});

describe('a drift over weeks', () => {
  /** Deploys of +9 % each, one every four days. */
  function ratchet(family: SeriesFamily, seed: number, perDeploy: number) {
    const { before } = makeSeries(family, seed, { days: 25 });
    const logs = logsOfCounts(before).map((log, i) =>
      log === null ? null : log + Math.log(1 + perDeploy) * Math.min(5, Math.floor(i / 288 / 4)),
    );
    return detectSlowDrift({ startMs: 0, logs }, Math.exp, 'up');
  }

  it('five deploys of +9 % each, inside the margin every time, are seen together', () => {
    for (const seed of [1, 2, 3]) {
      const found = ratchet(CALM, seed, 0.09);
      expect.soft(found?.what).toMatch(/^rose by [4-6]\d(\.\d)? % over 25 days$/);
    }
  });

  it('is not told where nothing moved, of two weeks that are not whole, or in the good direction', () => {
    for (const seed of [1, 2, 3, 4, 5]) expect.soft(ratchet(WILD, seed, 0)).toBeNull();
    expect(ratchet(CALM, 1, -0.09)).toBeNull();
    const short = logsOfCounts(makeSeries(CALM, 1, { days: 10 }).before);
    expect(detectSlowDrift({ startMs: 0, logs: short }, Math.exp, 'both')).toBeNull();
  });
});

describe('a replay', () => {
  const { before, after } = makeSeries(CALM, 9);
  const blocks = [...before, ...after].map((block, i) =>
    block !== null && i >= 12 * 288 + 40 && i < 12 * 288 + 90
      ? { ...block, increase: 3 * block.increase }
      : block,
  );
  const series = {
    startMs: 0,
    logs: logsOfCounts(blocks),
    facts: (from: number, to: number) => ({
      eventsPerBlock: eventsPerBlock(blocks.slice(from, to)),
      relativeStep: null,
    }),
    levelOf: Math.exp,
    isWeekend: null,
  };
  const detect = (watched: BlockSeries) => detectRegressions(watched, 'up');

  it('without a deploy holds each day against the days before it', () => {
    const found = replayBlocks(series, null, detect) ?? [];
    expect(found).toHaveLength(1);
    expect(found[0]?.startMs).toBeGreaterThan(12 * DAY_MS + 40 * BLOCK_MS);
    expect(found[0]?.startMs).toBeLessThan(12 * DAY_MS + 64 * BLOCK_MS);
    expect(found[0]?.endMs).toBeLessThan(12 * DAY_MS + 116 * BLOCK_MS);
  });

  it('with a deploy holds all that follows against what lies before it', () => {
    expect(replayBlocks(series, 12 * DAY_MS, detect)).toHaveLength(1);
    expect(replayBlocks(series, 13 * DAY_MS, detect)).toEqual([]);
  });

  it('says so where there is no day to compare with', () => {
    expect(replayBlocks(series, 10 * BLOCK_MS, detect)).toBeNull();
    expect(replayBlocks({ ...series, logs: series.logs.slice(0, 200) }, null, detect)).toBeNull();
  });

  it('puts together what only a change of the baseline parted', () => {
    const firing = { score: 2, value: 1, expected: 1, what: 'a', isSevere: false };
    expect(
      joinFirings([
        { ...firing, startMs: 0, endMs: 100 },
        { ...firing, startMs: 100, endMs: null, score: 5, what: 'b' },
      ]),
    ).toEqual([{ ...firing, startMs: 0, endMs: null, score: 5, what: 'b' }]);
  });
});
