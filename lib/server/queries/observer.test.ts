import { describe, expect, it } from 'vitest';
import { NO_ACTS } from '@/lib/core/budget/acts.ts';
import { targetId } from '@/lib/core/model/target.ts';
import { DAY_MS } from '@/lib/core/time/range.ts';
import { MemoryState } from '@/test/memory-state.ts';
import { Secret } from '../config/secret.ts';
import type { RedisTarget } from '../config/types.ts';
import { Ledger } from '../poller/ledger.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import { readObserver, readObserverDays } from './observer.ts';

const NOW_MS = Date.UTC(2026, 3, 9, 12);
const BUDGET = { contactsPerDay: 500, denseContactsPerDay: 400, mostPerVisit: 7 };
const target: RedisTarget = {
  app: 'harbor',
  environment: 'production',
  kind: 'redis',
  name: 'cache',
  url: new Secret('rediss://default:pw@calm-lake-12345.upstash.io:6379'),
  address: 'calm-lake-12345.upstash.io:6379',
  metered: 'auto',
  plan: null,
  intervalSeconds: null,
  timeoutSeconds: null,
};

function statusOf(over: Partial<TargetStatus> = {}): TargetStatus {
  return {
    id: targetId(target),
    target,
    state: 'ok',
    history: {
      intervalMs: 300_000,
      lastOkAtMs: NOW_MS,
      lastScrapeAtMs: NOW_MS,
      failures: 0,
      lastErrorKind: null,
    },
    lastError: null,
    facts: {},
    notices: [],
    nextVisitInMs: 300_000,
    costADay: { ...NO_ACTS, commands: 288.4, connects: 0.2 },
    budget: BUDGET,
    pausedUntilMs: null,
    ...over,
  };
}

async function ledgerOf(commands: number) {
  let nowMs = NOW_MS - DAY_MS;
  const ledger = new Ledger(new MemoryState(), () => nowMs);
  await ledger.load();
  ledger.count(targetId(target), 'command', 290);
  nowMs = NOW_MS;
  ledger.count(targetId(target), 'command', commands);
  return { ledger };
}

describe('what watching a source costs', () => {
  it('in money at list price where it is billed, today and a day, beside our own limit', async () => {
    expect(readObserver(await ledgerOf(150), statusOf())).toEqual({
      yesterday: { ...NO_ACTS, commands: 290 },
      aDay: { ...NO_ACTS, commands: 288 },
      usdToday: expect.closeTo(0.0003, 9),
      usdADay: expect.closeTo(0.000576, 9),
      contactsADay: 500,
      pausedUntilMs: null,
    });
  });

  it('no money where nothing is billed, or nobody knows the vendor', async () => {
    const runtime = await ledgerOf(150);
    expect(readObserver(runtime, statusOf({ budget: null }))).toMatchObject({
      usdToday: null,
      contactsADay: null,
    });
    const own = statusOf({ target: { ...target, metered: true, address: 'cache.internal:6379' } });
    expect(readObserver(runtime, own)).toMatchObject({ usdToday: null, usdADay: null, contactsADay: 500 });
    const told = statusOf({ ...own, facts: { flavour: 'upstash' } });
    expect(readObserver(runtime, told).usdADay).toBeCloseTo(0.000576, 9);
  });

  it('nothing is projected before the first visit, and no zero stands for it', async () => {
    const { aDay, usdADay } = readObserver(await ledgerOf(0), statusOf({ costADay: null }));
    expect([aDay, usdADay]).toEqual([null, null]);
  });

  it('of all sources by day, newest first, those that are gone too', async () => {
    const runtime = await ledgerOf(150);
    runtime.ledger.count('harbor/production/app/gone', 'request', 4);
    expect(readObserverDays(runtime)).toEqual([
      { day: '2026-04-09', ...NO_ACTS, commands: 150, requests: 4 },
      { day: '2026-04-08', ...NO_ACTS, commands: 290 },
    ]);
  });
});
