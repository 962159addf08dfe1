import 'server-only';
import { type Clock, systemClock } from './clock.ts';
import { readConfig } from './config/environment.ts';
import type { Secret } from './config/secret.ts';
import type { Config, Target } from './config/types.ts';
import { distFile } from './dist-file.ts';
import { hardenProcess } from './http/harden.ts';
import { Roles } from './instances/roles.ts';
import { describeSelf } from './instances/self.ts';
import { createLog, type Log } from './log/index.ts';
import { type Demo, openDemo } from './open-demo.ts';
import { type FollowingRuntime, openFollowing } from './open-following.ts';
import { openLeading } from './open-leading.ts';
import type { Runtime } from './runtime.ts';
import { type Lease, LeaseBoard } from './store/postgres/lease.ts';
import { openPostgresFollower, openPostgresStore } from './store/postgres/postgres-store.ts';
import { openSqliteStore } from './store/sqlite/sqlite-store.ts';

/** What a process runs: one runtime at a time, another in its place when its role changes. */
export interface Running {
  runtime: Runtime;
  /** Begins anew over what is stored now. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

interface Base {
  config: Config;
  clock: Clock;
  log: Log;
  show: (runtime: Runtime | null) => void;
}

/** Starts what the configuration asks for. Rejects with a text fit for a person; nothing runs then. */
export async function openProcess(
  show: (runtime: Runtime | null) => void,
  clock: Clock = systemClock,
): Promise<Running> {
  const config = readConfig();
  hardenProcess(config);
  const log = createLog({ level: 'info' });
  for (const warning of config.warnings) log.warn(warning);
  const base = { config, clock, log, show };
  const running =
    config.databaseUrl === null || config.mode === 'demo'
      ? await openAlone(base)
      : await openShared(base, config.databaseUrl);
  const { config: own, store } = running.runtime;
  log.info(
    { targets: own.targets.length, mode: own.mode, store: store.stats().engine },
    'afterwatch is watching',
  );
  return running;
}

/** One instance with its data in a folder. */
async function openAlone({ config, clock, log, show }: Base): Promise<Running> {
  const demo = config.mode === 'demo' ? await openDemo(config.dataDir, clock.wallMs()) : null;
  const lead = async (isFirst: boolean): Promise<Runtime> => {
    const own = withTargets({ ...config, ...demo?.config });
    const store = await openSqliteStore({
      dir: own.dataDir,
      workerPath: distFile('store-worker.mjs'),
      ...storeOptions({ config, clock, log }),
    });
    return openLeading({
      config: own,
      clock,
      log,
      store,
      demo: isFirst ? demo : goingOn(demo),
      isFollowed: false,
    });
  };
  try {
    const running: Running = {
      runtime: await lead(true),
      restart: async () => {
        show(null);
        // What it still had to write belongs to what was there before.
        await running.runtime
          .stop()
          .catch((error: unknown) => log.warn({ err: error }, 'what was there before could not be closed'));
        running.runtime = await lead(false);
        show(running.runtime);
      },
      stop: async () => {
        try {
          await running.runtime.stop();
        } finally {
          await demo?.close();
        }
      },
    };
    return running;
  } catch (error) {
    await demo?.close();
    throw error;
  }
}

/** One of several instances that share a database. */
async function openShared({ config, clock, log, show }: Base, databaseUrl: Secret): Promise<Running> {
  const url = databaseUrl.reveal();
  const threads = { workerPath: distFile('postgres-worker.mjs'), linkPath: distFile('postgres-link.mjs') };
  const lead = async (lease: Lease): Promise<Runtime> => {
    const store = await openPostgresStore({
      url,
      lease,
      ...threads,
      ...storeOptions({ config, clock, log }),
    });
    return openLeading({ config: withTargets(config), clock, log, store, demo: null, isFollowed: true });
  };
  const follow = async (): Promise<FollowingRuntime> => {
    let refresh: ((keys: readonly string[] | null) => unknown) | null = null;
    const store = await openPostgresFollower({ url, ...threads, onState: (keys) => refresh?.(keys) });
    try {
      const runtime = await openFollowing({ config: withTargets(config), clock, log, store });
      refresh = runtime.refresh;
      return runtime;
    } catch (error) {
      await store.close();
      throw error;
    }
  };
  const board = await LeaseBoard.open(url);
  const roles = new Roles({ board, self: describeSelf(config), log, lead, follow, show });
  try {
    return { runtime: await roles.start(), restart: () => roles.restart(), stop: () => roles.stop() };
  } catch (error) {
    await roles.stop();
    throw error;
  }
}

function storeOptions({ config, clock, log }: Pick<Base, 'config' | 'clock' | 'log'>) {
  return {
    retention: config.retention,
    now: () => clock.wallMs(),
    onWarning: (message: string) => log.warn(message),
  };
}

/** A list of its own: machines that are found are added to it. */
function withTargets(config: Config): Config & { targets: Target[] } {
  return { ...config, targets: [...config.targets] };
}

/** Its evening is in the store already. */
function goingOn(demo: Demo | null): Demo | null {
  return demo === null ? null : { ...demo, folder: { ...demo.folder, isNew: false } };
}
