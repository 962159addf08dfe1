import { afterEach, describe, expect, it } from 'vitest';
import { PartMaker } from '@/lib/core/history/part-maker.ts';
import type { SampleRow } from '@/lib/core/history/sample-row.ts';
import { rememberedAt } from '@/lib/core/series/history.ts';
import { BLOCK_MS, DAY_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { readNow } from '../queries/now.ts';
import { type Answer, good, grown, live, openWorld, redis, START_MS, sample } from '../queries/test-world.ts';
import { takePart } from './take-part.ts';

const MEASURED = 200;
const IMPORTED = 150;
const TARGET = 'harbor/production/redis/cache';

const answer: Answer = (_target, atMs) =>
  good([sample('redis_commands_total', grown(MEASURED, atMs), { cmd: 'get' })]);

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A day of a steady counter before and some minutes after the first visit, as parts. */
function dayOfGets(target = TARGET) {
  const maker = new PartMaker({ isCounter: () => true });
  const toMs = START_MS + 20 * MINUTE_MS;
  for (let atMs = START_MS - DAY_MS; atMs < toMs; atMs += MINUTE_MS) {
    const value = (IMPORTED * (atMs - START_MS + 2 * DAY_MS)) / 1000;
    const row: SampleRow = {
      ...{ target, metric: 'redis_commands_total', labels: { cmd: 'get' }, quality: 'measured' },
      ...{ atMs, value, intervalMs: MINUTE_MS, added: 'work out' },
    };
    maker.add(row, target);
  }
  return [...maker.takeParts(true)];
}

describe('what was imported, on a chart', { timeout: 60_000 }, () => {
  it('fills the time before the first visit and no bucket of which a part was measured', async () => {
    const world = await openWorld([redis], answer);
    closers.push(world.close);
    const { runtime } = world;
    await world.watch(30);
    for (const part of dayOfGets()) expect((await takePart(runtime, part)).tooOld).toBe(0);
    const { redisGets: chart } = (await readNow(runtime, live('24h'))).charts;
    const points = chart.lines[0]?.points ?? [];
    const known = points.filter(([, value]) => value !== null);
    expect(known.length).toBeGreaterThan(270);
    for (const [atMs, value] of known) {
      const isMemory = atMs + chart.stepMs <= START_MS;
      expect(rememberedAt(chart.history, atMs) !== null).toBe(isMemory);
      expect(value).toBeCloseTo(isMemory ? IMPORTED : MEASURED, 6);
    }
    expect(chart.history).toMatchObject([{ provider: 'an imported file', resolutionMs: BLOCK_MS }]);
    expect(chart.coverage?.backfilledMs).toBeGreaterThan(22 * HOUR_MS);
    expect(runtime.poller.backfill(TARGET)).toMatchObject({
      kind: 'done',
      series: 1,
      fromMs: START_MS - DAY_MS,
    });
  });

  it('is refused whole where one of its names is unknown', async () => {
    const world = await openWorld([redis], answer);
    closers.push(world.close);
    const [good_] = dayOfGets();
    const [bad] = dayOfGets('harbor/production/redis/other');
    const series = [...(good_?.series ?? []), ...(bad?.series ?? [])];
    await expect(takePart(world.runtime, { series })).rejects.toThrow(/no target is called/);
    expect(world.runtime.poller.backfill(TARGET)).toBeNull();
  });
});
