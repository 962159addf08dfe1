/** Closed set; per machine and for the fleet. */
export const REDIS_MODES = [
  'active',
  'suspended_by_us',
  'suspended_by_provider',
  'quota_exhausted',
  'throttled',
  'unreachable',
  'mixed',
  'unknown',
] as const;
export type RedisMode = (typeof REDIS_MODES)[number];
