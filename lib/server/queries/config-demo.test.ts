import { afterEach, expect, it } from 'vitest';
import { targetId } from '@/lib/core/model/target.ts';
import { appAnswer, machineAnswer, secretsAnswer } from '@/lib/demo/fly/answers.ts';
import { writeExposition } from '@/lib/demo/machine/exposition.ts';
import { flyWorld } from '@/lib/demo/providers/fly.ts';
import { createWorld } from '@/lib/demo/world.ts';
import { parseAnswers } from '../collectors/app/parse.ts';
import { answer, machine as appMachine } from '../collectors/app/test-answers.ts';
import { WorkerWatch } from '../collectors/app/workers.ts';
import type { FlySnapshot } from '../collectors/fly/index.ts';
import { readMachines } from '../collectors/fly/machines.ts';
import { readReleases } from '../collectors/fly/releases.ts';
import { graphqlSchema, machinesSchema, secretsSchema } from '../collectors/fly/schema.ts';
import { readSecrets } from '../collectors/fly/secrets.ts';
import { Secret } from '../config/secret.ts';
import type { FlyTarget } from '../config/types.ts';
import { readConfigPage } from './config-page.ts';
import { good, machine, openWorld, START_MS, type World } from './test-world.ts';

const SCOPE = { app: 'harbor', environment: 'production' };
const FAULT_AFTER_MIN = 6;
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
  intervalSeconds: null,
  timeoutSeconds: null,
};

let opened: World | null = null;
afterEach(async () => {
  await opened?.close();
  opened = null;
});

/** The demo's two machines and its Fly, through our own parsers, `minutes` after the start. */
async function readDemo(minutes: number, { isBroken }: { isBroken: boolean }) {
  const demo = createWorld({ seed: 7, startMs: START_MS });
  if (isBroken) demo.faults.start('bad_value', START_MS + FAULT_AFTER_MIN * 60_000);
  const watches = new Map<string, WorkerWatch>();
  opened = await openWorld([machine('3d8dd7a1'), machine('9185e2bc'), fly], (target, atMs) => {
    const state = demo.at(atMs).machines.find(({ name }) => name === target.name);
    if (state === undefined || !state.reachable) return good([]);
    const watch = watches.get(state.name) ?? new WorkerWatch();
    watches.set(state.name, watch);
    const page = { metrics: answer({ text: writeExposition(state) }), health: null, healthError: null };
    return parseAnswers(page, appMachine(), watch, atMs);
  });
  await opened.watch(minutes);
  const flyApps = new Map([[targetId(fly), snapshotOf(demo, opened.nowMs())]]);
  return readConfigPage({ ...opened.runtime, flyApps }, SCOPE);
}

function snapshotOf(demo: ReturnType<typeof createWorld>, atMs: number): FlySnapshot {
  const world = flyWorld(demo);
  const state = world.at(atMs);
  const machines = readMachines(
    machinesSchema.parse(state.machines.map((one) => machineAnswer(one, world.app))),
  );
  const app = graphqlSchema.parse({ data: { app: appAnswer(state, world.app, world.organization) } }).data
    ?.app;
  const releases = readReleases(app ?? {});
  const { secrets } = secretsSchema.parse(secretsAnswer(state));
  return {
    atMs,
    app: world.app,
    organization: world.organization,
    machines,
    releases,
    secrets: readSecrets(secrets, machines, releases),
  };
}

it('the demo at rest: nothing is misread, and the machine that was left behind is a warning', async () => {
  const view = await readDemo(6, { isBroken: false });
  const row = view.rows.find(({ setting }) => setting === 'SUSPEND_REDIS');
  expect(row?.findings.map(({ kind, severity }) => [kind, severity])).toEqual([
    ['partial', 'warning'],
    ['machines_disagree', 'warning'],
  ]);
  expect(row?.findings[0]?.text).toContain('9185e2bc keeps the value before until it is deployed');
  expect(view.sentence.verdict).toBe(
    'No setting was misread that we can see; one needs a look: SUSPEND_REDIS.',
  );
  expect(view.rows.map(({ setting }) => setting)).toEqual([
    'SUSPEND_REDIS',
    'LIMITER_SYNC_SECONDS',
    'LOCAL_CACHE_MAX_MB',
    'DATABASE_URL',
    'PORT',
    'PRIMARY_REGION',
    'REDIS_URL',
    'SESSION_SECRET',
  ]);
});

it('the demo’s bad value is caught by what was set, by what was read and by what is seen, on both machines', async () => {
  const view = await readDemo(FAULT_AFTER_MIN + 4, { isBroken: true });
  const row = view.rows.find(({ setting }) => setting === 'SUSPEND_REDIS');
  expect(row?.findings.map(({ kind, way, machines }) => [kind, way, machines.length])).toEqual([
    ['asked_in_vain', 'declared', 2],
    ['looks_like_digest', 'parsed', 2],
    ['observed_differs', 'observed', 1],
    ['observed_differs', 'observed', 1],
  ]);
  expect(row?.declared[0]).toMatchObject({ by: 'secret', status: 'deployed' });
  expect(view.sentence.verdict).toContain(
    'what was set, what its processes read and what its machines do show it',
  );
  expect(JSON.stringify(view)).not.toContain('fa61a13817d73a23');
});
