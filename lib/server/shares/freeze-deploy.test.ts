import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_SWITCHES, type FrozenCopy, type ShareSubject } from '@/lib/core/model/share.ts';
import { frozenCopySchema } from '@/lib/core/shares/copy-schema.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { Secret } from '../config/secret.ts';
import { DeployBook } from '../deploys/deploy-book.ts';
import { registerSecretsIn } from '../log/secrets.ts';
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
import type { Runtime } from '../runtime.ts';
import { visitFor } from '../watch/test-days.ts';
import { claim, getsFall } from '../watch/test-deploy.ts';
import { WatchBook } from '../watch/watch-book.ts';
import { WatchStep } from '../watch/watch-step.ts';
import { freezeCopy } from './freeze-copy.ts';
import { readFrozen } from './read-frozen.ts';
import { findPlanted, KNOWN_SECRETS, PLANTED, POISON } from './test-secrets.ts';

const SCOPE = { app: 'harbor', environment: 'production' };
const ORIGIN_MS = START_MS + 2 * DAY_MS;
const VISIT_MS = 5 * MINUTE_MS;

let world: World;
let subject: ShareSubject;
let runtime: Runtime;
let copy: FrozenCopy;

beforeAll(async () => {
  registerSecretsIn(KNOWN_SECRETS.map((secret) => new Secret(secret)));
  world = await openWorld([redis, machine('web-1')], ({ kind }, atMs) =>
    kind === 'redis'
      ? good([
          sample('redis_commands_total', grown(200, Math.min(atMs, ORIGIN_MS)) + grown(20, atMs), {
            cmd: 'get',
          }),
        ])
      : good([
          sample('app_machine_info', 1, { version: atMs < ORIGIN_MS ? 'v6' : 'v7' }),
          sample('http_responses_total', grown(30, atMs), { status: '200' }),
        ]),
  );
  await visitFor(world, 2 * 24 * 60, VISIT_MS);
  const { store, nowMs: wallMs } = world;
  const deploys = new DeployBook({ store, wallMs, known: () => ({}) });
  await deploys.load([SCOPE]);
  const watches = new WatchBook({ store, wallMs, onFault: () => undefined });
  await watches.load([SCOPE]);
  runtime = { ...world.runtime, deploys, watches };
  const told = await deploys.register({
    scope: SCOPE,
    deploy: { release: 'v7', time: ORIGIN_MS, summary: '# Fewer reads' },
    origin: 'api',
    replay: { sender: 'test', key: null, signedAs: null, body: 'x' },
  });
  if (told.how === 'conflict') throw new Error('a new deploy was expected');
  subject = { kind: 'deploy', deployId: told.deploy.id };
  await expect(freezeCopy(runtime, subject, DEFAULT_SWITCHES)).rejects.toThrow(/confirm its promises first/);
  const claims = [
    { ...getsFall('gets', -90), window: 'h' },
    claim('cost', { text: 'Redis costs $4 a day on web-1, says Ann Smith', metric: null }),
    claim('leak', { text: POISON, metric: null }),
  ];
  await deploys.confirm(told.deploy.id, claims, 'Ann Smith');
  const step = new WatchStep({ runtime, watches, monoMs: () => 0 });
  await step.run(wallMs());
  await visitFor(world, 120, VISIT_MS);
  await step.run(wallMs());
  copy = await freezeCopy(runtime, subject, DEFAULT_SWITCHES);
});
afterAll(() => world.close());

describe('a shared deploy', () => {
  it('is its watch over one window: sentence, rail, claims with their charts, checks and what changed', () => {
    expect(frozenCopySchema.parse(copy)).toEqual(copy);
    expect(copy).toMatchObject({
      ...{ kind: 'deploy', place: 'harbor, production', standing: { kind: 'deploy' } },
      deploy: { release: 'v7', startMs: ORIGIN_MS },
      rail: { release: 'v7', originMs: ORIGIN_MS, nowMs: copy.range.endMs },
      claims: [{ id: 'claim-1', title: 'Redis GETs fall by 90 %' }, { id: 'claim-2' }, { id: 'claim-3' }],
    });
    expect(copy.title).toMatch(/^v7/);
    expect(copy.charts.map(({ id }) => id)).toEqual(['claim:claim-1']);
    expect(copy.range.endMs - copy.range.startMs).toBe(DAY_MS + 2 * HOUR_MS);
    const points = copy.charts[0]?.view.lines[0]?.points ?? [];
    expect(points.length).toBeGreaterThan(100);
    expect(points.every(([atMs]) => atMs >= copy.range.startMs && atMs < copy.range.endMs)).toBe(true);
    expect(copy.charts[0]?.marks).toMatchObject([{ id: 'mark-1', release: 'v7', href: null }]);
    expect(copy.checks.length).toBeGreaterThan(3);
    expect(copy.timeline).toContainEqual(expect.objectContaining({ atMs: ORIGIN_MS, title: 'v7 deployed' }));
  });

  it('names nobody and nothing that is switched off', () => {
    expect(JSON.stringify(copy)).not.toMatch(/web-1|Ann|Smith|\/deploys\/|gets/);
    // Money is on unless switched off.
    expect(copy.claims[1]?.title).toBe('Redis costs $4 a day on machine 1, says a person');
  });

  it('holds no secret that its promises were written with', async () => {
    expect(findPlanted((await readFrozen(runtime, subject)).copy)).toEqual(PLANTED);
    expect(findPlanted(copy)).toEqual([]);
    expect(copy.claims[2]?.title).toMatch(/^case 0: /);
  });
});
