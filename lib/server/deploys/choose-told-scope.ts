import 'server-only';
import type { Scope } from '@/lib/core/model/target.ts';
import { KnownError } from '../http/guards.ts';
import { readScopes } from '../queries/scope.ts';
import type { Runtime } from '../runtime.ts';

/**
 * The app and environment that a deploy is told of; the only one when neither is named. Throws `KnownError`, which names
 * those that there are, for one that is not watched and where several fit.
 */
export function chooseToldScope(
  runtime: Pick<Runtime, 'config'>,
  asked: { app?: string | undefined; environment?: string | undefined },
): Scope {
  const scopes = readScopes(runtime);
  const fits = scopes.filter(
    ({ app, environment }) =>
      (asked.app === undefined || asked.app === app) &&
      (asked.environment === undefined || asked.environment === environment),
  );
  const [first, ...more] = fits;
  if (first !== undefined && more.length === 0) return first;
  const known = scopes.map(({ app, environment }) => `${app}/${environment}`);
  const isApp = asked.app !== undefined && !scopes.some(({ app }) => app === asked.app);
  const what =
    first !== undefined
      ? 'several are watched, so app and environment must say which'
      : isApp
        ? 'app: this server watches no app of that name'
        : 'environment: this server watches none of that name there';
  throw new KnownError('bad_input', `${what}; there are ${known.slice(0, 20).join(', ')}`, { known });
}
