import { http429 } from './http-429.ts';
import { observerPaused } from './observer-paused.ts';
import { redisMixed } from './redis-mixed.ts';
import { redisNotSuspended } from './redis-not-suspended.ts';
import { redisSuspended } from './redis-suspended.ts';
import { redisSuspendedLong } from './redis-suspended-long.ts';
import type { AlertRule, AlertRuleId } from './rule.ts';
import { sourceDown } from './source-down.ts';

/** Every rule that ships, by id. */
export const RULES: Readonly<Record<AlertRuleId, AlertRule>> = {
  redis_suspended: redisSuspended,
  redis_suspended_long: redisSuspendedLong,
  redis_not_suspended: redisNotSuspended,
  redis_mixed: redisMixed,
  source_down: sourceDown,
  observer_paused: observerPaused,
  http_429: http429,
};
