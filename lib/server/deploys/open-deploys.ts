import 'server-only';
import type { KnownFacts } from '@/lib/core/claims/index.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { type TargetId, targetId } from '@/lib/core/model/target.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import type { FlySnapshot } from '../collectors/fly/index.ts';
import { readScopes } from '../queries/scope.ts';
import type { Runtime } from '../runtime.ts';
import { DeployBook } from './deploy-book.ts';
import { runsOf } from './notice-fly.ts';

type Deps = Pick<Runtime, 'config' | 'clock' | 'store' | 'poller'> & {
  /** What each app on Fly was like at its last good visit. */
  flyApps: ReadonlyMap<TargetId, FlySnapshot>;
};

/** A deploy that is told long after is no reason to look more closely now. */
const FRESH_MS = 10 * MINUTE_MS;

/** The book of deploys of this server, its lists read. */
export async function openDeploys(deps: Deps): Promise<DeployBook> {
  const { config, clock, store, poller } = deps;
  const book = new DeployBook({
    store,
    wallMs: () => clock.wallMs(),
    known: (scope) => knownFacts(deps, scope),
    onNew: ({ startMs }) => {
      if (Math.abs(clock.wallMs() - startMs) <= FRESH_MS) poller.noteDeploy(clock.wallMs());
    },
  });
  await book.load(readScopes({ config }));
  return book;
}

/**
 * What the app's own sources say of the numbers that a summary relies on; what is not measured is left out. Fly lists all
 * machines; those of a config may be fewer than run, and a lone address is often a proxy before many.
 */
function knownFacts({ config, clock, poller, flyApps }: Deps, { app, environment }: Scope): KnownFacts {
  const nowMs = clock.wallMs();
  const targets = config.targets.filter((target) => target.app === app && target.environment === environment);
  const fly = targets.flatMap(({ kind, ...target }) => {
    const snapshot = kind === 'fly' ? flyApps.get(targetId({ kind, ...target })) : undefined;
    return snapshot?.machines == null ? [] : [runsOf(snapshot).length];
  });
  const listed = fly.reduce((sum, count) => sum + count, 0);
  if (listed > 0) return { machinesRunning: listed };
  const known = targets
    .filter(({ kind }) => kind === 'app')
    .map((target) => poller.status(targetId(target), nowMs));
  const answering = known.filter((status) => status?.state === 'ok');
  return answering.length < 2 || answering.length < known.length ? {} : { machinesRunning: answering.length };
}
