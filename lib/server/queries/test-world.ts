import 'server-only';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HistorySeries } from '@/lib/core/model/history.ts';
import type { Sample } from '@/lib/core/model/sample.ts';
import type { CollectResult, Scrape } from '@/lib/core/model/scrape.ts';
import type { NamedRange } from '@/lib/core/time/named-range.ts';
import type { Comparison } from '@/lib/core/time/page-window.ts';
import { HOUR_MS, MINUTE_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { CollectorSession, HistorySession } from '../collectors/collector.ts';
import { Secret } from '../config/secret.ts';
import type {
  AppTarget,
  Config,
  Goal,
  PostgresTarget,
  PrometheusTarget,
  RedisTarget,
  Target,
} from '../config/types.ts';
import { Ledger } from '../poller/ledger.ts';
import { Poller } from '../poller/poller.ts';
import type { Runtime } from '../runtime.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import type { NowInput } from './now.ts';

// A real store and a real poller for the tests and measures of queries; only the answers of the targets are made up.

export const START_MS = Date.UTC(2026, 3, 9, 17, 0);
const STEP_MS = 15_000;
/** Visits that share a commit while history is made. */
const COMMIT_VISITS = 60;
const SCOPE = { app: 'harbor', environment: 'production', intervalSeconds: null, timeoutSeconds: null };

export const redis: RedisTarget = {
  ...SCOPE,
  kind: 'redis',
  name: 'cache',
  url: new Secret('redis://x'),
  address: 'x:6379',
  metered: false,
  plan: null,
};

export const postgres: PostgresTarget = {
  ...SCOPE,
  kind: 'postgres',
  name: 'db',
  url: new Secret('postgres://x'),
  address: 'x:5432',
};

export const machine = (name: string): AppTarget => ({
  ...SCOPE,
  kind: 'app',
  name,
  group: 'web',
  metricsUrl: 'http://x/metrics',
  healthUrl: null,
  address: 'x:9091',
  bearer: null,
  mapping: [],
});

export const prometheus: PrometheusTarget = {
  ...SCOPE,
  kind: 'prometheus',
  name: 'engine',
  apiUrl: 'http://x:9090',
  address: 'x:9090',
  bearer: null,
  basic: null,
  match: null,
  queries: [],
};

/** What a target says when it is visited at `atMs`; throws a `ScrapeError` when it does not answer. */
export type Answer = (target: Target, atMs: number) => CollectResult;

export const sample = (metric: string, value: number, labels: Record<string, string> = {}): Sample => ({
  metric,
  labels,
  value,
});

/** A good answer of a process that has run since long before the start. */
export const good = (samples: Sample[], facts: Record<string, string> = {}): CollectResult => ({
  samples,
  start: { marker: 'p', atMs: START_MS - 365 * 24 * HOUR_MS },
  facts,
  notices: [],
});

/** A counter that has grown by `perSecond` since long before the start. */
export const grown = (perSecond: number, atMs: number): number =>
  Math.round(((atMs - START_MS) / 1000 + 365 * 86_400) * perSecond);

/** What the page asks for a range that follows the clock. */
export const live = (name: NamedRange, comparison: Comparison | null = null): NowInput => ({
  window: { kind: 'live', name },
  comparison,
});

/** What the page asks for a window that stands still. */
export const fixed = (startMs: number, endMs: number, comparison: Comparison | null = null): NowInput => ({
  window: { kind: 'fixed', name: '1h', startMs, endMs },
  comparison,
});

export interface World {
  runtime: Runtime & { poller: Poller };
  store: Store;
  nowMs: () => number;
  /** Visits every target on the beat for so long. */
  watch: (minutes: number, stepMs?: number) => Promise<void>;
  /** Time passes without a visit. */
  wait: (minutes: number) => void;
  close: () => Promise<void>;
}

/** Opens a world whose clock begins at `fromMs`. The caller closes it. */
export async function openWorld(
  targets: readonly Target[],
  answer: Answer,
  {
    goals = [],
    fromMs = START_MS,
    memory = {},
  }: {
    goals?: readonly Goal[];
    fromMs?: number;
    /** What the provider of a target remembers, by its name. */
    memory?: Readonly<Record<string, (range: TimeRange) => readonly HistorySeries[]>>;
  } = {},
): Promise<World> {
  const dataDir = await mkdtemp(join(tmpdir(), 'afterwatch-queries-'));
  let nowMs = fromMs;
  const retention = { samplesDays: 30, blocksDays: 90, hourlyDays: 730 };
  const store = await openSqliteStore({
    dir: dataDir,
    workerPath: join(process.cwd(), 'dist/store-worker.mjs'),
    retention,
    now: () => nowMs,
  });
  const clock = { wallMs: () => nowMs, monoMs: () => nowMs };
  const ledger = new Ledger(store, clock.wallMs);
  const poller = new Poller({
    targets,
    store,
    ledger,
    ...clock,
    onFault: (message) => {
      throw new Error(message);
    },
    open: (target, { count }): CollectorSession | HistorySession => {
      const session: CollectorSession = {
        pace: () => ({ normalSeconds: 15, denseSeconds: 15, fixedBeat: false, timeoutSeconds: 5 }),
        close: async () => undefined,
        collect: async () => {
          count('command');
          return answer(target, nowMs);
        },
      };
      const known = memory[target.name];
      return known === undefined
        ? session
        : { ...session, history: async ({ range }): ReturnType<HistorySession['history']> => known(range) };
    },
  });
  const close = async (): Promise<void> => {
    await poller.stop();
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  const config: Pick<Config, 'targets' | 'goals' | 'mode' | 'retention' | 'prices' | 'budget'> = {
    targets,
    goals,
    mode: 'configured',
    retention,
    prices: {},
    budget: { usdPerMonth: null, maxMachines: null },
  };
  // Queries read these parts of the runtime only.
  const runtime = {
    config,
    clock,
    store,
    ledger,
    poller,
    startedAtMs: fromMs,
  } as unknown as World['runtime'];
  const watch = async (minutes: number, stepMs = STEP_MS): Promise<void> => {
    const untilMs = nowMs + minutes * MINUTE_MS;
    let scrapes: Scrape[] = [];
    let hour = Math.floor(nowMs / HOUR_MS);
    for (; nowMs < untilMs; nowMs += stepMs) {
      scrapes.push(...(await poller.visitAllAt(nowMs, stepMs)));
      if (scrapes.length < COMMIT_VISITS) continue;
      await store.append(scrapes);
      scrapes = [];
      // As the running server does; hours late, so that a part of the past is packed and a part is not.
      if (Math.floor(nowMs / HOUR_MS) === hour) continue;
      hour = Math.floor(nowMs / HOUR_MS);
      await store.maintain(nowMs);
    }
    await store.append(scrapes);
  };
  const wait = (minutes: number): void => {
    nowMs += minutes * MINUTE_MS;
  };
  return { runtime, store, nowMs: () => nowMs, watch, wait, close };
}
