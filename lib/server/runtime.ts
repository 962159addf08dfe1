import 'server-only';
import { join } from 'node:path';
import { type TargetId, targetId } from '@/lib/core/model/target.ts';
import { isLoopbackHost, isWildcardHost } from '@/lib/core/security/addresses.ts';
import { type AuthService, createAuth } from './auth/index.ts';
import { type Clock, systemClock } from './clock.ts';
import type { FlySnapshot } from './collectors/fly/index.ts';
import { sessionOpener } from './collectors/index.ts';
import { readConfig } from './config/environment.ts';
import type { Config, Goal } from './config/types.ts';
import { DemoConfirms } from './demo-claims.ts';
import { DemoFaults } from './demo-faults.ts';
import { type DemoFolder, openDemoFolder } from './demo-folder.ts';
import { DemoIncident } from './demo-incident.ts';
import { DEMO_APP, type DemoLink, startDemoFleet } from './demo-link.ts';
import type { DeployBook } from './deploys/deploy-book.ts';
import { openDeploys } from './deploys/open-deploys.ts';
import { AlertStep } from './engine/alerts.ts';
import { Engine } from './engine/engine.ts';
import { ModeStep } from './engine/modes.ts';
import { NoticeDeploys } from './engine/notice-deploys.ts';
import { hardenProcess } from './http/harden.ts';
import { IncidentBook } from './incidents/incident-book.ts';
import { IncidentStep } from './incidents/incident-step.ts';
import { createLog, type Log } from './log/index.ts';
import { BadgeLinks } from './notify/badge-links.ts';
import { NotifyStep } from './notify/notify-step.ts';
import { Ledger } from './poller/ledger.ts';
import { MachineBook } from './poller/machine-book.ts';
import { Poller } from './poller/poller.ts';
import { preroll } from './preroll.ts';
import { readScopes } from './queries/scope.ts';
import { closeShares, openShares } from './shares/open-shares.ts';
import type { ShareBook } from './shares/share-book.ts';
import { openSqliteStore } from './store/sqlite/sqlite-store.ts';
import type { Store } from './store/store.ts';
import { WatchBook } from './watch/watch-book.ts';
import { WatchStep } from './watch/watch-step.ts';

/** Everything process-wide, once. */
export interface Runtime {
  config: Config;
  clock: Clock;
  log: Log;
  store: Store;
  auth: AuthService;
  ledger: Ledger;
  poller: Poller;
  /** Redis modes and their history; absent where no engine runs. */
  modes?: Pick<ModeStep, 'current' | 'history' | 'suspended'>;
  /** Alerts and what people do to them; absent where no engine runs. */
  alerts?: Pick<
    AlertStep,
    'current' | 'act' | 'settings' | 'spark' | 'planMaintenance' | 'endMaintenance' | 'onNotice'
  >;
  /** Comings and goings of machines that were found by themselves; absent where none are looked for. */
  machines?: Pick<MachineBook, 'marks'>;
  /** What is known of each app on Fly, by its target; absent where no poller runs. */
  flyApps?: ReadonlyMap<TargetId, FlySnapshot>;
  /** Deploys, told and noticed; absent where none are kept. */
  deploys?: DeployBook;
  /** Watches of deploys and their verdicts; absent where none are kept. */
  watches?: WatchBook;
  /** Incidents and what people do to them; absent where none are kept. */
  incidents?: IncidentBook;
  /** Whom others are told by, and how it stands with them; absent where no engine runs. */
  notify?: Pick<NotifyStep, 'receivers' | 'heartbeat' | 'test'>;
  /** Links to badges; absent where none are kept. */
  badges?: BadgeLinks;
  /** Links to frozen copies; absent where none are kept. */
  shares?: ShareBook;
  /** What the demo can break; null where real sources are watched. */
  demo: DemoFaults | null;
  startedAtMs: number;
  stop(): Promise<void>;
}

/** What reads of numbers need of it: parts that are there before all of it is. */
export type Reading = Pick<Runtime, 'config' | 'clock' | 'store' | 'poller' | 'modes'>;

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

async function open(clock: Clock = systemClock): Promise<Runtime> {
  const configured = readConfig();
  hardenProcess(configured);
  const log = createLog({ level: 'info' });
  for (const warning of configured.warnings) log.warn(warning);

  const demo = configured.mode === 'demo' ? await openDemo(configured.dataDir, clock.wallMs()) : null;
  // Grows and shrinks as machines of a Fly app come and go: every reader of the config sees the same list.
  const targets = [...(demo?.config.targets ?? configured.targets)];
  const config: Config = { ...configured, ...demo?.config, targets };
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
    const fault = (message: string, error: unknown) => log.error({ err: error }, message);
    const flyApps = new Map<TargetId, FlySnapshot>();
    const book = new MachineBook({ targets, poller: () => poller, store, onFault: fault });
    await book.load();
    closers.unshift(() => book.stop());
    const poller: Poller = new Poller({
      targets: [...targets],
      store,
      ledger,
      open: sessionOpener(
        targets,
        (source, machines, atMs) => book.see(source, machines, atMs),
        (source, snapshot) => flyApps.set(targetId(source), snapshot),
      ),
      wallMs: () => clock.wallMs(),
      monoMs: () => clock.monoMs(),
      onFault: fault,
    });
    closers.unshift(() => poller.stop());

    const modes = new ModeStep({ config, store, poller });
    if (demo?.folder.isNew === true) {
      await preroll(poller, store, demo.link, clock, (atMs) => modes.run(atMs));
      await demo.folder.keep();
    }
    poller.start();
    if (demo !== null) void poller.readHistory();
    const faults = demo === null ? null : new DemoFaults(demo.link, poller);
    if (faults !== null) closers.unshift(async () => faults.stop());
    const deploys = await openDeploys({ config, clock, store, poller, flyApps });
    const watches = new WatchBook({ store, wallMs: () => clock.wallMs(), onFault: fault });
    await watches.load(readScopes({ config }));
    const incidents = new IncidentBook({ store, wallMs: () => clock.wallMs() });
    await incidents.load(readScopes({ config }));
    const alerts = new AlertStep({
      ...{ config, clock, store, poller, modes, deploys, watches, ledger },
      ...{ settings: config.alerts, onFault: fault },
    });
    const noticing = new NoticeDeploys({ config, store, poller, modes, deploys, flyApps });
    const badges = await BadgeLinks.open(store, () => clock.wallMs());
    const auth = await createAuth(config, store, clock);
    const runtime: Runtime = {
      config,
      clock,
      log,
      store,
      auth,
      ledger,
      poller,
      machines: book,
      flyApps,
      modes,
      alerts,
      deploys,
      watches,
      incidents,
      badges,
      demo: faults,
      startedAtMs: clock.wallMs(),
      stop: () => closeAll(closers),
    };
    const shares = await openShares(runtime);
    runtime.shares = shares;
    closers.unshift(() => closeShares(shares));
    const watching = new WatchStep({ runtime, watches, monoMs: () => clock.monoMs() });
    const team = demo === null ? [] : [new DemoConfirms(deploys)];
    const notify = new NotifyStep({ config, store, clock, watches, deploys, alerts, poller, log });
    runtime.notify = notify;
    closers.unshift(() => notify.stop());
    const telling = new IncidentStep({ runtime, incidents });
    const writing = demo === null ? [telling] : [new DemoIncident(runtime, incidents), telling];
    const engine = new Engine([modes, alerts, noticing, ...team, watching, ...writing, notify], {
      wallMs: () => clock.wallMs(),
      onFault: (message, error) => log.error({ err: error }, message),
    });
    engine.start();
    closers.unshift(() => engine.stop());
    if (demo !== null) await tellOfDemo(demo.link, config, auth);
    log.info(
      { targets: config.targets.length, mode: config.mode, store: store.stats().engine },
      'afterwatch is watching',
    );
    return runtime;
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

/** The fleet sends its summaries as anybody would; where a login is asked for, with a token of its own. */
async function tellOfDemo(link: DemoLink, { bind, publicUrl }: Config, auth: AuthService): Promise<void> {
  const host = isWildcardHost(bind.host) ? '127.0.0.1' : bind.host;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${bind.port}`;
  const isOpen =
    !auth.passwordSet &&
    isLoopbackHost(bind.host) &&
    (publicUrl === null || isLoopbackHost(publicUrl.hostname));
  const token = isOpen ? null : (await auth.tokens.create({ name: 'demo fleet', scopes: ['deploy'] })).token;
  link.tellDeploys({ url, token });
}

interface Demo {
  link: DemoLink;
  folder: DemoFolder;
  config: Pick<Config, 'targets' | 'goals' | 'dataDir'>;
  close: () => Promise<void>;
}

/** The demo keeps its data in a folder of its own that goes with a clean end: a demo must never mix with real data. */
async function openDemo(dataDir: string, nowMs: number): Promise<Demo> {
  const folder = await openDemoFolder(dataDir, nowMs);
  try {
    const link = await startDemoFleet(distFile('demo-fleet.mjs'), folder.beganMs);
    const close = async (): Promise<void> => {
      link.stop();
      await folder.remove();
    };
    const config = { targets: link.targets, goals: demoGoals(), dataDir: folder.dir };
    return { link, folder, config, close };
  } catch (error) {
    if (folder.isNew) await folder.remove();
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

/** A file that `scripts/bundle.mjs` made. Next runs with the project folder as its working directory. */
function distFile(name: string): string {
  return join(process.cwd(), 'dist', name);
}
