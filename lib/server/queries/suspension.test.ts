import { afterEach, describe, expect, it } from 'vitest';
import type { RedisMode } from '@/lib/core/model/redis-mode.ts';
import type { ModeChange } from '@/lib/core/modes/mode-book.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { ScrapeError } from '../collectors/collector.ts';
import { DeployBook } from '../deploys/deploy-book.ts';
import type { NewDeploy } from '../deploys/new-deploy.ts';
import type { ModeNow } from '../engine/modes.ts';
import { readSuspension } from './suspension.ts';
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
} from './test-world.ts';

const SCOPE = { app: 'harbor', environment: 'production' };
const OFF_MS = START_MS + HOUR_MS;

let world: World;
afterEach(() => world.close());

const change = (atMs: number, mode: RedisMode, machines: Record<string, RedisMode> = {}): ModeChange => ({
  ...{ atMs, mode, machines },
  quality: 'measured',
  evidence: '',
});

/** The world with a mode and its history, and with deploys that somebody told of. */
async function readWith(
  mode: RedisMode,
  changes: readonly ModeChange[],
  { deploys = [], now = {} }: { deploys?: readonly NewDeploy[]; now?: Partial<ModeNow> } = {},
) {
  const nowMs = world.nowMs();
  const last = changes.at(-1);
  const current: ModeNow = {
    ...{ asOfMs: nowMs, mode, quality: 'measured', evidence: 'all 2 machines say so', unknown: null },
    ...{ sinceMs: last?.atMs ?? null, unknownSinceMs: null, contradictions: [], askedInVain: [] },
    machines: new Map(
      Object.entries(last?.machines ?? {}).map(([name, own]) => [
        name,
        { mode: own, quality: 'measured', evidence: '', sinceMs: last?.atMs ?? null, unknownSinceMs: null },
      ]),
    ),
    ...now,
  };
  const modes = { current: () => current, history: () => changes, suspended: () => [] };
  const book = new DeployBook({ store: world.store, wallMs: world.nowMs, known: () => ({}) });
  for (const deploy of deploys) {
    const replay = { sender: 'test', key: null, signedAs: null, body: String(deploy.release) };
    await book.register({ scope: SCOPE, deploy, origin: 'api', replay });
  }
  return readSuspension({ ...world.runtime, modes, deploys: book }, SCOPE, nowMs);
}

/** Machines that count requests and database queries; twice as many queries from the suspension on. */
const answers: Answer = (target, atMs) => {
  if (target.kind === 'redis') return good([sample('redis_commands_total', grown(5, atMs), { cmd: 'get' })]);
  const extra = Math.max(0, Math.round((atMs - OFF_MS) / 1_000)) * 2;
  return good([
    sample('http_responses_total', grown(4, atMs), { status: '200' }),
    sample('app_db_queries_total', grown(2, atMs) + extra),
    sample('app_local_cache_bytes', target.name === 'a' ? 38_200_000 : 11_700_000),
  ]);
};

const OFF = { a: 'suspended_by_us', b: 'suspended_by_us' } as const;
const SUSPENDED = [change(START_MS, 'active'), change(OFF_MS, 'suspended_by_us', OFF)];
const told = (release: string, over: Partial<NewDeploy> = {}): NewDeploy => ({
  ...{ release, kind: 'suspend', time: OFF_MS },
  ...over,
});

describe('Redis out of use', () => {
  it('is nothing to show while it is in use, or where no modes are known', async () => {
    world = await openWorld([redis, machine('a')], answers);
    expect(await readSuspension(world.runtime, SCOPE, world.nowMs())).toBeNull();
    expect(await readWith('active', [change(START_MS, 'active')])).toBeNull();
    expect(await readWith('unknown', [])).toBeNull();
  });

  it('names the deploy, its end, and what it means in numbers that were measured', async () => {
    world = await openWorld([redis, machine('a'), machine('b')], answers);
    await world.watch(130);
    const deploys = [told('v1205', { summary: '# v1205\n\nRedis suspended.\n\nNext review: in 6 hours.\n' })];
    const view = await readWith('suspended_by_us', SUSPENDED, { deploys });
    expect(view).toMatchObject({
      ...{ mode: 'suspended_by_us', sinceMs: OFF_MS, sinceIsFirstLook: false, stages: [] },
      by: { release: 'v1205', href: expect.stringMatching(/^\/deploys\/\w+/) },
      until: { atMs: OFF_MS + 6 * HOUR_MS, why: 'planned' },
      machines: [{ name: 'a' }, { name: 'b' }],
    });
    const of = (id: string) => view?.consequences.find((one) => one.id === id);
    expect(of('rate_limits')?.text).toBe('up to 2× what you set');
    expect(of('database')?.text).toMatch(/^28\.8K\/h queries, 14\.4K\/h before \(\+100.%\)$/);
    expect(of('local_cache')?.text.replaceAll('\u00a0', ' ')).toBe('a 38.2 MB; b 11.7 MB');
    for (const id of ['limiter', 'memory', 'jobs']) expect(of(id)?.quality).toBe('unavailable');
    expect(of('billed')?.text).toContain('300/min: unknown (get) 300/min');
  });

  it('does not add up what only a part of the machines tells now', async () => {
    const targets = [redis, machine('a'), machine('b')];
    const silent: Answer = (target, atMs) => {
      if (target.name === 'b' && atMs > OFF_MS - MINUTE_MS)
        throw new ScrapeError('network', 'b does not answer');
      return answers(target, atMs);
    };
    world = await openWorld(targets, silent);
    await world.watch(130);
    const view = await readWith('suspended_by_us', SUSPENDED);
    const of = (id: string) => view?.consequences.find((one) => one.id === id);
    expect(of('database')?.quality).toBe('unavailable');
    expect(of('local_cache')?.text.replaceAll('\u00a0', ' ')).toBe('a 38.2 MB; 1 of 2 tells nothing');
  });

  it('says that nobody told, where only the switch itself was noticed', async () => {
    world = await openWorld([redis, machine('a'), machine('b')], answers);
    await world.watch(70);
    const view = await readWith('suspended_by_us', SUSPENDED);
    expect(view).toMatchObject({ by: null, until: { atMs: OFF_MS + DAY_MS, why: 'expected' } });
    const other = [told('v1200', { time: OFF_MS - 3 * HOUR_MS }), told('v1201', { kind: 'code' })];
    await world.watch(1);
    expect((await readWith('suspended_by_us', SUSPENDED, { deploys: other }))?.by).toBeNull();
  });

  it('holds what was known last, and says since when nothing tells', async () => {
    world = await openWorld([redis, machine('a')], answers);
    const now = { unknownSinceMs: OFF_MS + MINUTE_MS };
    const view = await readWith('suspended_by_us', SUSPENDED, { now });
    expect(view).toMatchObject({
      quality: 'inferred',
      evidence: 'nothing tells since 18:01Z; last known: all 2 machines say so',
    });
  });

  it('passes no stage of a return that nobody can see: without days before, nothing is usual', async () => {
    world = await openWorld([redis, machine('a'), machine('b')], answers);
    await world.watch(150);
    const back = change(OFF_MS + 30 * MINUTE_MS, 'mixed', { a: 'active', b: 'suspended_by_us' });
    const view = await readWith('mixed', [...SUSPENDED, back]);
    expect(view?.stages.map(({ state }) => state)).toEqual(['blocked', 'waiting', 'waiting']);
    expect(view?.stages[0]?.evidence).toMatch(/^0 of 4 blocks of 5 min seen; /);
    expect(view?.next?.text).toMatch(/^Nothing is proven yet/);
  });
});
