import { afterEach, describe, expect, test } from 'vitest';
import { MINUTE_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import { ScrapeError } from '../../collectors/collector.ts';
import type { LogsTarget } from '../../config/types.ts';
import {
  type Answer,
  good,
  grown,
  machine,
  redis,
  START_MS,
  sample,
  type World,
} from '../../queries/test-world.ts';
import { readFleetFacts } from './fleet.ts';
import { type Asked, begun, closeTestWorlds, down, lookAt, openTestWorld, SCOPE } from './test-look.ts';

afterEach(closeTestWorlds);
const look = (world: World, asked?: Asked) => lookAt(readFleetFacts, world, asked);

const logs: LogsTarget = {
  ...SCOPE,
  kind: 'logs',
  name: 'lines',
  address: 'x',
  patterns: [],
  keepText: false,
  logApp: null,
  intervalSeconds: null,
  timeoutSeconds: null,
};

describe('guards', () => {
  const guarded =
    (isDown: (name: string, atMs: number) => boolean): Answer =>
    ({ name }, atMs) => {
      if (isDown(name, atMs)) return down();
      const isOpen = name === 'b2';
      return good([
        sample('app_breaker_state', isOpen ? 1 : 0, { integration: 'billing' }),
        sample('app_breaker_state', 0.5, { integration: 'calendar' }),
        sample('app_limiter_decisions_total', grown(2, atMs), { decision: 'allowed' }),
        sample('app_limiter_decisions_total', grown(0.1, atMs), { decision: 'limited' }),
        sample('app_limiter_decisions_total', isOpen ? grown(0.2, atMs) : 0, { decision: 'failed_open' }),
      ]);
    };

  test('breakers by integration and machine, and decisions of all limiters in five minutes', async () => {
    const world = await openTestWorld(
      [machine('a1'), machine('b2')],
      guarded(() => false),
    );
    await world.watch(10);
    const { breakers, limiter } = await look(world);
    expect(breakers).toEqual(
      expect.arrayContaining([
        { integration: 'billing', machine: 'a1', state: 'closed' },
        { integration: 'billing', machine: 'b2', state: 'open' },
        { integration: 'calendar', machine: 'a1', state: 'half_open' },
        { integration: 'calendar', machine: 'b2', state: 'half_open' },
      ]),
    );
    expect(limiter?.isPartial).toBe(false);
    expect(limiter?.failedOpen).toBeCloseTo(60, -1);
    expect(limiter?.limited).toBeCloseTo(60, -1);
    expect(limiter?.allowed).toBeGreaterThan(1_100);
  });

  test('of a silent machine the breakers are unknown and the decisions partial; nothing is told from nobody', async () => {
    const targets = [machine('a1'), machine('b2')];
    const world = await openTestWorld(
      targets,
      guarded((name, atMs) => name === 'b2' && atMs > START_MS + 5 * MINUTE_MS),
    );
    await world.watch(12);
    const { breakers, limiter } = await look(world);
    expect(breakers).toContainEqual({ integration: 'billing', machine: 'b2', state: 'unknown' });
    expect(breakers).toContainEqual({ integration: 'billing', machine: 'a1', state: 'closed' });
    expect(limiter).toMatchObject({ isPartial: true, failedOpen: 0 });
    const bare = await openTestWorld([machine('a1')], () => good([sample('app_health_ok', 1)]));
    await bare.watch(2);
    expect(await look(bare)).toMatchObject({ breakers: [], limiter: null, unaccounted: null, quietLogs: [] });
  });

  test('a refusal of Redis for its quota is remembered for as long as decisions are counted', async () => {
    const world = await openTestWorld([redis], (_target, atMs) => {
      if (atMs === START_MS + 2 * MINUTE_MS) throw new ScrapeError('quota', 'used up');
      if (atMs < START_MS + MINUTE_MS) return down();
      return good([sample('redis_commands_total', grown(5, atMs), { cmd: 'get' })]);
    });
    await world.watch(2);
    expect((await look(world)).redisRefused).toBe(false);
    await world.watch(3);
    expect((await look(world)).redisRefused).toBe(true);
    await world.watch(4);
    expect((await look(world)).redisRefused).toBe(false);
    const then = await look(world, { atMs: START_MS + 3 * MINUTE_MS, isPast: true });
    expect(then.redisRefused).toBe(true);
  });

  test('a breaker that its machine does not export any more is gone', async () => {
    const world = await openTestWorld([machine('a1')], (_target, atMs) =>
      good(
        atMs < START_MS + 2 * MINUTE_MS
          ? [sample('app_breaker_state', 1, { integration: 'billing' })]
          : [sample('app_health_ok', 1)],
      ),
    );
    await world.watch(2);
    expect((await look(world)).breakers).toHaveLength(1);
    await world.watch(2);
    expect((await look(world)).breakers).toEqual([]);
  });
});

describe('commands that no machine sent', () => {
  const leaking =
    (leakPerSecond: number, answers: (name: string, atMs: number) => boolean = () => true): Answer =>
    ({ kind, name }, atMs) => {
      if (!answers(name, atMs)) return down();
      if (kind === 'redis')
        return good([
          sample('redis_commands_total', grown(5, atMs) + grown(leakPerSecond, atMs), { cmd: 'get' }),
          sample('redis_commands_total', grown(7, atMs), { cmd: 'info' }),
        ]);
      return good([sample('app_redis_commands_total', grown(2.5, atMs), { cmd: 'get' })]);
    };

  test('are what Redis counts beyond all machines, per minute, with how far that may be off', async () => {
    const world = await openTestWorld([redis, machine('a1'), machine('b2')], leaking(20));
    await world.watch(15);
    const { unaccounted } = await look(world);
    expect(unaccounted).toMatchObject({
      what: 'GETs',
      machines: 2,
      isPartial: false,
      windowMs: 5 * MINUTE_MS,
    });
    expect(unaccounted?.atServer).toBeCloseTo(1_500, -1);
    expect(unaccounted?.fromMachines).toBeCloseTo(300, -1);
    expect(unaccounted?.bound).toBeGreaterThan(0);
    expect(unaccounted?.bound).toBeLessThan(150);
    const then = await look(world, { atMs: START_MS + 12 * MINUTE_MS, isPast: true });
    expect(then.unaccounted?.atServer).toBeCloseTo(1_500, -1);
  });

  test('a silent machine makes it partial, a silent Redis not known', async () => {
    const late = START_MS + 8 * MINUTE_MS;
    const world = await openTestWorld(
      [redis, machine('a1'), machine('b2')],
      leaking(20, (name, atMs) => name !== 'b2' || atMs < late),
    );
    await world.watch(15);
    expect((await look(world)).unaccounted).toMatchObject({ isPartial: true, machines: 1 });
    const cut = await openTestWorld(
      [redis, machine('a1')],
      leaking(20, (name, atMs) => name !== 'cache' || atMs < late),
    );
    await cut.watch(15);
    expect((await look(cut)).unaccounted).toBeNull();
  });

  test('a machine that answers and counts nothing may be where they come from', async () => {
    const world = await openTestWorld([redis, machine('a1'), machine('mute')], (target, atMs) =>
      target.name === 'mute' ? good([sample('app_health_ok', 1)]) : leaking(20)(target, atMs),
    );
    await world.watch(15);
    expect((await look(world)).unaccounted?.isPartial).toBe(true);
  });
});

test('a log stream is quiet once it is silent three times longer than ever in the day before', async () => {
  const lastMs = START_MS + 10 * 60 * MINUTE_MS;
  const world = await openTestWorld([logs], (_target, atMs) =>
    good([sample('logs_last_line_age_seconds', atMs <= lastMs ? 45 : (atMs - lastMs) / SECOND_MS)]),
  );
  await world.watch(10 * 60 + 9, MINUTE_MS);
  expect((await look(world)).quietLogs).toEqual([]);
  const early = await look(world, { atMs: START_MS + 4 * 60 * MINUTE_MS, isPast: true });
  expect(early.quietLogs).toEqual([]);
  await world.watch(3, MINUTE_MS);
  const { quietLogs } = await look(world);
  expect(quietLogs).toEqual([{ id: 'harbor/production/logs/lines', ageMs: 11 * MINUTE_MS, usualMs: 45_000 }]);
});

test('a backtest tells of each time what a look told then', async () => {
  const minute = (atMs: number) => (atMs - START_MS) / MINUTE_MS;
  const world = await openTestWorld([redis, machine('a1'), machine('b2')], ({ kind, name }, atMs) => {
    const now = minute(atMs);
    if (name === 'b2' && now > 4 && now < 7) return down();
    if (name === 'cache' && now > 12 && now < 13) return down();
    if (kind === 'redis')
      return good([sample('redis_commands_total', grown(now > 9 ? 25 : 5, atMs), { cmd: 'get' })]);
    const startMs = name === 'a1' && now >= 10 ? START_MS + 10 * MINUTE_MS : START_MS - MINUTE_MS;
    const counted = (perSecond: number) => Math.round(((atMs - startMs) / 1_000) * perSecond);
    return begun(startMs, [
      sample('app_machine_info', 1, { version: name === 'a1' && now >= 10 ? 'v1207' : 'v1206' }),
      sample('app_health_ok', now > 14 ? 0 : 1),
      sample('app_breaker_state', now > 8 && now < 11 ? 1 : 0, { integration: 'billing' }),
      sample('app_redis_commands_total', counted(2.5), { cmd: 'get' }),
      sample('app_limiter_decisions_total', counted(2), { decision: 'allowed' }),
      sample('app_limiter_decisions_total', now > 6 ? counted(0.1) : 0, { decision: 'failed_open' }),
      sample('http_responses_total', counted(3), { status: '200' }),
    ]);
  });
  const told: { atMs: number; facts: unknown }[] = [];
  const plain = (facts: unknown): unknown => JSON.parse(JSON.stringify(facts));
  for (let i = 0; i < 72; i += 1) {
    await world.watch(0.25);
    told.push({ atMs: world.nowMs(), facts: plain(await look(world)) });
  }
  const times = { startMs: told[0]?.atMs ?? 0, endMs: world.nowMs() };
  for (const { atMs, facts } of told)
    expect(plain(await look(world, { atMs, isPast: true, times })), `minute ${minute(atMs)}`).toEqual(facts);
});

test('what is usual for a stream is not known in its first hours', async () => {
  const lastMs = START_MS + 2 * 60 * MINUTE_MS;
  const world = await openTestWorld([logs], (_target, atMs) =>
    good([sample('logs_last_line_age_seconds', atMs <= lastMs ? 45 : (atMs - lastMs) / SECOND_MS)]),
  );
  await world.watch(2 * 60 + 30, MINUTE_MS);
  expect((await look(world)).quietLogs).toMatchObject([{ usualMs: null }]);
});
