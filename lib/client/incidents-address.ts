import type { Scope } from '@/lib/core/model/target.ts';
import { quoteAsked } from './quote-asked.ts';

/** Everything that the address of the list of incidents says. */
export interface IncidentsAddress {
  scope: Scope;
  /** Times in the viewer's own zone instead of UTC. */
  isLocal: boolean;
}

/** Names of its parameters. */
export type IncidentsParam = 'app' | 'env' | 'tz';

/** What the address asks for, as `read` finds it; what does not exist leaves a remark. Never throws. */
export function readIncidentsAddress(
  read: (name: IncidentsParam) => string | null,
  scopes: readonly Scope[],
  fallback: Scope,
): { address: IncidentsAddress; remarks: readonly string[] } {
  const app = read('app');
  const env = read('env');
  const found = scopes.find(
    (scope) => (app === null || scope.app === app) && (env === null || scope.environment === env),
  );
  const shown = found ?? scopes[0] ?? fallback;
  const asked = [app, env].filter((part) => part !== null).join(' · ');
  return {
    address: {
      scope: { app: shown.app, environment: shown.environment },
      isLocal: read('tz') === 'local',
    },
    remarks:
      found === undefined && asked !== ''
        ? [`${quoteAsked(asked)} is not watched here; shown: ${shown.app} · ${shown.environment}.`]
        : [],
  };
}

/** The address as a link; what is the default is left out. */
export function incidentsHref({ scope, isLocal }: IncidentsAddress, scopes: readonly Scope[]): string {
  const params = new URLSearchParams();
  const [first] = scopes;
  if (first === undefined || first.app !== scope.app || first.environment !== scope.environment) {
    params.set('app', scope.app);
    params.set('env', scope.environment);
  }
  if (isLocal) params.set('tz', 'local');
  const query = params.toString();
  return query === '' ? '/incidents' : `/incidents?${query}`;
}
