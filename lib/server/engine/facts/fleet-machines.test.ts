import { afterEach, describe, expect, test } from 'vitest';
import type { Sample } from '@/lib/core/model/sample.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import { Secret } from '../../config/secret.ts';
import type { FlyTarget } from '../../config/types.ts';
import { good, grown, machine, START_MS, sample, type World } from '../../queries/test-world.ts';
import { readFleetFacts } from './fleet.ts';
import { type Asked, begun, closeTestWorlds, down, lookAt, openTestWorld, SCOPE } from './test-look.ts';

afterEach(closeTestWorlds);
const look = (world: World, asked?: Asked) => lookAt(readFleetFacts, world, asked);

const fly: FlyTarget = {
  ...{
    ...SCOPE,
    kind: 'fly',
    name: 'machines',
    machinesUrl: 'http://x',
    graphqlUrl: null,
    prometheusUrl: null,
  },
  ...{ address: 'x', token: new Secret('t'), flyApp: 'harbor', organization: null },
  ...{ intervalSeconds: null, timeoutSeconds: null },
};

describe('what machines do', () => {
  test('each machine tells its release, its health and its starts; one that gives no answer is silent and tells none', async () => {
    const world = await openTestWorld([machine('a1'), machine('b2')], ({ name }, atMs) => {
      if (name === 'b2' && atMs >= START_MS + 6 * MINUTE_MS) return down();
      const release = name === 'a1' ? 'v1206' : '1206';
      return good([
        sample('app_machine_info', 1, { version: release }),
        sample('app_health_ok', name === 'a1' ? 0 : 1),
        sample('http_responses_total', grown(3, atMs), { status: '200' }),
      ]);
    });
    await world.watch(5);
    expect((await look(world)).machines).toEqual([
      {
        ...{ name: 'a1', release: 'v1206', healthy: false, restarts: 0, parked: false, silent: false },
        failing: 'its health endpoint says that it fails',
      },
      {
        name: 'b2',
        release: 'v1206',
        healthy: true,
        failing: null,
        restarts: 0,
        parked: false,
        silent: false,
      },
    ]);
    await world.watch(3);
    expect((await look(world)).machines[1]).toEqual({
      ...{
        name: 'b2',
        release: null,
        healthy: null,
        failing: null,
        restarts: 0,
        parked: false,
        silent: true,
      },
    });
    // A backtest of before tells what was known then.
    const then = await look(world, { atMs: START_MS + 5 * MINUTE_MS, isPast: true });
    expect(then.machines[1]).toMatchObject({ release: 'v1206', healthy: true, silent: false });
  });

  test('starts of a process are counted over ten minutes, without the one that a deploy brought', async () => {
    const begins = (atMs: number) =>
      [6, 3, 1, -600].map((minutes) => START_MS + minutes * MINUTE_MS).find((one) => one <= atMs) ?? 0;
    const world = await openTestWorld([machine('a1')], (_target, atMs) =>
      begun(begins(atMs), [
        sample('http_responses_total', Math.round((atMs - begins(atMs)) / 100), { status: '200' }),
      ]),
    );
    await world.watch(8);
    expect((await look(world)).machines[0]?.restarts).toBe(3);
    const roll = { startMs: START_MS + 2.5 * MINUTE_MS, endMs: START_MS + 3 * MINUTE_MS };
    expect((await look(world, { rolls: [roll] })).machines[0]?.restarts).toBe(2);
    expect((await look(world, { rolls: [roll, roll, roll, roll] })).machines[0]?.restarts).toBeLessThan(2);
    await world.watch(4);
    expect((await look(world)).machines[0]?.restarts).toBe(2);
    expect((await look(world, { atMs: START_MS + 4 * MINUTE_MS, isPast: true })).machines[0]?.restarts).toBe(
      2,
    );
  });
});

describe('what Fly says of machines', () => {
  /** Samples of Fly's list: `u` up, `d` down, `p` parked. */
  const listed = (machines: Readonly<Record<string, 'u' | 'd' | 'p'>>): Sample[] =>
    Object.entries(machines).flatMap(([id, state]) => [
      sample('fly_machine_info', 1, { machine: id, release: id === 'old' ? 'v1205' : 'v1206' }),
      sample('fly_machine_parked', state === 'p' ? 1 : 0, { machine: id }),
      ...(state === 'p' ? [] : [sample('fly_machine_up', state === 'u' ? 1 : 0, { machine: id })]),
      ...(state === 'u' ? [sample('fly_machine_health_ok', 1, { machine: id })] : []),
      sample('fly_machine_exits_total', 2, { machine: id, reason: 'crash' }),
    ]);

  test('machines that are not visited are told by Fly alone, parked ones as parked', async () => {
    const world = await openTestWorld([fly], () => good(listed({ old: 'u', off: 'p' })));
    await world.watch(5);
    const common = { failing: null, restarts: 0, silent: false };
    expect((await look(world)).machines).toEqual([
      { ...common, name: 'old', release: 'v1205', healthy: true, parked: false },
      { ...common, name: 'off', release: null, healthy: null, parked: true },
    ]);
  });

  test('a bad word of Fly counts once it has held for three minutes, and a machine that answers is not parked', async () => {
    const badFrom = START_MS + 4 * MINUTE_MS;
    const world = await openTestWorld([machine('a1'), machine('b2'), fly], ({ kind }, atMs) =>
      kind === 'fly'
        ? good(listed(atMs < badFrom ? { a1: 'u', b2: 'u' } : { a1: 'd', b2: 'p' }))
        : good([sample('app_health_ok', 1), sample('app_machine_info', 1, { version: 'v1206' })]),
    );
    await world.watch(5);
    expect((await look(world)).machines).toMatchObject([
      { name: 'a1', healthy: true, failing: null },
      { name: 'b2', healthy: true, parked: false, release: 'v1206' },
    ]);
    await world.watch(3);
    expect((await look(world)).machines).toMatchObject([
      { name: 'a1', healthy: false, failing: 'Fly does not call it started' },
      { name: 'b2', healthy: true, parked: false },
    ]);
  });

  test('one that gives no answer is parked once Fly has said so for three minutes, and silent until then', async () => {
    const goneFrom = START_MS + 4 * MINUTE_MS;
    const world = await openTestWorld([machine('a1'), fly], ({ kind }, atMs) => {
      if (kind === 'fly') return good(listed({ a1: atMs < goneFrom ? 'u' : 'p' }));
      return atMs < goneFrom ? good([sample('app_health_ok', 1)]) : down();
    });
    await world.watch(5);
    expect((await look(world)).machines).toMatchObject([{ name: 'a1', parked: false, silent: true }]);
    await world.watch(3);
    expect((await look(world)).machines).toMatchObject([{ name: 'a1', parked: true, silent: true }]);
  });
});
