import { afterEach, describe, expect, it } from 'vitest';
import type { Sample } from '@/lib/core/model/sample.ts';
import { targetId } from '@/lib/core/model/target.ts';
import type { ConfigView } from '@/lib/core/settings/config-view.ts';
import type { FlyMachine, FlySnapshot } from '../collectors/fly/index.ts';
import { Secret } from '../config/secret.ts';
import type { FlyTarget } from '../config/types.ts';
import type { Runtime } from '../runtime.ts';
import { readConfigPage } from './config-page.ts';
import { good, grown, machine, openWorld, START_MS, sample, type World } from './test-world.ts';

const SCOPE = { app: 'harbor', environment: 'production' };
const fly: FlyTarget = {
  ...SCOPE,
  kind: 'fly',
  name: 'fly',
  flyApp: 'harbor',
  machinesUrl: 'http://x',
  graphqlUrl: null,
  prometheusUrl: null,
  address: 'x',
  organization: null,
  token: new Secret('FlyV1 x'),
  scrape: null,
  intervalSeconds: null,
  timeoutSeconds: null,
};
const onFly = (id: string, over: Partial<FlyMachine> = {}): FlyMachine => ({
  id,
  name: id,
  state: 'started',
  hostOk: true,
  region: 'ams',
  group: 'app',
  release: 'v1206',
  imageDigest: 'aaaaaaaaaaaa',
  imageTag: null,
  cordoned: false,
  checks: { passing: 1, warning: 0, critical: 0, unknown: 0 },
  privateIp: null,
  metrics: null,
  createdMs: null,
  env: [],
  ...over,
});
const snapshotOf = (over: Partial<FlySnapshot> = {}): FlySnapshot => ({
  atMs: START_MS + 9 * 60_000,
  app: 'harbor',
  organization: null,
  machines: [onFly('a'), onFly('b')],
  releases: null,
  secrets: [{ name: 'SUSPEND_REDIS', digest: 'fa61a13817d7', updatedMs: START_MS, status: 'deployed' }],
  ...over,
});

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});

type Tell = (name: string, atMs: number) => Sample[];
const told = (parsed: string, looks: string): Sample =>
  sample('app_setting_info', 1, { setting: 'SUSPEND_REDIS', parsed, looks });
const startedAt = (atMs: number): Sample => sample('app_process_start_time_seconds', atMs / 1_000);

/** What the page says after ten minutes of visits to machines `a` and `b`. */
async function read(
  tell: Tell,
  { app = snapshotOf() as FlySnapshot | null, parts = {} as Partial<Runtime>, minutes = 10 } = {},
): Promise<ConfigView> {
  const targets = [machine('a'), machine('b'), ...(app === null ? [] : [fly])];
  world = await openWorld(targets, (target, atMs) =>
    good(target.kind === 'app' ? tell(target.name, atMs) : []),
  );
  await world.watch(minutes);
  const flyApps = new Map(app === null ? [] : [[targetId(fly), app]]);
  return readConfigPage({ ...world.runtime, flyApps, ...parts }, SCOPE);
}
const rowOf = (view: ConfigView) => view.rows.find(({ setting }) => setting === 'SUSPEND_REDIS');
const kindsOf = (view: ConfigView) => rowOf(view)?.findings.map(({ kind, way }) => `${way} ${kind}`);
const calm: Tell = (_name, atMs) => [
  told('false', 'ok'),
  startedAt(START_MS - 60_000),
  sample('app_redis_commands_total', grown(2, atMs), { cmd: 'get' }),
];

describe('the Config page', () => {
  it('shows a digest in place of a value as what was set, as what was read, and as what is seen', async () => {
    const record = {
      id: 'd1',
      release: 'v1204',
      startMs: START_MS,
      summary: 'fly secrets set SUSPEND_REDIS=fa61a13817d73a23 -a harbor',
      document: null,
    };
    const deploys = { listNow: () => [{ id: 'd1', summed: true }], get: async () => record };
    const view = await read(
      (_name, atMs) => [
        told('false', 'digest'),
        startedAt(START_MS - 60_000),
        sample('app_redis_suspended', 0),
        sample('app_redis_suspend_asked', 1),
        sample('app_redis_commands_total', grown(2, atMs), { cmd: 'get' }),
        sample('app_redis_commands_total', grown(50, atMs), { cmd: 'ping' }),
      ],
      { parts: { deploys: deploys as unknown as NonNullable<Runtime['deploys']> } },
    );
    expect(kindsOf(view)).toEqual([
      'declared looks_like_digest',
      'declared asked_in_vain',
      'parsed looks_like_digest',
      'observed observed_differs',
      'observed observed_differs',
    ]);
    expect(rowOf(view)?.cells[0]).toMatchObject({
      parsed: 'false',
      looks: 'digest',
      observed: '570 Redis commands in 5 min',
      worst: { parsed: 'error', observed: 'error' },
    });
    expect(rowOf(view)?.declared).toMatchObject([
      { by: 'secret', name: 'fa61a13817d7', status: 'deployed' },
      { by: 'record', value: 'digest', name: 'v1204', href: '/deploys/d1' },
    ]);
    expect(view.sentence.verdict).toBe(
      'SUSPEND_REDIS does not run as it was meant: what was set, what its processes read and what its machines do show it.',
    );
    expect(JSON.stringify(view)).not.toContain('fa61a13817d73a23');
  });

  it('a plain no that is read as one is nothing to say', async () => {
    const view = await read(calm);
    expect(kindsOf(view)).toEqual([]);
    expect(view.sentence.verdict).toBe('One setting was read as written, on 2 of 2 machines.');
    expect(view.untold).toEqual([]);
    expect(view.fleet).toMatchObject({
      running: 2,
      findings: [],
      remark: 'No claim names a number of machines.',
    });
  });

  it('words of before that a client library keeps, or that came before the last visits, are not shown', async () => {
    const view = await read((name, atMs) => {
      if (name === 'b')
        return [
          sample('app_setting_info', 0, { setting: 'SUSPEND_REDIS', parsed: 'false', looks: 'digest' }),
          told('true', 'ok'),
        ];
      return [told(atMs < START_MS + 300_000 ? 'true' : 'false', 'ok')];
    });
    expect(rowOf(view)?.cells.map(({ parsed, looks }) => [parsed, looks])).toEqual([
      ['false', 'ok'],
      ['true', 'ok'],
    ]);
    expect(kindsOf(view)).toEqual(['parsed machines_disagree']);
  });

  it('traffic of the process before is not held against the new one', async () => {
    const restartedMs = START_MS + 9 * 60_000 + 30_000;
    const view = await read((_name, atMs) => [
      told(atMs < restartedMs ? 'false' : 'true', 'ok'),
      sample('app_redis_suspended', atMs < restartedMs ? 0 : 1),
      startedAt(atMs < restartedMs ? START_MS - 60_000 : restartedMs),
      sample('app_redis_commands_total', grown(2, Math.min(atMs, restartedMs)), { cmd: 'get' }),
    ]);
    expect(rowOf(view)?.cells[0]).toMatchObject({ parsed: 'true', observed: null });
    expect(kindsOf(view)).toEqual([]);
  });

  it('without Fly and without the metric nothing is claimed, and what would tell is named', async () => {
    const view = await read(() => [sample('app_redis_suspended', 0)], { app: null });
    expect(view.rows.map(({ setting }) => setting)).toEqual(['Redis switch']);
    expect(view.sentence.verdict).toContain('Can’t tell whether what runs is what was meant');
    expect(view.untold.map(({ id }) => id)).toEqual(['settings', 'platform']);
    expect(view.untold[0]?.copy?.text).toContain("name: 'app_setting_info'");
  });

  it('machines of Fly that are not visited, parked or on a silent host have their place', async () => {
    const app = snapshotOf({
      machines: [
        onFly('a'),
        onFly('c', { state: 'stopped' }),
        onFly('d', { hostOk: false, state: 'unknown', env: null, release: null }),
      ],
      secrets: null,
    });
    const view = await read(calm, { app });
    expect(view.fleet.machines.map(({ name, standing }) => [name, standing])).toEqual([
      ['a', 'running'],
      ['b', 'running'],
      ['c', 'parked'],
      ['d', 'unknown'],
    ]);
    expect(view.fleet.running).toBeNull();
    expect(rowOf(view)?.cells.map(({ why }) => why)).toEqual([
      null,
      null,
      'it is stopped',
      'its metrics are not watched',
    ]);
    expect(view.untold.map(({ id }) => id)).toEqual(['secrets', 'env']);
  });

  it('what Fly told long ago is shown as of then, and says nothing of what runs now', async () => {
    const view = await read(calm, {
      app: snapshotOf({ atMs: START_MS, machines: [onFly('a'), onFly('c')] }),
    });
    expect(view.untold).toMatchObject([
      { id: 'platform', text: expect.stringContaining('Fly has not told since 9 Apr 17:00Z') },
    ]);
    expect(view.fleet.machines.map(({ name, standing }) => [name, standing])).toEqual([
      ['a', 'running'],
      ['b', 'running'],
      ['c', 'unknown'],
    ]);
  });

  it.each([
    [
      'of this process count',
      START_MS - 3_600_000,
      ['observed observed_differs'],
      /log lines say suspended, 15 min/,
    ],
    ['of the process before say nothing of this one', START_MS - 60_000, [], /^0 Redis commands in 5 min$/],
  ])('log lines %s', async (_name, startedMs, kinds, observed) => {
    const view = await read((name, atMs) => [
      told('false', 'ok'),
      startedAt(startedMs),
      sample('app_redis_commands_total', 7, { cmd: 'get' }),
      ...(name === 'a'
        ? [sample('logs_pattern_lines_total', grown(1, atMs), { pattern: 'redis_suspended', machine: 'a' })]
        : []),
    ]);
    expect(kindsOf(view)).toEqual(kinds);
    expect(rowOf(view)?.cells[0]?.observed).toMatch(observed);
  });

  it('a command for another app of the platform is no record of this one, and a rollback was not done', async () => {
    const summary = [
      'fly secrets set SUSPEND_REDIS=true -a harbor-staging',
      'fly secrets set SUSPEND_REDIS=true -a harbor',
    ].join('\n');
    const document = { rollback: [{ line: 2 }], deploy: { machinesAssumed: 3 }, audit: [] };
    const record = { id: 'd1', release: 'v1203', startMs: START_MS, summary, document };
    const deploys = { listNow: () => [{ id: 'd1', summed: true }], get: async () => record };
    const view = await read(calm, {
      parts: { deploys: deploys as unknown as NonNullable<Runtime['deploys']> },
    });
    expect(kindsOf(view)).toEqual([]);
    expect(rowOf(view)?.declared.map(({ by }) => by)).toEqual(['secret']);
    expect(view.fleet.findings).toEqual([{ kind: 'assumed', text: 'v1203 counts on 3 machines; 2 run.' }]);
  });
});
