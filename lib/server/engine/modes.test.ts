import { afterEach, describe, expect, it } from 'vitest';
import type { Scope } from '@/lib/core/model/target.ts';
import { HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { ScrapeError } from '../collectors/collector.ts';
import type { LogsTarget, Target } from '../config/types.ts';
import { readNow } from '../queries/now.ts';
import {
  type Answer,
  fixed,
  good,
  grown,
  live,
  machine,
  openWorld,
  redis,
  START_MS,
  sample,
  type World,
} from '../queries/test-world.ts';
import { ModeStep } from './modes.ts';

const SCOPE: Scope = { app: 'harbor', environment: 'production' };
const TARGETS = [redis, machine('m1'), machine('m2')];
const at = (hours: number, minutes: number, seconds = 0): number =>
  START_MS + (hours - 17) * HOUR_MS + minutes * MINUTE_MS + seconds * 1000;

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

/** A world with the step of modes in it; `tick` is one visit to everything and one look. */
async function open(answer: Answer, targets: readonly Target[] = TARGETS, fromMs = START_MS) {
  const world = await openWorld(targets, answer, { fromMs });
  worlds.push(world);
  const begin = (): ModeStep => {
    const step = new ModeStep(world.runtime);
    world.runtime.modes = step;
    return step;
  };
  let modes = begin();
  const tick = async (times = 1): Promise<void> => {
    for (let n = 0; n < times; n += 1) {
      await world.watch(0.25);
      await modes.run(world.nowMs());
    }
  };
  const now = () => {
    const mode = modes.current(SCOPE);
    if (mode === null) throw new Error('no look yet');
    return mode;
  };
  const restart = (): void => {
    modes = begin();
  };
  return { world, tick, now, restart, history: () => modes.history(SCOPE, { startMs: 0, endMs: 1e15 }) };
}

/** Counts up to `untilMs` and stands still from there on. */
const until = (perSecond: number, atMs: number, untilMs: number): number =>
  grown(perSecond, Math.min(atMs, untilMs));

const ASKED_MS = at(17, 54);
const OFF_MS = { m1: at(20, 34), m2: at(20, 34, 20) };

/** The evening: a wish that is read as no, then a true suspension, machine by machine. */
const evening: Answer = (target, atMs) => {
  if (target.kind === 'redis') {
    return good([
      sample('redis_commands_total', until(203.6, atMs, OFF_MS.m2), { cmd: 'get' }),
      sample('redis_commands_total', grown(1 / 15, atMs), { cmd: 'info' }),
      sample('redis_keyspace_hits_total', until(150, atMs, OFF_MS.m2)),
      sample('redis_keyspace_misses_total', until(50, atMs, OFF_MS.m2)),
    ]);
  }
  const offMs = target.name === 'm1' ? OFF_MS.m1 : OFF_MS.m2;
  return good(
    [
      sample('app_redis_suspended', atMs >= offMs ? 1 : 0),
      sample('app_redis_suspend_asked', atMs >= ASKED_MS ? 1 : 0),
    ],
    { health: 'passing', healthRedis: 'passing' },
  );
};

describe('the evening', () => {
  it('is told as it was: not suspended though asked, then mixed, then suspended, with its times', async () => {
    const { world, tick, now, history, restart } = await open(evening, TARGETS, at(17, 45));
    await tick(8);
    expect(now()).toMatchObject({ mode: 'active', quality: 'measured', sinceMs: null, askedInVain: [] });

    // 17:54, the deploy: the wish is there and the process reads it as no.
    await world.watch(9);
    await tick(2);
    expect(now()).toMatchObject({ mode: 'active', quality: 'measured', askedInVain: ['m1', 'm2'] });
    expect(now().evidence).toContain('not suspended though asked: m1, m2');

    // 2 h 40 min later it is still so, and no change was written.
    await world.watch((at(20, 33, 30) - world.nowMs()) / MINUTE_MS);
    await tick(2);
    expect(now().askedInVain).toEqual(['m1', 'm2']);
    expect(history().map(({ mode }) => mode)).toEqual(['active']);

    await tick(2);
    expect(now()).toMatchObject({ mode: 'mixed', quality: 'measured' });
    expect(now().evidence).toContain('1 of 2 machines says that Redis is suspended: m1');
    await tick(3);
    expect(now()).toMatchObject({ mode: 'suspended_by_us', quality: 'measured', askedInVain: [] });
    // The counters still hold what came before; nothing is made of that.
    expect(now().contradictions).toEqual([]);
    await tick(24);
    expect(now().contradictions).toEqual([]);

    const told = history().map(({ mode, atMs, machines }) => [
      mode,
      new Date(atMs).toISOString().slice(11, 16),
      machines,
    ]);
    expect(told).toEqual([
      ['active', '17:45', { m1: 'active', m2: 'active' }],
      ['mixed', '20:34', { m1: 'suspended_by_us', m2: 'active' }],
      ['suspended_by_us', '20:34', { m1: 'suspended_by_us', m2: 'suspended_by_us' }],
    ]);
    const sinceMs = now().sinceMs;
    expect(sinceMs).not.toBeNull();

    // A restart forgets nothing: neither since when nor what came before.
    const before = history();
    restart();
    await tick(1);
    expect(now()).toMatchObject({ mode: 'suspended_by_us', sinceMs });
    expect(history()).toEqual(before);

    const view = await readNow(world.runtime, live('15m'));
    expect(view.mode).toMatchObject({ mode: 'suspended_by_us', sinceMs });
    expect(view.machines.map(({ mode }) => mode?.mode)).toEqual(['suspended_by_us', 'suspended_by_us']);
    expect(view.machines[0]?.mode?.sinceMs).toBeLessThan(view.machines[1]?.mode?.sinceMs ?? 0);
    const reasons = view.charts.hitRatio.gaps.map(({ reason }) => reason);
    expect(reasons).toContain('redis suspended');
    expect(reasons).not.toContain('no lookups');
    // What lies before the suspension keeps its own reason.
    const early = await readNow(world.runtime, fixed(at(17, 30), at(17, 50)));
    expect(early.charts.hitRatio.gaps.map(({ reason }) => reason)).not.toContain('redis suspended');
  });
});

describe('what the step makes of evidence', () => {
  it('traffic that goes on beside a suspension is said after a while, in numbers', async () => {
    const offMs = START_MS + 2 * MINUTE_MS;
    const { tick, now } = await open((target, atMs) =>
      target.kind === 'redis'
        ? good([sample('redis_commands_total', grown(310 / 60, atMs), { cmd: 'get' })])
        : good([sample('app_redis_suspended', atMs >= offMs ? 1 : 0)]),
    );
    await tick(10);
    expect(now()).toMatchObject({ mode: 'suspended_by_us', contradictions: [] });
    await tick(16);
    expect(now().contradictions[0]).toMatch(
      /^2 machines say suspended, yet 3\d\d GETs\/min arrive at cache$/,
    );
  });

  it('a mode without a machine’s word counts at the second look, from the first', async () => {
    const quota = { probe: 'quota_exhausted', probeWords: 'its monthly command quota is used up' };
    const fromMs = START_MS + MINUTE_MS;
    const { tick, now } = await open(
      (_target, atMs) =>
        good([sample('redis_commands_processed_total', grown(50, atMs))], atMs >= fromMs ? quota : {}),
      [redis],
    );
    await tick(4);
    expect(now()).toMatchObject({ mode: 'active', quality: 'inferred' });
    await tick(1);
    expect(now().mode).toBe('active');
    await tick(1);
    expect(now()).toMatchObject({ mode: 'quota_exhausted', quality: 'measured', sinceMs: fromMs + 15_000 });
    expect(now().evidence).toBe('cache refuses commands: its monthly command quota is used up');
  });

  it('an Upstash that only we ask is not called active by our own commands', async () => {
    const { tick, now } = await open(
      (_target, atMs) =>
        good([sample('redis_commands_processed_total', Math.round((atMs - START_MS) / 15_000))]),
      [redis],
    );
    await tick(12);
    expect(now()).toMatchObject({ mode: 'unknown', quality: 'inferred' });
  });

  it('what a refused visit learned reaches the mode and the store, until a visit fails for another reason', async () => {
    const learned = {
      samples: [sample('redis_probe_refused_ratio', 0.75)],
      facts: {
        probe: 'quota_exhausted',
        probeWords: 'its daily command quota is used up (used 10001 of 10000)',
      },
    };
    const goneMs = START_MS + 2 * MINUTE_MS;
    const { world, tick, now } = await open(
      (_target, atMs) => {
        if (atMs >= goneMs) throw new ScrapeError('network', 'redis: cache refused the connection');
        throw new ScrapeError('quota', 'redis: cache refuses commands', { learned });
      },
      [redis],
    );
    await tick(4);
    expect(now()).toMatchObject({ mode: 'quota_exhausted', quality: 'measured' });
    expect(now().evidence).toContain('used 10001 of 10000');
    expect(world.store.latest({ metric: 'redis_probe_refused_ratio' })[0]?.value).toBe(0.75);
    await tick(8);
    expect(now()).toMatchObject({ mode: 'unreachable', quality: 'measured' });
  });

  it('lines in its log speak for a machine that exports nothing, by its name or its machine id', async () => {
    const logs: LogsTarget = {
      app: SCOPE.app,
      environment: SCOPE.environment,
      kind: 'logs',
      name: 'ship',
      address: 'x',
      logApp: null,
      patterns: [],
      keepText: false,
      intervalSeconds: null,
      timeoutSeconds: null,
    };
    const { tick, now } = await open(
      (target, atMs) => {
        if (target.kind === 'app') return good([], target.name === 'm2' ? { machine: 'd8d9' } : {});
        const line = (machine: string) => ({ pattern: 'redis_suspended', machine });
        return good([
          sample('logs_pattern_lines_total', grown(0.2, atMs), line('m1')),
          sample('logs_pattern_lines_total', grown(0.1, atMs), line('d8d9')),
          sample('logs_pattern_lines_total', 7, line('m3')),
        ]);
      },
      [machine('m1'), machine('m2'), machine('m3'), logs],
    );
    await tick(8);
    expect(now()).toMatchObject({ mode: 'suspended_by_us', quality: 'inferred' });
    expect([...now().machines].map(([name, { mode }]) => [name, mode])).toEqual([
      ['m1', 'suspended_by_us'],
      ['m2', 'suspended_by_us'],
      ['m3', 'unknown'],
    ]);
    expect(now().evidence).toContain('1 machine tells nothing');
  });

  it('a Redis that nobody uses any more is not called active for long, and is again when it is used', async () => {
    const [offMs, onMs] = [START_MS + 10 * MINUTE_MS, START_MS + 40 * MINUTE_MS];
    const { world, tick, now, history } = await open(
      (_target, atMs) => {
        const gets = atMs < onMs ? until(5, atMs, offMs) : grown(5, atMs);
        return good([sample('redis_commands_total', gets, { cmd: 'get' })]);
      },
      [redis],
    );
    await tick(20);
    await world.watch(10);
    await tick(2);
    expect(now().mode).toBe('active');
    expect(now().unknown?.isContrary).toBe(true);
    await world.watch(16);
    await tick(1);
    const view = await readNow(world.runtime, live('15m'));
    expect(view.mode).toMatchObject({ mode: 'unknown', sinceMs: now().unknownSinceMs });
    expect(view.mode?.evidence).toContain('no command other than ours was counted');
    await world.watch(10);
    await tick(2);
    expect(now()).toMatchObject({ mode: 'active', unknownSinceMs: null });
    expect(history().map(({ mode }) => mode)).toEqual(['active']);
  });

  it('machines that fall silent keep their known mode, and since when it is not known', async () => {
    const silentMs = START_MS + 2 * MINUTE_MS;
    const { world, tick, now } = await open(
      (_target, atMs) => {
        if (atMs >= silentMs) return good([]);
        return good([sample('app_redis_suspended', 1)]);
      },
      [machine('m1')],
    );
    await tick(8);
    expect(now()).toMatchObject({ mode: 'suspended_by_us', unknownSinceMs: null });
    await tick(8);
    const { unknownSinceMs } = now();
    expect(now().mode).toBe('suspended_by_us');
    expect(unknownSinceMs).toBeGreaterThan(silentMs);
    const view = await readNow(world.runtime, live('15m'));
    expect(view.mode).toMatchObject({ mode: 'suspended_by_us', quality: 'inferred' });
    expect(view.mode?.evidence).toContain('nothing tells since 17:0');
    expect(view.machines[0]?.mode).toEqual({ mode: 'unknown', sinceMs: unknownSinceMs });
  });

  it('a health endpoint that stayed green through a suspension is no evidence afterwards, also after a restart', async () => {
    const [offMs, onMs] = [START_MS + MINUTE_MS, START_MS + 2 * MINUTE_MS];
    const { tick, now, restart } = await open(
      (_target, atMs) => {
        const word = atMs >= offMs && atMs < onMs ? [sample('app_redis_suspended', 1)] : [];
        return good(word, { healthRedis: 'passing' });
      },
      [machine('m1')],
    );
    await tick(3);
    expect(now()).toMatchObject({ mode: 'active', quality: 'inferred' });
    await tick(4);
    expect(now()).toMatchObject({ mode: 'suspended_by_us', quality: 'measured' });
    restart();
    await tick(12);
    // The green light would say active; it is not believed any more.
    expect(now().mode).toBe('suspended_by_us');
    expect(now().unknownSinceMs).not.toBeNull();
    expect(now().unknown?.why).toContain('no Redis source');
  });
});
