import type { Scope } from '@/lib/core/model/target.ts';
import { quoteAsked } from './quote-asked.ts';

/** Everything that the address of a page says that only chooses what is watched. */
export interface ScopeAddress {
  scope: Scope;
  /** Times in the viewer's own zone instead of UTC. */
  isLocal: boolean;
}

/** Names of its parameters. */
export type ScopeParam = 'app' | 'env' | 'tz';

/** What the address asks for, as `read` finds it; the first scope where none fits, with a remark. Never throws. */
export function readScopeAddress(
  read: (name: ScopeParam) => string | null,
  scopes: readonly Scope[],
  fallback: Scope,
): { address: ScopeAddress; remarks: readonly string[] } {
  const app = read('app');
  const env = read('env');
  const found = scopes.find(
    (scope) => (app === null || scope.app === app) && (env === null || scope.environment === env),
  );
  const { app: shownApp, environment } = found ?? scopes[0] ?? fallback;
  const asked = [app, env].filter((part) => part !== null).join(' · ');
  return {
    address: { scope: { app: shownApp, environment }, isLocal: read('tz') === 'local' },
    remarks:
      found === undefined && asked !== ''
        ? [`${quoteAsked(asked)} is not watched here; shown: ${shownApp} · ${environment}.`]
        : [],
  };
}

/** The address as a link to the page at `path`; what is the default is left out. */
export function scopeHref(
  path: `/${string}`,
  { scope, isLocal }: ScopeAddress,
  scopes: readonly Scope[],
): string {
  const params = new URLSearchParams();
  const [first] = scopes;
  if (first === undefined || first.app !== scope.app || first.environment !== scope.environment) {
    params.set('app', scope.app);
    params.set('env', scope.environment);
  }
  if (isLocal) params.set('tz', 'local');
  const query = params.toString();
  return query === '' ? path : `${path}?${query}`;
}
