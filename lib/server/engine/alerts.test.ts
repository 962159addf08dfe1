import { afterEach, describe, expect, it } from 'vitest';
import { RULES } from '@/lib/core/alerts/rules/index.ts';
import { countFiring, orderAlerts } from '@/lib/core/model/alert.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import { ScrapeError } from '../collectors/collector.ts';
import { readAlerts, readFiring, readOpenAlerts } from '../queries/alerts.ts';
import { readStatus } from '../queries/status.ts';
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
import { beforeReads } from '../store/test-reads.ts';
import { type AlertDeps, AlertStep } from './alerts.ts';
import { ModeStep } from './modes.ts';

const SCOPE = { app: 'harbor', environment: 'production' };
const TICK_MINUTES = 0.25;
let opened: World | null = null;

afterEach(async () => {
  await opened?.close();
  opened = null;
});

/** A machine that answers 20 requests a second and turns `perMinute` of them away from minute 10 on, and a Redis. */
async function open(story: { perMinute?: number; redisDownFromMinute?: number; classesOnly?: boolean } = {}) {
  const { perMinute = 0, redisDownFromMinute = Number.POSITIVE_INFINITY, classesOnly = false } = story;
  const minuteOf = (atMs: number) => (atMs - START_MS) / MINUTE_MS;
  const world = await openWorld([redis, machine('a')], (target, atMs) => {
    if (target.kind === 'redis') {
      if (minuteOf(atMs) >= redisDownFromMinute) throw new ScrapeError('network', 'redis: cache: no answer');
      return good([sample('redis_commands_total', grown(10, atMs), { cmd: 'get' })]);
    }
    const limited = Math.round(Math.max(0, Math.min(5, minuteOf(atMs) - 10)) * perMinute);
    return good([
      sample('http_responses_total', grown(20, atMs), { status: classesOnly ? '2xx' : '200' }),
      sample('http_responses_total', limited, { status: classesOnly ? '4xx' : '429' }),
      sample('app_redis_suspended', 0),
    ]);
  });
  opened = world;
  const start = () => {
    const { config, clock, store, poller } = world.runtime;
    const modes = new ModeStep({ config, store, poller });
    const faults: string[] = [];
    const onFault = (message: string) => faults.push(message);
    const deps: AlertDeps = { config, clock, store, poller, modes, onFault };
    const alerts = new AlertStep(deps);
    const runtime = Object.assign(world.runtime, { modes, alerts });
    const tick = async () => {
      await modes.run(world.nowMs()).catch(() => undefined);
      await alerts.run(world.nowMs());
    };
    return { alerts, runtime, tick, deps, faults };
  };
  let engine = start();
  const run = async (minutes: number) => {
    const seen: string[] = [];
    for (let i = 0; i < minutes / TICK_MINUTES; i += 1) {
      await world.watch(TICK_MINUTES);
      await engine.tick();
      const [first] = orderAlerts(readOpenAlerts(engine.runtime, SCOPE, world.nowMs()) ?? [], world.nowMs());
      seen.push(first === undefined ? 'none' : `${first.id} ${first.state}`);
    }
    return seen.filter((state, i) => state !== seen[i - 1]);
  };
  const restart = () => {
    engine = start();
  };
  return { world, run, restart, engine: () => engine };
}

describe('alerts over a real store', () => {
  it('fire on 429s, clear 15 min after they are over, and leave their history', async () => {
    const { run, engine } = await open({ perMinute: 40 });
    expect(await run(9)).toEqual(['none']);
    expect(await run(4)).toEqual(['none', 'http_429 pending', 'http_429 firing']);
    const view = await readAlerts(engine().runtime, { ...SCOPE, selected: null });
    expect(view.alerts?.[0]).toMatchObject({ id: 'http_429', source: 'a', group: 'Responses' });
    expect(view.sentence.verdict).toMatch(
      /^One alert needs a person: \d+ responses of status 429 in 5 min\.$/,
    );
    expect(view.detail).toMatchObject({ id: 'http_429', events: [{ what: 'firing' }] });
    expect(view.detail?.chart?.view.overall).toBeGreaterThan(30);
    expect(await run(12)).toEqual(['http_429 firing', 'http_429 recovering']);
    expect(await run(15)).toEqual(['http_429 recovering', 'none']);
    const over = await readAlerts(engine().runtime, { ...SCOPE, selected: 'http_429' });
    expect(over.alerts?.[0]?.state).toBe('resolved');
    expect(over.detail?.events.map(({ what }) => what)).toEqual(['resolved', 'recovering', 'firing']);
  });

  it('say nothing where only classes are counted: a 429 can’t be told from a 404', async () => {
    const { run } = await open({ perMinute: 40, classesOnly: true });
    expect(await run(14)).toEqual(['none']);
  });

  it('tell of a source that gives no answer, and make the status say so', async () => {
    const { run, engine, world } = await open({ redisDownFromMinute: 5 });
    await run(4.75);
    expect(await run(2)).toEqual([
      'none',
      'source_down:harbor/production/redis/cache pending',
      'source_down:harbor/production/redis/cache firing',
    ]);
    const { runtime } = engine();
    expect(readOpenAlerts(runtime, SCOPE, world.nowMs())?.[0]).toMatchObject({
      title: 'cache gives no answer',
      detail: 'Redis: cache: no answer.',
      kind: 'no_data',
    });
    expect((await readStatus(runtime)).alerts).toMatchObject([{ title: 'cache gives no answer' }]);
  });

  it('survive a restart: what fired goes on, with who took it up, and nothing fires anew', async () => {
    const { run, restart, engine, world } = await open({ perMinute: 40 });
    await run(13);
    const { alerts } = engine();
    expect(await alerts.act(SCOPE, 'http_429', { kind: 'acknowledge' }, 'Ana', world.nowMs())).toBe(true);
    const before = alerts.current(SCOPE);
    restart();
    expect(readOpenAlerts(engine().runtime, SCOPE, world.nowMs())).toBeNull();
    await engine().tick();
    expect(engine().alerts.current(SCOPE)?.events).toEqual(before?.events);
    expect(readOpenAlerts(engine().runtime, SCOPE, world.nowMs())).toMatchObject([
      {
        state: 'firing',
        sinceMs: before?.entries.http_429?.track.sinceMs,
        acknowledged: { by: 'Ana' },
        actions: ['silence'],
      },
    ]);
  });

  it('are not over because we were away', async () => {
    const { run, restart, world } = await open({ perMinute: 40 });
    expect((await run(22)).at(-1)).toBe('http_429 recovering');
    restart();
    world.wait(60);
    expect(await run(12)).toEqual(['http_429 recovering']);
    expect((await run(4)).at(-1)).toBe('none');
  });

  it('count as firing until they are silenced, also after a restart, and again when they are woken', async () => {
    const { run, restart, engine, world } = await open({ perMinute: 40 });
    await run(13);
    const firing = () => readFiring(engine().runtime, world.nowMs()).length;
    const act = (kind: 'silence' | 'wake') =>
      engine().alerts.act(
        SCOPE,
        'http_429',
        kind === 'wake' ? { kind } : { kind, untilMs: world.nowMs() + 60 * MINUTE_MS },
        null,
        world.nowMs(),
      );
    expect(firing()).toBe(1);
    await act('silence');
    expect(firing()).toBe(0);
    restart();
    await run(0.5);
    expect(firing()).toBe(0);
    expect(
      countFiring(
        readOpenAlerts(engine().runtime, SCOPE, world.nowMs() + 61 * MINUTE_MS) ?? [],
        world.nowMs() + 61 * MINUTE_MS,
      ),
    ).toBe(1);
    await act('wake');
    expect(firing()).toBe(1);
    expect(await engine().alerts.act(SCOPE, 'nothing', { kind: 'wake' }, null, world.nowMs())).toBe(false);
  });

  it('are told once, also over a restart, and in the order in which they came', async () => {
    const { run, restart, engine } = await open({ perMinute: 40 });
    const told: string[] = [];
    const listen = () => {
      const { alerts } = engine();
      let heard = alerts.current(SCOPE)?.noticed ?? 0;
      alerts.onNotice((scope) => {
        const { notices = [], noticed = 0 } = alerts.current(scope) ?? {};
        told.push(...notices.filter(({ n }) => n > heard).map(({ n, what, rule }) => `${n} ${rule} ${what}`));
        heard = noticed;
      });
    };
    listen();
    await run(13);
    restart();
    await engine().tick();
    listen();
    await run(28);
    expect(told).toEqual(['1 http_429 firing', '2 http_429 resolved']);
  });

  it('carry the deploy of that day, how near they were in the last hour, and what to do', async () => {
    const { run, engine } = await open({ perMinute: 40 });
    const startMs = START_MS + 9 * MINUTE_MS;
    const row = { ...{ id: '20260409T170900-abc', release: 'v1206', kind: 'code' }, startMs, endMs: startMs };
    const deploys = { listNow: () => [row], list: async () => [row] };
    Object.assign(engine().runtime, { deploys });
    engine().deps.deploys = deploys as never;
    await run(13);
    const { alerts } = await readAlerts(engine().runtime, { ...SCOPE, selected: null });
    expect(alerts?.[0]).toMatchObject({
      ...{ rule: 'http_429', severity: RULES.http_429.severity, release: 'v1206' },
      ...{ deployHref: '/deploys/20260409T170900-abc', deployAtMs: startMs, silencedBy: null },
    });
    const spark = alerts?.[0]?.spark ?? [];
    expect(spark).toHaveLength(60);
    expect([spark[0], spark.at(-6)]).toEqual([null, 0]);
    expect(spark.at(-1)).toBeGreaterThan(1);
  });

  it('go on with what can be read, and say once what cannot', async () => {
    const { run, engine, world } = await open({ perMinute: 40, redisDownFromMinute: 5 });
    await run(13);
    const before = engine().alerts.current(SCOPE)?.entries;
    const { store } = world;
    const away = (): void => {
      throw new Error('the disk is away');
    };
    const mend = beforeReads(store, away);
    await run(1);
    expect(engine().faults.filter((fault) => fault.includes('responses'))).toEqual([
      'alerts: responses could not be read',
    ]);
    const during = engine().alerts.current(SCOPE)?.entries;
    expect(during?.http_429?.track.state).toBe('firing');
    expect(Object.keys(during ?? {})).toEqual(Object.keys(before ?? {}));
    mend();
    await run(0.5);
    const mendAgain = beforeReads(store, away);
    await run(0.5);
    expect(engine().faults.filter((fault) => fault.includes('responses'))).toHaveLength(2);
    mendAgain();
  });
});
