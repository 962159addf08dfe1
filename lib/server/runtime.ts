import 'server-only';
import type { TargetId } from '@/lib/core/model/target.ts';
import type { InstanceRole } from '@/lib/core/sources/settings-view.ts';
import type { AuthService } from './auth/index.ts';
import type { Clock } from './clock.ts';
import type { FlySnapshot } from './collectors/fly/index.ts';
import type { Config } from './config/types.ts';
import type { DemoFaults } from './demo-faults.ts';
import type { DeployBook } from './deploys/deploy-book.ts';
import type { AlertStep } from './engine/alerts.ts';
import type { ModeStep } from './engine/modes.ts';
import type { IncidentBook } from './incidents/incident-book.ts';
import type { Log } from './log/index.ts';
import type { BadgeLinks } from './notify/badge-links.ts';
import type { NotifyStep } from './notify/notify-step.ts';
import { openProcess, type Running } from './open-process.ts';
import type { Visits } from './poller/followed-poller.ts';
import type { Ledger } from './poller/ledger.ts';
import type { MachineBook } from './poller/machine-book.ts';
import type { ShareBook } from './shares/share-book.ts';
import type { Store } from './store/store.ts';
import type { WatchBook } from './watch/watch-book.ts';

/** Everything process-wide, once. */
export interface Runtime {
  config: Config;
  clock: Clock;
  log: Log;
  store: Store;
  auth: AuthService;
  ledger: Ledger;
  poller: Visits;
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
  /** What this instance does where several share a store; `alone` when left out. */
  role?: InstanceRole;
  /** Closes this runtime; the process is ended by `stopRuntime`. */
  stop(): Promise<void>;
}

/** What reads of numbers need of it: parts that are there before all of it is. */
export type Reading = Pick<Runtime, 'config' | 'clock' | 'store' | 'poller' | 'modes'>;

/**
 * Next loads instrumentation, pages and routes as separate bundles that share no module instance, so the runtime
 * hangs on the process. It also survives a development reload this way.
 */
const KEY = Symbol.for('afterwatch');
interface Slot {
  starting: Promise<Running>;
  running: Running | null;
  /** Another one takes its place when the role of this instance changes; null meanwhile. */
  runtime: Runtime | null;
}
interface Holder {
  [KEY]?: Slot;
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
export async function startRuntime(): Promise<Runtime> {
  const known = holder[KEY];
  if (known !== undefined) return (await known.starting).runtime;
  const show = (runtime: Runtime | null): void => {
    slot.runtime = runtime;
  };
  const slot: Slot = { starting: openProcess(show), running: null, runtime: null };
  holder[KEY] = slot;
  try {
    slot.running = await slot.starting;
    slot.runtime ??= slot.running.runtime;
    return slot.running.runtime;
  } catch (error) {
    delete holder[KEY];
    throw error;
  }
}

/** Begins anew over what is stored now, as after a restore. Nothing to do where this instance only follows. */
export async function restartRuntime(): Promise<void> {
  await (await holder[KEY]?.starting)?.restart();
}

/** Ends everything; resolves when what was handed in is written. */
export async function stopRuntime(): Promise<void> {
  await (await holder[KEY]?.starting)?.stop();
}
