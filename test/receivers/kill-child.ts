import type { AlertNotice } from '@/lib/core/alerts/notice.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { Secret } from '@/lib/server/config/secret.ts';
import { NotifyStep } from '@/lib/server/notify/notify-step.ts';
import { openSqliteStore } from '@/lib/server/store/sqlite/sqlite-store.ts';

// A small server that is killed by `kill-run.ts`: alerts fire, each written down before anybody is told of it, and are
// delivered to one webhook while more fire. It ends by itself once all are out.

const [dir = '', workerPath = '', origin = '', alerts = '0'] = process.argv.slice(2);
const MOST = Number(alerts);
const BATCH = 20;
/** As many as the engine keeps. */
const KEPT = 1_000;
const SCOPE: Scope = { app: 'harbor', environment: 'production' };
const KEY = 'test/noticed';

const store = await openSqliteStore({
  dir,
  workerPath,
  retention: { samplesDays: 30, blocksDays: 90, hourlyDays: 730 },
  now: () => Date.now(),
});
let noticed = Number((await store.getState(KEY)) ?? 0);
const listeners = new Set<(scope: Scope) => void>();

/** The same notice whenever it is asked for: it began at a time of its own. */
function noticeOf(n: number): AlertNotice {
  const atMs = Date.now();
  return {
    ...{
      n,
      atMs,
      what: 'firing',
      alertId: `http_429:${n}`,
      firedAtMs: 1_700_000_000_000 + n,
      rule: 'http_429',
    },
    ...{ kind: 'rule', severity: 'warning', title: `Alert ${n}`, detail: null, source: null, release: null },
    ...{ means: [], by: null },
  };
}

const step = new NotifyStep({
  config: {
    notify: {
      receivers: [
        {
          ...{ kind: 'webhook', name: 'hook', address: 'receiver', severity: 'info', topics: ['alerts'] },
          url: new Secret(`${origin}/in`),
          secrets: [new Secret('a-secret-of-at-least-24-signs')],
        },
      ],
      heartbeat: null,
    },
    publicUrl: null,
    bind: { host: '127.0.0.1', port: 3000 },
    targets: [{ ...SCOPE, kind: 'redis', name: 'c' } as never],
  },
  store,
  clock: { wallMs: () => Date.now() },
  watches: {
    get: async () => null,
    linesNow: () => new Map(),
    onChange: () => () => {},
    reminded: async () => null,
  },
  deploys: { get: async () => null },
  alerts: {
    current: () => {
      const from = Math.max(1, noticed - KEPT + 1);
      return { noticed, notices: Array.from({ length: noticed - from + 1 }, (_, i) => noticeOf(from + i)) };
    },
    onNotice: (run) => {
      listeners.add(run);
      return () => void listeners.delete(run);
    },
  },
  poller: { statuses: () => [] },
  log: { info: () => {}, warn: (...said: unknown[]) => console.error(...said) } as never,
  pauseMs: 0,
});

// What a process before left behind comes first, as with the first tick of an engine.
await step.run(Date.now());
const [hook] = step.receivers().map(({ name }) => name);
while (noticed < MOST) {
  const next = Math.min(MOST, noticed + BATCH);
  await store.putState({ [KEY]: next });
  noticed = next;
  for (const run of listeners) run(SCOPE);
  // Alerts fire as fast as they are delivered, and a little faster.
  while ((step.receivers().find(({ name }) => name === hook)?.waiting ?? 0) > 2 * BATCH)
    await new Promise((resolve) => setTimeout(resolve, 1));
}
await step.settled();
while (step.receivers().some(({ waiting }) => waiting > 0)) {
  await step.run(Date.now());
  await step.settled();
}
await step.stop();
await store.close();
