import { afterEach, describe, expect, it } from 'vitest';
import { ALERT_RULES, type AlertRuleId } from '@/lib/core/alerts/rules/rule.ts';
import { DEFAULT_ALERT_SETTINGS } from '@/lib/core/alerts/settings.ts';
import { HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { ScrapeError } from '../collectors/collector.ts';
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
} from '../queries/test-world.ts';
import { AlertStep } from './alerts.ts';
import { askBacktest, within } from './ask-backtest.ts';
import { backtest } from './backtest.ts';
import { ModeStep } from './modes.ts';
import { firingsOf } from './test-firings.ts';

const SCOPE = { app: 'harbor', environment: 'production' };
let opened: World | null = null;

afterEach(async () => {
  await opened?.close();
  opened = null;
});

const isBetween = (minute: number, from: number, to: number): boolean => minute >= from && minute < to;

/** A burst of 429s, a Redis that goes away, machines that disagree, a switch that is not obeyed, a machine that is gone. */
const story: Answer = (target, atMs) => {
  const minute = (atMs - START_MS) / MINUTE_MS;
  if (target.kind === 'redis') {
    if (isBetween(minute, 14, 17)) throw new ScrapeError('network', 'redis: cache: no answer');
    return good([sample('redis_commands_total', grown(10, atMs), { cmd: 'get' })]);
  }
  const isB = target.name === 'b';
  if (isB && isBetween(minute, 28, 31)) throw new ScrapeError('timeout', 'app: b: no answer in 5 s');
  const limited = Math.floor(40 * Math.max(0, Math.min(4, minute - 6)));
  const isOff = isB && isBetween(minute, 20, 22.4);
  return good([
    sample('http_responses_total', grown(20, atMs), { status: '200' }),
    sample('http_responses_total', limited, { status: '429' }),
    sample('app_breaker_state', isBetween(minute, 10, 13) ? 1 : 0, { integration: 'billing' }),
    sample('app_limiter_decisions_total', grown(2, atMs), { decision: 'allowed' }),
    sample('app_limiter_decisions_total', Math.floor(30 * Math.max(0, Math.min(3, minute - 12))), {
      decision: 'failed_open',
    }),
    sample('app_redis_suspended', isOff ? 1 : 0),
    sample('app_redis_suspend_asked', isOff || isBetween(minute, 24, 26) ? 1 : 0),
  ]);
};

async function open(settings = DEFAULT_ALERT_SETTINGS) {
  const world = await openWorld([redis, machine('a'), machine('b')], story);
  opened = world;
  const { config, clock, store, poller } = world.runtime;
  const modes = new ModeStep({ config, store, poller });
  const alerts = new AlertStep({ config, clock, store, poller, modes, settings });
  const runtime = Object.assign(world.runtime, { modes, alerts });
  const run = async (minutes: number) => {
    for (let i = 0; i < minutes * 4; i += 1) {
      await world.watch(0.25);
      await modes.run(world.nowMs());
      await alerts.run(world.nowMs());
    }
  };
  const past = (rule: AlertRuleId, mostMs?: number) =>
    backtest(runtime, {
      scope: SCOPE,
      rule,
      range: { startMs: START_MS, endMs: world.nowMs() },
      ...(mostMs === undefined ? {} : { mostMs }),
    });
  return { world, runtime, alerts, run, past };
}

describe('a backtest over what the engine has seen', () => {
  it('fires when the engine fired and ends when it ended, rule by rule', async () => {
    const { run, past, alerts } = await open();
    await run(50);
    const events = alerts.current(SCOPE)?.events ?? [];
    const fired = new Set<string>();
    for (const rule of ALERT_RULES) {
      const live = firingsOf(events, rule);
      if (live.length > 0) fired.add(rule);
      const { firings } = await past(rule);
      const walked = firings.map(({ alertId, startMs, endMs }) => ({ alertId, startMs, endMs }));
      expect({ rule, firings: walked }).toEqual({ rule, firings: live });
    }
    expect([...fired].sort()).toEqual([
      ...['breaker_open', 'http_429', 'limiter_open', 'redis_mixed', 'redis_not_suspended'],
      'source_down',
    ]);
  });

  it('counts firings by day and says on which days nothing was known', async () => {
    const { run, past, runtime, world } = await open();
    await run(16);
    const view = await past('http_429');
    expect(view).toMatchObject({ rule: 'http_429', startMs: START_MS, limit: null });
    expect(view.days).toEqual([{ startMs: START_MS - 17 * HOUR_MS, firings: 1, isKnown: true }]);
    expect(view.chart?.title).toBeTruthy();
    const endMs = world.nowMs();
    const wide = await backtest(runtime, {
      scope: SCOPE,
      rule: 'http_429',
      range: { startMs: endMs - 48 * HOUR_MS, endMs },
    });
    expect(wide.days.map(({ firings, isKnown }) => [firings, isKnown])).toEqual([
      [0, false],
      [0, false],
      [1, true],
    ]);
    expect(wide.limit).toBe('Nothing that this rule reads is known of 2 of the 3 days.');
  });

  it('ends where its time is used up, and says so', async () => {
    const { run, past } = await open();
    await run(20);
    const view = await past('http_429', 0);
    expect(view.endMs).toBe(START_MS);
    expect(view.limit).toMatch(
      /^It took longer than 0 s, so the time after .* was not walked; nothing .* these days\.$/,
    );
  });

  it('leaves out what is not kept any more, and says so', async () => {
    const { run, runtime, world } = await open();
    await run(3);
    const config = { ...runtime.config, retention: { ...runtime.config.retention, samplesDays: 1 } };
    const endMs = world.nowMs();
    const range = { startMs: endMs - 3 * 24 * HOUR_MS, endMs };
    const view = await backtest({ ...runtime, config }, { scope: SCOPE, rule: 'http_429', range });
    expect(view.startMs).toBe(endMs - 24 * HOUR_MS);
    expect(view.limit).toMatch(/^Samples older than .* are not kept; nothing .* of 1 of the 2 days\.$/);
  });

  it('walks a rule that is switched off: that is when it is asked for', async () => {
    const { run, past } = await open({ ...DEFAULT_ALERT_SETTINGS, off: ['http_429'] });
    await run(15);
    expect((await past('http_429')).firings).toHaveLength(1);
  });

  it('leaves the book of now alone', async () => {
    const { run, past, alerts } = await open();
    await run(12);
    const before = structuredClone(alerts.current(SCOPE));
    await past('http_429');
    expect(alerts.current(SCOPE)).toEqual(before);
  });
});

describe('asking for a backtest', () => {
  it('gives the same answer for ten minutes, and refuses an app that is not watched', async () => {
    const { run, runtime, world } = await open();
    await run(12);
    const ask = () => askBacktest(runtime, { scope: SCOPE, rule: 'http_429', days: 1 });
    const [once, again] = await Promise.all([ask(), ask()]);
    expect(again).toBe(once);
    world.wait(11);
    expect(await ask()).not.toBe(once);
    const other = { app: 'other', environment: 'production' };
    await expect(askBacktest(runtime, { scope: other, rule: 'http_429', days: 1 })).rejects.toThrow(
      'Nothing of that app is watched.',
    );
  });

  it('lets only a few wait at a time', async () => {
    const { run, runtime } = await open();
    await run(5);
    const rules = ALERT_RULES.filter((rule) => rule.startsWith('redis_')).concat(['quota', 'pool']);
    const all = await Promise.allSettled(
      rules.map((rule) => askBacktest(runtime, { scope: SCOPE, rule, days: 1 })),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    expect(rules.length).toBeGreaterThan(4);
  });

  it('lets nobody wait: what takes longer is told as not ready, and a failure that comes late hurts nobody', async () => {
    expect(await within(1_000, Promise.resolve('done'))).toBe('done');
    let fail: (error: Error) => void = () => {};
    const slow = new Promise<string>((_, reject) => {
      fail = reject;
    });
    expect(await within(5, slow)).toBeNull();
    fail(new Error('too late'));
    await expect(within(1_000, slow)).rejects.toThrow('too late');
  });
});
