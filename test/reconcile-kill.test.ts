import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { sessionOpener } from '@/lib/server/collectors/index.ts';
import { Secret } from '@/lib/server/config/secret.ts';
import type { Target } from '@/lib/server/config/types.ts';
import { Ledger } from '@/lib/server/poller/ledger.ts';
import { Poller } from '@/lib/server/poller/poller.ts';
import { readReconciliation } from '@/lib/server/queries/reconciliation.ts';
import type { Runtime } from '@/lib/server/runtime.ts';
import { openSqliteStore } from '@/lib/server/store/sqlite/sqlite-store.ts';
import { startRedisScript } from './fault-table/redis-script.ts';
import { type Machine, startMachine } from './faults/machines.ts';

const TICK_MS = 15_000;
const SHOWN_TICKS = 8;
const SCOPE = { app: 'shop', environment: 'production' };
const SETTINGS = { ...SCOPE, intervalSeconds: 15, timeoutSeconds: 5 };
/** GETs that each machine sends in one tick, and that come from no machine at all. */
const SENT = { one: 300, two: 120 } as const;
const FROM_ELSEWHERE = 30;
const PASSWORD = 'not-a-secret';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A Redis that counts everything, and two machines that count their own: real collectors, poller, store and query. */
async function openWorld() {
  let nowMs = Date.now();
  let seen = 1_000_000;
  const redis = await startRedisScript(PASSWORD);
  const machines = new Map<string, Machine>();
  for (const name of Object.keys(SENT))
    machines.set(name, await startMachine({ name, counters: [], showStartTime: false }));
  closers.push(() => redis.close());

  const targets: Target[] = [
    {
      ...SETTINGS,
      kind: 'redis',
      name: 'cache',
      url: new Secret(`redis://:${PASSWORD}@127.0.0.1:${redis.port}`),
      address: `127.0.0.1:${redis.port}`,
      metered: false,
      plan: null,
    },
    ...[...machines.values()].map(
      ({ name, metricsUrl }): Target => ({
        ...SETTINGS,
        kind: 'app',
        name,
        group: 'web',
        metricsUrl,
        healthUrl: null,
        address: new URL(metricsUrl).host,
        bearer: null,
        mapping: [],
      }),
    ),
  ];
  const dir = await mkdtemp(join(tmpdir(), 'afterwatch-kill-'));
  closers.push(() => rm(dir, { recursive: true, force: true }));
  const retention = { samplesDays: 30, blocksDays: 90, hourlyDays: 730 };
  const store = await openSqliteStore({
    dir,
    workerPath: join(process.cwd(), 'dist/store-worker.mjs'),
    retention,
    now: () => nowMs,
  });
  closers.push(() => store.close());
  const clock = { wallMs: () => nowMs, monoMs: () => nowMs };
  const ledger = new Ledger(store, clock.wallMs);
  const poller = new Poller({
    targets,
    store,
    ledger,
    open: sessionOpener(targets),
    ...clock,
    onFault: (message) => {
      throw new Error(message);
    },
  });
  closers.push(() => poller.stop());
  const config = { targets, goals: [], mode: 'configured', retention };
  // The query reads these parts of the runtime only.
  const runtime = { config, clock, store, ledger, poller, startedAtMs: nowMs } as unknown as Runtime;

  return {
    /** Redis goes on being asked by a machine whose own page is dead. */
    async tick(): Promise<void> {
      nowMs += TICK_MS;
      seen += SENT.one + SENT.two + FROM_ELSEWHERE;
      const calls = seen;
      redis.setFault({
        do: 'info',
        change: (text) =>
          `${text.replaceAll(/^cmdstat_get:.*\r\n/gm, '')}cmdstat_get:calls=${calls},usec=1,usec_per_call=1\r\n`.replace(
            /uptime_in_seconds:\d+/,
            'uptime_in_seconds:864000',
          ),
      });
      for (const [name, machine] of machines) {
        machine.inc('app_redis_commands', { cmd: 'get' }, SENT[name as keyof typeof SENT]);
        machine.setClockOffset(nowMs - Date.now());
      }
      await store.append(await poller.visitAllAt(nowMs, TICK_MS));
    },
    async kill(name: keyof typeof SENT): Promise<void> {
      await machines.get(name)?.stop();
      machines.delete(name);
    },
    /** What the page shows of the last two minutes. */
    ask: () =>
      readReconciliation(runtime, SCOPE, { startMs: nowMs - SHOWN_TICKS * TICK_MS, endMs: nowMs }, nowMs),
    stopAll: () => Promise.all([...machines.values()].map((machine) => machine.stop())),
  };
}

test('a machine that is killed moves the remainder by what it sent, within two ticks', async () => {
  const { tick, kill, ask, stopAll } = await openWorld();
  closers.push(stopAll);
  const perSecond = (count: number) => (count * 1_000) / TICK_MS;
  for (let ticks = 0; ticks < 16; ticks += 1) await tick();
  const before = await ask();
  expect(before.remainderPerSecond).toBeCloseTo(perSecond(FROM_ELSEWHERE), 3);
  expect(before.verdict).toBe('agree');

  await kill('two');
  await tick();
  await tick();
  const after = await ask();
  expect(after.remainderPerSecond).toBeCloseTo(perSecond(FROM_ELSEWHERE + SENT.two), 3);
  expect(after.verdict).toBe('elsewhere');
  expect(after.notes.join()).toContain('two does not answer');
});
