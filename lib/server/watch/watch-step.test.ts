import { afterEach, describe, expect, it } from 'vitest';
import type { WatchRecord } from '@/lib/core/model/verdict.ts';
import { BLOCK_MS, DAY_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { DeployBook } from '../deploys/deploy-book.ts';
import { ModeStep } from '../engine/modes.ts';
import { good, machine, openWorld, redis, START_MS, sample, type World } from '../queries/test-world.ts';
import type { Runtime } from '../runtime.ts';
import { visitFor } from './test-days.ts';
import { claim, getsFall } from './test-deploy.ts';
import { WatchBook, type WatchEvent } from './watch-book.ts';
import { WatchStep } from './watch-step.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const SCOPE = { app: 'harbor', environment: 'production' };
const DAYS = 8;
/** T₀ is not on the edge of a block. */
const ORIGIN_MS = START_MS + DAYS * DAY_MS + 2 * MINUTE_MS;
const VISIT_MS = 5 * MINUTE_MS;

interface Evening extends World {
  step: () => Promise<void>;
  /** Time passes: the sources are visited, and Redis is looked at. */
  pass: (minutes: number) => Promise<void>;
  watches: () => WatchBook;
  /** Another process with the same store. */
  restart: () => Promise<void>;
  events: WatchEvent[];
  deploys: DeployBook;
}

/** GETs at 200 a second with a little noise, times `factor` of the time after T₀; requests always the same. */
async function evening(factor: (sinceMs: number) => number): Promise<Evening> {
  const perVisit = (at: number) => {
    const sinceMs = START_MS + at * VISIT_MS - ORIGIN_MS;
    const noise = 1 + 0.03 * Math.sin(at * 12.9898) * Math.cos(at * 4.1414);
    return 200 * (VISIT_MS / 1000) * noise * (sinceMs < 0 ? 1 : factor(sinceMs));
  };
  const sums: number[] = [5e9];
  const gets = (atMs: number): number => {
    const at = Math.round((atMs - START_MS) / VISIT_MS);
    for (let i = sums.length; i <= at; i++) sums.push((sums[i - 1] ?? 0) + Math.round(perVisit(i)));
    return sums[at] ?? 0;
  };
  const world = await openWorld([redis, machine('a')], ({ kind }, atMs) =>
    kind === 'redis'
      ? good([sample('redis_commands_total', gets(atMs), { cmd: 'get' })])
      : good([
          sample('http_responses_total', Math.round((atMs - START_MS) / 50) + 1e6, { status: '200' }),
          sample('app_redis_suspended', 0),
          sample('app_machine_info', 1, { version: atMs < ORIGIN_MS ? 'v6' : 'v7' }),
        ]),
  );
  closers.push(world.close);
  const { runtime, store } = world;
  const wallMs = () => runtime.clock.wallMs();
  const modes = new ModeStep({ config: runtime.config, store, poller: runtime.poller });
  const deploys = new DeployBook({ store, wallMs, known: () => ({}) });
  await deploys.load([SCOPE]);
  const events: WatchEvent[] = [];
  let watches: WatchBook;
  let step: WatchStep;
  const restart = async (): Promise<void> => {
    watches = new WatchBook({ store, wallMs, onFault: (_message, error) => Promise.reject(error) });
    await watches.load([SCOPE]);
    watches.onChange((event) => events.push(event));
    const own: Runtime = { ...runtime, deploys, watches, modes };
    step = new WatchStep({ runtime: own, watches, monoMs: () => 0 });
  };
  await restart();
  await visitFor(world, DAYS * 24 * 60, VISIT_MS);
  const pass = async (minutes: number): Promise<void> => {
    for (let passed = 0; passed < minutes; passed += VISIT_MS / MINUTE_MS) {
      await visitFor(world, VISIT_MS / MINUTE_MS, VISIT_MS);
      await modes.run(wallMs());
    }
  };
  return { ...world, deploys, events, restart, pass, watches: () => watches, step: () => step.run(wallMs()) };
}

async function tell(
  { deploys }: Evening,
  claims = [getsFall(), claim('c2', { text: 'unbound', metric: null })],
  summary = '# v7',
): Promise<string> {
  const told = await deploys.register({
    scope: SCOPE,
    deploy: { release: 'v7', time: ORIGIN_MS, summary },
    origin: 'api',
    replay: { sender: 'test', key: null, signedAs: null, body: summary },
  });
  if (told.how === 'conflict') throw new Error('a new deploy was expected');
  await deploys.confirm(told.deploy.id, claims, 'Ann');
  return told.deploy.id;
}

/** Lets so much time pass, looking after every visit, as the engine does. */
async function live(world: Evening, minutes: number): Promise<void> {
  for (let passed = 0; passed < minutes; passed += VISIT_MS / MINUTE_MS) {
    await world.pass(VISIT_MS / MINUTE_MS);
    await world.step();
  }
}

async function recordOf(world: Evening, id: string): Promise<WatchRecord> {
  const record = await world.watches().get(id);
  if (record === null) throw new Error('a watch was expected');
  return record;
}

const statesOf = ({ changes }: WatchRecord, claimId: string | null) =>
  changes.filter((change) => change.claimId === claimId).map(({ to, provisional }) => [to, provisional]);

describe('the watch of a deploy', () => {
  it('is opened by a confirmed claim, looks once a block and tells what changed once it is written', async () => {
    const world = await evening((sinceMs) => (sinceMs < 4 * MINUTE_MS ? 0.5 : 0.033));
    await world.pass(5);
    await world.step();
    expect(world.watches().openNow()).toEqual([]);

    const id = await tell(world);
    await live(world, 90);
    const record = await recordOf(world, id);
    expect(record).toMatchObject({
      release: 'v7',
      originMs: ORIGIN_MS,
      closedMs: null,
      endMs: ORIGIN_MS + DAY_MS,
    });
    expect(record.claims.c1).toMatchObject({
      state: 'met',
      provisional: true,
      baseline: { days: 8, kind: 'measured' },
    });
    expect(record.claims.c1?.effectPct).toBeCloseTo(-96.7, 0);
    expect(record.claims.c2).toMatchObject({ state: 'cant_tell', reason: 'unmeasurable' });
    expect(statesOf(record, 'c1')).toEqual([
      ['on_track', true],
      ['met', true],
    ]);
    // Ninety seconds after the end of a block, and not before.
    expect(record.judgedMs).toBe(Math.floor((world.nowMs() - 90_000) / BLOCK_MS) * BLOCK_MS);
    expect(world.events.flatMap(({ changes }) => changes)).toEqual(record.changes);
    const line = world.watches().linesNow(SCOPE).get(id);
    expect(line).toMatchObject({ state: record.state, met: 1, of: 2, closed: false, overridden: false });
    expect(world.watches().currentNow(SCOPE)?.deployId).toBe(id);
  });

  it('gives the same record live, over a restart, and in one replay', async () => {
    const factor = (sinceMs: number) => (sinceMs < 40 * MINUTE_MS ? 1 : sinceMs < 3 * HOUR_MS ? 0.033 : 0.9);
    const inTime = await evening(factor);
    const id = await tell(inTime);
    await live(inTime, 4 * 60);

    const restarted = await evening(factor);
    const other = await tell(restarted);
    await live(restarted, 100);
    await restarted.restart();
    await restarted.pass(35);
    await live(restarted, 105);

    const late = await evening(factor);
    await late.pass(4 * 60);
    const third = await tell(late);
    await late.step();

    const plain = ({ deployId: _, openedMs: _at, ...record }: WatchRecord) => record;
    const expected = plain(await recordOf(inTime, id));
    expect(expected.changes.length).toBeGreaterThan(3);
    expect(plain(await recordOf(restarted, other))).toEqual(expected);
    expect(plain(await recordOf(late, third))).toEqual(expected);
  }, 60_000);

  it('goes on from a moved T₀, keeps what was written, and makes a look at a time where time is short', async () => {
    const world = await evening(() => 0.033);
    const id = await tell(world);
    await world.pass(40);
    // Every reading of the clock takes longer than a tick may.
    let monoMs = 0;
    const { runtime } = world;
    const own: Runtime = { ...runtime, deploys: world.deploys, watches: world.watches() };
    const slow = new WatchStep({ runtime: own, watches: world.watches(), monoMs: () => (monoMs += 3_000) });
    for (const looks of [1, 2]) {
      await slow.run(runtime.clock.wallMs());
      expect((await recordOf(world, id)).judgedMs).toBe(ORIGIN_MS - 2 * MINUTE_MS + looks * BLOCK_MS);
    }
    await world.step();
    const before = await recordOf(world, id);
    const movedMs = ORIGIN_MS + 10 * MINUTE_MS;
    const summary = '# v7';
    await world.deploys.register({
      scope: SCOPE,
      deploy: { release: 'v7', time: movedMs, summary },
      origin: 'api',
      replay: { sender: 'test', key: null, signedAs: null, body: 'again' },
    });
    await world.pass(30);
    await world.step();
    const after = await recordOf(world, id);
    expect(after).toMatchObject({ originMs: movedMs, endMs: movedMs + DAY_MS });
    expect(after.changes.slice(0, before.changes.length)).toEqual(before.changes);
    expect(after.claims.c1?.blocks.of).toBeLessThan((before.claims.c1?.blocks.of ?? 0) + 6);
  }, 60_000);

  it('ends with its last block, keeps what people did, and nothing of the machine changes any more', async () => {
    const world = await evening(() => 0.033);
    const id = await tell(
      world,
      [getsFall()],
      '# v7\n\n- [ ] Look at the console\n\n## Next steps\n\n- Tell the team (tomorrow)\n',
    );
    await live(world, 30);
    const [manual] = (await recordOf(world, id)).checks.filter(({ automatic }) => !automatic);
    expect(await world.watches().sign(id, manual?.id ?? '', { by: 'Ann', note: 'seen' })).toBe(true);
    expect(await world.watches().override(id, { state: 'missed', by: 'Ben', reason: 'wrong graph' })).toBe(
      true,
    );
    await world.pass(24 * 60);
    await world.step();

    const record = await recordOf(world, id);
    expect(record).toMatchObject({ closedMs: ORIGIN_MS + DAY_MS, state: 'met', provisional: false });
    expect(record.override).toMatchObject({ state: 'missed', by: 'Ben', reason: 'wrong graph' });
    expect(record.checks.find((check) => check.id === manual?.id)).toMatchObject({
      state: 'done',
      signed: { by: 'Ann', note: 'seen' },
    });
    expect(record.changes.some(({ evidence }) => evidence.includes('wrong graph'))).toBe(true);
    expect(world.watches().openNow()).toEqual([]);
    expect(world.watches().currentNow(SCOPE)?.deployId).toBe(id);
    world.wait(24 * 60 + 10);
    await world.step();
    expect(await recordOf(world, id)).toEqual(record);
    expect(world.watches().currentNow(SCOPE)).toBeNull();
  }, 60_000);
});
