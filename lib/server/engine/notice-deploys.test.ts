import { beforeEach, describe, expect, it } from 'vitest';
import type { RedisMode } from '@/lib/core/model/redis-mode.ts';
import { type TargetId, targetId } from '@/lib/core/model/target.ts';
import { changesIn, type ModeChange } from '@/lib/core/modes/mode-book.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import { MemoryState } from '@/test/memory-state.ts';
import type { FlyMachine, FlySnapshot } from '../collectors/fly/index.ts';
import type { FlyRelease } from '../collectors/fly/releases.ts';
import type { AppTarget, Target } from '../config/types.ts';
import { DeployBook } from '../deploys/deploy-book.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import { NoticeDeploys } from './notice-deploys.ts';

const SCOPE = { app: 'harbor', environment: 'production' };
const START_MS = Date.parse('2026-04-09T17:00:00Z');
const fly = { ...SCOPE, kind: 'fly', name: 'harbor' } as unknown as Target;
const machineTarget = (name: string, machine?: AppTarget['machine']) =>
  ({ ...SCOPE, kind: 'app', name, machine }) as unknown as Target;

let state: MemoryState;
let nowMs: number;
let targets: Target[];
let snapshot: FlySnapshot | null;
/** What each machine tells of itself. */
let machines: Record<string, { version?: string; startedMs?: number; state?: TargetStatus['state'] }>;
let changes: ModeChange[];
let book: DeployBook;
let step: NoticeDeploys;

/** As a fresh process would: nothing is in memory. */
function restart(): void {
  book = new DeployBook({ store: state, wallMs: () => nowMs, known: () => ({}) });
  const flyApps = {
    get: (id: TargetId) => (id === targetId(fly) ? (snapshot ?? undefined) : undefined),
  } as ReadonlyMap<TargetId, FlySnapshot>;
  const nameOf = (id: TargetId) => id.split('/').at(-1) ?? '';
  step = new NoticeDeploys({
    config: { targets },
    store: {
      getState: (key) => state.getState(key),
      putState: (entries) => state.putState(entries),
      latest: ({ targetIds = [] }) =>
        targetIds.flatMap((id) => {
          const { startedMs } = machines[nameOf(id)] ?? {};
          return startedMs === undefined
            ? []
            : [
                {
                  series: { id: 1, metric: 'm', labels: {}, targetId: id, quality: 'measured' as const },
                  atMs: nowMs,
                  value: startedMs / 1000,
                },
              ];
        }),
    },
    poller: {
      status: (id) => {
        const told = machines[nameOf(id)];
        if (told === undefined) return null;
        const facts = told.version === undefined ? {} : { version: told.version };
        return { id, state: told.state ?? 'ok', facts } as unknown as TargetStatus;
      },
    },
    modes: { history: (_scope, range) => changesIn(changes, range) },
    deploys: book,
    flyApps,
  });
}

beforeEach(() => {
  state = new MemoryState();
  nowMs = START_MS;
  targets = [fly];
  snapshot = null;
  machines = {};
  changes = [];
  restart();
});

const listed = async () =>
  (await book.list(SCOPE)).map(({ release, kind, startMs, endMs, rolled, sign }) => ({
    release,
    kind,
    from: Math.round((startMs - START_MS) / SECOND_MS),
    to: endMs === null ? null : Math.round((endMs - START_MS) / SECOND_MS),
    rolled: rolled === null ? null : `${rolled.done}/${rolled.of}`,
    sign,
  }));
async function look(afterSeconds = 60): Promise<void> {
  nowMs += afterSeconds * SECOND_MS;
  if (snapshot !== null) snapshot = { ...snapshot, atMs: nowMs };
  await step.run(nowMs);
}
const release = (version: number, over: Partial<FlyRelease> = {}): FlyRelease => ({
  version,
  status: 'complete',
  createdMs: nowMs,
  description: 'Release',
  imageRef: `registry/harbor:${version}`,
  ...over,
});
const onFly = (id: string, version: string): FlyMachine => ({
  id,
  name: id,
  state: 'started',
  hostOk: true,
  region: 'ams',
  group: 'app',
  release: version,
  imageDigest: null,
  imageTag: null,
  cordoned: false,
  checks: { passing: 1, warning: 0, critical: 0, unknown: 0 },
  privateIp: null,
  metrics: null,
  createdMs: null,
  env: null,
});
const app = (over: Partial<FlySnapshot> = {}): FlySnapshot => ({
  atMs: nowMs,
  app: 'harbor',
  organization: null,
  machines: [onFly('a', 'v1202'), onFly('b', 'v1202')],
  releases: [release(1202)],
  secrets: [{ name: 'SUSPEND_REDIS', digest: '111111111111', updatedMs: START_MS, status: 'deployed' }],
  ...over,
});

describe('a release on Fly', () => {
  it('nothing is noticed at the first sight of an app, nor of its past releases', async () => {
    snapshot = app({ releases: [release(1202), release(1201), release(1200)] });
    await look();
    await look();
    expect(await listed()).toEqual([]);
  });

  it('is a deploy that rolls from its first machine to its last one', async () => {
    snapshot = app();
    await look();
    const before = snapshot.releases ?? [];
    const next = release(1203, { status: 'running', createdMs: nowMs + 20_000 });
    snapshot = app({ releases: [next, ...before] });
    await look();
    expect(await listed(), 'no machine runs it yet').toEqual([]);
    snapshot = app({ releases: [next, ...before], machines: [onFly('a', 'v1203'), onFly('b', 'v1202')] });
    await look();
    const rolling = { release: 'v1203', kind: 'code', from: 120, sign: 'fly_release' };
    expect(await listed()).toEqual([{ ...rolling, to: null, rolled: '1/2' }]);
    restart();
    snapshot = app({ releases: [next, ...before], machines: [onFly('a', 'v1203'), onFly('b', 'v1203')] });
    await look();
    expect(await listed()).toEqual([{ ...rolling, to: 240, rolled: '2/2' }]);
    const written = state.writes;
    await look();
    await look();
    expect(await listed()).toHaveLength(1);
    expect(state.writes, 'nothing is written while nothing happens').toBe(written);
  });

  it('begins with the first process of it where machines tell when they started', async () => {
    targets = [fly, machineTarget('m1'), machineTarget('m2')];
    machines = { m1: { version: 'v1202' }, m2: { version: 'v1202' } };
    restart();
    snapshot = app();
    await look();
    const { releases } = snapshot;
    machines = {
      m1: { version: 'v1203', startedMs: nowMs + 31_000 },
      m2: { version: 'v1202', startedMs: START_MS },
    };
    snapshot = app({
      releases: [release(1203, { createdMs: nowMs + 10_000 }), ...(releases ?? [])],
      machines: [onFly('a', 'v1203'), onFly('b', 'v1202')],
    });
    await look();
    expect(await listed()).toMatchObject([{ release: 'v1203', from: 91, to: null }]);
  });

  it('one that came while nobody looked has the time of its record', async () => {
    snapshot = app();
    await look();
    const { releases } = snapshot;
    nowMs += 3 * HOUR_MS;
    restart();
    const createdMs = nowMs - HOUR_MS;
    snapshot = app({
      releases: [release(1203, { createdMs }), ...(releases ?? [])],
      machines: [onFly('a', 'v1203'), onFly('b', 'v1203')],
    });
    await look();
    const from = Math.round((createdMs - START_MS) / SECOND_MS);
    expect(await listed()).toMatchObject([{ release: 'v1203', from, to: from, rolled: '2/2' }]);
  });

  it('one that failed before any machine ran it is none; one that stands still ends where it stands', async () => {
    snapshot = app();
    await look();
    const before = snapshot.releases ?? [];
    const failed = release(1203, { status: 'failed' });
    snapshot = app({ releases: [failed, ...before] });
    await look();
    expect(await listed()).toEqual([]);
    const half = [onFly('a', 'v1204'), onFly('b', 'v1202')];
    snapshot = app({ releases: [release(1204), failed, ...before], machines: half });
    await look();
    for (let minutes = 0; minutes < 125; minutes += 5) await look(300);
    expect(await listed()).toMatchObject([{ release: 'v1204', rolled: '1/2', to: 120 }]);
  });

  it('its kind is told by its words and its image', async () => {
    snapshot = app();
    await look();
    let releases = snapshot.releases ?? [];
    const kinds: Partial<FlyRelease>[] = [
      { description: 'Update secrets' },
      { imageRef: 'registry/harbor:1203', description: 'Deploy image' },
      {},
    ];
    for (const [at, over] of kinds.entries()) {
      const version = 1203 + at;
      releases = [release(version, { imageRef: `registry/harbor:${version}`, ...over }), ...releases];
      snapshot = app({ releases, machines: [onFly('a', `v${version}`)] });
      await look();
    }
    expect((await listed()).map(({ kind }) => kind)).toEqual(['secret', 'config', 'code']);
  });

  it('what could not be read at one look is no news at the next', async () => {
    snapshot = app({ releases: null, secrets: null, machines: null });
    await look();
    snapshot = app();
    await look();
    await look();
    expect(await listed()).toEqual([]);
  });
});

describe('a secret', () => {
  it('another digest is a deploy, and one with the release that brings it to the machines', async () => {
    snapshot = app();
    await look();
    const { releases } = snapshot;
    const secrets = [
      { name: 'SUSPEND_REDIS', digest: '222222222222', updatedMs: nowMs + 10_000, status: 'staged' as const },
    ];
    snapshot = app({ secrets });
    await look();
    expect(await listed()).toMatchObject([
      { release: 'SUSPEND_REDIS set', kind: 'secret', from: 70, to: 70 },
    ]);
    const next = release(1203, { description: 'Update secrets' });
    snapshot = app({
      secrets,
      releases: [next, ...(releases ?? [])],
      machines: [onFly('a', 'v1203'), onFly('b', 'v1203')],
    });
    await look();
    expect(await listed()).toMatchObject([
      { release: 'v1203', kind: 'secret', from: 120, to: 180, rolled: '2/2' },
    ]);
  });

  it('no value and no digest is told', async () => {
    snapshot = app();
    await look();
    snapshot = app({
      secrets: [{ name: 'API_KEY', digest: 'feedfacecafe', updatedMs: null, status: 'unknown' }],
    });
    await look();
    expect(await listed()).toMatchObject([{ release: 'API_KEY set, SUSPEND_REDIS removed' }]);
    const [key] = [...state.rows.keys()].filter((one) => one.startsWith('deploy/'));
    expect(JSON.stringify(state.rows.get(key ?? ''))).not.toContain('feedfacecafe');
  });
});

describe('a machine’s version', () => {
  beforeEach(() => {
    targets = [machineTarget('m1'), machineTarget('m2')];
    machines = {
      m1: { version: '1.4.2', startedMs: START_MS },
      m2: { version: '1.4.2', startedMs: START_MS },
    };
    restart();
  });

  it('is a deploy from the first machine to the last, and none at first sight', async () => {
    await look();
    expect(await listed()).toEqual([]);
    machines.m1 = { version: '1.4.3', startedMs: nowMs + 5_000 };
    await look(15);
    const rolling = { release: '1.4.3', kind: 'code', from: 65, sign: 'machine_version' };
    expect(await listed()).toEqual([{ ...rolling, to: null, rolled: '1/2' }]);
    machines.m2 = { state: 'down', version: '1.4.2' };
    await look(15);
    restart();
    machines.m2 = { version: '1.4.3', startedMs: nowMs + 5_000 };
    await look(15);
    expect(await listed()).toEqual([{ ...rolling, to: 105, rolled: '2/2' }]);
  });

  it('a machine that is new in the config tells of no deploy; one that came by itself with a new version does', async () => {
    await look();
    targets.push(machineTarget('m3'));
    machines.m3 = { version: '2.0.0' };
    await look();
    expect(await listed()).toEqual([]);
    targets.push(machineTarget('f1', { source: 's', id: 'f1' }));
    machines.f1 = { version: '1.5.0', startedMs: nowMs };
    await look();
    expect((await listed()).map((one) => one.release)).toEqual(['1.5.0']);
  });

  it('the way back is a deploy of its own', async () => {
    await look();
    for (const version of ['1.4.3', '1.4.2']) {
      machines = { m1: { version, startedMs: nowMs }, m2: { version, startedMs: nowMs } };
      await look(600);
    }
    machines = { m1: { version: '1.4.3', startedMs: nowMs }, m2: { version: '1.4.3', startedMs: nowMs } };
    await look(600);
    expect((await listed()).map((one) => one.release)).toEqual(['1.4.3', '1.4.2', 'back to 1.4.3']);
  });
});

describe('a switch of Redis', () => {
  const change = (minutes: number, mode: RedisMode, modes: RedisMode[] = [mode]): ModeChange => ({
    atMs: START_MS + minutes * MINUTE_MS,
    mode,
    quality: 'measured',
    evidence: 'all 2 machines say so',
    machines: Object.fromEntries(modes.map((one, at) => [`m${at + 1}`, one])),
  });

  it('that is thrown machine by machine rolls; its end is another one', async () => {
    changes = [change(0, 'active', ['active', 'active'])];
    await look(60);
    changes.push(change(5, 'mixed', ['suspended_by_us', 'active']));
    await look(300);
    const first = { release: 'Redis suspended', kind: 'suspend', from: 300, sign: 'redis_mode' };
    expect(await listed()).toEqual([{ ...first, to: null, rolled: '1/2' }]);
    restart();
    changes.push(change(7, 'suspended_by_us', ['suspended_by_us', 'suspended_by_us']));
    await look(120);
    expect(await listed()).toEqual([{ ...first, to: 420, rolled: '2/2' }]);
    changes.push(change(30, 'active', ['active', 'active']));
    await look(1_800);
    expect((await listed()).map(({ kind, from }) => [kind, from])).toEqual([
      ['suspend', 300],
      ['resume', 1_800],
    ]);
    const written = state.writes;
    restart();
    await look();
    expect(state.writes).toBe(written);
  });

  it('what it was before we looked, and what its provider does, is no deploy of ours', async () => {
    changes = [change(-60, 'active'), change(-30, 'suspended_by_us')];
    await look();
    changes.push(change(10, 'unreachable'), change(12, 'suspended_by_us'));
    await look(1_200);
    expect(await listed()).toEqual([]);
    changes.push(change(30, 'active'), change(40, 'quota_exhausted'), change(50, 'active'));
    await look(3_000);
    expect((await listed()).map(({ kind }) => kind)).toEqual(['resume']);
  });
});
