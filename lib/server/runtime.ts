import 'server-only';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scrape } from '@/lib/core/model/scrape.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import { type AuthService, createAuth } from './auth/index.ts';
import { type Clock, systemClock } from './clock.ts';
import { sessionOpener } from './collectors/index.ts';
import { readConfig } from './config/environment.ts';
import type { Config, Goal } from './config/types.ts';
import { DEMO_APP, type DemoLink, startDemoFleet } from './demo-link.ts';
import { hardenProcess } from './http/harden.ts';
import { createLog, type Log } from './log/index.ts';
import { Ledger } from './poller/ledger.ts';
import { Poller } from './poller/poller.ts';
import { openSqliteStore } from './store/sqlite/sqlite-store.ts';
import type { Store } from './store/store.ts';

/** Everything process-wide, once. */
export interface Runtime {
  config: Config;
  clock: Clock;
  log: Log;
  store: Store;
  auth: AuthService;
  ledger: Ledger;
  poller: Poller;
  startedAtMs: number;
  stop(): Promise<void>;
}

/**
 * Next loads instrumentation, pages and routes as separate bundles that share no module instance, so the runtime
 * hangs on the process. It also survives a development reload this way.
 */
const KEY = Symbol.for('afterwatch');
interface Holder {
  [KEY]?: { starting: Promise<Runtime>; runtime: Runtime | null };
}
const holder = globalThis as Holder;

/** The running runtime. Throws while it has not started: pages answer 503 then. */
export function getRuntime(): Runtime {
  const runtime = holder[KEY]?.runtime ?? null;
  if (runtime === null) throw new Error('afterwatch: the server is starting; try again in a moment');
  return runtime;
}

/** True once the store is open and the poller runs. */
export function isRunning(): boolean {
  return (holder[KEY]?.runtime ?? null) !== null;
}

/** Starts the runtime once in a process; later calls give the same one. Rejects with a text fit for a person. */
export function startRuntime(): Promise<Runtime> {
  const known = holder[KEY];
  if (known !== undefined) return known.starting;
  const starting = open();
  const slot: NonNullable<Holder[typeof KEY]> = { starting, runtime: null };
  holder[KEY] = slot;
  void starting.then(
    (runtime) => {
      slot.runtime = runtime;
    },
    () => {
      delete holder[KEY];
    },
  );
  return starting;
}

/** History that the demo shows at first paint, read through the real collectors with the fleet's clock turned back. */
const PREROLL_MS = HOUR_MS;
const PREROLL_STEP_MS = 30_000;
const PREROLL_COMMIT = 100;

async function open(clock: Clock = systemClock): Promise<Runtime> {
  const configured = readConfig();
  hardenProcess(configured);
  const log = createLog({ level: 'info' });
  for (const warning of configured.warnings) log.warn(warning);

  const demo = configured.mode === 'demo' ? await openDemo() : null;
  const config: Config = demo === null ? configured : { ...configured, ...demo.config };
  const closers: (() => Promise<void>)[] = demo === null ? [] : [demo.close];
  try {
    const store = await openSqliteStore({
      dir: config.dataDir,
      workerPath: distFile('store-worker.mjs'),
      retention: config.retention,
      now: () => clock.wallMs(),
      onWarning: (message) => log.warn(message),
    });
    closers.unshift(() => store.close());

    const ledger = new Ledger(store, () => clock.wallMs());
    await ledger.load();
    const poller = new Poller({
      targets: config.targets,
      store,
      ledger,
      open: sessionOpener(config.targets),
      wallMs: () => clock.wallMs(),
      monoMs: () => clock.monoMs(),
      onFault: (message, error) => log.error({ err: error }, message),
    });
    closers.unshift(() => poller.stop());

    if (demo !== null) await preroll(poller, store, demo.link, clock);
    poller.start();
    const auth = await createAuth(config, store, clock);
    log.info(
      { targets: config.targets.length, mode: config.mode, store: store.stats().engine },
      'afterwatch is watching',
    );
    return {
      config,
      clock,
      log,
      store,
      auth,
      ledger,
      poller,
      startedAtMs: clock.wallMs(),
      stop: () => closeAll(closers),
    };
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

/** In order: stop asking, write what is there, close. One failing step does not keep the others from running. */
async function closeAll(closers: readonly (() => Promise<void>)[]): Promise<void> {
  const faults: unknown[] = [];
  for (const close of closers) await close().catch((error: unknown) => faults.push(error));
  if (faults.length > 0) throw new AggregateError(faults, 'afterwatch: not everything could be closed');
}

interface Demo {
  link: DemoLink;
  config: Pick<Config, 'targets' | 'goals' | 'dataDir'>;
  close: () => Promise<void>;
}

/** The demo keeps its data in a temporary folder that goes with the process: a demo must never mix with real data. */
async function openDemo(): Promise<Demo> {
  const dataDir = await mkdtemp(join(tmpdir(), 'afterwatch-demo-'));
  try {
    const link = await startDemoFleet(distFile('demo-fleet.mjs'));
    const close = async (): Promise<void> => {
      link.stop();
      await rm(dataDir, { recursive: true, force: true });
    };
    return { link, config: { targets: link.targets, goals: demoGoals(), dataDir }, close };
  } catch (error) {
    await rm(dataDir, { recursive: true, force: true });
    throw error;
  }
}

function demoGoals(): Goal[] {
  const scope = { app: DEMO_APP, environment: 'production' };
  return [
    {
      ...scope,
      metric: 'redis_commands_total',
      labels: { cmd: 'get' },
      direction: 'atMost',
      perSecond: 36_700 / 3600,
      text: '36.7K/h',
    },
    {
      ...scope,
      metric: 'db_queries_total',
      labels: {},
      direction: 'atMost',
      perSecond: 2_120 / 3600,
      text: '2.12K/h',
    },
  ];
}

/**
 * Reads on until the clock is caught up with: on a slow machine the reading itself takes a while. Many steps share a
 * commit, since each waits for the disk.
 */
async function preroll(poller: Poller, store: Store, link: DemoLink, clock: Clock): Promise<void> {
  let scrapes: Scrape[] = [];
  for (let atMs = clock.wallMs() - PREROLL_MS; atMs < clock.wallMs(); atMs += PREROLL_STEP_MS) {
    await link.setClock(atMs);
    scrapes.push(...(await poller.visitAllAt(atMs, PREROLL_STEP_MS)));
    if (scrapes.length < PREROLL_COMMIT) continue;
    await store.append(scrapes);
    scrapes = [];
  }
  await store.append(scrapes);
  await link.setClock(null);
}

/** A file that `scripts/bundle.mjs` made. Next runs with the project folder as its working directory. */
function distFile(name: string): string {
  return join(process.cwd(), 'dist', name);
}
