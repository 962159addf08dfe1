import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { WatchRecord } from '@/lib/core/model/verdict.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import { demoSummaries } from '@/lib/demo/summaries.ts';
import { systemClock } from '../clock.ts';
import { sessionOpener } from '../collectors/index.ts';
import { DemoConfirms } from '../demo-claims.ts';
import { DEMO_SCOPE, startDemoFleet } from '../demo-link.ts';
import { DeployBook } from '../deploys/deploy-book.ts';
import { ModeStep } from '../engine/modes.ts';
import { Ledger } from '../poller/ledger.ts';
import { Poller } from '../poller/poller.ts';
import { preroll } from '../preroll.ts';
import type { Runtime } from '../runtime.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import { WatchBook } from './watch-book.ts';
import { WatchStep } from './watch-step.ts';

/** The demo's own evening, read from its fleet by the real collectors, told by its summaries and judged by replay. */
it('the demo’s evening: v1203 can’t be told from the suspension on, v1205 is judged on its own claims, v1206 is met so far', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'afterwatch-evening-'));
  const now = () => systemClock.wallMs();
  const startMs = now();
  const retention = { samplesDays: 30, blocksDays: 90, hourlyDays: 730 };
  const workerPath = join(process.cwd(), 'dist', 'store-worker.mjs');
  const store = await openSqliteStore({ dir, workerPath, retention, now, onWarning: () => {} });
  const link = await startDemoFleet(join(process.cwd(), 'dist', 'demo-fleet.mjs'), Date.now());
  const { targets } = link;
  const ledger = new Ledger(store, now);
  const fail = (message: string, cause: unknown): never => {
    throw new Error(message, { cause });
  };
  const poller = new Poller({
    ...{ targets, store, ledger, open: sessionOpener(targets), onFault: fail },
    ...{ wallMs: now, monoMs: () => systemClock.monoMs() },
  });
  try {
    const config = { targets: [...targets], goals: [], mode: 'demo', retention };
    const modes = new ModeStep({ config, store, poller });
    await preroll(poller, store, link, systemClock, (atMs) => modes.run(atMs));
    await poller.readHistory();
    const deploys = new DeployBook({ store, wallMs: now, known: () => ({}) });
    const watches = new WatchBook({ store, wallMs: now, onFault: fail });
    await deploys.load([DEMO_SCOPE]);
    await watches.load([DEMO_SCOPE]);
    for (const deploy of demoSummaries(startMs)) {
      const replay = { sender: 'test', key: null, signedAs: null, body: deploy.release };
      await deploys.register({ scope: DEMO_SCOPE, deploy, origin: 'api', replay });
    }
    await new DemoConfirms(deploys).run();
    // What pages and queries read of the runtime, and nothing else.
    const runtime = {
      config,
      clock: systemClock,
      store,
      ledger,
      poller,
      modes,
      deploys,
      watches,
      startedAtMs: startMs,
    };
    const step = new WatchStep({ runtime: runtime as unknown as Runtime, watches, monoMs: () => 0 });
    await step.run(now());

    const [v1203, v1205, v1206] = watches.openNow();
    if (v1203 === undefined || v1205 === undefined || v1206 === undefined)
      throw new Error('three watches were expected');
    expect([v1203.release, v1205.release, v1206.release]).toEqual(['v1203', 'v1205', 'v1206']);
    const minutes = (record: WatchRecord, atMs: number | null | undefined) =>
      Math.round(((atMs ?? Number.NaN) - record.originMs) / MINUTE_MS);
    const of = (record: WatchRecord, id: string) => record.claims[id];

    expect(v1203).toMatchObject({
      state: 'cant_tell',
      reason: 'redis_suspended',
      interruption: { release: 'v1205' },
    });
    const gets = of(v1203, 'c5');
    expect(gets).toMatchObject({
      state: 'cant_tell',
      reason: 'redis_suspended',
      held: { state: 'off_track' },
    });
    expect(minutes(v1203, gets?.sinceMs)).toBe(159);
    expect(Math.abs(gets?.held?.effectPct ?? 100)).toBeLessThan(3);
    // What does not depend on Redis goes on being told.
    expect(of(v1203, 'c1')).toMatchObject({ state: 'met', provisional: true });
    expect(of(v1203, 'c3')).toMatchObject({ state: 'met', provisional: true });

    expect(of(v1205, 'c2')).toMatchObject({
      state: 'cant_tell',
      reason: 'interrupted',
      held: { state: 'met' },
    });
    expect(v1205.changes.find(({ claimId, to }) => claimId === 'c2' && to === 'met')).toBeDefined();

    expect(v1206).toMatchObject({ state: 'met', provisional: true, reason: null });
    expect(of(v1206, 'c5')).toMatchObject({
      state: 'met',
      provisional: true,
      baseline: { kind: 'backfilled' },
    });
    expect(of(v1206, 'c5')?.effectPct).toBeCloseTo(-96.7, 0);
  } finally {
    await poller.stop();
    await store.close();
    link.stop();
    await rm(dir, { recursive: true, force: true });
  }
}, 300_000);
