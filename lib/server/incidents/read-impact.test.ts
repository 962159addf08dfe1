import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { incidentOf } from '@/lib/core/incidents/test-incident.ts';
import type { ImpactId, Incident } from '@/lib/core/model/incident.ts';
import { HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import {
  good,
  grown,
  machine,
  openWorld,
  redis,
  START_MS,
  sample,
  type World,
} from '../queries/test-world.ts';
import { deployAt, getsFall } from '../watch/test-deploy.ts';
import { readImpact } from './read-impact.ts';
import { readVain } from './vain.ts';

const SCOPE = { app: 'harbor', environment: 'production' };
/** The switch is set so long after the start, and does what was asked so long after. */
const ASKED_MS = START_MS + 40 * MINUTE_MS;
const DONE_MS = START_MS + 70 * MINUTE_MS;
const [ONE, TWO] = [machine('one'), machine('two')];
let world: World;

beforeAll(async () => {
  world = await openWorld([redis, ONE, TWO], (target, atMs) => {
    if (target.kind === 'redis')
      return good([sample('redis_commands_total', grown(200, atMs), { cmd: 'get' })]);
    return good([
      // 1,800 responses an hour each, of which 36 are 500s and 18 are 429s.
      sample('http_responses_total', grown(0.485, atMs), { status: '200' }),
      sample('http_responses_total', grown(0.01, atMs), { status: '500' }),
      sample('http_responses_total', grown(0.005, atMs), { status: '429' }),
      sample('app_redis_suspend_asked', atMs >= ASKED_MS ? 1 : 0),
      sample('app_redis_suspended', target.name === 'one' && atMs >= DONE_MS ? 1 : 0),
    ]);
  });
  await world.watch(120, 60_000);
});
afterAll(() => world.close());

const over = (range: Partial<Pick<Incident, 'startMs' | 'endMs' | 'deployId'>>) =>
  readImpact(world.runtime, incidentOf({ startMs: START_MS + 10 * MINUTE_MS, ...range }), world.nowMs());
const of = async (id: ImpactId, range: Parameters<typeof over>[0]) =>
  (await over(range)).find((one) => one.id === id);
const HOUR = { startMs: START_MS + 10 * MINUTE_MS, endMs: START_MS + 70 * MINUTE_MS };

describe('the impact of an incident, from what was measured', () => {
  it('is that of its own hour and of no more', async () => {
    const errors = await of('errors', HOUR);
    expect(errors?.value).toBeGreaterThanOrEqual(71);
    expect(errors?.value).toBeLessThanOrEqual(73);
    expect(errors?.note).toMatch(/^of 3,(59\d|60\d) requests$/);
    expect((await of('refused', HOUR))?.value).toBeGreaterThanOrEqual(35);
    expect((await of('refused', HOUR))?.value).toBeLessThanOrEqual(37);
    expect(await of('lasted', HOUR)).toMatchObject({ value: HOUR_MS, label: 'from start to end' });
    expect(await of('lasted', {})).toMatchObject({ value: 110 * MINUTE_MS, label: 'since it began' });
  });

  it('tells above what is usual only where days were measured, and money only where commands are billed', async () => {
    expect(await of('commands_over', HOUR)).toMatchObject({
      value: null,
      why: expect.stringMatching(/usual/),
    });
    expect(await of('commands_usd', HOUR)).toMatchObject({ value: null });
  });

  it('holds GETs against what its deploy promised, from T₀ on', async () => {
    // 200/s against a promised 20/s, over the last 30 minutes of the hour: 180 × 1,800.
    const originMs = START_MS + 40 * MINUTE_MS;
    const deploy = deployAt(originMs, { release: 'v1203', claims: [getsFall('c1', -90)] });
    Object.assign(world.runtime, {
      deploys: { get: async () => deploy, listNow: () => [] },
      watches: { get: async () => ({ claims: { c1: { before: 200 } } }) },
    });
    try {
      const found = await of('commands_over', { ...HOUR, deployId: deploy.id });
      expect(found?.note).toBe('at most 72.0K/h, promised by v1203');
      expect(found?.value).toBeGreaterThan(0.99 * 324_000);
      expect(found?.value).toBeLessThan(1.01 * 324_000);
    } finally {
      Object.assign(world.runtime, { deploys: undefined, watches: undefined });
    }
  });

  it('counts the minutes in which a machine was asked to suspend Redis and used it all the same', async () => {
    const wrong = await of('mode_wrong', HOUR);
    expect(wrong?.value).toBe(30 * MINUTE_MS);
    const vain = await readVain(world.runtime, SCOPE, HOUR, world.nowMs());
    expect(vain?.stretches).toEqual([{ startMs: ASKED_MS, endMs: HOUR.endMs, machines: ['one', 'two'] }]);
    const whole = await readVain(world.runtime, SCOPE, { ...HOUR, endMs: world.nowMs() }, world.nowMs());
    expect(whole?.stretches).toMatchObject([{ startMs: ASKED_MS, endMs: null, machines: ['one', 'two'] }]);
  });

  it('says of how much of the time a number is, and nothing where nothing was measured', async () => {
    expect((await of('errors', { startMs: START_MS - HOUR_MS, endMs: START_MS + HOUR_MS }))?.note).toMatch(
      /only of .* of 2/,
    );
    const before = { startMs: START_MS - 3 * HOUR_MS, endMs: START_MS - 2 * HOUR_MS };
    for (const id of ['errors', 'refused', 'commands_over', 'commands_usd', 'mode_wrong'] as const)
      expect(await of(id, before)).toMatchObject({ value: null, quality: 'unavailable' });
  });
});
