import type { Acts } from '@/lib/core/budget/acts.ts';
import { FleetClock } from '@/lib/demo/clock.ts';
import { startFlyServer } from '@/lib/demo/fly/server.ts';
import { startMachineServer } from '@/lib/demo/machine/server.ts';
import { startNeonServer } from '@/lib/demo/neon/server.ts';
import { startPostgresServer } from '@/lib/demo/postgres/server.ts';
import { startPrometheusServer } from '@/lib/demo/prometheus/server.ts';
import { FLY_TOKEN, flyWorld } from '@/lib/demo/providers/fly.ts';
import { prometheusWorld } from '@/lib/demo/providers/prometheus.ts';
import { startRedisServer } from '@/lib/demo/redis/server.ts';
import { APP, MACHINES, ORGANIZATION } from '@/lib/demo/story.ts';
import { startUpstashServer } from '@/lib/demo/upstash/server.ts';
import { steadyDatabase, steadyWorld } from '@/lib/demo/upstash/test-world.ts';
import { createWorld } from '@/lib/demo/world.ts';
import { Secret } from '@/lib/server/config/secret.ts';
import type { NeonTarget, RedisTarget, Target } from '@/lib/server/config/types.ts';
import { appDay, sleepyCompute, worldOf } from '../neon-day/day.ts';
import { startFakeRedis } from './fake-redis.ts';
import { DAY_START_MS } from './pass-day.ts';

const NEON_KEY = 'napi_test_key_of_the_day';
const SCOPE = { app: 'shop', environment: 'production', intervalSeconds: null, timeoutSeconds: null };

/**
 * One source of every kind with its usual settings, each against a server of its own that counts what arrives. A Postgres
 * at Neon has a day of its own, since it is visited by what others do.
 */
export async function everySource(closers: (() => Promise<unknown>)[]) {
  const nowMs = () => Date.now();
  const kept = <T extends { close(): Promise<unknown> }>(server: T): T => {
    closers.push(() => server.close());
    return server;
  };
  const world = createWorld({ seed: 7, startMs: DAY_START_MS });
  const clock = new FleetClock();

  const metered = kept(await startFakeRedis('redis, metered', 'serves'));
  const told = kept(await startFakeRedis('redis, metered, told by upstash', 'serves'));
  const plainRedis = kept(await startRedisServer(world, clock));
  const plainPostgres = kept(await startPostgresServer(world, clock));
  const [{ name: machineName } = { name: '' }] = MACHINES;
  const machine = kept(await startMachineServer(world, clock, machineName));
  // The endpoint is the host of the Redis that it tells of, which no other source is reached by.
  const toldUrl = told.target.url.reveal().replace('127.0.0.1', 'localhost');
  const account = steadyWorld([steadyDatabase({ get: 10, setex: 2 }, { endpoint: 'localhost' })]);
  const upstash = kept(await startUpstashServer(account, { nowMs }));
  const fly = kept(await startFlyServer(flyWorld(world), { nowMs, tokens: { [FLY_TOKEN]: 'organization' } }));
  const prometheus = kept(await startPrometheusServer(prometheusWorld(world), { nowMs }));
  const compute = sleepyCompute(appDay(7));
  const neon = kept(await startNeonServer(worldOf(compute), { nowMs, apiKey: NEON_KEY }));

  const toldTarget: RedisTarget = { ...told.target, url: new Secret(toldUrl) };
  const neonTarget: NeonTarget = {
    ...SCOPE,
    kind: 'neon',
    name: 'neon',
    apiUrl: neon.url,
    address: '127.0.0.1',
    apiKey: new Secret(NEON_KEY),
    project: null,
  };
  const targets: Target[] = [
    metered.target,
    toldTarget,
    {
      ...metered.target,
      name: 'redis',
      metered: 'auto',
      url: new Secret(`redis://127.0.0.1:${plainRedis.port}`),
    },
    {
      ...SCOPE,
      kind: 'postgres',
      name: 'postgres',
      url: new Secret(`postgres://watcher@127.0.0.1:${plainPostgres.port}/${APP}`),
      address: '127.0.0.1',
    },
    {
      ...SCOPE,
      kind: 'app',
      name: 'machine',
      group: 'web',
      metricsUrl: machine.metricsUrl,
      healthUrl: machine.healthUrl,
      address: '127.0.0.1',
      bearer: null,
      mapping: [],
    },
    {
      ...SCOPE,
      kind: 'upstash',
      name: 'upstash',
      apiUrl: upstash.url,
      address: '127.0.0.1',
      email: account.email,
      apiKey: new Secret(account.apiKey),
      database: null,
    },
    neonTarget,
    {
      ...SCOPE,
      kind: 'fly',
      name: 'fly',
      machinesUrl: fly.machinesUrl,
      graphqlUrl: fly.graphqlUrl,
      prometheusUrl: fly.prometheusUrl,
      address: '127.0.0.1',
      token: new Secret(FLY_TOKEN),
      flyApp: APP,
      organization: ORGANIZATION,
    },
    {
      ...SCOPE,
      kind: 'prometheus',
      name: 'prometheus',
      apiUrl: prometheus.url,
      address: '127.0.0.1',
      bearer: null,
      basic: null,
      match: null,
      queries: [],
    },
  ];
  const arrived = (): [string, Partial<Acts>][] => [
    ['redis, metered', metered.seen],
    ['redis, metered, told by upstash', told.seen],
    ['upstash', { requests: upstash.ledger.length }],
    ['fly', { requests: fly.ledger.length }],
    ['prometheus', { requests: prometheus.ledger.length }],
  ];
  return { targets, arrived };
}
