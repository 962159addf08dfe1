import 'server-only';
import { DEFAULT_SCOPE, type Scope, scopesOf, type TargetId, targetId } from '@/lib/core/model/target.ts';
import type { Config, Target } from '../config/types.ts';
import type { Reading } from '../runtime.ts';

/** Every app and environment that the config names, in its order. */
export function readScopes({ config }: { config: Pick<Config, 'targets'> }): readonly Scope[] {
  const scopes = scopesOf(config.targets);
  return scopes.length === 0 ? [DEFAULT_SCOPE] : scopes;
}

/** The scope that was asked for, by app and environment or by one of them; the first one when none fits. */
export function chooseScope(
  scopes: readonly Scope[],
  asked: { app?: string | undefined; environment?: string | undefined },
): Scope {
  const fits = (scope: Scope): boolean =>
    (asked.app === undefined || scope.app === asked.app) &&
    (asked.environment === undefined || scope.environment === asked.environment);
  return scopes.find(fits) ?? scopes[0] ?? DEFAULT_SCOPE;
}

/** Targets of one scope, of one kind when given. */
export function targetsOf(runtime: Reading, scope: Scope, kind?: Target['kind']): readonly Target[] {
  return runtime.config.targets.filter(
    (target) =>
      target.app === scope.app &&
      target.environment === scope.environment &&
      (kind === undefined || target.kind === kind),
  );
}

/** Their ids, in the same order. */
export function targetIdsOf(runtime: Reading, scope: Scope, kind?: Target['kind']): readonly TargetId[] {
  return targetsOf(runtime, scope, kind).map(targetId);
}
