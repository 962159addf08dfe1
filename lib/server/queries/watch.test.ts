import { afterEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { DeployBook } from '../deploys/deploy-book.ts';
import { visitFor } from '../watch/test-days.ts';
import { claim, getsFall } from '../watch/test-deploy.ts';
import { WatchBook } from '../watch/watch-book.ts';
import { WatchStep } from '../watch/watch-step.ts';
import { readDeploy, readDeploys } from './deploys.ts';
import { readNow } from './now.ts';
import { readStatus } from './status.ts';
import { good, live, machine, openWorld, redis, START_MS, sample, type World } from './test-world.ts';
import { readWatch } from './watch.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const SCOPE = { app: 'harbor', environment: 'production' };
const DAYS = 8;
const ORIGIN_MS = START_MS + DAYS * DAY_MS;
const VISIT_MS = 2.5 * MINUTE_MS;

interface Watched extends World {
  runtime: World['runtime'];
  id: string;
  tick: (minutes: number) => Promise<void>;
}

/** A deploy that brings 200 GETs a second down to 20, and does nothing to 40 connections. */
async function watched(): Promise<Watched> {
  const world = await openWorld([redis, machine('a')], ({ kind }, atMs) => {
    const seconds = (atMs - START_MS) / 1000;
    const sinceS = Math.max(0, (atMs - ORIGIN_MS) / 1000);
    const wobble = 300 * Math.sin(seconds / 777);
    return kind === 'redis'
      ? good([
          sample('redis_commands_total', Math.round(5e9 + 200 * (seconds - sinceS) + 20 * sinceS + wobble), {
            cmd: 'get',
          }),
          sample('redis_connected_clients', 40 + Math.round(2 * Math.sin(seconds / 3000))),
        ])
      : good([
          sample('app_machine_info', 1, { version: atMs < ORIGIN_MS ? 'v6' : 'v7' }),
          sample('http_responses_total', Math.round(1e6 + 30 * seconds), { status: '200' }),
        ]);
  });
  closers.push(world.close);
  await visitFor(world, DAYS * 24 * 60, VISIT_MS);
  const { store } = world;
  const wallMs = () => world.nowMs();
  const deploys = new DeployBook({ store, wallMs, known: () => ({}) });
  await deploys.load([SCOPE]);
  const watches = new WatchBook({ store, wallMs, onFault: () => undefined });
  await watches.load([SCOPE]);
  const runtime: World['runtime'] = { ...world.runtime, deploys, watches };
  const step = new WatchStep({ runtime, watches, monoMs: () => 0 });
  const told = await deploys.register({
    scope: SCOPE,
    deploy: { release: 'v7', time: ORIGIN_MS, summary: '# Fewer reads' },
    origin: 'api',
    replay: { sender: 'test', key: null, signedAs: null, body: 'x' },
  });
  if (told.how === 'conflict') throw new Error('a new deploy was expected');
  const { id } = told.deploy;
  const claims = [
    { ...getsFall('c1', -90), window: 'h' },
    claim('c2', {
      ...{ text: 'Connections fall to 30', metric: 'redis_connected_clients', unit: 'connections' },
      ...{ before: 40, after: 30, direction: 'down' as const },
    }),
    claim('c3', {
      text: 'Deliveries rise',
      metric: 'app_worker_polls_total',
      direction: 'up',
      changePct: 20,
    }),
  ];
  await deploys.confirm(id, claims, 'Ann');
  const tick = async (minutes: number): Promise<void> => {
    await visitFor(world, minutes, VISIT_MS);
    await step.run(wallMs());
  };
  return { ...world, runtime, id, tick };
}

describe('a watch as pages show it', () => {
  it('is on the Now page, counts its time from the watched deploy, and gives the charts their two levels', async () => {
    const { runtime, tick } = await watched();
    expect(await readWatch(runtime, SCOPE)).toBeNull();
    await tick(120);
    const { watch, origin, charts } = await readNow(runtime, live('3h'));
    expect(origin).toEqual({ atMs: ORIGIN_MS, release: 'v7' });
    expect(watch).toMatchObject({
      release: 'v7',
      originMs: ORIGIN_MS,
      endMs: ORIGIN_MS + DAY_MS,
      assumedMachines: null,
    });
    expect(watch?.claims.map(({ id }) => id)).toEqual(['c1', 'c2', 'c3']);
    expect(watch?.claims[0]).toMatchObject({
      title: 'Redis GETs fall by 90 %',
      state: 'met',
      provisional: true,
      unit: 'commands',
      window: 'h',
      promised: { direction: 'atMost' },
    });
    expect(watch?.claims[0]?.before).toBeCloseTo(200, 0);
    expect(watch?.claims[0]?.promised?.value).toBeCloseTo(20, 0);
    expect(watch?.claims[0]?.measured).toBeCloseTo(20, 0);
    expect(watch?.claims[1]).toMatchObject({ unit: 'connections', window: null, promised: { value: 30 } });
    expect(watch?.claims[2]).toMatchObject({
      state: 'cant_tell',
      reason: 'unmeasurable',
      quality: 'unavailable',
    });
    expect(watch?.counts.met).toBe(1);
    expect(watch?.evidence).toMatch(/^\d+ of \d+ blocks, 8 baseline days$/);
    expect(watch?.nextLookMs).toBe(ORIGIN_MS + 6 * HOUR_MS);
    expect(watch?.stops.length).toBeGreaterThan(0);
    expect(charts.redisGets.change?.before).toBeCloseTo(200, 0);
    expect(charts.redisGets.change?.after).toBeCloseTo(20, 0);
    expect(charts.dbQueries.change).toBeNull();
    // A window that ends before the deploy knows nothing of it.
    const past = await readNow(runtime, {
      window: { kind: 'fixed', name: '1h', startMs: ORIGIN_MS - 2 * HOUR_MS, endMs: ORIGIN_MS - HOUR_MS },
      comparison: null,
    });
    expect([past.origin, past.charts.redisGets.change]).toEqual([null, null]);
  }, 60_000);

  it('is on the page of its deploy with all that it rests on, in the list and in the status', async () => {
    const { runtime, id, tick } = await watched();
    expect(await readDeploy(runtime, id)).toMatchObject({
      watch: null,
      forecasts: [{ claimId: 'c1', baselineDays: 8 }, { claimId: 'c2' }, { claimId: 'c3', baseline: 'none' }],
    });
    await tick(90);
    const view = await readDeploy(runtime, id);
    const detail = view?.watch;
    expect(Object.keys(detail?.verdicts ?? {})).toEqual(['c1', 'c2', 'c3']);
    expect(detail?.charts.map(({ claimId }) => claimId)).toEqual(['c1', 'c2']);
    const gets = detail?.charts[0]?.chart;
    expect(gets?.range).toEqual({ startMs: ORIGIN_MS - DAY_MS, endMs: ORIGIN_MS + 90 * MINUTE_MS });
    expect(gets?.as).toBe('rate');
    expect(gets?.lines[0]?.points.length).toBeLessThanOrEqual(200);
    expect(gets?.lines[0]?.points.at(-1)?.[1]).toBeCloseTo(20, 0);
    expect(gets?.goals).toMatchObject([{ direction: 'atMost' }]);
    expect(gets?.usual).toMatchObject({ label: 'usual, 8 days' });
    expect(gets?.usual?.points.at(-1)?.[1]).toBeCloseTo(200, 0);
    expect(gets?.change?.after).toBeCloseTo(20, 0);
    expect(detail?.charts[1]?.chart).toMatchObject({ as: 'value', unit: 'connections' });
    expect(detail?.marks).toMatchObject([{ release: 'v7' }]);
    expect(detail?.machines).toMatchObject({
      onRelease: 1,
      of: 1,
      rows: [{ name: 'a', version: 'v7', onRelease: true }],
    });
    const [newest, ...older] = detail?.changes ?? [];
    expect(older.every(({ atMs }) => atMs <= (newest?.atMs ?? 0))).toBe(true);

    const { deploys } = await readDeploys(runtime, {});
    expect(deploys[0]?.watch).toMatchObject({ deployId: id, met: 1, of: 3, closed: false });
    const { watch } = await readStatus(runtime);
    expect(watch).toMatchObject({ deploy: id, release: 'v7', ...SCOPE, met: 1, of: 3, override: null });
    expect(watch?.ends).toBe(new Date(ORIGIN_MS + DAY_MS).toISOString());
  }, 60_000);
});
