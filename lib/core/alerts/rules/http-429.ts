import { formatClock } from '../../units/clock.ts';
import { valueText } from '../../units/format-value.ts';
import type { DetectorLook } from '../facts/series.ts';
import type { AlertFacts, ModeFact, ResponsesFact } from '../facts.ts';
import { levelsOf } from '../step-alert.ts';
import { flyStep } from './redis-runbook.ts';
import { type AlertFinding, type AlertRule, asSentence, COMMON_WORDS, findingOf } from './rule.ts';
import { deploySteps, sentences, seriesOf } from './series-words.ts';

/** Callers are turned away: more often than chance makes of the days before, or than fixed levels where none are known. */
export const http429: AlertRule = {
  id: 'http_429',
  group: 'Responses',
  severity: 'warning',
  reads: 'Responses of all machines by exact status, by minute, and those of the 14 days before.',
  words: ({ http429: { atLeast, shareAtLeast } }) =>
    `Fires at ${atLeast} responses of status 429 in 5 min that are more than chance makes of what is usual at that time of day. While nothing is known of what is usual: at ${atLeast} in 5 min, or at ${valueText(shareAtLeast, 'ratio')} of all responses where that is more. Over below half of that. ${COMMON_WORDS} Held back while Redis is suspended on purpose.`,
  runbook: (place) => [
    {
      text: 'See who is turned away, and on which machine: one caller in a loop needs no more than a word with them.',
      command: null,
    },
    ...deploySteps(place).slice(0, 1),
    flyStep(
      place,
      'See how many machines run: a limit that each keeps by itself moves with their number.',
      'fly status',
    ),
    {
      text: 'If callers are turned away who should not be, raise the limit and tell it as a deploy.',
      command: null,
    },
  ],
  chart: () => 'responses_429',
  find: (facts, { http429: { atLeast, shareAtLeast } }) => {
    const { responses, mode } = facts;
    const look = seriesOf(facts, 'limited')?.countSpike ?? null;
    const trigger = look === null ? Math.max(atLeast, shareAtLeast * (responses?.all ?? 0)) : atLeast;
    return [
      findingOf({
        value: seenValue(responses, trigger, look),
        levels: levelsOf(trigger),
        title: `${countText(responses?.limited ?? 0)} responses of status 429 in 5 min`,
        detail: responses === null ? null : detailOf(responses, trigger, look),
        source: placeOf(responses),
        inhibitedBy: reasonOf(mode),
        means: meansOf(responses),
      }),
    ];
  },
};

/** With a machine missing the sum is a lower bound: enough to fire, never enough to be over. */
function seenValue(
  responses: AlertFacts['responses'],
  trigger: number,
  look: DetectorLook | null,
): number | null {
  if (responses === null) return null;
  const { limited, isPartial } = responses;
  // Many are no news where many are usual.
  const value = look === null ? limited : Math.min(limited, trigger * look.score);
  return isPartial && value < trigger ? null : value;
}

function countText(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

function detailOf({ limited, all }: ResponsesFact, trigger: number, look: DetectorLook | null): string {
  const share = all > 0 ? `${valueText(limited / all, 'ratio')} of ${countText(all)} responses.` : '';
  const why = look === null ? `Fires at ${countText(Math.ceil(trigger))}.` : asSentence(look.what);
  return sentences([share, why]) ?? '';
}

function meansOf(responses: ResponsesFact | null): AlertFinding['means'] {
  if (responses === null || responses.all <= 0 || responses.limited <= 0) return [];
  const oneIn = Math.max(1, Math.round(responses.all / responses.limited));
  return [{ what: 'Turned away', text: `1 request in ${countText(oneIn)}` }];
}

/** The machine that turns most callers away, where it is not all of them alike. */
function placeOf(responses: ResponsesFact | null): string | null {
  const [first] = responses?.machines ?? [];
  if (responses === null || first === undefined || first.limited < responses.limited / 2) return null;
  return first.limited > 0.95 * responses.limited ? first.name : `most on ${first.name}`;
}

function reasonOf(mode: ModeFact | null): string | null {
  if (mode?.mode !== 'suspended_by_us') return null;
  const since = mode.sinceMs === null ? '' : ` since ${formatClock(mode.sinceMs)}`;
  return `Redis suspended on purpose${since}, so limits are counted per machine`;
}
