import { afterEach, describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { Secret } from '../../config/secret.ts';
import type { NeonTarget, PostgresTarget, Target, UpstashTarget } from '../../config/types.ts';
import {
  type Answer,
  good,
  grown,
  machine,
  postgres,
  START_MS,
  sample,
  type World,
} from '../../queries/test-world.ts';
import { readLimitFacts } from './limits.ts';
import { closeTestWorlds, lookAt, openTestWorld, SCOPE } from './test-look.ts';

const REST = {
  apiUrl: 'http://x',
  address: 'x',
  apiKey: new Secret('k'),
  intervalSeconds: null,
  timeoutSeconds: null,
};
const upstash: UpstashTarget = {
  ...{ ...SCOPE, ...REST, kind: 'upstash', name: 'bill', email: 'a@example.test', database: null },
};
const neon: NeonTarget = { ...SCOPE, ...REST, kind: 'neon', name: 'project', project: null };

afterEach(closeTestWorlds);

async function watched(targets: readonly Target[], answer: Answer, minutes: number): Promise<World> {
  const world = await openTestWorld(targets, answer);
  await world.watch(minutes, MINUTE_MS);
  return world;
}

const look = (world: World, atMs = world.nowMs(), isPast = false) =>
  lookAt(readLimitFacts, world, { atMs, isPast });

const since = (atMs: number): number => (atMs - START_MS) / 1_000;

describe('quotas and cost', () => {
  const billing =
    (plan: string): Answer =>
    (_target, atMs) =>
      good(
        [
          sample('upstash_requests_limit', 500_000),
          sample('upstash_month_requests_used', 100_000 + since(atMs) * 10),
          sample('upstash_month_requests_total', 100_000 + since(atMs) * 10),
        ],
        { plan },
      );

  test('Upstash: what is used, how fast in the last hour, and when the month is over', async () => {
    const world = await watched([upstash], billing('free'), 90);
    const { quotas, cost } = await look(world);
    expect(quotas).toEqual([
      {
        ...{ id: 'upstash/bill/commands', title: 'Upstash commands a month', limit: 500_000, source: 'bill' },
        used: 100_000 + since(world.nowMs() - MINUTE_MS) * 10,
        unit: 'commands',
        perSecond: expect.closeTo(10, 3),
        renewsMs: Date.UTC(2026, 4, 1),
        forecast: expect.anything(),
      },
    ]);
    // What is left at 10/s, by an hour and a half of history.
    const left = 400_000 - since(world.nowMs() - MINUTE_MS) * 10;
    const { likelyMs = null, earliestMs = null, latestMs = null } = quotas[0]?.forecast ?? {};
    expect(((likelyMs ?? 0) - world.nowMs()) / 1_000 / (left / 10)).toBeCloseTo(1, 1);
    expect(earliestMs).toBeLessThan(likelyMs ?? 0);
    expect(latestMs).toBeGreaterThan(likelyMs ?? 0);
    // A free plan costs nothing, and nothing else is paid by use.
    expect(cost).toBeNull();
    const then = await look(world, START_MS + 61 * MINUTE_MS, true);
    expect(then.quotas[0]?.used).toBeLessThanOrEqual(100_000 + 61 * 600);
    expect(then.quotas[0]?.perSecond).toBeCloseTo(10, 3);
    // A backtest at this very time tells the same end.
    const walked = (await look(world, world.nowMs(), true)).quotas[0]?.forecast;
    for (const of of ['earliestMs', 'likelyMs', 'latestMs'] as const) {
      const apartMs = (walked?.[of] ?? 0) - (quotas[0]?.forecast?.[of] ?? 0);
      expect(Math.abs(apartMs)).toBeLessThan(20 * MINUTE_MS);
    }
  });

  test('before half an hour was seen the rate is not known, and so is the cost', async () => {
    const world = await watched([upstash], billing('pay as you go'), 20);
    const { quotas, cost } = await look(world);
    expect(quotas[0]).toMatchObject({ perSecond: null, forecast: null });
    expect(cost).toEqual({ day: null, month: null });
  });

  test('what is paid by use is added up at list prices', async () => {
    const world = await watched(
      [upstash, neon],
      (target, atMs) =>
        target.kind === 'upstash'
          ? billing('pay as you go')(target, atMs)
          : good([sample('neon_compute_unit_seconds_total', since(atMs) * 0.5)], { plan: 'Launch' }),
      4 * 60,
    );
    const { cost } = await look(world);
    // 864K commands at $0.20 per 100K, and half a unit for 24 h at $0.106.
    expect(cost?.day?.usd).toBeCloseTo(1.728 + 1.272, 2);
    // Nobody tells of storage and traffic: it is this much at least.
    expect(cost?.day).toMatchObject({ most: 'Redis commands, $1.73', isWhole: false });
  });

  test('a month is what was used so far and the rest of it at the rate of the last day; storage and traffic over what is free', async () => {
    const world = await watched(
      [upstash],
      (_target, atMs) =>
        good(
          [
            sample('upstash_month_requests_used', 1_000_000 + since(atMs) * 10),
            sample('upstash_month_requests_total', 1_000_000 + since(atMs) * 10),
            sample('upstash_month_bandwidth_bytes_total', 250e9 + since(atMs) * 1_000),
            sample('upstash_storage_bytes', 3e9),
          ],
          { plan: 'pay as you go' },
        ),
      13 * 60,
    );
    const { cost, quotas } = await look(world);
    const leftSeconds = (Date.UTC(2026, 4, 1) - world.nowMs()) / 1_000;
    const [commands, bytes] = [
      1_000_000 + since(world.nowMs() - MINUTE_MS) * 10 + 10 * leftSeconds,
      50e9 + since(world.nowMs() - MINUTE_MS) * 1_000 + 1_000 * leftSeconds,
    ];
    // $0.20 per 100K; $0.03 a GB over 200; 2 GB over 1 at $0.25.
    expect(cost?.month?.usd).toBeCloseTo((commands / 1e5) * 0.2 + (bytes / 1e9) * 0.03 + 0.5, 2);
    expect(cost?.month?.isWhole).toBe(true);
    expect(cost?.day?.usd).toBeCloseTo(8.64 * 0.2 + 0.0864 * 0.03 + 0.5 / 30, 3);
    // Nothing of it is limited where it is paid by use.
    expect(quotas).toEqual([]);
    // The same from the store alone, as a backtest sees it.
    const then = await look(world, world.nowMs() - 5 * MINUTE_MS, true);
    expect(then.cost?.month?.usd).toBeCloseTo(cost?.month?.usd ?? 0, 1);
  });

  test('own prices win', async () => {
    const world = await watched([upstash], billing('pay as you go'), 40);
    const own = { ...world.runtime.config, prices: { upstash_command: { usd: 0.1 } } };
    const { cost } = await look({ ...world, runtime: { ...world.runtime, config: own } });
    expect(cost?.day?.usd).toBeCloseTo(8.64 * 0.1, 2);
  });

  test('the cheapest plan that would do, by the use of a week', async () => {
    // 40 commands a second are 103.7M in April: $207 as they go, and any fixed plan that holds 3 GB costs $100.
    const answer: Answer = (_target, atMs) =>
      good(
        [
          sample('upstash_month_requests_total', since(atMs) * 40),
          sample('upstash_month_bandwidth_bytes_total', since(atMs) * 10_000),
          sample('upstash_storage_bytes', 3e9),
        ],
        { plan: 'pay as you go' },
      );
    const world = await openTestWorld([upstash], answer);
    await world.watch(88 * 60, 15 * MINUTE_MS);
    const { plans } = await look(world);
    expect(plans).toEqual([
      {
        ...{ source: 'bill', now: 'Upstash Pay as you go' },
        usdNow: expect.closeTo(1_036.8 * 0.2 + 0.5, 0),
        cheaper: { name: 'Upstash Fixed 5 GB', usd: 100 },
      },
    ]);
    // After three days less than half of a week is known.
    expect((await look(world, START_MS + 3 * DAY_MS, true)).plans).toEqual([]);
    // The traffic of a fixed plan is not told by anybody: it is the published one.
    const { quotas } = await look({
      ...world,
      ...(await watched(
        [upstash],
        (target, atMs) => ({ ...answer(target, atMs), facts: { plan: 'free' } }),
        40,
      )),
    });
    expect(quotas).toMatchObject([{ id: 'upstash/bill/bandwidth', limit: 10e9, unit: 'bytes' }]);
  });

  test('Neon: the limits that it tells, with the end of the period that a time lies in', async () => {
    const world = await watched(
      [neon],
      (_target, atMs) =>
        good(
          [
            sample('neon_quota_seconds', 360_000, { kind: 'compute_time' }),
            sample('neon_quota_used_ratio', 0.5, { kind: 'compute_time' }),
            sample('neon_quota_bytes', 1e9, { kind: 'logical_size' }),
            sample('neon_compute_unit_seconds_total', 180_000 + since(atMs) * 0.25),
          ],
          { periodEnds: '2026-05-01T00:00:00Z' },
        ),
      4 * 60,
    );
    const { quotas } = await look(world);
    // The size of a branch is no rate: it is not told as a quota that runs out.
    expect(quotas).toEqual([
      expect.objectContaining({
        ...{
          id: 'neon/project/compute_time',
          used: 180_000,
          limit: 360_000,
          perSecond: expect.closeTo(0.25, 3),
        },
        renewsMs: Date.UTC(2026, 4, 1),
      }),
    ]);
  });
});

describe('pools', () => {
  const db =
    (name = 'db'): Answer =>
    (target, atMs) => {
      if (target.kind === 'app')
        return good([sample('app_db_pool_max', target.name === 'a1' ? 12 : 10), sample('app_up', 1)]);
      return target.name === name
        ? good([
            sample('db_connections', 20, { state: 'idle' }),
            sample('db_connections', 4, { state: 'active' }),
            sample('db_connections_max', 100),
            sample('db_connections_reserved', 3),
            sample('db_queries_total', grown(1, atMs)),
          ])
        : good([]);
    };

  test('connections that are open, and what all machines could open, against what is left for them', async () => {
    const world = await watched([postgres, machine('a1'), machine('b2')], db(), 3);
    expect((await look(world)).pools).toEqual([
      {
        ...{ used: 24, possible: { machines: 2, perMachine: 12 }, limit: 97, source: 'db' },
        maxMachines: null,
      },
    ]);
  });

  test('pools that end at a pooler, or at one of two databases, are not held against a limit', async () => {
    const pooled: PostgresTarget = { ...postgres, address: 'ep-x-pooler.eu.neon.tech:5432' };
    const world = await watched([pooled, machine('a1')], db(), 3);
    expect((await look(world)).pools).toMatchObject([{ used: 24, possible: null }]);
    const two = await watched([postgres, { ...postgres, name: 'other' }, machine('a1')], db(), 3);
    expect((await look(two)).pools).toMatchObject([{ source: 'db', possible: null }]);
  });

  test('while the database tells nothing its connections are not known; its limit still holds', async () => {
    const world = await watched(
      [postgres],
      (target, atMs) =>
        atMs < START_MS + 3 * MINUTE_MS ? db()(target, atMs) : good([sample('db_connections_max', 100)]),
      10,
    );
    expect((await look(world)).pools).toMatchObject([
      { used: null, possible: null, limit: 97, source: 'db' },
    ]);
  });
});

describe('a database that could sleep', () => {
  const compute = (state: string, facts: Record<string, string>, suspends = 0) =>
    good(
      [
        sample('neon_compute_suspend_after_seconds', 300, { endpoint: 'ep-1' }),
        sample('neon_compute_state', state === 'active' ? 1 : 0, { endpoint: 'ep-1', state: 'active' }),
        sample('neon_compute_state', state === 'asleep' ? 1 : 0, { endpoint: 'ep-1', state: 'asleep' }),
        sample('neon_compute_suspends_total', suspends, { endpoint: 'ep-1' }),
      ],
      { endpoint: 'ep-1', state, ...facts },
    );
  const awakeSince = { since: new Date(START_MS - 2 * DAY_MS).toISOString() };

  test('since when it is awake by its own word, and the workers that ask too often for it to sleep', async () => {
    const world = await watched(
      [neon, machine('a1')],
      ({ kind }, atMs) =>
        kind === 'neon'
          ? compute('active', awakeSince)
          : good([
              sample('app_worker_polls_total', grown(0.2, atMs), { family: 'open jobs' }),
              sample('app_worker_polls_total', grown(1 / 3_600, atMs), { family: 'nightly' }),
              sample('http_responses_total', 1, { status: '200' }),
            ]),
      70,
    );
    const { awake } = await look(world);
    expect(awake).toEqual([
      {
        source: 'project',
        awakeForMs: 2 * DAY_MS + 70 * MINUTE_MS,
        suspendAfterMs: 300_000,
        keptBy: 'open jobs 12.0/min',
        isBusy: false,
      },
    ]);
  });

  test('callers that come all the time keep it awake by themselves', async () => {
    const world = await watched(
      [neon, machine('a1')],
      ({ kind }, atMs) =>
        kind === 'neon'
          ? compute('active', awakeSince)
          : good([sample('http_responses_total', grown(30, atMs), { status: '200' })]),
      70,
    );
    expect((await look(world)).awake).toMatchObject([{ keptBy: 'requests 30.0/s', isBusy: true }]);
  });

  test('asleep it has been awake for no time; a state that is not told gives none', async () => {
    const asleep = await watched([neon], () => compute('asleep', {}), 5);
    expect((await look(asleep)).awake).toMatchObject([{ awakeForMs: 0 }]);
    const starting = await watched([neon], () => compute('starting', {}), 5);
    expect((await look(starting)).awake).toMatchObject([{ awakeForMs: null }]);
  });

  test('in the past the last suspend tells it, and without one only a whole day', async () => {
    const world = await watched(
      [neon],
      (_target, atMs) => compute('active', awakeSince, atMs >= START_MS + 2 * HOUR_MS ? 1 : 0),
      27 * 60,
    );
    const at = async (hours: number) =>
      (await look(world, START_MS + hours * HOUR_MS, true)).awake[0]?.awakeForMs;
    expect(await at(1)).toBeNull();
    expect(await at(3)).toBeCloseTo(HOUR_MS, -6);
    expect(await at(26)).toBeGreaterThan(23 * HOUR_MS);
  });
});

test('without anything that tells of limits there are none', async () => {
  const world = await watched([machine('a1')], () => good([sample('app_health_ok', 1)]), 2);
  expect(await look(world)).toEqual({ quotas: [], cost: null, plans: [], pools: [], awake: [] });
});
