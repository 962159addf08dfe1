import { afterEach, describe, expect, it } from 'vitest';
import { targetId } from '@/lib/core/model/target.ts';
import type { ModeChange } from '@/lib/core/modes/mode-book.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import {
  type Answer,
  good,
  grown,
  machine,
  openWorld,
  redis,
  START_MS,
  sample,
  type World,
} from '../../queries/test-world.ts';
import { readArriving, readBilled } from './billed.ts';
import type { FactQuestion } from './fact-reader.ts';

const SCOPE = { app: 'harbor', environment: 'production' };
/** A visit asks one INFO every 15 s. */
const OURS = 1 / 15;
const perMinute = (rate: number) => rate / 60;
const TARGETS = [redis, machine('a'), machine('b')];

let world: World;
afterEach(() => world.close());

const change = (atMs: number, mode: ModeChange['mode']): ModeChange => ({
  ...{ atMs, mode, machines: {} },
  quality: 'measured',
  evidence: '',
});

/** Machines that are suspended and try to connect in vain, and somebody who sends GETs. */
const suspended: Answer = (target, atMs) =>
  target.kind === 'redis'
    ? good([
        sample('redis_commands_total', grown(OURS, atMs), { cmd: 'info' }),
        sample('redis_commands_total', grown(perMinute(41), atMs), { cmd: 'auth' }),
        sample('redis_commands_total', grown(perMinute(3), atMs), { cmd: 'get' }),
      ])
    : good([
        sample('app_redis_commands_total', 70_000, { cmd: 'get' }),
        sample('app_redis_connects_total', grown(perMinute(20.5), atMs), { result: 'failed' }),
      ]);

function question(changes: readonly ModeChange[], over: Partial<FactQuestion> = {}): FactQuestion {
  const atMs = world.nowMs();
  const { runtime } = world;
  const modes = { current: () => null, history: () => changes, suspended: () => [] };
  return {
    deps: { ...runtime, modes },
    scope: SCOPE,
    statuses: TARGETS.flatMap((target) => runtime.poller.status(targetId(target), atMs) ?? []),
    ...{ times: { startMs: atMs, endMs: atMs }, isPast: false },
    ...over,
  };
}

const SINCE = [change(START_MS, 'suspended_by_us')];

describe('what is billed though Redis is suspended', () => {
  it('is all that Redis counts but our own visits, with its parts', async () => {
    world = await openWorld(TARGETS, suspended);
    await world.watch(40);
    const billed = (await readBilled(question(SINCE)))(world.nowMs());
    expect(billed?.perMinute).toBeCloseTo(44, 0);
    expect(billed).toMatchObject({ parts: 'failed connects 41/min, unknown (get) 3/min', usdPerDay: null });
  });

  it('is not known before a quarter of an hour of the suspension is counted', async () => {
    world = await openWorld(TARGETS, suspended);
    await world.watch(40);
    const atMs = world.nowMs();
    const since = (minutes: number) => [
      change(START_MS, 'active'),
      change(atMs - minutes * MINUTE_MS, 'suspended_by_us'),
    ];
    expect((await readBilled(question(since(14))))(atMs)).toBeNull();
    expect((await readBilled(question(since(18))))(atMs)).not.toBeNull();
  });

  it('is nothing to ask while Redis is in use, or on a part of the machines', async () => {
    world = await openWorld(TARGETS, suspended);
    await world.watch(20);
    for (const mode of ['active', 'mixed', 'suspended_by_provider'] as const)
      expect((await readBilled(question([change(START_MS, mode)])))(world.nowMs())).toBeNull();
    expect((await readBilled(question([])))(world.nowMs())).toBeNull();
  });

  it('is null and not 0 where nothing counts at Redis, or its visits fail', async () => {
    world = await openWorld([machine('a'), machine('b')], suspended);
    await world.watch(20);
    expect((await readBilled(question(SINCE)))(world.nowMs())).toBeNull();
    await world.close();
    world = await openWorld(TARGETS, suspended);
    await world.watch(20);
    world.wait(30);
    expect((await readBilled(question(SINCE)))(world.nowMs())).toBeNull();
  });

  it('tells of a past time what it told then', async () => {
    world = await openWorld(TARGETS, (target, atMs) =>
      atMs < START_MS + 30 * MINUTE_MS || target.kind !== 'redis'
        ? suspended(target, atMs)
        : good([sample('redis_commands_total', grown(9, atMs), { cmd: 'get' })]),
    );
    await world.watch(30);
    const atMs = world.nowMs();
    const then = (await readArriving(question(SINCE)))(atMs);
    await world.watch(30);
    const times = { startMs: atMs - 10 * MINUTE_MS, endMs: world.nowMs() };
    const later = await readArriving(question(SINCE, { times, isPast: true }));
    expect(later(atMs)).toEqual(then);
    expect(then).not.toBeNull();
  });
});
