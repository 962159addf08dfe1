import type { RedisMode } from '../../model/redis-mode.ts';
import { type AlertRule, asSentence, COMMON_WORDS, findingOf, modeValue } from './rule.ts';

const TITLES: Partial<Record<RedisMode, string>> = {
  suspended_by_provider: 'Redis is suspended by its provider',
  quota_exhausted: 'The Redis quota is used up: commands are refused',
  throttled: 'Redis is throttled: a part of the commands is refused',
};

/** Redis is off or refuses, and nobody here asked for it. */
export const redisSuspended: AlertRule = {
  id: 'redis_suspended',
  group: 'Redis',
  reads: 'The fleet’s Redis mode.',
  words: () =>
    `Fires when Redis is suspended by its provider, its quota is used up, or it is throttled. ${COMMON_WORDS}`,
  find: ({ mode }) => [
    findingOf({
      value: modeValue(mode, (now) => TITLES[now] !== undefined),
      title: (mode === null ? undefined : TITLES[mode.mode]) ?? 'Redis refuses commands',
      detail: asSentence(mode?.evidence ?? ''),
    }),
  ],
};
