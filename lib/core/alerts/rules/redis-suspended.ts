import type { RedisMode } from '../../model/redis-mode.ts';
import type { SourceFact } from '../facts.ts';
import { redisRefusal } from './explained.ts';
import { suspensionMeans } from './redis-means.ts';
import { LOOK_AT_CONFIG, suspendStep } from './redis-runbook.ts';
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
  severity: 'critical',
  reads: 'The fleet’s Redis mode, and what Redis answers to our visits.',
  words: () =>
    `Fires when Redis is suspended by its provider, its quota is used up, or it is throttled. ${COMMON_WORDS}`,
  runbook: (place) => [
    {
      text: 'Look at the provider’s console: an unpaid bill, a used-up quota or a plan too small shows there.',
      command: null,
    },
    LOOK_AT_CONFIG,
    suspendStep(place),
  ],
  chart: () => 'redis_gets',
  find: (facts) => {
    const { mode, sources } = facts;
    const told = mode === null ? undefined : TITLES[mode.mode];
    const refusal = redisRefusal(facts);
    // Of machines in different modes the others may be refused, which only Redis itself can tell.
    const isUnseen =
      mode?.mode === 'mixed' && sources.some(({ kind, failures }) => kind === 'redis' && failures > 0);
    const as = told === undefined && refusal !== null ? 'quota_exhausted' : (mode?.mode ?? 'unknown');
    return [
      findingOf({
        value: refusal !== null ? 1 : isUnseen ? null : modeValue(mode, () => false),
        title: TITLES[as] ?? 'Redis refuses commands',
        detail: asSentence(
          told === undefined && refusal !== null ? errorOf(sources) : (mode?.evidence ?? ''),
        ),
        means: suspensionMeans(facts, as),
      }),
    ];
  },
};

/** What Redis answered to our last visit, fit to be shown. */
function errorOf(sources: readonly SourceFact[]): string {
  return sources.find(({ kind, errorKind }) => kind === 'redis' && errorKind === 'quota')?.error ?? '';
}
