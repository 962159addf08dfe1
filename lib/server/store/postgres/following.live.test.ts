import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Scrape } from '@/lib/core/model/scrape.ts';
import { HOUR_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import { type PostgresPeer, startPostgres } from '@/test/peers.ts';
import type { Store } from '../store.ts';
import { LeaseBoard } from './lease.ts';
import { openPostgresStore } from './postgres-store.ts';
import { openFollowing, openLeading, THREADS } from './test-place.ts';

const RETENTION = { samplesDays: 30, blocksDays: 90, hourlyDays: 730 };
const START_MS = Date.UTC(2026, 0, 5, 10);
const TARGETS = ['redis:a', 'redis:b'];
let server: PostgresPeer;
let owner: pg.Client;
let nowMs = START_MS;

beforeAll(async () => {
  server = await startPostgres({ statements: false, settings: { fsync: 'off' } });
  owner = new pg.Client({ connectionString: server.url });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await server.stop();
});
beforeEach(async () => {
  nowMs = START_MS;
  await owner.query('DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public');
});

/** Visits of every target, `seconds` after the beginning. */
function visits(seconds: number): Scrape[] {
  const atMs = START_MS + seconds * SECOND_MS;
  return TARGETS.map((targetId, i) => ({
    targetId,
    kind: 'redis',
    atMs,
    intervalMs: 10 * SECOND_MS,
    durationMs: 3,
    ok: true,
    error: null,
    start: { marker: `run-${i}`, atMs: null },
    samples: [
      { metric: 'redis_commands_total', labels: { cmd: 'get' }, value: 100 + seconds * (i + 2) },
      { metric: 'redis_used_memory_bytes', labels: {}, value: 1000 + ((seconds * 7) % 13) },
    ],
  }));
}

async function answersOf(store: Store): Promise<unknown> {
  const range = { startMs: START_MS - HOUR_MS, endMs: nowMs + HOUR_MS };
  const all = ['redis_commands_total', 'redis_used_memory_bytes'];
  return {
    latest: all.flatMap((metric) => store.latest({ metric })),
    blocks: await Promise.all(all.map((metric) => store.readBuckets({ metric }, range, 300 * SECOND_MS))),
    samples: await Promise.all(all.map((metric) => store.readBuckets({ metric }, range, 10 * SECOND_MS))),
    scrapes: await store.readScrapes(TARGETS, range),
    resets: await store.readResets({ metric: 'redis_commands_total' }, range),
  };
}

test('one that follows answers as the one that leads, before and after hours are packed and folded', async () => {
  const leading = await openLeading(server.url, { retention: RETENTION, now: () => nowMs });
  const early = await openFollowing(server.url);
  let late: Awaited<ReturnType<typeof openFollowing>> | null = null;
  try {
    for (let minute = 0; minute < 9 * 60; minute++) {
      nowMs = START_MS + minute * 60_000;
      await leading.append([0, 10, 20, 30, 40, 50].flatMap((second) => visits(minute * 60 + second)));
      if (minute % 20 === 0) await leading.maintain(nowMs);
      if (minute === 250) late = await openFollowing(server.url);
      if (minute % 60 !== 59) continue;
      await early.catchUp();
      expect(await answersOf(early)).toEqual(await answersOf(leading));
    }
    expect(Number((await owner.query('SELECT count(*) FROM chunk')).rows[0].count)).toBeGreaterThan(20);
    if (late === null) throw new Error('nobody came late');
    await late.catchUp();
    expect(await answersOf(late)).toEqual(await answersOf(leading));
  } finally {
    await Promise.all([leading.close(), early.close(), late?.close()]);
  }
});

test('one that follows sees state that was written, is told its keys, and writes nothing itself', async () => {
  const leading = await openLeading(server.url, { retention: RETENTION, now: () => nowMs });
  const following = await openFollowing(server.url);
  try {
    await leading.putState({ 'deploys/a': [1], 'deploys/b': [2] });
    expect(await following.getState('deploys/a')).toEqual([1]);
    expect(await following.listState('deploys/')).toHaveLength(2);
    await expect(following.append(visits(0))).rejects.toThrow('this instance follows');
    await expect(following.putState({ x: 1 })).rejects.toThrow('this instance follows');
    await expect(following.putHistory('redis:a', [])).rejects.toThrow('this instance follows');
  } finally {
    await Promise.all([leading.close(), following.close()]);
  }
});

test('a lease is one instance’s until it was silent for 10 s; then every write of the old one is refused', async () => {
  const board = await LeaseBoard.open(server.url);
  try {
    const first = await board.take({ holder: 'first', address: 'http://127.0.0.1:1' });
    if (first === null) throw new Error('the lease was not free');
    expect(await board.take({ holder: 'second', address: 'http://127.0.0.1:2' })).toBeNull();
    const old = await openPostgresStore({
      ...THREADS,
      url: server.url,
      lease: first,
      retention: RETENTION,
      now: () => nowMs,
    });
    await old.append(visits(0));
    // As if its holder had slept.
    await owner.query(`UPDATE lease SET until = clock_timestamp() - interval '1 second'`);
    const second = await board.take({ holder: 'second', address: 'http://127.0.0.1:2' });
    if (second === null) throw new Error('the lease was not free');
    expect(second.token).toBe(first.token + 1);
    const fresh = await openPostgresStore({
      ...THREADS,
      url: server.url,
      lease: second,
      retention: RETENTION,
      now: () => nowMs,
    });
    await expect(old.append(visits(10))).rejects.toThrow('another instance has taken over');
    await expect(old.putState({ x: 1 })).rejects.toThrow('another instance has taken over');
    await fresh.append(visits(10));
    const { rows } = await owner.query(
      'SELECT target, at_ms, count(*) FROM scrape GROUP BY 1, 2 HAVING count(*) > 1',
    );
    expect(rows).toEqual([]);
    await Promise.all([old.close(), fresh.close()]);
  } finally {
    await board.close();
  }
});
