import type { DetectorLook } from '../facts/series.ts';
import { flyStep } from './redis-runbook.ts';
import { type AlertRule, asSentence, COMMON_WORDS, findingOf } from './rule.ts';
import { deploySteps, sentences, seriesOf, sinceDeploy, windowText } from './series-words.ts';

/** The app fails: more 5xx than chance makes of the days before. */
export const serverErrors: AlertRule = {
  id: 'server_errors',
  group: 'Responses',
  severity: 'critical',
  reads: 'Responses of status 5xx of all machines, by minute, and those of the 14 days before.',
  words: () =>
    `Fires when more responses of status 5xx come in 1 min to 6 h than chance makes of what is usual at that time of day, by number or by share of requests, and twice of it at least. While nothing is known of what is usual: at 5 in 5 min and 1 % of all responses. ${COMMON_WORDS}`,
  runbook: (place) => [
    flyStep(place, 'Read what the app wrote when it failed.', 'fly logs'),
    ...deploySteps(place),
    {
      text: 'See on Now whether Redis and the database answer: what they refuse comes back as 5xx.',
      command: null,
    },
  ],
  chart: () => 'responses_5xx',
  find: (facts) => {
    const fact = seriesOf(facts, 'server_errors');
    const look = fact?.countSpike ?? null;
    return [
      findingOf({
        value: look?.score ?? null,
        title: titleOf(look),
        detail:
          look === null || look.what === '' ? null : sentences([asSentence(look.what), sinceDeploy(facts)]),
        source: fact?.place ?? null,
      }),
    ];
  },
};

function titleOf(look: DetectorLook | null): string {
  if (look === null || look.value <= 0) return 'More server errors than usual';
  const count = Math.round(look.value).toLocaleString('en-US');
  return `${count} server errors in ${windowText(look.windowMs)}`;
}
