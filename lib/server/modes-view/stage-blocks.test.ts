import { afterEach, describe, expect, it } from 'vitest';
import type { AlertEvent } from '@/lib/core/alerts/alert-book.ts';
import type { RedisMode } from '@/lib/core/model/redis-mode.ts';
import type { ModeChange } from '@/lib/core/modes/mode-book.ts';
import { judgeStages } from '@/lib/core/modes/stages.ts';
import { stretchOf } from '@/lib/core/modes/stretch.ts';
import { BLOCK_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
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
import { readStageBlocks } from './stage-blocks.ts';

const SCOPE = { app: 'harbor', environment: 'production' };
const OFF_MS = START_MS + 13 * HOUR_MS;
const BACK_MS = OFF_MS + HOUR_MS;

let world: World;
afterEach(() => world.close());

const change = (atMs: number, mode: RedisMode, a: RedisMode, b: RedisMode): ModeChange => ({
  ...{ atMs, mode, machines: { a, b } },
  quality: 'measured',
  evidence: '',
});
const CHANGES = [
  change(START_MS, 'active', 'active', 'active'),
  change(OFF_MS, 'suspended_by_us', 'suspended_by_us', 'suspended_by_us'),
  change(BACK_MS, 'mixed', 'active', 'suspended_by_us'),
];

/** Seconds of the time since the start in which machines use Redis, both of them or one. */
const usedSeconds = (atMs: number) => ({
  both: (Math.min(atMs, OFF_MS) - START_MS) / 1_000,
  one: Math.max(0, atMs - BACK_MS) / 1_000,
});
const sinceBack = (atMs: number, perSecond: number) =>
  Math.round(Math.max(0, atMs - BACK_MS) / 1_000) * perSecond;

interface Story {
  /** GETs per second of the machine that is back; both sent 100 before. */
  gets: number;
  /** Per second since it is back. */
  limited?: number;
  failedOpen?: number;
}

/** Two machines with half of the requests each; their GETs before, none while suspended, and those of one since. */
const evening =
  ({ gets, limited = 0, failedOpen = 0 }: Story): Answer =>
  (target, atMs) => {
    if (target.kind === 'redis') {
      const { both, one } = usedSeconds(atMs);
      return good([sample('redis_commands_total', Math.round(both * 100 + one * gets), { cmd: 'get' })]);
    }
    return good([
      sample('http_responses_total', grown(10, atMs), { status: '200' }),
      sample('http_responses_total', 5 + (target.name === 'a' ? sinceBack(atMs, limited) : 0), {
        status: '429',
      }),
      sample('app_limiter_decisions_total', grown(10, atMs), { decision: 'allowed' }),
      sample('app_limiter_decisions_total', target.name === 'a' ? sinceBack(atMs, failedOpen) : 0, {
        decision: 'failed_open',
      }),
    ]);
  };

async function firstStage(
  answer: Answer,
  { minutes = 50, events = [] as AlertEvent[], changes = CHANGES } = {},
) {
  world = await openWorld([redis, machine('a'), machine('b')], answer);
  await world.watch((BACK_MS - START_MS) / MINUTE_MS + minutes, BLOCK_MS);
  const stretch = stretchOf(changes);
  if (stretch === null) throw new Error('there was a suspension');
  const nowMs = world.nowMs();
  const blocks = await readStageBlocks({
    ...{ runtime: world.runtime, scope: SCOPE, nowMs, stretch, changes, resumed: null, events },
  });
  const [first] = judgeStages({ stretch, nowMs, blocks });
  return { first, blocks };
}

describe('the first machine that uses Redis again', () => {
  it('passes when its GETs are no more, by its part of the requests, than before', async () => {
    const { first, blocks } = await firstStage(evening({ gets: 48 }));
    expect(first?.state).toBe('passed');
    expect(blocks.at(-1)?.limit).toBeCloseTo(55, 0);
    expect(first?.evidence).toMatch(/^173K GETs\/h, at most 198K\/h are allowed; no burst/);
  });

  it('fails when it asks more than its part of what both asked before', async () => {
    const { first } = await firstStage(evening({ gets: 70 }));
    expect(first).toMatchObject({ state: 'failed' });
    expect(first?.evidence).toContain('at most 198K/h are allowed');
  });

  it('fails when 429s burst', async () => {
    const { first } = await firstStage(evening({ gets: 48, limited: 1 }));
    expect(first).toMatchObject({ state: 'failed' });
    expect(first?.evidence).toMatch(/^429s: /);
  });

  it('fails when its limiter lets requests pass unasked', async () => {
    const { first } = await firstStage(evening({ gets: 48, failedOpen: 1 }));
    expect(first).toMatchObject({ state: 'failed' });
    expect(first?.evidence).toMatch(/requests passed because the limiter could not ask/);
  });

  it('fails when an alert of harm fires', async () => {
    const fired: AlertEvent = {
      ...{ atMs: BACK_MS + 12 * MINUTE_MS, id: 'server_errors', title: '5xx spike', what: 'firing' },
      ...{ by: null, untilMs: null },
    };
    const { first } = await firstStage(evening({ gets: 48 }), { events: [fired] });
    expect(first).toMatchObject({ state: 'failed' });
    expect(first?.evidence).toMatch(/^alert: 5xx spike/);
  });

  it('cannot be told while an alert that fired in the warm-up fires on', async () => {
    const fired: AlertEvent = {
      ...{ atMs: BACK_MS + MINUTE_MS, id: 'limiter_open', title: 'Limiter fails open', what: 'firing' },
      ...{ by: null, untilMs: null },
    };
    const { first } = await firstStage(evening({ gets: 48 }), { events: [fired] });
    expect(first).toMatchObject({ state: 'blocked' });
    expect(first?.evidence).toContain('an alert from before fires on: Limiter fails open');
  });

  it('cannot be told while Redis is not counted, nor while the machine is silent', async () => {
    const calm = evening({ gets: 48 });
    const without =
      (kind: 'redis' | 'app'): Answer =>
      (target, atMs) => {
        if (target.kind === kind && atMs > BACK_MS) throw new ScrapeError('network', 'no answer');
        return calm(target, atMs);
      };
    for (const kind of ['redis', 'app'] as const) {
      const { first } = await firstStage(without(kind), { minutes: 90 });
      expect(first).toMatchObject({ state: 'blocked', decidedMs: null });
      if (kind === 'redis') await world.close();
    }
  });

  it('does not take the GETs of others for its own when it stopped using Redis', async () => {
    const stopped = change(BACK_MS + 6 * MINUTE_MS, 'mixed', 'suspended_by_us', 'suspended_by_us');
    const { first, blocks } = await firstStage(evening({ gets: 48 }), {
      changes: [...CHANGES, stopped],
      minutes: 90,
    });
    expect(first?.state).toBe('blocked');
    expect(blocks.at(-1)?.gets).toBeNull();
  });
});
