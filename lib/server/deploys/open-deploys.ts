import 'server-only';
import type { KnownFacts } from '@/lib/core/claims/index.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { targetId } from '@/lib/core/model/target.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import { readScopes } from '../queries/scope.ts';
import type { Runtime } from '../runtime.ts';
import { DeployBook } from './deploy-book.ts';

type Deps = Pick<Runtime, 'config' | 'clock' | 'store' | 'poller'>;

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

/** What the app's own sources say of the numbers that a summary relies on; what is not measured is left out. */
export function knownFacts({ config, clock, poller }: Deps, { app, environment }: Scope): KnownFacts {
  const nowMs = clock.wallMs();
  const running = config.targets.filter((target) => {
    if (target.kind !== 'app' || target.app !== app || target.environment !== environment) return false;
    return poller.status(targetId(target), nowMs)?.state === 'ok';
  });
  return running.length === 0 ? {} : { machinesRunning: running.length };
}
