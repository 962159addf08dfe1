import type { RedisMode } from '../model/redis-mode.ts';
import type { Quality } from '../model/sample.ts';
import type { ProviderEvidence, RedisEvidence, SeenMode } from './evidence.ts';

/**
 * What the Redis itself and its provider show. A refusal proves a mode; an answer does not: a Redis that answers us may
 * be one that the app does not use, and PONG proves nothing.
 */
export function serverMode(
  redis: readonly RedisEvidence[],
  providers: readonly ProviderEvidence[],
): SeenMode {
  const isServed = redis.some((one) => one.state === 'ok' && (one.commandsPerSecond ?? 0) > 0);
  const suspended = providers.find(({ state }) => state === 'suspended');
  // A state that does not keep the server from serving is late or another database's.
  if (suspended !== undefined && !isServed) {
    return seen('suspended_by_provider', 'measured', `${suspended.name} lists the database as suspended`);
  }
  const refused = redis.find(({ refusal }) => refusal !== null);
  if (refused !== undefined && refused.refusal !== null) {
    return seen(
      refused.refusal.mode,
      'measured',
      `${refused.name} refuses commands: ${refused.refusal.words}`,
    );
  }
  const quota = redis.find(({ errorKind }) => errorKind === 'quota');
  if (quota !== undefined) {
    return seen('quota_exhausted', 'measured', `${quota.name} refuses commands: its quota is used up`);
  }
  const limited = redis.find(({ errorKind }) => errorKind === 'limit');
  if (limited !== undefined) {
    return seen('throttled', 'measured', `${limited.name} refuses some commands: over a limit`);
  }
  const passive = providers.find(({ state }) => state === 'passive');
  const down = redis.find(({ state }) => state === 'down');
  if (down !== undefined && passive !== undefined) {
    const evidence = `inferred: ${down.name} gives no answer and ${passive.name} lists the database as passive`;
    return seen('suspended_by_provider', 'inferred', evidence);
  }
  if (down !== undefined) return seen('unreachable', 'measured', `${down.name} gives no answer to us`);
  if (redis.length === 0) return seen('unknown', 'unavailable', 'no Redis source is configured');
  if (!redis.every(({ state }) => state === 'ok')) {
    return seen('unknown', 'unavailable', 'the latest visits to Redis gave no clear answer');
  }
  if (isServed) {
    return seen('active', 'inferred', 'inferred from INFO: it answers and its command counters rise');
  }
  // Nothing counted yet is not the same as nothing to count.
  return redis.some(({ commandsPerSecond }) => commandsPerSecond === null)
    ? seen('unknown', 'unavailable', 'it answers INFO, and its commands are not counted yet')
    : seen('unknown', 'inferred', 'it answers INFO, but no command other than ours was counted');
}

function seen(mode: RedisMode, quality: Quality, evidence: string): SeenMode {
  return { mode, quality, evidence, isOwnWord: false };
}
