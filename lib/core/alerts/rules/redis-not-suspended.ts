import type { ModeFact } from '../facts.ts';
import { flyStep, LOOK_AT_CONFIG, suspendStep } from './redis-runbook.ts';
import { type AlertRule, asSentence, COMMON_WORDS, findingOf, modeValue } from './rule.ts';

/** Somebody asked to suspend Redis, and it is in use all the same. */
export const redisNotSuspended: AlertRule = {
  id: 'redis_not_suspended',
  group: 'Redis',
  severity: 'critical',
  reads: 'Each machine’s own word: what its settings ask for, and what its process does.',
  words: ({ expect }) =>
    `Fires when a machine’s settings ask to suspend Redis and its process uses it${
      expect === 'suspended' ? ', or when Redis is active though the config expects it suspended' : ''
    }. ${COMMON_WORDS}`,
  runbook: (place) => [
    LOOK_AT_CONFIG,
    suspendStep(place),
    flyStep(
      place,
      'See that every machine was started since: one that was not still has the old value.',
      'fly machine list',
    ),
  ],
  chart: () => 'redis_by_machine',
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
        means: [
          { what: 'Redis', text: 'used and billed as before, though meant to be off' },
          { what: 'What it shows', text: 'numbers of Redis since then are no proof of a suspension' },
        ],
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
  return 'The setting is there, but the process reads it as no: look at its value. A digest in its place is read as no.';
}
