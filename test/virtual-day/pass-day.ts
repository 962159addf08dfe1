import { vi } from 'vitest';
import { type Acts, contactsOf } from '@/lib/core/budget/acts.ts';
import type { Scrape } from '@/lib/core/model/scrape.ts';
import { targetId } from '@/lib/core/model/target.ts';
import type { CollectorSession } from '@/lib/server/collectors/collector.ts';
import type { OpenSession } from '@/lib/server/collectors/index.ts';
import type { Target } from '@/lib/server/config/types.ts';
import { Ledger } from '@/lib/server/poller/ledger.ts';
import { Poller } from '@/lib/server/poller/poller.ts';
import type { Store } from '@/lib/server/store/store.ts';
import { MemoryState } from '@/test/memory-state.ts';

/** A day without anything on it, so that nothing but the poller's rules decides what is sent. */
export const DAY_START_MS = Date.UTC(2026, 10, 3);
export const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** What one source has cost on the day, as the ledger has it, and how its visits went. */
export interface DayRow {
  name: string;
  acts: Acts;
  visits: number;
  good: number;
  /** Visits that our own budget kept from being made. */
  paused: number;
  /** Longest time between two visits that were made. */
  longestMs: number;
  /** Requests, queries and commands of its busiest minute. */
  busiestMinute: number;
  /** What the poller said at noon that a day costs. */
  projected: Acts | null;
  /** What the sources list said at the last visit. */
  state: string;
}

export interface DayPlan {
  targets: readonly Target[];
  open: OpenSession;
  /** Called when virtual time first reaches each hour, 0–23. */
  atHour?: (hour: number, poller: Poller) => void;
  /** What was sent before the day's first visit, by an earlier process. */
  state?: MemoryState;
  hours?: number;
}

/** Real time for which virtual time stands still at most; then a timer of the visit may be what it waits for. */
const PATIENCE_MS = 50;
/** A visit may come sooner than was said after something has changed the pace: then no step may pass over it. */
const CAREFUL_MS = 60_000;
const realTimeout = globalThis.setTimeout;
/** Visits that wait for their commit, which is a timer. */
const COMMIT_STEP_MS = 250;

/**
 * Passes 24 hours of the real poller, ledger and sessions as fast as the other side answers: sockets need real turns of
 * the event loop, so virtual time stands still while a session is being asked.
 */
export async function passDay(plan: DayPlan): Promise<Map<string, DayRow>> {
  const { targets, open, atHour, state = new MemoryState(), hours = 24 } = plan;
  const endMs = DAY_START_MS + hours * 3_600_000 - 1;
  const scrapes: Scrape[] = [];
  const minutes = new Map<string, number>();
  const store = memoryStore(scrapes, state);
  const nowMs = () => Date.now();
  const ledger = new Ledger(state, nowMs);
  await ledger.load();
  const count = ledger.count.bind(ledger);
  ledger.count = (id, act, times = 1) => {
    count(id, act, times);
    if (act === 'connect') return;
    const minute = `${id} ${Math.floor(nowMs() / MINUTE_MS)}`;
    minutes.set(minute, (minutes.get(minute) ?? 0) + times);
  };
  const asking = new Set<Promise<unknown>>();
  const poller = new Poller({
    targets,
    store,
    ledger,
    open: (target, deps) => watched(open(target, deps), asking),
    wallMs: nowMs,
    monoMs: () => nowMs() - DAY_START_MS,
    onFault: (message, error) => {
      throw new Error(message, { cause: error });
    },
  });
  poller.start();
  let hour = -1;
  let carefulUntilMs = 0;
  let paces = '';
  let projected = new Map<string, Acts | null>();
  while (nowMs() < endMs) {
    for (; hour < Math.floor((nowMs() - DAY_START_MS) / 3_600_000); hour += 1) {
      atHour?.(hour + 1, poller);
    }
    const statuses = poller.statuses(nowMs());
    const now = statuses.map(({ history }) => history.intervalMs).join();
    if (now !== paces) carefulUntilMs = nowMs() + CAREFUL_MS;
    paces = now;
    if (hour >= 12 && projected.size === 0)
      projected = new Map(statuses.map(({ id, costADay }) => [id, costADay]));
    const waitMs = Math.min(...statuses.map(({ nextVisitInMs }) => nextVisitInMs));
    const leftMs = endMs - nowMs();
    await answered(asking);
    const mostMs = nowMs() < carefulUntilMs ? Math.min(leftMs, COMMIT_STEP_MS) : leftMs;
    const stepMs = asking.size > 0 ? 1 : waitMs <= 0 ? COMMIT_STEP_MS : Math.ceil(waitMs);
    await vi.advanceTimersByTimeAsync(Math.max(1, Math.min(stepMs, mostMs)));
  }
  const rows = targets.map((target): [string, DayRow] => {
    const id = targetId(target);
    const own = scrapes.filter((scrape) => scrape.targetId === id);
    const made = own.filter(({ error }) => error?.kind !== 'budget').map(({ atMs }) => atMs);
    const ends = [...made, DAY_START_MS + DAY_MS];
    const row = {
      name: target.name,
      acts: ledger.today(id),
      visits: made.length,
      good: own.filter(({ ok }) => ok).length,
      paused: own.length - made.length,
      longestMs: Math.max(...ends.map((atMs, i) => atMs - (made[i - 1] ?? DAY_START_MS))),
      busiestMinute: Math.max(
        0,
        ...[...minutes].flatMap(([minute, n]) => (minute.startsWith(`${id} `) ? [n] : [])),
      ),
      projected: projected.get(id) ?? null,
      state: poller.status(id, nowMs())?.state ?? '',
    };
    return [target.name, row];
  });
  const stopped = poller.stop();
  await vi.advanceTimersByTimeAsync(1_000);
  await stopped;
  return new Map(rows);
}

/** A session whose visits stand in `asking` while they last. */
function watched(session: CollectorSession, asking: Set<Promise<unknown>>): CollectorSession {
  return {
    pace: () => session.pace(),
    close: () => session.close(),
    collect: (context) => {
      const visit = session.collect(context).finally(() => asking.delete(visit));
      asking.add(visit);
      return visit;
    },
  };
}

async function answered(asking: ReadonlySet<Promise<unknown>>): Promise<void> {
  if (asking.size === 0) return;
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((done) => {
    timer = realTimeout(done, PATIENCE_MS);
  });
  await Promise.race([Promise.allSettled(asking), enough]);
  // The real one, whose name is taken by the fake.
  timer?.unref();
}

/** Keeps visits without their samples: nothing of the store's own logic is needed here. */
function memoryStore(scrapes: Scrape[], state: MemoryState): Store {
  return {
    id: 'memory',
    append: async (batch) => {
      scrapes.push(...batch.map((scrape) => ({ ...scrape, samples: [] })));
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
    getState: (key) => state.getState(key),
    putState: (entries) => state.putState(entries),
    listState: (prefix) => state.listState(prefix),
    maintain: async () => undefined,
    stats: () => {
      throw new Error('not asked here');
    },
    close: async () => undefined,
  };
}

const HEAD = [
  '',
  'visits',
  'commands',
  'connects',
  'queries',
  'requests',
  'contacts',
  'busiest min',
  'said at noon',
];

/** The rows as columns for a terminal. */
export function printDay(title: string, rows: Iterable<DayRow>): string {
  const lines = [...rows].map(({ name, visits, acts, busiestMinute, projected }) => [
    name,
    ...[
      visits,
      acts.commands,
      acts.connects,
      acts.queries,
      acts.requests,
      contactsOf(acts),
      busiestMinute,
    ].map(String),
    projected === null
      ? '–'
      : `${Math.round(projected.commands + projected.queries + projected.requests)} a day`,
  ]);
  const widths = HEAD.map((_, at) => Math.max(...[HEAD, ...lines].map((line) => line[at]?.length ?? 0)));
  const text = [HEAD, ...lines].map((line) =>
    line
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  '),
  );
  return `\n${title}\n${text.join('\n')}\n`;
}
