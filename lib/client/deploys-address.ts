import type { Scope } from '@/lib/core/model/target.ts';
import { MARK_KINDS, type MarkKind } from '@/lib/core/model/view.ts';
import { quoteAsked } from './quote-asked.ts';

/** Everything that the address of the list of deploys says. */
export interface DeploysAddress {
  scope: Scope;
  /** Null for all kinds. */
  kind: MarkKind | null;
}

/** What the address asks for, as `read` finds it; what does not exist leaves a remark. Never throws. */
export function readDeploysAddress(
  read: (name: 'app' | 'env' | 'kind') => string | null,
  scopes: readonly Scope[],
  fallback: Scope,
): { address: DeploysAddress; remarks: readonly string[] } {
  const app = read('app');
  const env = read('env');
  const asked = read('kind');
  const found = scopes.find(
    (scope) => (app === null || scope.app === app) && (env === null || scope.environment === env),
  );
  const shown = found ?? scopes[0] ?? fallback;
  const kind = MARK_KINDS.find((one) => one === asked) ?? null;
  const name = [app, env].filter((part) => part !== null).join(' · ');
  return {
    address: { scope: { app: shown.app, environment: shown.environment }, kind },
    remarks: [
      ...(found === undefined && name !== ''
        ? [`${quoteAsked(name)} is not watched here; shown: ${shown.app} · ${shown.environment}.`]
        : []),
      ...(asked !== null && kind === null ? [`${quoteAsked(asked)} is no kind of deploy; shown: all.`] : []),
    ],
  };
}

/** The address as a link; what is the default is left out. */
export function deploysHref(
  { scope, kind }: DeploysAddress,
  scopes: readonly Scope[],
  path: '/deploys' | '/deploys/new' = '/deploys',
): string {
  const params = new URLSearchParams();
  const [first] = scopes;
  if (first === undefined || first.app !== scope.app || first.environment !== scope.environment) {
    params.set('app', scope.app);
    params.set('env', scope.environment);
  }
  if (kind !== null) params.set('kind', kind);
  const query = params.toString();
  return query === '' ? path : `${path}?${query}`;
}
