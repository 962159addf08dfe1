import 'server-only';
import type { Deploy } from '@/lib/core/model/deploy.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { deployIdSchema } from '../deploys/new-deploy.ts';
import { sameRelease } from '../deploys/release-name.ts';
import { readScopes } from '../queries/scope.ts';
import type { Runtime } from '../runtime.ts';
import type { WatchSource } from './watch-source.ts';

type Deps = Pick<Runtime, 'config' | 'deploys'> & { watches?: Pick<WatchSource, 'linesNow'> | undefined };

export interface DeployAsked {
  app?: string | undefined;
  environment?: string | undefined;
}

/**
 * The deploy of an id, of a release (the newest of that name), or `latest`: the newest that is watched, else the newest
 * of all. Null when there is none.
 */
export async function findDeploy(
  { config, deploys, watches }: Deps,
  name: string,
  asked: DeployAsked,
): Promise<Deploy | null> {
  if (deploys === undefined) return null;
  if (deployIdSchema.safeParse(name).success) return deploys.get(name);
  const rows = [];
  for (const scope of scopesOf(config, asked)) {
    const lines = watches?.linesNow(scope) ?? new Map<string, unknown>();
    for (const row of await deploys.list(scope)) rows.push({ ...row, watched: lines.has(row.id) });
  }
  const named = rows.filter(
    ({ release, aliases = [] }) =>
      name === 'latest' || [release, ...aliases].some((one) => sameRelease(one, name)),
  );
  const watched = named.filter((row) => row.watched);
  const [newest] = (name === 'latest' && watched.length > 0 ? watched : named).sort(
    (a, b) => b.startMs - a.startMs,
  );
  return newest === undefined ? null : deploys.get(newest.id);
}

function scopesOf(config: Runtime['config'], { app, environment }: DeployAsked): Scope[] {
  return readScopes({ config }).filter(
    (scope) =>
      (app === undefined || scope.app === app) &&
      (environment === undefined || scope.environment === environment),
  );
}
