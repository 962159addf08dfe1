import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Peer, type PostgresPeer, startPostgres, startRedis } from '../peers.ts';
import { startLoad } from './load.ts';
import { startTcpProxy } from './tcp-proxy.ts';

let redis: Peer;
let postgres: PostgresPeer;
beforeAll(async () => {
  [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
});
afterAll(async () => {
  await Promise.all([redis?.stop(), postgres?.stop()]);
});

describe('load', () => {
  it('its counts are those of the servers, at the rate that was asked for', async () => {
    const load = await startLoad({
      redisUrl: redis.url,
      postgresUrl: postgres.url,
      getsPerSecond: 100,
      queriesPerSecond: 40,
    });
    await passed(() => load.counts().gets >= 150);
    const counts = await load.stop();
    expect(counts).toMatchObject({ unacknowledgedGets: 0, unacknowledgedQueries: 0 });
    expect(counts.queries / counts.gets).toBeCloseTo(0.4, 1);
    expect(await redisGets(redis.url)).toBe(counts.gets);
    const calls = `SELECT calls FROM pg_stat_statements WHERE query = 'SELECT $1 AS load'`;
    expect(Number(postgres.psql(calls))).toBe(counts.queries);
  });

  it('goes on after a Redis restart and counts only what was acknowledged', async () => {
    const load = await startLoad({ redisUrl: redis.url, getsPerSecond: 200 });
    await passed(() => load.counts().gets >= 60);
    await redis.restart();
    const atRestart = load.counts().gets;
    await passed(() => load.counts().gets >= atRestart + 60);
    const counts = await load.stop();
    // The new process has seen at most what came after its start, plus what it answered while we looked away.
    const after = await redisGets(redis.url);
    expect(after).toBeLessThanOrEqual(counts.gets);
    expect(after).toBeGreaterThanOrEqual(counts.gets - atRestart);
  });

  it('answers that never came are not counted', async () => {
    const proxy = await startTcpProxy({ port: redis.port });
    const load = await startLoad({ redisUrl: `redis://${proxy.host}:${proxy.port}`, getsPerSecond: 200 });
    await passed(() => load.counts().gets >= 40);
    proxy.add({ type: 'timeout', timeoutMs: 0 });
    const held = load.counts().gets;
    await passed(() => proxy.passed.upstream > 0);
    await new Promise((later) => setTimeout(later, 100));
    expect(load.counts().gets - held).toBeLessThan(10);
    proxy.dropConnections();
    await passed(() => load.counts().unacknowledgedGets > 0);
    await proxy.heal();
    await load.stop();
    await proxy.close();
  });
});

async function redisGets(url: string): Promise<number> {
  const { Redis } = await import('ioredis');
  const client = new Redis(url);
  const info = await client.info('commandstats');
  client.disconnect();
  return Number(/cmdstat_get:calls=(\d+)/.exec(info)?.[1] ?? 0);
}

async function passed(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('the condition never held');
    await new Promise((next) => setTimeout(next, 10));
  }
}
