import 'server-only';
import type { NewDeployView } from '@/lib/core/deploys/deploys-view.ts';
import type { Runtime } from '../runtime.ts';
import { chooseScope, readScopes, targetsOf } from './scope.ts';

/** What the page of a new deploy needs to know; the scope that was asked for stands first. */
export function readNewDeploy(
  runtime: Runtime,
  asked: { app?: string; environment?: string },
): NewDeployView {
  const scopes = readScopes(runtime);
  const chosen = chooseScope(scopes, asked);
  const ordered = [chosen, ...scopes.filter((scope) => scope !== chosen)];
  return {
    asOfMs: runtime.clock.wallMs(),
    scopes: ordered.map((scope) => ({
      ...scope,
      known: runtime.deploys?.knownFacts(scope) ?? {},
      sources: [...new Set(targetsOf(runtime, scope).map(({ kind }) => kind))],
    })),
  };
}
