import { formatClock } from '../../units/clock.ts';
import { valueText } from '../../units/format-value.ts';
import type { AlertFacts, ModeFact, ResponsesFact } from '../facts.ts';
import { levelsOf } from '../step-alert.ts';
import { type AlertRule, COMMON_WORDS, findingOf } from './rule.ts';

/** Callers are turned away: more 429s in five minutes than the set level, and more than the set share of all responses. */
export const http429: AlertRule = {
  id: 'http_429',
  group: 'Responses',
  reads: 'Responses of all machines by exact status, over five minutes.',
  words: ({ http429: { atLeast, shareAtLeast } }) =>
    `Fires at ${atLeast} responses of status 429 in 5 min, or at ${valueText(shareAtLeast, 'ratio')} of all responses where that is more. Over below half of that. ${COMMON_WORDS} Held back while Redis is suspended on purpose.`,
  find: ({ responses, mode }, { http429: { atLeast, shareAtLeast } }) => {
    const trigger = Math.max(atLeast, shareAtLeast * (responses?.all ?? 0));
    return [
      findingOf({
        value: seenValue(responses, trigger),
        levels: levelsOf(trigger),
        title: `${countText(responses?.limited ?? 0)} responses of status 429 in 5 min`,
        detail: responses === null ? null : detailOf(responses, trigger),
        source: placeOf(responses),
        inhibitedBy: reasonOf(mode),
      }),
    ];
  },
};

/** With a machine missing the sum is a lower bound: enough to fire, never enough to be over. */
function seenValue(responses: AlertFacts['responses'], trigger: number): number | null {
  if (responses === null) return null;
  return responses.isPartial && responses.limited < trigger ? null : responses.limited;
}

function countText(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

function detailOf({ limited, all }: ResponsesFact, trigger: number): string {
  const share = all > 0 ? `${valueText(limited / all, 'ratio')} of ${countText(all)} responses. ` : '';
  return `${share}Fires at ${countText(Math.ceil(trigger))}.`;
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
