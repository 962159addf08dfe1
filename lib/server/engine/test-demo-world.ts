import 'server-only';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AlertBook, EMPTY_ALERTS } from '@/lib/core/alerts/alert-book.ts';
import { DEFAULT_ALERT_SETTINGS } from '@/lib/core/alerts/settings.ts';
import type { DemoFaultId } from '@/lib/core/model/demo-fault.ts';
import { type SourceKind, type TargetId, targetId } from '@/lib/core/model/target.ts';
import { alignDown, MINUTE_MS } from '@/lib/core/time/range.ts';
import { demoSummaries } from '@/lib/demo/summaries.ts';
import type { FlySnapshot } from '../collectors/fly/index.ts';
import { sessionOpener } from '../collectors/index.ts';
import { DemoConfirms } from '../demo-claims.ts';
import { DEMO_SCOPE, startDemoFleet } from '../demo-link.ts';
import { DeployBook } from '../deploys/deploy-book.ts';
import { Ledger } from '../poller/ledger.ts';
import { Poller } from '../poller/poller.ts';
import { preroll } from '../preroll.ts';
import type { Runtime } from '../runtime.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import { WatchBook } from '../watch/watch-book.ts';
import { WatchStep } from '../watch/watch-step.ts';
import { AlertStep } from './alerts.ts';
import { ModeStep } from './modes.ts';
import { NoticeDeploys } from './notice-deploys.ts';

/** The demo fleet with its story and an engine, in a time that passes as fast as everything is read. */
export interface DemoWorld {
  /** What steps, pages and queries read of it, and nothing else. */
  runtime: Runtime;
  nowMs(): number;
  book(): AlertBook;
  /** Starts a fault; it ends by itself. */
  break(id: DemoFaultId): Promise<void>;
  /** Visits and looks for so long, every 15 s unless said. */
  pass(ms: number, stepMs?: number): Promise<void>;
  close(): Promise<void>;
}

const LOOK_MS = 15_000;
/** Its time stands still while something is read, so a busy machine may take long: nothing counts as silent for that. */
const PATIENCE_SECONDS = 30;
const LIVE: ReadonlySet<SourceKind> = new Set(['redis', 'postgres', 'app']);
const API: ReadonlySet<SourceKind> = new Set(['upstash', 'neon', 'fly', 'prometheus']);

/** Reads the evening as the demo does at its first start. The caller closes it. */
export async function openDemoWorld(): Promise<DemoWorld> {
  const dir = await mkdtemp(join(tmpdir(), 'afterwatch-demo-world-'));
  let nowMs = alignDown(Date.now(), MINUTE_MS);
  const startMs = nowMs;
  const clock = { wallMs: () => nowMs, monoMs: () => nowMs };
  const retention = { samplesDays: 30, blocksDays: 90, hourlyDays: 730 };
  const store = await openSqliteStore({
    dir,
    workerPath: join(process.cwd(), 'dist', 'store-worker.mjs'),
    retention,
    now: clock.wallMs,
    onWarning: () => {},
  });
  const link = await startDemoFleet(join(process.cwd(), 'dist', 'demo-fleet.mjs'), startMs);
  const targets = link.targets.map((target) => ({ ...target, timeoutSeconds: PATIENCE_SECONDS }));
  const ledger = new Ledger(store, clock.wallMs);
  const flyApps = new Map<TargetId, FlySnapshot>();
  const fail = (message: string, cause: unknown): never => {
    throw new Error(message, { cause });
  };
  const poller = new Poller({
    ...{ targets, store, ledger, onFault: fail, ...clock },
    open: sessionOpener(targets, undefined, (source, snapshot) => flyApps.set(targetId(source), snapshot)),
  });
  const config = { targets, goals: [], mode: 'demo', retention, alerts: DEFAULT_ALERT_SETTINGS };
  const modes = new ModeStep({ config, store, poller });
  await preroll(poller, store, link, clock, (atMs) => modes.run(atMs));
  await poller.readHistory();
  const deploys = new DeployBook({ store, wallMs: clock.wallMs, known: () => ({}) });
  const watches = new WatchBook({ store, wallMs: clock.wallMs, onFault: fail });
  await deploys.load([DEMO_SCOPE]);
  await watches.load([DEMO_SCOPE]);
  for (const deploy of demoSummaries(startMs)) {
    const replay = { sender: 'test', key: null, signedAs: null, body: deploy.release };
    await deploys.register({ scope: DEMO_SCOPE, deploy, origin: 'api', replay });
  }
  await new DemoConfirms(deploys).run();
  const parts = {
    config,
    clock,
    store,
    ledger,
    poller,
    modes,
    deploys,
    watches,
    flyApps,
    startedAtMs: startMs,
  };
  const withoutAlerts = parts as unknown as Runtime;
  const alerts = new AlertStep({ ...withoutAlerts, onFault: fail });
  const runtime: Runtime = { ...withoutAlerts, alerts };
  const watching = new WatchStep({ runtime, watches, monoMs: () => 0 });
  const noticing = new NoticeDeploys({ config: runtime.config, store, poller, modes, deploys, flyApps });
  const steps = [modes, alerts, noticing, watching];
  let apiDueMs = nowMs;

  const look = async (stepMs = LOOK_MS): Promise<void> => {
    await link.setClock(nowMs);
    const scrapes = await poller.visitAllAt(nowMs, stepMs, LIVE);
    if (nowMs >= apiDueMs) {
      scrapes.push(...(await poller.visitAllAt(nowMs, MINUTE_MS, API)));
      apiDueMs = nowMs + MINUTE_MS;
    }
    await store.append(scrapes);
    for (const step of steps) await step.run(nowMs);
  };
  await look();
  return {
    runtime,
    nowMs: clock.wallMs,
    book: () => alerts.current(DEMO_SCOPE) ?? EMPTY_ALERTS,
    break: async (id) => void (await link.setFault(id, true)),
    pass: async (ms, stepMs = LOOK_MS) => {
      for (const endMs = nowMs + ms; nowMs < endMs; ) {
        nowMs += stepMs;
        await look(stepMs);
      }
    },
    close: async () => {
      await poller.stop();
      await store.close();
      link.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
