import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CollectResult, Scrape } from '@/lib/core/model/scrape.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import {
  type CollectorSession,
  type HistorySession,
  type Pace,
  ScrapeError,
} from '../collectors/collector.ts';
import { Secret } from '../config/secret.ts';
import type { RedisTarget } from '../config/types.ts';
import type { Store } from '../store/store.ts';
import { Ledger } from './ledger.ts';
import { Poller } from './poller.ts';

const START_MS = Date.UTC(2026, 3, 9, 17, 54);
const GOOD: CollectResult = { samples: [], start: null, facts: {}, notices: [] };

function redisTarget(name: string): RedisTarget {
  return {
    app: 'harbor',
    environment: 'production',
    kind: 'redis',
    name,
    url: new Secret('redis://localhost'),
    address: 'localhost:6379',
    metered: false,
    plan: null,
    intervalSeconds: null,
    timeoutSeconds: null,
  };
}

/** Remembers what was appended; nothing of the store's own logic is needed here. */
function memoryStore() {
  const scrapes: Scrape[] = [];
  const state = new Map<string, unknown>();
  let commits = 0;
  let refusal: Error | null = null;
  let away: Promise<void> | null = null;
  const store: Store = {
    id: 'memory',
    append: async (batch) => {
      if (refusal !== null) throw refusal;
      await away;
      commits += 1;
      scrapes.push(...batch);
    },
    findSeries: () => [],
    latest: () => [],
    readBuckets: async () => [],
    scanBuckets: async () => undefined,
    putHistory: async () => {},
    readHistory: async () => [],
    readSamples: async function* () {
      yield* [];
    },
    readScrapes: async () => [],
    readResets: async () => [],
    lastFalls: () => [],
    getState: async (key) => state.get(key),
    listState: async () => [],
    putState: async (entries) => {
      for (const [key, value] of Object.entries(entries)) state.set(key, structuredClone(value));
    },
    maintain: async () => undefined,
    stats: () => {
      throw new Error('not asked here');
    },
    close: async () => undefined,
  };
  const refuse = (error: Error | null): void => {
    refusal = error;
  };
  /** Commits wait from now on; call what it gives to let them through. */
  const leave = (): (() => void) => {
    let comeBack = (): void => {};
    away = new Promise((resolve) => {
      comeBack = resolve;
    });
    return comeBack;
  };
  return { store, scrapes, state, commits: () => commits, refuse, leave };
}

function world(
  names: readonly string[],
  collect: (name: string, visit: number, signal: AbortSignal) => Promise<CollectResult>,
  pace: Partial<Pace> = {},
  more: Partial<HistorySession> = {},
) {
  const memory = memoryStore();
  const faults: string[] = [];
  const running = new Map<string, number>();
  const mostAtOnce = new Map<string, number>();
  const visits = new Map<string, number>();
  const wallMs = () => Date.now();
  const poller = new Poller({
    targets: names.map(redisTarget),
    store: memory.store,
    ledger: new Ledger(memory.store, wallMs),
    wallMs,
    monoMs: () => performance.now(),
    onFault: (message) => faults.push(message),
    open: (target, { count }): CollectorSession => ({
      pace: () => ({ normalSeconds: 15, denseSeconds: 5, fixedBeat: false, timeoutSeconds: 5, ...pace }),
      close: async () => undefined,
      ...more,
      collect: async ({ signal }) => {
        const { name } = target;
        count('command');
        visits.set(name, (visits.get(name) ?? 0) + 1);
        running.set(name, (running.get(name) ?? 0) + 1);
        mostAtOnce.set(name, Math.max(mostAtOnce.get(name) ?? 0, running.get(name) ?? 0));
        try {
          return await collect(name, visits.get(name) ?? 0, signal);
        } finally {
          running.set(name, (running.get(name) ?? 1) - 1);
        }
      },
    }),
  });
  return { poller, faults, mostAtOnce, ...memory };
}

async function loaded(store: Store): Promise<Ledger> {
  const ledger = new Ledger(store, () => Date.now());
  await ledger.load();
  return ledger;
}

const of = (scrapes: readonly Scrape[], name: string) =>
  scrapes.filter((s) => s.targetId.endsWith(`/${name}`));

beforeEach(() => {
  vi.useFakeTimers({ now: START_MS });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the poller', () => {
  it('visits every target on its own beat and stores the scheduled interval', async () => {
    const { poller, scrapes } = world(['a', 'b', 'c'], async () => GOOD);
    poller.start();
    await vi.advanceTimersByTimeAsync(300_000);
    for (const name of ['a', 'b', 'c']) {
      const times = of(scrapes, name).map((s) => s.atMs);
      expect(times.length).toBeGreaterThanOrEqual(20);
      expect(times.slice(2).every((t, i) => Math.abs(t - (times[i + 1] ?? 0) - 15_000) < 50)).toBe(true);
    }
    expect(new Set(scrapes.map((s) => s.intervalMs))).toEqual(new Set([15_000]));
    await poller.stop();
  });

  it('never spends more than the budget of a day, goes on after midnight UTC, and says so meanwhile', async () => {
    const budget = { contactsPerDay: 20, denseContactsPerDay: 16, mostPerVisit: 4 };
    const { poller, scrapes } = world(['a'], async () => GOOD, { budget });
    const id = 'harbor/production/redis/a';
    poller.start();
    // A person who asks again and again.
    for (let i = 0; i < 30; i += 1) {
      const asked = poller.visitNow({ app: 'harbor', environment: 'production' });
      await vi.advanceTimersByTimeAsync(300);
      await asked;
    }
    expect(scrapes.filter(({ ok }) => ok)).toHaveLength(17);
    expect(scrapes.at(-1)?.error?.kind).toBe('budget');
    expect(poller.status(id, Date.now())).toMatchObject({
      state: 'paused_budget',
      pausedUntilMs: Date.UTC(2026, 3, 10),
    });
    expect(poller.status(id, Date.now())?.lastError?.text).toContain('17 of 20');
    await vi.advanceTimersByTimeAsync(Date.UTC(2026, 3, 10, 0, 1) - Date.now());
    expect(poller.status(id, Date.now())).toMatchObject({ state: 'ok', pausedUntilMs: null });
    await poller.stop();
  });

  it('spreads a small budget over the day instead of using it up', async () => {
    const budget = { contactsPerDay: 50, denseContactsPerDay: 40, mostPerVisit: 4 };
    const { poller, scrapes } = world(['a'], async () => GOOD, { budget });
    poller.start();
    await vi.advanceTimersByTimeAsync(24 * HOUR_MS);
    expect(scrapes.every(({ ok }) => ok)).toBe(true);
    expect(scrapes.length).toBeGreaterThanOrEqual(23);
    expect(scrapes.length).toBeLessThanOrEqual(50);
    await poller.stop();
  });

  it('visits are dense after a deploy only while the usual ones can still be paid until midnight', async () => {
    vi.setSystemTime(Date.UTC(2026, 3, 9));
    const budget = { contactsPerDay: 500, denseContactsPerDay: 400, mostPerVisit: 7 };
    const pace = { normalSeconds: 300, denseSeconds: 60, fixedBeat: true, budget };
    const { poller, scrapes } = world(['a'], async () => GOOD, pace);
    poller.start();
    for (let hour = 0; hour < 24; hour += 1) {
      poller.noteDeploy(Date.now());
      await vi.advanceTimersByTimeAsync(HOUR_MS);
    }
    expect(scrapes.every(({ ok }) => ok)).toBe(true);
    expect(scrapes.filter(({ intervalMs }) => intervalMs === 60_000).length).toBeGreaterThan(90);
    expect(scrapes.length).toBeLessThanOrEqual(400);
    const late = scrapes.filter(({ atMs }) => atMs >= Date.UTC(2026, 3, 9, 20));
    expect(late.length).toBeGreaterThanOrEqual(48);
    await poller.stop();
  });

  it('tells what a day costs from what visits cost, and less while it rests', async () => {
    const id = 'harbor/production/redis/a';
    const steady = world(['a'], async () => GOOD);
    expect(steady.poller.status(id, Date.now())?.costADay).toBeNull();
    steady.poller.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(steady.poller.status(id, Date.now())?.costADay?.commands).toBe(5_760);
    await steady.poller.stop();

    const refused = world(['a'], async () => {
      throw new ScrapeError('quota', 'used up');
    });
    refused.poller.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(refused.poller.status(id, Date.now())?.costADay?.commands).toBe(24);
    await refused.poller.stop();
  });

  it('reads the memory of a source once, after its first good visit, and visits nothing meanwhile', async () => {
    const events: string[] = [];
    let answer = (): void => {};
    const collect = async (): Promise<CollectResult> => {
      events.push('visit');
      return GOOD;
    };
    const history = (): Promise<[]> => {
      events.push('history');
      return new Promise((resolve) => {
        answer = () => resolve([]);
      });
    };
    const { poller, faults } = world(['a'], collect, {}, { history });
    poller.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(events).toEqual(['visit', 'history']);
    expect(poller.backfill('harbor/production/redis/a')).toEqual({ kind: 'running', share: 0 });
    answer();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(events.slice(2).length).toBeGreaterThanOrEqual(3);
    expect(new Set(events.slice(2))).toEqual(new Set(['visit']));
    expect(poller.backfill('harbor/production/redis/a')).toMatchObject({ kind: 'done' });
    await poller.stop();
    expect(faults).toEqual([]);
  });

  it('ends a reading of memory that is under way when it stops', async () => {
    const history: HistorySession['history'] = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    const { poller } = world(['a'], async () => GOOD, {}, { history });
    poller.start();
    await vi.advanceTimersByTimeAsync(20_000);
    await poller.stop();
    expect(poller.backfill('harbor/production/redis/a')).toMatchObject({ kind: 'failed' });
  });

  it('a target that never answers is cut off at its deadline and never delays another', async () => {
    const { poller, scrapes, mostAtOnce } = world(['deaf', 'well'], (name) =>
      name === 'deaf' ? new Promise(() => undefined) : Promise.resolve(GOOD),
    );
    poller.start();
    await vi.advanceTimersByTimeAsync(120_000);
    const deaf = of(scrapes, 'deaf');
    expect(deaf.length).toBeGreaterThanOrEqual(7);
    expect(deaf.every((s) => !s.ok && s.error?.kind === 'timeout' && s.durationMs <= 5_250)).toBe(true);
    expect(deaf[0]?.samples.find((s) => s.metric === 'redis_up')?.value).toBe(0);
    expect(of(scrapes, 'well').length).toBeGreaterThanOrEqual(8);
    expect(mostAtOnce.get('well')).toBe(1);
    const stopped = poller.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    await stopped;
  });

  it('a visit that takes longer than the interval is never overlapped', async () => {
    const { poller, mostAtOnce } = world(
      ['slow'],
      () => new Promise((done) => setTimeout(() => done(GOOD), 20_000)),
      { timeoutSeconds: 60 },
    );
    poller.start();
    await vi.advanceTimersByTimeAsync(200_000);
    expect(mostAtOnce.get('slow')).toBe(1);
    const stopped = poller.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    await stopped;
  });

  it('a metered target stands on its fixed beat within five seconds, always alike', async () => {
    const { poller, scrapes } = world(['metered'], async () => GOOD, { normalSeconds: 300, fixedBeat: true });
    poller.start();
    await vi.advanceTimersByTimeAsync(3_600_000);
    const offsets = scrapes.slice(1).map((s) => {
      const into = s.atMs % 300_000;
      return into > 150_000 ? into - 300_000 : into;
    });
    expect(offsets.length).toBeGreaterThanOrEqual(11);
    expect(offsets.every((o) => Math.abs(o) <= 5_000)).toBe(true);
    expect(Math.max(...offsets) - Math.min(...offsets)).toBeLessThan(100);
    await poller.stop();
  });

  it('stops paying: after a refused login or an exhausted quota at most 24 contacts a day', async () => {
    for (const kind of ['auth', 'quota'] as const) {
      const { poller, scrapes } = world(['refused'], async () => {
        throw new ScrapeError(kind, 'refused');
      });
      poller.start();
      await vi.advanceTimersByTimeAsync(24 * 3_600_000);
      expect(scrapes.length).toBeLessThanOrEqual(24);
      expect(scrapes.length).toBeGreaterThanOrEqual(23);
      await poller.stop();
    }
  });

  it('obeys Retry-After and then comes back to its beat', async () => {
    const { poller, scrapes } = world(['busy'], async (_, visit) => {
      if (visit === 1) throw new ScrapeError('limit', 'too many', { retryAfterMs: 120_000 });
      return GOOD;
    });
    poller.start();
    await vi.advanceTimersByTimeAsync(110_000);
    expect(scrapes).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(scrapes.length).toBeGreaterThanOrEqual(3);
    await poller.stop();
  });

  it('a fault of our own collector is written down without the text that caused it', async () => {
    const { poller, scrapes } = world(['a'], async () => {
      throw new Error('password=hunter2 leaked by a driver');
    });
    poller.start();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(scrapes[0]?.error?.kind).toBe('internal');
    expect(JSON.stringify(scrapes)).not.toContain('hunter2');
    await poller.stop();
  });

  it('visits that end together share one commit', async () => {
    const names = Array.from({ length: 50 }, (_, i) => `m${i}`);
    const { poller, scrapes, commits } = world(names, async () => GOOD);
    poller.start();
    await vi.advanceTimersByTimeAsync(4_000);
    expect(scrapes).toHaveLength(50);
    expect(commits()).toBeLessThanOrEqual(16);
    await poller.stop();
  });

  it('every command that we send is counted by day and survives a restart', async () => {
    const { poller, store } = world(['a'], async () => GOOD);
    poller.start();
    await vi.advanceTimersByTimeAsync(60_000);
    await poller.stop();
    const again = new Ledger(store, () => Date.now());
    await again.load();
    expect(again.today('harbor/production/redis/a').commands).toBeGreaterThanOrEqual(4);
  });

  it('a process that is killed in each of its visits meets the cap all the same', async () => {
    const budget = { contactsPerDay: 40, denseContactsPerDay: 40, mostPerVisit: 7 };
    const memory = memoryStore();
    let contacts = 0;
    for (let life = 0; life < 30; life += 1) {
      const poller = new Poller({
        targets: [redisTarget('a')],
        store: memory.store,
        ledger: await loaded(memory.store),
        wallMs: () => Date.now(),
        monoMs: () => performance.now(),
        onFault: () => undefined,
        open: (_target, { count }): CollectorSession => ({
          pace: () => ({ normalSeconds: 15, denseSeconds: 5, fixedBeat: false, timeoutSeconds: 60, budget }),
          close: async () => undefined,
          // Sends all that a visit may send, and the process dies before anything comes back.
          collect: () => {
            count('command', budget.mostPerVisit);
            contacts += budget.mostPerVisit;
            return new Promise(() => undefined);
          },
        }),
      });
      poller.start();
      await vi.advanceTimersByTimeAsync(4_000);
      // A kill: no timer of that process runs any more, and nothing is written.
      vi.clearAllTimers();
    }
    expect(contacts).toBe(35);
  });

  it('a store that refuses a visit is reported and the beat goes on', async () => {
    const { poller, faults, scrapes, refuse } = world(['a'], async () => GOOD);
    refuse(new Error('disk is full'));
    poller.start();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(faults.length).toBeGreaterThanOrEqual(2);
    expect(scrapes).toEqual([]);
    refuse(null);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(scrapes.length).toBeGreaterThanOrEqual(1);
    await poller.stop();
  });

  it('a store that is away holds no beat up: every visit of that time is kept once it is back', async () => {
    const { poller, faults, scrapes, leave } = world(['a', 'b'], async () => GOOD);
    poller.start();
    await vi.advanceTimersByTimeAsync(60_000);
    const before = scrapes.length;
    const comeBack = leave();
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    expect(scrapes).toHaveLength(before);
    const asked = poller.visitNow({ app: 'harbor', environment: 'production' });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await asked).toBe(2);
    comeBack();
    await vi.advanceTimersByTimeAsync(1_000);
    const missed = scrapes.slice(before).filter(({ ok }) => ok);
    expect(missed.length).toBeGreaterThanOrEqual(2 * 20);
    for (const name of ['a', 'b']) {
      const times = of(missed, name).map(({ atMs }) => atMs);
      expect(times).toEqual([...new Set(times)].sort((x, y) => x - y));
      expect(Math.max(...times.slice(1).map((atMs, i) => atMs - (times[i] ?? 0)))).toBeLessThan(20_000);
    }
    expect(faults).toEqual([]);
    await poller.stop();
  });

  it('stops while the store is away', async () => {
    const { poller, leave } = world(['a'], async () => GOOD);
    poller.start();
    leave();
    await vi.advanceTimersByTimeAsync(60_000);
    const stopped = poller.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    await stopped;
  });

  it('dense visits last until their end and then the normal pace returns', async () => {
    const { poller, scrapes } = world(['a'], async () => GOOD);
    poller.densifyUntil(START_MS + 60_000);
    poller.start();
    await vi.advanceTimersByTimeAsync(60_000);
    const dense = scrapes.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(dense).toBeGreaterThanOrEqual(10);
    expect(scrapes.length - dense).toBeLessThanOrEqual(5);
    await poller.stop();
  });
});
