import { Redis } from 'ioredis';
import pg from 'pg';

/** A server without an address is left alone. Rates are per second. */
export interface LoadOptions {
  redisUrl?: string;
  postgresUrl?: string;
  getsPerSecond?: number;
  queriesPerSecond?: number;
  /** Key that is read, and statement that is run. */
  key?: string;
  sql?: string;
}

/** What the servers acknowledged, and what was sent without an answer (a server went away meanwhile). */
export interface LoadCounts {
  gets: number;
  queries: number;
  unacknowledgedGets: number;
  unacknowledgedQueries: number;
}

/** A running load. */
export interface Load {
  counts(): LoadCounts;
  /** Ends the load, waits for the answers still under way and gives the exact counts. */
  stop(): Promise<LoadCounts>;
}

const TICK_MS = 10;
/** A side that stops answering is not flooded: no more than this many without an answer. */
const MAX_OPEN = 200;

/** Makes an evenly paced, exactly counted load against real servers. Ready when both connections stand. */
export async function startLoad(options: LoadOptions): Promise<Load> {
  const redis = options.redisUrl === undefined ? null : await connectRedis(options.redisUrl);
  const pool = options.postgresUrl === undefined ? null : await connectPostgres(options.postgresUrl);
  const { key = 'load', sql = 'SELECT 1 AS load' } = options;

  const gets = paced(options.getsPerSecond ?? 0, () =>
    // What falls due while there is no connection is not made at all, so it cannot be miscounted.
    redis?.status === 'ready' ? redis.get(key) : null,
  );
  const queries = paced(options.queriesPerSecond ?? 0, () => pool?.query(sql) ?? null);
  const counts = (): LoadCounts => ({
    gets: gets.done,
    queries: queries.done,
    unacknowledgedGets: gets.failed,
    unacknowledgedQueries: queries.failed,
  });
  return {
    counts,
    async stop() {
      await Promise.all([gets.stop(), queries.stop()]);
      redis?.disconnect();
      await pool?.end();
      return counts();
    },
  };
}

async function connectRedis(url: string): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    disableClientInfo: true,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => 50,
  });
  // A lost connection is part of the test; the retry strategy mends it.
  redis.on('error', () => {});
  await redis.connect();
  return redis;
}

async function connectPostgres(url: string): Promise<pg.Pool> {
  const pool = new pg.Pool({ connectionString: url, max: 2, connectionTimeoutMillis: 3_000 });
  pool.on('error', () => {});
  (await pool.connect()).release();
  return pool;
}

interface Paced {
  readonly done: number;
  readonly failed: number;
  stop(): Promise<void>;
}

/** Calls `act` evenly; what a slow or absent server kept from being made is dropped, never made up in a burst. */
function paced(perSecond: number, act: () => Promise<unknown> | null): Paced {
  const open = new Set<Promise<void>>();
  const startedMs = performance.now();
  let due = 0;
  let done = 0;
  let failed = 0;
  const timer = setInterval(() => {
    const dueNow = Math.floor(((performance.now() - startedMs) * perSecond) / 1000);
    for (; due < dueNow; due += 1) {
      if (open.size >= MAX_OPEN) continue;
      const started = act();
      if (started === null) continue;
      const settled: Promise<void> = started
        .then(
          () => {
            done += 1;
          },
          () => {
            failed += 1;
          },
        )
        .finally(() => open.delete(settled));
      open.add(settled);
    }
  }, TICK_MS);
  return {
    get done() {
      return done;
    },
    get failed() {
      return failed;
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
    },
  };
}
