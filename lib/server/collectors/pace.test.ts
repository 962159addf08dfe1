import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '../config/secret.ts';
import type { RedisTarget, Target } from '../config/types.ts';
import type { CollectorSession } from './collector.ts';
import { sessionOpener } from './index.ts';
import { redis } from './redis/index.ts';
import { UsageBook } from './usage-book.ts';

const SCOPE = { app: 'harbor', environment: 'production', intervalSeconds: null, timeoutSeconds: null };
const key = new Secret('key');
const cache: RedisTarget = {
  ...SCOPE,
  kind: 'redis',
  name: 'cache',
  url: new Secret('redis://cache.internal:6379'),
  address: 'cache.internal:6379',
  metered: 'auto',
  plan: null,
};
const upstashCache = { ...cache, url: new Secret('rediss://default:pw@eu1-calm-lake-12345.upstash.io:6379') };
const neon: Target = {
  ...SCOPE,
  kind: 'neon',
  name: 'neon',
  apiUrl: 'http://127.0.0.1:1/api/v2',
  address: '127.0.0.1:1',
  apiKey: key,
  project: null,
};
const at = (host: string): Target => ({
  ...SCOPE,
  kind: 'postgres',
  name: 'db',
  url: new Secret(`postgres://watcher@${host}/shop`),
  address: host,
});

const opened: CollectorSession[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((session) => session.close()));
});

function paceOf(target: Target, others: readonly Target[] = []) {
  const session = sessionOpener([target, ...others])(target, { count: () => undefined });
  opened.push(session);
  return session.pace();
}

describe('how often each source is visited', () => {
  const METERED = { normalSeconds: 300, denseSeconds: 60, fixedBeat: true };
  const UNMETERED = { normalSeconds: 15, denseSeconds: 15, fixedBeat: false };
  it.each<[what: string, target: Target, pace: object]>([
    ['a Redis that has not yet said what it is', cache, METERED],
    ['one under upstash.io', upstashCache, METERED],
    ['one that the config calls metered', { ...cache, metered: true }, METERED],
    ['one with a fixed plan', { ...upstashCache, plan: 'fixed' }, UNMETERED],
    ['one that the config calls not metered', { ...upstashCache, metered: false }, UNMETERED],
    ['Postgres', at('db.internal:5432'), { normalSeconds: 30, denseSeconds: 15, fixedBeat: false }],
    [
      'a machine',
      {
        ...SCOPE,
        kind: 'app',
        name: 'web-1',
        group: 'web',
        metricsUrl: 'http://127.0.0.1:1/metrics',
        healthUrl: null,
        address: '127.0.0.1:1',
        bearer: null,
        mapping: [],
      },
      { normalSeconds: 15, fixedBeat: false },
    ],
    [
      'Upstash',
      {
        ...SCOPE,
        kind: 'upstash',
        name: 'upstash',
        apiUrl: 'http://127.0.0.1:1/v2',
        address: '127.0.0.1:1',
        email: 'owner@harbor.example',
        apiKey: key,
        database: null,
      },
      { normalSeconds: 60, fixedBeat: false },
    ],
    ['Neon', neon, { normalSeconds: 60, fixedBeat: false }],
    [
      'Fly',
      {
        ...SCOPE,
        kind: 'fly',
        name: 'fly',
        machinesUrl: 'http://127.0.0.1:1',
        graphqlUrl: null,
        prometheusUrl: null,
        address: '127.0.0.1:1',
        token: key,
        flyApp: 'harbor',
        organization: null,
      },
      { normalSeconds: 60, fixedBeat: false },
    ],
    [
      'Prometheus',
      {
        ...SCOPE,
        kind: 'prometheus',
        name: 'prometheus',
        apiUrl: 'http://127.0.0.1:1',
        address: '127.0.0.1:1',
        bearer: null,
        basic: null,
        match: null,
        queries: [],
      },
      { normalSeconds: 60, fixedBeat: false },
    ],
  ])('%s', (_what, target, pace) => {
    expect(paceOf(target)).toMatchObject(pace);
  });

  it('only what is billed has a budget, and it holds the visits of a quiet day and of a deploy', () => {
    const { budget, normalSeconds } = paceOf(upstashCache);
    expect(budget).toEqual({ contactsPerDay: 500, denseContactsPerDay: 400, mostPerVisit: 7 });
    expect(86_400 / normalSeconds).toBeLessThanOrEqual(300);
    for (const target of [neon, at('db.internal:5432'), { ...cache, metered: false }]) {
      expect(paceOf(target).budget ?? null).toBeNull();
    }
  });

  it('a metered Redis half as often while its provider’s API tells its commands, and as before when it does not', () => {
    const usage = new UsageBook();
    const session = redis.open(upstashCache, { count: () => undefined, usage });
    opened.push(session);
    usage.note('calm-lake-12345', true);
    expect(session.pace()).toMatchObject({ normalSeconds: 600, denseSeconds: 60, fixedBeat: true });
    usage.note('calm-lake-12345', false);
    expect(session.pace().normalSeconds).toBe(300);
  });

  it('an interval of the config is kept', () => {
    expect(paceOf({ ...upstashCache, intervalSeconds: 900 })).toMatchObject({ normalSeconds: 900 });
    expect(paceOf({ ...neon, intervalSeconds: 300 })).toMatchObject({ normalSeconds: 300 });
  });
});
