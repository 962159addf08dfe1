import 'server-only';
import { type TargetId, targetId } from '@/lib/core/model/target.ts';
import { createAuth } from './auth/index.ts';
import type { Clock } from './clock.ts';
import type { FlySnapshot } from './collectors/fly/index.ts';
import { sessionOpener } from './collectors/index.ts';
import type { Config, Target } from './config/types.ts';
import { DemoConfirms } from './demo-claims.ts';
import { DemoFaults } from './demo-faults.ts';
import { DemoIncident } from './demo-incident.ts';
import { openDeploys } from './deploys/open-deploys.ts';
import { AlertStep } from './engine/alerts.ts';
import { Engine } from './engine/engine.ts';
import { ModeStep } from './engine/modes.ts';
import { NoticeDeploys } from './engine/notice-deploys.ts';
import { IncidentBook } from './incidents/incident-book.ts';
import { IncidentStep } from './incidents/incident-step.ts';
import type { Log } from './log/index.ts';
import { BadgeLinks } from './notify/badge-links.ts';
import { NotifyStep } from './notify/notify-step.ts';
import { type Demo, tellOfDemo } from './open-demo.ts';
import { publishSources } from './poller/followed-poller.ts';
import { Ledger } from './poller/ledger.ts';
import { MachineBook } from './poller/machine-book.ts';
import { Poller } from './poller/poller.ts';
import { preroll } from './preroll.ts';
import { readScopes } from './queries/scope.ts';
import type { Runtime } from './runtime.ts';
import { closeShares, openShares } from './shares/open-shares.ts';
import type { Store } from './store/store.ts';
import { WatchBook } from './watch/watch-book.ts';
import { WatchStep } from './watch/watch-step.ts';

export interface LeadingParts {
  /** Its targets grow and shrink as machines of a Fly app come and go: every reader sees the same list. */
  config: Config & { targets: Target[] };
  clock: Clock;
  log: Log;
  /** Open; closed with the runtime. */
  store: Store;
  /** Null where real sources are watched. */
  demo: Demo | null;
  /** True where other instances read the same store: they are told what only this one knows. */
  isFollowed: boolean;
}

/** Everything of the instance that visits, judges and tells. Rejects with a text fit for a person; nothing runs then. */
export async function openLeading(parts: LeadingParts): Promise<Runtime> {
  const { config, clock, log, store, demo } = parts;
  const { targets } = config;
  const closers: (() => Promise<void>)[] = [() => store.close()];
  try {
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
      role: parts.isFollowed ? 'leads' : 'alone',
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
    const incidentStep = new IncidentStep({ runtime, incidents });
    const writing = demo === null ? [incidentStep] : [new DemoIncident(runtime, incidents), incidentStep];
    const telling = parts.isFollowed
      ? [
          {
            name: 'what other instances show',
            run: (nowMs: number) => publishSources(store, poller, targets, nowMs),
          },
        ]
      : [];
    const engine = new Engine([modes, alerts, noticing, ...team, watching, ...writing, notify, ...telling], {
      wallMs: () => clock.wallMs(),
      onFault: (message, error) => log.error({ err: error }, message),
    });
    engine.start();
    closers.unshift(() => engine.stop());
    if (demo !== null) await tellOfDemo(demo.link, config, auth);
    return runtime;
  } catch (error) {
    await closeAll(closers).catch(() => undefined);
    throw error;
  }
}

/** In order: stop asking, write what is there, close. One failing step does not keep the others from running. */
async function closeAll(closers: readonly (() => Promise<void>)[]): Promise<void> {
  const faults: unknown[] = [];
  for (const close of closers) await close().catch((error: unknown) => faults.push(error));
  if (faults.length > 0) throw new AggregateError(faults, 'afterwatch: not everything could be closed');
}
