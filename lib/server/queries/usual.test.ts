import { afterEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { ScrapeError } from '../collectors/collector.ts';
import type { Target } from '../config/types.ts';
import type { Store } from '../store/store.ts';
import { beforeReads } from '../store/test-reads.ts';
import { readNow, readNowTick } from './now.ts';
import { type Answer, fixed, good, live, machine, openWorld, redis, START_MS, sample } from './test-world.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Counters whose rate is twice as high from noon to midnight, UTC. */
function byClock(perSecond: number, atMs: number): number {
  const days = Math.floor(atMs / DAY_MS) - 20_000;
  const inDayMs = atMs % DAY_MS;
  const halves = days * 1.5 * (DAY_MS / 1000) + (inDayMs + Math.max(0, inDayMs - DAY_MS / 2)) / 1000;
  return Math.round(halves * perSecond);
}

const cache: Answer = (_target, atMs) =>
  good([
    sample('redis_commands_total', byClock(100, atMs), { cmd: 'get' }),
    sample('redis_keyspace_hits_total', byClock(30, atMs)),
    sample('redis_keyspace_misses_total', byClock(10, atMs)),
  ]);

async function watched(days: number, answer: Answer = cache, targets: readonly Target[] = [redis]) {
  const opened = await openWorld(targets, answer, { fromMs: START_MS - days * DAY_MS });
  closers.push(opened.close);
  await opened.watch(days * 24 * 60, 15 * MINUTE_MS);
  return opened;
}

/** Counts reads of stored blocks that reach back further than the page itself. */
function countLongReads(store: Store): { reads: number } {
  const count = { reads: 0 };
  beforeReads(store, (_selector, range) => {
    if (range.startMs < START_MS - 2 * DAY_MS) count.reads += 1;
  });
  return count;
}

describe('what is usual', { timeout: 60_000 }, () => {
  it('is the level of the same clock time on the days before, with its band, on the grid of the chart', async () => {
    const { runtime, watch } = await watched(15);
    await watch(60);
    const { charts } = await readNow(runtime, live('1h'));
    const { usual } = charts.redisGets;
    expect(usual?.label).toBe('usual, 14 days');
    expect(usual?.points.map(([atMs]) => atMs).slice(0, 239)).toEqual(
      charts.redisGets.lines[0]?.points.map(([atMs]) => atMs).slice(0, 239),
    );
    for (const [, value] of usual?.points ?? []) expect(value).toBeCloseTo(200, 1);
    for (const [, low, high] of usual?.band ?? []) {
      expect(low).toBeCloseTo(200, 0);
      expect(high).toBeCloseTo(200, 0);
    }
    for (const [, value] of charts.hitRatio.usual?.points ?? []) expect(value).toBeCloseTo(0.75, 4);
    expect(charts.redisGets.usualForming).toBeUndefined();
    // Nobody asked what is usual of events that are rare.
    expect(charts.responses429.usual).toBeNull();
    expect(charts.responses429.usualForming).toBeUndefined();

    const day = (await readNow(runtime, live('24h'))).charts.redisGets.usual;
    const atClock = (hour: number) =>
      day?.points.find(([atMs]) => atMs % DAY_MS === hour * HOUR_MS)?.[1] ?? null;
    expect(atClock(6)).toBeCloseTo(100, 1);
    expect(atClock(15)).toBeCloseTo(200, 1);
    const week = (await readNow(runtime, live('7d'))).charts.redisGets;
    expect(week.stepMs).toBe(HOUR_MS);
    expect(week.usual?.label).toBe('usual, 8 days');
    expect(week.usual?.points.filter(([atMs]) => atMs % DAY_MS === 15 * HOUR_MS).map(([, v]) => v)).toEqual(
      Array.from({ length: 7 }, () => expect.closeTo(200, 1)),
    );
  });

  it('is absent with fewer than seven days, and says how many there are', async () => {
    const { runtime } = await watched(4);
    const { redisGets } = (await readNow(runtime, live('1h'))).charts;
    expect(redisGets.usual).toBeNull();
    // At 16:00 the first day was not watched yet.
    expect(redisGets.usualForming).toEqual({ days: 3, needed: 7 });
    expect(
      (await readNow(runtime, fixed(START_MS - 4 * DAY_MS, START_MS - 3 * DAY_MS))).charts.redisGets,
    ).toMatchObject({
      usual: null,
      usualForming: { days: 0, needed: 7 },
    });
  });

  it('is read once, however many look, over whatever range, however often', async () => {
    const { runtime, store, watch, wait } = await watched(10);
    const count = countLongReads(store);
    await Promise.all([1, 2, 3].map(() => readNow(runtime, live('1h'))));
    const once = count.reads;
    expect(once).toBeGreaterThan(0);
    for (const name of ['5m', '15m', '3h'] as const) await readNow(runtime, live(name));
    for (let tick = 0; tick < 8; tick++) {
      await watch(0.25);
      await readNowTick(runtime, { ...live('1h'), sinceMs: START_MS - 30_000 });
    }
    expect(count.reads).toBe(once);
    // Days that are over are not read again for a while either.
    wait(10);
    await readNow(runtime, live('1h'));
    expect(count.reads).toBe(once);
  });

  it('a failed read is not remembered', async () => {
    const { runtime, store } = await watched(8);
    const mend = beforeReads(store, (_selector, range) => {
      if (range.startMs < START_MS - 2 * DAY_MS) throw new Error('disk');
    });
    await expect(readNow(runtime, live('1h'))).rejects.toThrow('disk');
    mend();
    expect((await readNow(runtime, live('1h'))).charts.redisGets.usual).not.toBeNull();
  });

  it('leaves out days on which one machine was silent: the others alone are no sum', async () => {
    const silent = (atMs: number): boolean => atMs >= START_MS - 4 * DAY_MS && atMs < START_MS - 2 * DAY_MS;
    const { runtime } = await watched(
      12,
      (target, atMs) => {
        if (target.name === 'm2' && silent(atMs)) throw new ScrapeError('network', 'm2 refused');
        return good([sample('app_redis_commands_total', byClock(10, atMs), { cmd: 'get' })]);
      },
      [machine('m1'), machine('m2')],
    );
    const { redisGets } = (await readNow(runtime, live('1h'))).charts;
    expect(redisGets.usual?.label).toBe('usual, 9 days');
    for (const [, low] of redisGets.usual?.band ?? []) expect(low).toBeCloseTo(40, 0);
  });

  it('of a window long past comes from the days before that window', async () => {
    const { runtime } = await watched(12, (_target, atMs) => {
      const doubledMs = Math.max(0, atMs - (START_MS - 3 * DAY_MS));
      return good([
        sample('redis_commands_total', Math.round((atMs - START_MS + 30 * DAY_MS + 9 * doubledMs) / 100), {
          cmd: 'get',
        }),
      ]);
    });
    const asked = fixed(START_MS - 4 * DAY_MS, START_MS - 4 * DAY_MS + HOUR_MS);
    const { redisGets } = (await readNow(runtime, asked)).charts;
    expect(redisGets.usual?.label).toBe('usual, 8 days');
    for (const [, value] of redisGets.usual?.points ?? []) expect(value).toBeCloseTo(10, 2);
  });

  it('is brought by a tick from the asked time on', async () => {
    const { runtime } = await watched(8);
    const sinceMs = START_MS - 3 * MINUTE_MS;
    const tick = await readNowTick(runtime, { ...live('6h'), sinceMs });
    const { usual } = tick.charts.redisGets;
    expect(usual?.points.length).toBe(1);
    expect(usual?.band.length).toBe(1);
    expect(usual?.points[0]?.[0]).toBeGreaterThanOrEqual(sinceMs);
  });
});
