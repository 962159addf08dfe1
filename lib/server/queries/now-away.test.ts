import { afterEach, expect, it } from 'vitest';
import { HOUR_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { Store } from '../store/store.ts';
import { readNow } from './now.ts';
import { good, grown, live, machine, openWorld, redis, sample, type World } from './test-world.ts';

let world: World | null = null;
afterEach(() => world?.close());

/** As a store says it whose database can't be reached. */
class Away extends Error {
  readonly isAway = true;
}

/** The same store with only its memory left: this hour and the one before. */
function withoutDatabase(store: Store, nowMs: number): Store {
  const inMemoryMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS - HOUR_MS;
  const away = () => Promise.reject(new Away('no answer'));
  const isPacked = (range: TimeRange): boolean => range.startMs < inMemoryMs;
  const left: Partial<Store> = {
    stats: () => store.stats(),
    latest: (selector) => store.latest(selector),
    findSeries: (selector) => store.findSeries(selector),
    lastFalls: (ids) => store.lastFalls(ids),
    readBuckets: (selector, range, stepMs) =>
      isPacked(range) ? away() : store.readBuckets(selector, range, stepMs),
    scanBuckets: (selector, range, stepMs, take) =>
      isPacked(range) ? away() : store.scanBuckets(selector, range, stepMs, take),
    readScrapes: (ids, range) => (isPacked(range) ? away() : store.readScrapes(ids, range)),
    readResets: (selector, range) => (isPacked(range) ? away() : store.readResets(selector, range)),
    getState: away,
  };
  // What is not named here is not asked for by the page.
  return left as Store;
}

it('while the store is away the page shows what lies in memory, and says of each other chart why it is empty', async () => {
  world = await openWorld([redis, machine('m1')], (target, atMs) =>
    target.kind === 'redis'
      ? good([
          sample('redis_commands_total', grown(100, atMs), { cmd: 'get' }),
          sample('redis_keyspace_hits_total', grown(75, atMs)),
          sample('redis_keyspace_misses_total', grown(25, atMs)),
        ])
      : good([sample('http_responses_total', grown(5, atMs), { status: '200' })], { health: 'passing' }),
  );
  await world.watch(5 * 60 + 30, 60_000);
  const { store } = world.runtime;
  const runtime = { ...world.runtime, store: withoutDatabase(store, world.nowMs()) };

  const hour = await readNow(runtime, live('1h'));
  expect(hour.charts.redisGets.missing).toBeNull();
  expect(hour.charts.redisGets.overall).toBeCloseTo(100, 0);
  expect(hour.machines).toMatchObject([{ name: 'm1', health: 'passing', restarts24h: null }]);

  const day = await readNow(runtime, live('24h'));
  for (const chart of Object.values(day.charts)) {
    expect(chart.missing?.reason).toMatch(/^(The store can’t be reached|No Postgres)/);
    expect(chart).toMatchObject({ latest: null, overall: null });
    expect(chart.lines.flatMap(({ points }) => points.filter(([, value]) => value !== null))).toEqual([]);
  }
  // The sentence does not say that all is well of what nobody could read.
  expect(day.sentence).not.toEqual((await readNow({ ...world.runtime }, live('24h'))).sentence);
  expect(day.sentence.verdict).toBe('No rate can be told yet.');
});
