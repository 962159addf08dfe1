import type { Labels } from '../model/sample.ts';

/** A metric with what narrows it. */
export interface Measured {
  metric: string | null;
  labels: Labels;
}

/** What else moves the numbers of a claim, so that a change of it says nothing of the deploy. */
export interface ClaimSubject {
  /** Numbers that are others while Redis is off: its own, caches, limits, answers, and the queries that caches spare. */
  usesRedis: boolean;
  /** Numbers that follow the number of requests. Settings such as the size of a pool do not; requests are themselves. */
  followsTraffic: boolean;
  /** `own`: what the limiter says of itself. `answers`: the 429s that come of it. */
  limiter: 'own' | 'answers' | null;
}

/** Redis and everything that asks it, or is asked in its place. */
const USES_REDIS =
  /^(?:redis|upstash)_|^app_(?:redis|cache|local_cache|limiter|breaker|endpoint|record|quota|db_queries)|^(?:fly_)?http_|^db_(?:queries|statement|transactions|rows|blocks|connections$|sessions)/;
/** Settings, and what is there whether anybody asks or not. */
const STANDS_STILL =
  /^fly_machines$|_max(?:_bytes)?$|_limit$|_limit_bytes$|_ttl_seconds$|suspend_after_seconds$|_storage_bytes$|^db_size_bytes$|^app_redis_suspend|^app_worker_polls_total$|_up$/;
const LIMITER = /^app_limiter_/;
const LIMITED = /^(?:fly_)?http_limited_ratio$/;
const RESPONSES = /^(?:fly_)?http_(?:route_)?responses(?:_total|_per_second)$/;

export function subjectOf({ metric, labels }: Measured): ClaimSubject {
  if (metric === null) return { usesRedis: false, followsTraffic: false, limiter: null };
  const isAnswers = RESPONSES.test(metric);
  const are429 = LIMITED.test(metric) || (isAnswers && labels.status === '429');
  const isFailure = /^[45]/.test(labels.status ?? labels.class ?? '');
  return {
    usesRedis: USES_REDIS.test(metric),
    followsTraffic: !STANDS_STILL.test(metric) && !(isAnswers && !isFailure),
    limiter: LIMITER.test(metric) ? 'own' : are429 ? 'answers' : null,
  };
}

/** Metrics that count one thing in several ways: a change of one is a change of all of them. */
const FAMILIES: readonly RegExp[] = [
  /^redis_commands_(?:total|processed_total|cost)|^redis_(?:read|write)_commands_total$|^app_redis_commands|^app_redis_gets|^upstash_.*(?:commands|requests|reads|writes)/,
  /^db_(?:queries|statements|transactions)_total$|^app_db_queries/,
  /^(?:fly_)?http_(?:app_)?latency_|^(?:fly_)?http_request_seconds|^(?:fly_)?http_timed/,
  /^(?:fly_)?http_(?:route_)?responses|^(?:fly_)?http_limited_ratio$|^http_server_errors_ratio$/,
  /^db_connections$|^app_db_pool_/,
];

/** True when two claims are about the same thing, so that who changes the one may have changed the other. */
export function sameSubject(a: Measured, b: Measured): boolean {
  if (a.metric === null || b.metric === null) return false;
  const family = (name: string) => FAMILIES.findIndex((pattern) => pattern.test(name));
  const isOne = a.metric === b.metric || (family(a.metric) !== -1 && family(a.metric) === family(b.metric));
  // GETs and SETs are two things; GETs and all commands are not.
  return isOne && Object.entries(a.labels).every(([name, value]) => (b.labels[name] ?? value) === value);
}
