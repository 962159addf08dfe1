import type { ModeFact } from '../facts.ts';
import { type AlertRule, asSentence, COMMON_WORDS, findingOf, modeValue } from './rule.ts';

/** Somebody asked to suspend Redis, and it is in use all the same. */
export const redisNotSuspended: AlertRule = {
  id: 'redis_not_suspended',
  group: 'Redis',
  reads: 'Each machine’s own word: what its settings ask for, and what its process does.',
  words: ({ expect }) =>
    `Fires when a machine’s settings ask to suspend Redis and its process uses it${
      expect === 'suspended' ? ', or when Redis is active though the config expects it suspended' : ''
    }. ${COMMON_WORDS}`,
  find: ({ mode }, { expect }) => {
    const asked = mode?.askedInVain ?? [];
    const isAsked = asked.length > 0;
    const value = modeValue(
      mode,
      (now) => isAsked || (expect === 'suspended' && (now === 'active' || now === 'mixed')),
    );
    return [
      findingOf({
        value,
        title: isAsked
          ? `Redis is not suspended, though ${namesOf(asked)} asked for it`
          : 'Redis is not suspended, though the config expects it',
        detail: detailOf(mode, isAsked),
        source: isAsked && asked.length <= 3 ? asked.join(', ') : null,
      }),
    ];
  },
};

function namesOf(asked: readonly string[]): string {
  const [first = ''] = asked;
  return asked.length === 1 ? `the settings of ${first}` : `the settings of ${asked.length} machines`;
}

function detailOf(mode: ModeFact | null, isAsked: boolean): string | null {
  if (!isAsked) return asSentence(mode?.evidence ?? '');
  return 'The setting is there, but the process reads it as no: look at its value.';
}
