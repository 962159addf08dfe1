import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
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
import { readSuspension } from './suspension.ts';

/** The demo's own evening, read from its fleet by the real collectors. */
it('the demo: suspended by v1205, back on one machine by v1206, its first stage passed by what was measured', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'afterwatch-suspension-'));
  const now = () => systemClock.wallMs();
  const startMs = now();
  const retention = { samplesDays: 30, blocksDays: 90, hourlyDays: 730 };
  const workerPath = join(process.cwd(), 'dist', 'store-worker.mjs');
  const store = await openSqliteStore({ dir, workerPath, retention, now, onWarning: () => {} });
  const link = await startDemoFleet(join(process.cwd(), 'dist', 'demo-fleet.mjs'), Date.now());
  const { targets } = link;
  const fail = (message: string, cause: unknown): never => {
    throw new Error(message, { cause });
  };
  const ledger = new Ledger(store, now);
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
    await deploys.load([DEMO_SCOPE]);
    for (const deploy of demoSummaries(startMs)) {
      const replay = { sender: 'test', key: null, signedAs: null, body: deploy.release };
      await deploys.register({ scope: DEMO_SCOPE, deploy, origin: 'api', replay });
    }
    await new DemoConfirms(deploys).run();
    // What this query reads of the runtime, and nothing else.
    const runtime = {
      config,
      clock: systemClock,
      store,
      ledger,
      poller,
      modes,
      deploys,
      startedAtMs: startMs,
    };
    const view = await readSuspension(runtime as unknown as Runtime, DEMO_SCOPE, now());
    expect(view).toMatchObject({
      ...{ mode: 'mixed', quality: 'measured', sinceIsFirstLook: false, by: { release: 'v1205' } },
      until: { why: 'expected' },
      next: { text: expect.stringMatching(/^Deploy v1206 to 9185e2bc/) },
    });
    expect(Math.round(((view?.sinceMs ?? 0) - startMs) / MINUTE_MS)).toBe(-256);
    const textOf = (id: string) => view?.consequences.find((one) => one.id === id)?.text;
    expect(textOf('rate_limits')).toBe('up to 2× what you set');
    expect(textOf('limiter')).toBe('none let pass because it can’t ask');
    expect(textOf('jobs')).toMatch(/\/h dropped$/);
    expect(textOf('database')).toMatch(/queries, .*\/h before/);
    expect(view?.stages.map(({ state }) => state)).toEqual(['passed', 'waiting', 'waiting']);
    expect(view?.stages[0]?.evidence).toMatch(/^2\d\.\dK GETs\/h, at most .* are allowed; no burst/);
  } finally {
    await poller.stop();
    await store.close();
    link.stop();
    await rm(dir, { recursive: true, force: true });
  }
}, 120_000);
