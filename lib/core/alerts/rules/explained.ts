import type { RedisMode } from '../../model/redis-mode.ts';
import { MINUTE_MS } from '../../time/range.ts';
import { formatClock } from '../../units/clock.ts';
import type { AlertFacts } from '../facts.ts';

/** A deploy that rolls for longer is no explanation any more. */
const ROLLS_AT_MOST_MS = 30 * MINUTE_MS;
/** Machines that were just replaced need a moment. */
const LANDING_MS = 2 * MINUTE_MS;

/** Why machines may be down, bad or unlike each other now: a deploy rolls over them. Null where none does. */
export function rollingReason({ deploy, nowMs }: Pick<AlertFacts, 'deploy' | 'nowMs'>): string | null {
  if (deploy === null) return null;
  const { release, kind, startMs, endMs } = deploy;
  // A suspension goes on until Redis is used again; what brought it to the machines is a deploy of its own.
  if (kind === 'suspend' || kind === 'resume') return null;
  const untilMs = endMs === null ? startMs + ROLLS_AT_MOST_MS : endMs + LANDING_MS;
  if (nowMs < startMs || nowMs >= untilMs) return null;
  return endMs === null
    ? `${release} has been rolling over the machines since ${formatClock(startMs)}`
    : `${release} came to the last machine at ${formatClock(endMs)}`;
}

/** Why a machine tells nothing good of itself: it tells nothing at all, and another alert says so. */
export function silentReason(name: string): string {
  return `${name} gives no answer`;
}

const REFUSALS: Partial<Record<RedisMode, string>> = {
  quota_exhausted: 'the Redis quota is used up',
  suspended_by_provider: 'Redis is suspended by its provider',
  throttled: 'Redis is throttled',
};

/**
 * Why Redis refuses commands, whoever uses it: by its mode, or, where machines are in different modes, by what it answers
 * to us. One answer is enough: it names the quota, and after it Redis is left alone for an hour. Null where it does not. The rule `redis_suspended` fires on the same.
 */
export function redisRefusal({ mode, sources }: Pick<AlertFacts, 'mode' | 'sources'>): string | null {
  const told = mode === null ? undefined : REFUSALS[mode.mode];
  if (told !== undefined) return told;
  const isSpent = sources.some(
    ({ kind, state, failures, errorKind }) =>
      kind === 'redis' && state === 'limited' && failures > 0 && errorKind === 'quota',
  );
  return isSpent ? (REFUSALS.quota_exhausted ?? null) : null;
}
