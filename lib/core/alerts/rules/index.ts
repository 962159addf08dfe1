import { breakerOpen } from './breaker-open.ts';
import { cost } from './cost.ts';
import { drift } from './drift.ts';
import { http429 } from './http-429.ts';
import { limiterOpen } from './limiter-open.ts';
import { machineUnhealthy } from './machine-unhealthy.ts';
import { neverAsleep } from './never-asleep.ts';
import { observerPaused } from './observer-paused.ts';
import { planCheaper } from './plan-cheaper.ts';
import { plateau } from './plateau.ts';
import { pool } from './pool.ts';
import { quota } from './quota.ts';
import { redisBilled } from './redis-billed.ts';
import { redisMixed } from './redis-mixed.ts';
import { redisNotSuspended } from './redis-not-suspended.ts';
import { redisSuspended } from './redis-suspended.ts';
import { redisSuspendedLong } from './redis-suspended-long.ts';
import { redisUnaccounted } from './redis-unaccounted.ts';
import { regression } from './regression.ts';
import { relapse } from './relapse.ts';
import { restartStorm } from './restart-storm.ts';
import type { AlertRule, AlertRuleId } from './rule.ts';
import { serverErrors } from './server-errors.ts';
import { sourceDown } from './source-down.ts';
import { stall } from './stall.ts';
import { versionSkew } from './version-skew.ts';

/** Every rule that ships, by id. */
export const RULES: Readonly<Record<AlertRuleId, AlertRule>> = {
  redis_suspended: redisSuspended,
  redis_suspended_long: redisSuspendedLong,
  redis_not_suspended: redisNotSuspended,
  redis_mixed: redisMixed,
  redis_billed: redisBilled,
  redis_unaccounted: redisUnaccounted,
  http_429: http429,
  server_errors: serverErrors,
  regression: regression,
  relapse: relapse,
  plateau: plateau,
  stall: stall,
  drift: drift,
  limiter_open: limiterOpen,
  breaker_open: breakerOpen,
  machine_unhealthy: machineUnhealthy,
  restart_storm: restartStorm,
  version_skew: versionSkew,
  quota: quota,
  cost: cost,
  plan_cheaper: planCheaper,
  pool: pool,
  never_asleep: neverAsleep,
  source_down: sourceDown,
  observer_paused: observerPaused,
};
