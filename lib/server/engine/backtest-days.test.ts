import { afterEach, describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
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
import { backtest } from './backtest.ts';
import { ModeStep } from './modes.ts';
import { firingsOf } from './test-firings.ts';

const SCOPE = { app: 'harbor', environment: 'production' };
/** Days before the engine begins to look: what is usual. */
const DAYS = 8;
let opened: World | null = null;

afterEach(async () => {
  await opened?.close();
  opened = null;
});

/** What a counter has on top once a stretch of so many more a second is over, minutes after the start. */
const extra = (atMs: number, fromMinute: number, toMinute: number, perSecond: number): number => {
  const minute = (atMs - START_MS) / MINUTE_MS;
  return Math.round(60 * perSecond * Math.max(0, Math.min(toMinute, minute) - fromMinute));
};

/** Days like each other; then a burst of 429s, one of 5xx, and GETs that are three times what is usual. */
const story: Answer = (target, atMs) => {
  if (target.kind === 'redis') {
    const gets = grown(10, atMs) + extra(atMs, 20, 40, 20);
    return good([sample('redis_commands_total', gets, { cmd: 'get' })]);
  }
  return good([
    sample('http_responses_total', grown(20, atMs), { status: '200' }),
    sample('http_responses_total', extra(atMs, 5, 9, 1), { status: '429' }),
    sample('http_responses_total', extra(atMs, 12, 16, 1), { status: '503' }),
    sample('app_redis_suspended', 0),
  ]);
};

describe('a backtest of rules that know what is usual', () => {
  it('fires and ends when the engine did, over the hour in which the engine looked', async () => {
    const world = await openWorld([redis, machine('a')], story, { fromMs: START_MS - DAYS * DAY_MS });
    opened = world;
    const { config, clock, store, poller } = world.runtime;
    const modes = new ModeStep({ config, store, poller });
    const alerts = new AlertStep({ config, clock, store, poller, modes });
    const runtime = Object.assign(world.runtime, { modes, alerts });
    await world.watch(DAYS * 1_440, MINUTE_MS);
    for (let tick = 0; tick < 75 * 4; tick += 1) {
      await world.watch(0.25);
      await modes.run(world.nowMs());
      await alerts.run(world.nowMs());
    }
    const events = alerts.current(SCOPE)?.events ?? [];
    const range = { startMs: START_MS + MINUTE_MS / 4, endMs: world.nowMs() };
    const fired: string[] = [];
    for (const rule of ['http_429', 'server_errors', 'regression', 'stall', 'plateau', 'drift'] as const) {
      const live = firingsOf(events, rule);
      if (live.length > 0) fired.push(rule);
      const { firings } = await backtest(runtime, { scope: SCOPE, rule, range, mostMs: 60_000 });
      const walked = firings.map(({ alertId, startMs, endMs }) => ({ alertId, startMs, endMs }));
      expect({ rule, firings: walked }).toEqual({ rule, firings: live });
    }
    expect(fired).toEqual(expect.arrayContaining(['http_429', 'server_errors', 'regression']));
  }, 240_000);
});
