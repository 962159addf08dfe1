import { formatDuration } from '../../units/duration.ts';
import type { AwakeFact } from '../facts/limits.ts';
import { type AlertRule, COMMON_WORDS, findingOf } from './rule.ts';

/** A database that could sleep, and does not. */
export const neverAsleep: AlertRule = {
  id: 'never_asleep',
  group: 'Limits',
  severity: 'info',
  reads: 'Since when the main compute of each Neon project is awake, requests, and what workers ask for.',
  words: ({ awakeForMs }) =>
    `Fires when a compute that is set to sleep has been awake for ${formatDuration(awakeForMs)}. Not while callers alone keep it awake, with some in every stretch in which it could have fallen asleep. ${COMMON_WORDS}`,
  runbook: () => [
    {
      text: 'See which sessions there are, and what each of them asked last.',
      command: `psql "$DATABASE_URL" -c "select application_name, state, now() - state_change as idle, left(query, 60) as query from pg_stat_activity where backend_type = 'client backend' order by 3"`,
    },
    {
      text: 'Let workers ask less often than the time after which it sleeps, or wake them by a message; close idle sessions.',
      command: null,
    },
  ],
  chart: () => 'db_queries',
  find: ({ limits: { awake } }, { awakeForMs }) =>
    awake.map((fact) =>
      findingOf({
        subject: fact.source,
        value: seenValue(fact, awakeForMs),
        title:
          fact.awakeForMs === null
            ? `${fact.source} never sleeps`
            : `${fact.source} has not slept for ${formatDuration(fact.awakeForMs)}`,
        detail: detailOf(fact),
        source: fact.source,
        means: [
          { what: 'Would sleep after', text: `${formatDuration(fact.suspendAfterMs)} without activity` },
          {
            what: 'Kept awake by',
            text: fact.keptBy ?? 'not known: neither requests nor workers explain it',
          },
        ],
      }),
    ),
};

/** One that callers ask all the time could not sleep: nothing is to be mended there. */
function seenValue({ awakeForMs, isBusy }: AwakeFact, trigger: number): number | null {
  if (isBusy) return 0;
  return awakeForMs === null ? null : awakeForMs >= trigger ? 1 : 0;
}

function detailOf({ suspendAfterMs, keptBy }: AwakeFact): string {
  const idle = formatDuration(suspendAfterMs);
  const by = keptBy === null ? '' : `: ${keptBy} keep it awake`;
  return `It would sleep after ${idle} without activity${by}. Every hour awake is billed.`;
}
