import { MINUTE_MS } from '../../time/range.ts';
import { valueText } from '../../units/format-value.ts';
import { formatMoney } from '../../units/money.ts';
import type { KnownCost } from '../facts/limits.ts';
import type { AlertLevels } from '../step-alert.ts';
import { type AlertFinding, type AlertRule, COMMON_WORDS, findingOf } from './rule.ts';

/** Below nine tenths of the budget it is over: half of it may never be reached again. */
const CLEAR_SHARE = 0.9;

/** What is paid by use costs more than the team has set, by the day or by the month. */
export const cost: AlertRule = {
  id: 'cost',
  group: 'Limits',
  severity: 'warning',
  reads:
    'What is paid by use, at the prices of the list or your own: Redis commands, storage and traffic at Upstash; compute, storage and traffic at Neon.',
  words: ({ costPerDay, costPerMonth }) => {
    const parts = [
      ...(costPerDay === null
        ? []
        : [`a day at the rate of the last hour costs ${formatMoney(costPerDay)} or more`]),
      ...(costPerMonth === null
        ? []
        : [
            `the calendar month (UTC) comes to ${formatMoney(costPerMonth)} or more, by what was used so far and the rate of the last 24 h`,
          ]),
    ];
    return parts.length === 0
      ? 'Not judged: no budget is set, neither for a day nor for a month.'
      : `Fires when ${parts.join('; or when ')}. Over below nine tenths of that. While a part is not known it can fire, if the rest alone is enough, and is not over. ${COMMON_WORDS}`;
  },
  runbook: () => [
    {
      text: 'See what is asked most: Metrics lists commands by command and machine, statements by family.',
      command: 'npm run -s afterwatch -- status',
    },
    { text: 'If it began with a deploy, its page has the commands of the way back.', command: null },
  ],
  chart: () => 'redis_gets',
  find: ({ limits: { cost: fact } }, { costPerDay, costPerMonth }) => [
    ...(costPerDay === null ? [] : [dayFinding(fact?.day ?? null, costPerDay)]),
    ...(costPerMonth === null ? [] : [monthFinding(fact?.month ?? null, costPerMonth)]),
  ],
};

/** Ends the subject of a month; a day has none. */
const MONTH = 'month';

function dayFinding(known: KnownCost | null, budget: number): AlertFinding {
  return findingOf({
    value: knownValue(known, budget),
    levels: levelsAt(budget),
    title:
      known === null
        ? `Cost against the budget of ${formatMoney(budget)}/day`
        : `Cost ${known.isWhole ? 'at' : 'of at least'} ${formatMoney(known.usd)}/day, ${formatMoney(budget)}/day is the budget`,
    detail: known === null ? null : `Most of it: ${known.most}/day.`,
    means:
      known === null ? [] : [share(known, budget), { what: 'In 30 days', text: formatMoney(known.usd * 30) }],
  });
}

function monthFinding(known: KnownCost | null, budget: number): AlertFinding {
  return findingOf({
    subject: MONTH,
    value: knownValue(known, budget),
    levels: levelsAt(budget),
    title:
      known === null
        ? `Cost against the budget of ${formatMoney(budget)} a month`
        : `This month comes to ${known.isWhole ? '' : 'at least '}${formatMoney(known.usd)}, ${formatMoney(budget)} is the budget`,
    detail: known === null ? null : `Most of it: ${known.most}.`,
    means: known === null ? [] : [share(known, budget)],
  });
}

/** What is known alone can be too much; that it is little enough only the whole can tell. */
function knownValue(known: KnownCost | null, budget: number): number | null {
  return known !== null && (known.isWhole || known.usd >= budget) ? known.usd : null;
}

function levelsAt(budget: number): AlertLevels {
  return { trigger: budget, clear: budget * CLEAR_SHARE, holdMs: 0, clearMs: 15 * MINUTE_MS };
}

function share({ usd }: KnownCost, budget: number): { what: string; text: string } {
  return { what: 'Of the budget', text: valueText(usd / budget, 'ratio') };
}
