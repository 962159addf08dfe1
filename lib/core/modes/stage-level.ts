import type { HeldClaim } from '../model/deploy.ts';
import { resolvePromise } from '../verdict/promise.ts';
import { targetOf } from '../watch/claim-target.ts';

/** Redis GETs and requests per second on the day before Redis went out of use; null where they were not counted. */
export interface GetsBefore {
  gets: number | null;
  requests: number | null;
}

/** How many GETs are allowed: a level of the whole fleet per second, or a part of what they were before. */
export type GetsPromise = { level: number } | { ratio: number };

const GETS: ReadonlySet<string> = new Set(['redis_commands_total', 'app_redis_commands_total']);
/** A quarter of an hour is noisier than the day that a promise is held against. */
const TOLERANCE = 1.1;

/** What the deploy promises of Redis GETs; where it promises nothing, that they are no more than before. */
export function promisedGets(claims: readonly HeldClaim[], { gets }: GetsBefore): GetsPromise {
  for (const claim of claims) {
    const isOfGets = claim.metric !== null && GETS.has(claim.metric) && claim.labels.cmd === 'get';
    if (claim.standing !== 'confirmed' || !isOfGets) continue;
    const target = targetOf(claim, { usual: gets });
    if ('why' in target) continue;
    if (target.level !== null) {
      if (target.level.direction === 'down') return { level: target.level.value };
      continue;
    }
    const promise = resolvePromise(target, gets, true)?.promise ?? null;
    if (promise?.kind === 'change' && promise.ratio < 1) return { ratio: promise.ratio };
  }
  return { ratio: 1 };
}

/**
 * GETs per second that are allowed of the machines which use Redis, by their part of the requests; null where that is not
 * known and not all of them do.
 */
export function allowedGets(
  promise: GetsPromise,
  before: GetsBefore,
  requests: { users: number | null; all: number | null },
  isAll: boolean,
): number | null {
  if ('level' in promise) {
    if (isAll) return TOLERANCE * promise.level;
    const { users, all } = requests;
    return users === null || all === null || all <= 0 ? null : (TOLERANCE * promise.level * users) / all;
  }
  if (before.gets === null) return null;
  const allowed = TOLERANCE * promise.ratio * before.gets;
  if (before.requests !== null && before.requests > 0 && requests.users !== null)
    return (allowed * requests.users) / before.requests;
  return isAll ? allowed : null;
}
