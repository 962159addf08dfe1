import { MINUTE_MS } from '../../time/range.ts';
import { valueText } from '../../units/format-value.ts';
import { formatMoney } from '../../units/money.ts';
import { type AlertRule, COMMON_WORDS, findingOf } from './rule.ts';

/** Below nine tenths of the budget it is over: half of it may never be reached again. */
const CLEAR_SHARE = 0.9;

/** What is paid by use costs more a day than the team has set. */
export const cost: AlertRule = {
  id: 'cost',
  group: 'Limits',
  severity: 'warning',
  reads: 'What is paid by use, at the rate of the last hour and at list prices.',
  words: ({ costPerDay }) =>
    costPerDay === null
      ? 'Not judged: no budget a day is set.'
      : `Fires when a day at the rate of the last hour costs ${formatMoney(costPerDay)} or more. Over below ${formatMoney(costPerDay * CLEAR_SHARE)}. Not told while a part of it is not known. ${COMMON_WORDS}`,
  runbook: () => [
    {
      text: 'See what is asked most: Metrics lists commands by command and machine, statements by family.',
      command: 'npm run -s afterwatch -- status',
    },
    { text: 'If it began with a deploy, its page has the commands of the way back.', command: null },
  ],
  chart: () => 'redis_gets',
  find: ({ limits: { cost: fact } }, { costPerDay }) => {
    if (costPerDay === null) return [];
    return [
      findingOf({
        value: fact === null ? null : fact.usdPerDay,
        levels: {
          trigger: costPerDay,
          clear: costPerDay * CLEAR_SHARE,
          holdMs: 0,
          clearMs: 15 * MINUTE_MS,
        },
        title:
          fact === null
            ? `Cost against the budget of ${formatMoney(costPerDay)}/day`
            : `Cost at ${formatMoney(fact.usdPerDay)}/day, ${formatMoney(costPerDay)}/day is the budget`,
        detail: fact === null ? null : `Most of it: ${fact.most}.`,
        means:
          fact === null
            ? []
            : [
                { what: 'Of the budget', text: valueText(fact.usdPerDay / costPerDay, 'ratio') },
                { what: 'In 30 days', text: formatMoney(fact.usdPerDay * 30) },
              ],
      }),
    ];
  },
};
