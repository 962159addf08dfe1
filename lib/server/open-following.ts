import 'server-only';
import { scopesOf } from '@/lib/core/model/target.ts';
import { createAuth } from './auth/index.ts';
import type { Clock } from './clock.ts';
import type { Config, Target } from './config/types.ts';
import { openDeploys } from './deploys/open-deploys.ts';
import { AlertStep } from './engine/alerts.ts';
import { Engine } from './engine/engine.ts';
import { ModeStep } from './engine/modes.ts';
import { IncidentBook } from './incidents/incident-book.ts';
import type { Log } from './log/index.ts';
import { BadgeLinks } from './notify/badge-links.ts';
import { FollowedPoller } from './poller/followed-poller.ts';
import { Ledger } from './poller/ledger.ts';
import { MachineBook } from './poller/machine-book.ts';
import { readScopes } from './queries/scope.ts';
import type { Runtime } from './runtime.ts';
import { closeShares, openShares } from './shares/open-shares.ts';
import type { FollowingStore } from './store/main/following-store.ts';
import type { Store } from './store/store.ts';
import { WatchBook } from './watch/watch-book.ts';

export interface FollowingParts {
  config: Config & { targets: Target[] };
  clock: Clock;
  log: Log;
  /** Open; closed with the runtime. */
  store: FollowingStore;
}

/** A runtime that shows what another instance does. */
export interface FollowingRuntime extends Runtime {
  /** Reads anew what is kept under these keys; null for everything. */
  refresh(keys: readonly string[] | null): Promise<void>;
}

/** Where a part of the runtime is kept, and how it is read. */
interface Part {
  prefixes: readonly string[];
  open: () => Promise<Partial<Runtime>>;
}

/** Everything of an instance that follows: it reads, and passes on whatever would change something. */
export async function openFollowing(parts: FollowingParts): Promise<FollowingRuntime> {
  const { config, clock, log } = parts;
  const store = lookingOn(parts.store);
  const wallMs = () => clock.wallMs();
  const onFault = (message: string, error: unknown) => log.error({ err: error }, message);
  const poller = new FollowedPoller(store, config.targets);
  await poller.load();
  const ledger = await openLedger(store, wallMs);
  const modes = new ModeStep({
    config,
    store: { ...boundReads(store), putState: async () => undefined },
    poller,
  });
  const auth = await createAuth(config, store, clock);
  const runtime: FollowingRuntime = {
    ...{ config, clock, log, store, auth, ledger, poller, modes },
    ...{ demo: null, startedAtMs: wallMs(), role: 'follows' },
    refresh: (keys) => inTurn(() => refresh(keys)),
    stop: async () => {
      await engine.stop();
      if (runtime.shares !== undefined) await closeShares(runtime.shares);
      await parts.store.close();
    },
  };
  const books: readonly Part[] = [
    { prefixes: ['instances/'], open: () => poller.load().then(() => ({})) },
    { prefixes: ['ledger'], open: async () => ({ ledger: await openLedger(store, wallMs) }) },
    {
      prefixes: ['tokens', 'hook-secrets'],
      open: async () => ({ auth: await createAuth(config, store, clock) }),
    },
    { prefixes: ['badges'], open: async () => ({ badges: await BadgeLinks.open(store, wallMs) }) },
    {
      prefixes: ['deploy'],
      open: async () => ({ deploys: await openDeploys({ ...runtime, flyApps: new Map() }) }),
    },
    {
      prefixes: ['watch'],
      open: async () => {
        const watches = new WatchBook({ store, wallMs, onFault });
        await watches.load(readScopes({ config }));
        return { watches };
      },
    },
    {
      prefixes: ['incident'],
      open: async () => {
        const incidents = new IncidentBook({ store, wallMs });
        await incidents.load(readScopes({ config }));
        return { incidents };
      },
    },
    {
      prefixes: ['machines/'],
      open: async () => {
        const machines = new MachineBook({ targets: config.targets, poller: () => NOBODY, store, onFault });
        await machines.load();
        return { machines };
      },
    },
    {
      prefixes: ['alert'],
      open: async () => {
        const { deploys, watches } = runtime;
        const alerts = new AlertStep({
          ...{ config, clock, store, poller, modes, ledger: runtime.ledger, onFault },
          ...(deploys === undefined ? {} : { deploys }),
          ...(watches === undefined ? {} : { watches }),
          settings: config.alerts,
        });
        for (const scope of scopesOf(config.targets)) await alerts.open(scope);
        return { alerts };
      },
    },
    {
      prefixes: ['shares/'],
      open: async () => {
        if (runtime.shares !== undefined) await closeShares(runtime.shares);
        return { shares: await openShares(runtime) };
      },
    },
  ];
  const refresh = async (keys: readonly string[] | null): Promise<void> => {
    for (const { prefixes, open } of books) {
      const isTouched =
        keys === null || keys.some((key) => prefixes.some((prefix) => key.startsWith(prefix)));
      if (isTouched) Object.assign(runtime, await open());
    }
  };
  let last: Promise<void> = Promise.resolve();
  const inTurn = (run: () => Promise<void>): Promise<void> => {
    last = last
      .then(run)
      .catch((error: unknown) => onFault('what another instance wrote could not be read', error));
    return last;
  };
  await refresh(null);
  // Modes follow from what is stored: the same here as where they are written down.
  const engine = new Engine([modes], { wallMs, onFault });
  engine.start();
  return runtime;
}

/** Machines are found where they are visited. */
const NOBODY = { setFound: () => undefined };

async function openLedger(store: Store, wallMs: () => number): Promise<Ledger> {
  const ledger = new Ledger(store, wallMs);
  await ledger.load();
  return ledger;
}

/** What only says that somebody looked is not written by an instance that follows; all else is refused by the store. */
const SEEN = /^(session\/|shares\/views$)/;

function lookingOn(store: Store): Store {
  return new Proxy(store, {
    get(target, name) {
      if (name === 'putState') {
        return (entries: Readonly<Record<string, unknown>>) =>
          Object.keys(entries).every((key) => SEEN.test(key)) ? Promise.resolve() : target.putState(entries);
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function boundReads(
  store: Store,
): Pick<Store, 'latest' | 'findSeries' | 'readBuckets' | 'scanBuckets' | 'getState'> {
  return {
    latest: (selector) => store.latest(selector),
    findSeries: (selector) => store.findSeries(selector),
    readBuckets: (selector, range, stepMs) => store.readBuckets(selector, range, stepMs),
    scanBuckets: (selector, range, stepMs, take) => store.scanBuckets(selector, range, stepMs, take),
    getState: (key) => store.getState(key),
  };
}
