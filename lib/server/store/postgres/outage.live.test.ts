import { execFileSync } from 'node:child_process';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Scrape } from '@/lib/core/model/scrape.ts';
import { HOUR_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import { freePort, type PostgresPeer, startPostgres } from '@/test/peers.ts';
import type { Store } from '../store.ts';
import { openLeading } from './test-place.ts';

const RETENTION = { samplesDays: 30, blocksDays: 90, hourlyDays: 730 };
const START_MS = Date.UTC(2026, 0, 5, 10);
const GETS = { metric: 'redis_commands_total' };
const TARGETS = ['redis:a', 'redis:b', 'redis:c'];
/** A lost network is noticed after 2 s without an answer and 5 s without a connection. */
const NOTICED_MS = 8 * SECOND_MS;

/** What lies between us and the database: it passes bytes on, swallows them, or lets nobody in. */
class Wire {
  readonly #server: Server;
  readonly #pairs = new Set<[Socket, Socket]>();
  #swallows = false;

  private constructor(
    readonly port: number,
    to: number,
  ) {
    this.#server = createServer((near) => {
      const far = connect({ host: '127.0.0.1', port: to });
      const pair: [Socket, Socket] = [near, far];
      this.#pairs.add(pair);
      for (const [one, other] of [pair, [far, near]] as const) {
        one.on('error', () => undefined);
        one.on('data', (bytes) => this.#swallows || other.write(bytes));
        one.on('close', () => {
          this.#pairs.delete(pair);
          if (!this.#swallows) other.destroy();
        });
      }
    });
  }

  static async open(to: number): Promise<Wire> {
    const wire = new Wire(await freePort(), to);
    await wire.mend();
    return wire;
  }

  hang(): void {
    this.#swallows = true;
  }

  /** Nothing of what was swallowed comes through later: both ends start anew. */
  async mend(): Promise<void> {
    this.#swallows = false;
    for (const pair of this.#pairs) for (const end of pair) end.destroy();
    if (!this.#server.listening)
      await new Promise<void>((resolve) => this.#server.listen(this.port, '127.0.0.1', resolve));
  }

  async refuse(): Promise<void> {
    for (const pair of this.#pairs) for (const end of pair) end.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

let server: PostgresPeer;
let wire: Wire;
let store: Store;
let seconds: number;
let acknowledged: number;

const now = () => START_MS + seconds * SECOND_MS;

beforeAll(async () => {
  server = await startPostgres({ statements: false, settings: { fsync: 'on' } });
});
afterAll(() => server.stop());
beforeEach(async () => {
  seconds = 0;
  acknowledged = 0;
  server.psql(
    'DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public; GRANT ALL ON SCHEMA public TO app;',
  );
  wire = await Wire.open(server.port);
  store = await openLeading(server.url.replace(`:${server.port}/`, `:${wire.port}/`), {
    retention: RETENTION,
    now,
  });
});
afterEach(async () => {
  await store.close();
  await wire.refuse();
});

/** One visit of every target, a second later than the ones before; counted once it is acknowledged. */
function visitAll(): Promise<void> {
  seconds += 1;
  const scrapes = TARGETS.map((targetId, i): Scrape => {
    const samples = [{ metric: GETS.metric, labels: { cmd: 'get' }, value: seconds * (i + 1) }];
    return {
      ...{ targetId, kind: 'redis', atMs: now(), intervalMs: SECOND_MS, durationMs: 3 },
      ...{ ok: true, error: null, start: { marker: 'run', atMs: null }, samples },
    };
  });
  return store.append(scrapes).then(() => {
    acknowledged += scrapes.length;
  });
}

/** Every acknowledged visit once, in order, with what it counted: from memory, and as a fresh start reads it. */
async function expectAllOnce(): Promise<void> {
  expect(acknowledged).toBe(seconds * TARGETS.length);
  await expectVisits();
  await store.close();
  store = await openLeading(server.url, { retention: RETENTION, now });
  await expectVisits();
  // Packing reads the rows themselves.
  seconds += (3 * HOUR_MS) / SECOND_MS;
  await store.maintain(now());
  expect(store.stats().lastError).toBeNull();
  seconds -= (3 * HOUR_MS) / SECOND_MS;
  await expectVisits();
}

async function expectVisits(): Promise<void> {
  const range = { startMs: START_MS, endMs: START_MS + HOUR_MS };
  const marks = await store.readScrapes(TARGETS, range);
  const wanted = Array.from({ length: seconds }, (_, i) => START_MS + (i + 1) * SECOND_MS);
  for (const id of TARGETS)
    expect(marks.filter(({ targetId }) => targetId === id).map(({ atMs }) => atMs)).toEqual(wanted);
  const series = await store.readBuckets(GETS, range, HOUR_MS);
  const sums = series.map(({ buckets }) => buckets.reduce((sum, one) => sum + (one?.increase ?? 0), 0));
  expect(sums.sort((a, b) => a - b)).toEqual(TARGETS.map((_, i) => (seconds - 1) * (i + 1)));
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

test.each(['hang', 'refuse'] as const)(
  'a network that would %s loses no visit: they wait in order, reads say so at once, and it ends by itself',
  async (how) => {
    for (let i = 0; i < 5; i++) await visitAll();
    await wire[how]();
    const beganMs = performance.now();
    const waiting = Array.from({ length: 12 }, () => visitAll());
    await expect.poll(() => store.stats().outage?.waiting, { timeout: NOTICED_MS + 2_000 }).toBe(36);
    expect(performance.now() - beganMs).toBeLessThan(NOTICED_MS);
    expect(store.stats().lastError).toContain('can’t be reached');
    const { sinceMs = 0 } = store.stats().outage ?? {};
    expect(now() - sinceMs).toBeLessThan(NOTICED_MS + 1_000);
    // What is in memory is read; what is not says why, at once, again and again.
    expect(store.latest(GETS)).toHaveLength(3);
    for (let i = 0; i < 3; i++) {
      const askedMs = performance.now();
      await expect(store.getState('x')).rejects.toThrow();
      await expect(store.putState({ x: 1 })).rejects.toThrow('can’t be reached');
      expect(performance.now() - askedMs).toBeLessThan(500);
      await pause(1_200);
      waiting.push(visitAll());
    }
    expect(acknowledged).toBe(15);
    await wire.mend();
    await Promise.all(waiting);
    await expect.poll(() => store.stats()).toMatchObject({ outage: null, lastError: null });
    await store.putState({ x: 1 });
    await expectAllOnce();
  },
);

test('a commit whose answer never came counts once', async () => {
  for (let i = 0; i < 3; i++) await visitAll();
  // Backends are ended in the middle of commits, and just before their answers.
  let isOver = false;
  const killing = (async () => {
    while (!isOver) {
      server.psql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'afterwatch'`,
      );
      await pause(20);
    }
  })();
  const waiting: Promise<void>[] = [];
  for (let i = 0; i < 80; i++) {
    waiting.push(visitAll());
    await pause(10);
  }
  isOver = true;
  await killing;
  await Promise.all(waiting);
  await expectAllOnce();
});

/** Processes of the server that work for the store, once it has recovered. */
async function backends(): Promise<string> {
  for (;;) {
    try {
      return server.psql(`SELECT pid FROM pg_stat_activity WHERE application_name = 'afterwatch'`);
    } catch {
      await pause(50);
    }
  }
}

test('a server that is killed again and again keeps each acknowledged visit once', async () => {
  const waiting: Promise<void>[] = [];
  for (let round = 0; round < 4; round++) {
    for (let i = 0; i < 40; i++) {
      waiting.push(visitAll());
      await pause(8);
    }
    const pids = await backends();
    // The death of one backend makes the server end all of them and recover; the other way ends the server itself.
    if (round % 2 === 0 && pids !== '') execFileSync('kill', ['-9', ...pids.split('\n')]);
    else {
      await server.kill();
      await pause(500);
      await server.restart();
    }
  }
  await Promise.all(waiting);
  await expectAllOnce();
});
