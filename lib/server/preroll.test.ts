import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import { systemClock } from './clock.ts';
import { sessionOpener } from './collectors/index.ts';
import { type DemoLink, startDemoFleet } from './demo-link.ts';
import { Ledger } from './poller/ledger.ts';
import { Poller } from './poller/poller.ts';
import { preroll } from './preroll.ts';
import { openSqliteStore } from './store/sqlite/sqlite-store.ts';
import type { Store } from './store/store.ts';

let dir: string;
let store: Store;
let link: DemoLink;
let poller: Poller;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'afterwatch-preroll-'));
  const now = () => systemClock.wallMs();
  store = await openSqliteStore({
    dir,
    workerPath: join(process.cwd(), 'dist', 'store-worker.mjs'),
    retention: { samplesDays: 30, blocksDays: 90, hourlyDays: 730 },
    now,
    onWarning: () => {},
  });
  link = await startDemoFleet(join(process.cwd(), 'dist', 'demo-fleet.mjs'), Date.now());
  poller = new Poller({
    targets: link.targets,
    store,
    ledger: new Ledger(store, now),
    open: sessionOpener(link.targets),
    wallMs: now,
    monoMs: () => systemClock.monoMs(),
    onFault: (message, error) => {
      throw new Error(message, { cause: error });
    },
  });
});
afterEach(async () => {
  await poller.stop();
  await store.close();
  link.stop();
  await rm(dir, { recursive: true, force: true });
});

describe('the demo at its start', () => {
  it('has the evening minute by minute from visits, what lies before from history, and no verdict from anywhere', async () => {
    await preroll(poller, store, link, systemClock);
    await poller.readHistory();
    const endMs = systemClock.wallMs();
    const gets = { metric: 'redis_commands_total', labels: { cmd: 'get' } };
    const range = { startMs: endMs - 7 * HOUR_MS, endMs };
    const [redis] = (await store.readBuckets(gets, range, 60_000)).filter(({ series }) =>
      series.targetId.includes('/redis/'),
    );
    const known = (redis?.buckets ?? []).filter((bucket) => bucket !== null && bucket.coveredMs > 30_000);
    expect(known.length).toBeGreaterThan(6.9 * 60);

    const whole = { startMs: endMs - 9 * HOUR_MS, endMs };
    const [coarse] = (await store.readBuckets(gets, whole, 300_000)).filter(({ series }) =>
      series.targetId.includes('/redis/'),
    );
    expect((coarse?.buckets ?? []).filter((bucket) => bucket !== null).length).toBeGreaterThan(8.8 * 12);

    const kinds = ['upstash', 'neon', 'fly', 'prometheus'];
    for (const target of link.targets.filter(({ kind }) => kinds.includes(kind))) {
      const id = `${target.app}/${target.environment}/${target.kind}/${target.name}`;
      const status = poller.backfill(id);
      expect(status, id).toMatchObject({ kind: 'done' });
    }
    // Modes, alerts and watches are the work of the engine, which does not run here: nobody has put one in its place.
    for (const key of ['mode', 'alerts', 'watch', 'claims', 'deploys', 'incidents']) {
      expect(await store.getState(`${key}/harbor/production`), key).toBeNull();
    }
  }, 120_000);
});
