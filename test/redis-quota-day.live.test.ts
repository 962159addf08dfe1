import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Scrape } from '@/lib/core/model/scrape.ts';
import { redis } from '@/lib/server/collectors/redis/index.ts';
import { QUOTA, serveUpstash } from '@/lib/server/collectors/redis/test-upstash.ts';
import type { RedisTarget } from '@/lib/server/config/types.ts';
import { TargetPoller } from '@/lib/server/poller/target-poller.ts';

// The real poller and the real session against a server on loopback; only the clock is ours. Sockets need real turns of
// the event loop, so time stands still while a visit is under way.

const START_MS = Date.UTC(2026, 3, 9, 0, 0, 1);
const DAY_MS = 86_400_000;
const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  vi.useRealTimers();
  for (const close of closers.splice(0).reverse()) await close();
});

interface Day {
  visits: number;
  good: number;
  commands: number;
  connects: number;
  /** What good visits called the mode. */
  called: Set<string>;
}

async function passDay(target: RedisTarget): Promise<Day> {
  vi.useFakeTimers({ now: START_MS, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  const day: Day = { visits: 0, good: 0, commands: 0, connects: 0, called: new Set() };
  const sent = { commands: 0, connects: 0 };
  const poller = new TargetPoller(target, {
    open: (_target, deps) => redis.open(target, deps),
    count: (act, times = 1) => {
      if (act === 'command') sent.commands += times;
      if (act === 'connect') sent.connects += times;
    },
    spentToday: () => ({ ...sent, queries: 0, requests: 0 }),
    reserve: async () => undefined,
    settle: async () => undefined,
    keep: async (scrape: Scrape) => {
      day.visits += 1;
      if (scrape.ok) day.good += 1;
    },
    wallMs: () => Date.now(),
    monoMs: () => Date.now() - START_MS,
  });
  poller.start();
  for (let good = 0; ; ) {
    const waitMs = poller.status(Date.now()).nextVisitInMs;
    if (Date.now() + waitMs >= START_MS + DAY_MS) break;
    if (waitMs > 0) await vi.advanceTimersByTimeAsync(Math.ceil(waitMs));
    // A visit is under way.
    else await new Promise(setImmediate);
    if (day.good > good) day.called.add(poller.status(Date.now()).facts.probe ?? 'nothing');
    good = day.good;
  }
  vi.useRealTimers();
  await poller.stop();
  return { ...day, ...sent };
}

describe('24 virtual hours of the poller', () => {
  test('a Redis that refuses everything for its quota gets 24 visits, each one command on one connection', async () => {
    const { target } = await serveUpstash(closers, (_n, command) => (command === 'AUTH' ? null : QUOTA));
    const day = await passDay(target);
    expect(day).toMatchObject({ visits: 24, good: 0, connects: 1 });
    // Login, and three probes at the first refusal.
    expect(day.commands).toBe(24 + 1 + 3);
  });

  test('one that refuses three of eight gets 24 visits at most and is never called active', async () => {
    const refused = new Set([1, 4, 6]);
    const { target } = await serveUpstash(closers, (n, command) =>
      command !== 'AUTH' && refused.has(n % 8) ? QUOTA : null,
    );
    const day = await passDay(target);
    expect(day.visits).toBeLessThanOrEqual(24);
    expect(day.good).toBeGreaterThan(0);
    expect([...day.called]).toEqual(['quota_exhausted']);
    expect(day.commands).toBeLessThanOrEqual(24 * 4);
  });

  test('a refused login gets 24 visits of a connect and a login, and no probe', async () => {
    const { target, received } = await serveUpstash(
      closers,
      () => 'WRONGPASS invalid username-password pair',
    );
    const day = await passDay(target);
    expect(day).toMatchObject({ visits: 24, commands: 24, connects: 24 });
    expect(new Set(received)).toEqual(new Set(['AUTH']));
  });

  test('a healthy metered one costs 300 at most on a quiet day, probes counted', async () => {
    let processed = 0;
    const { target } = await serveUpstash(
      closers,
      () => null,
      () => {
        processed += 3_000;
        return processed;
      },
    );
    const day = await passDay(target);
    expect(day.visits).toBeGreaterThanOrEqual(288);
    expect(day.commands + day.connects).toBeLessThanOrEqual(300);
    expect(day.good).toBe(day.visits);
  });
});
