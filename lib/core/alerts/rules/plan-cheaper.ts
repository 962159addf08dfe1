import { HOUR_MS, MINUTE_MS } from '../../time/range.ts';
import { valueText } from '../../units/format-value.ts';
import { formatMoney } from '../../units/money.ts';
import type { PlanFact } from '../facts/limits.ts';
import type { AlertSettings } from '../settings.ts';
import { type AlertFinding, type AlertRule, COMMON_WORDS, findingOf } from './rule.ts';

/** A week moves slowly: what is worth less than nine tenths of it is over. */
const LEVELS = { trigger: 1, clear: 0.9, holdMs: HOUR_MS, clearMs: 15 * MINUTE_MS };

/** Another plan of the same Redis would cost less for what is used. */
export const planCheaper: AlertRule = {
  id: 'plan_cheaper',
  group: 'Limits',
  severity: 'info',
  reads:
    'The plan of each Upstash database, its commands, storage and traffic over the last 7 days, and the prices of the list or your own.',
  words: ({ planCheaper: { shareAtLeast, usdPerMonthAtLeast } }) =>
    `Fires when for 1 h another plan that would do is cheaper by ${valueText(shareAtLeast, 'ratio')} and by ${formatMoney(usdPerMonthAtLeast)} a month, in the calendar month (UTC) at the use of the last 7 days. Over below nine tenths of that. Not judged while the plan, or anything that is priced, is not known, nor with read regions. ${COMMON_WORDS}`,
  runbook: () => [
    {
      text: 'Look at the plans on the Budget page: what each costs at this use, from which rate on, and why one would not do.',
      command: null,
    },
    {
      text: 'Change the plan in the console of Upstash. Ask first what a later change back takes, and whether the use of this week will last.',
      command: null,
    },
  ],
  chart: () => 'redis_gets',
  find: ({ limits: { plans } }, settings) => plans.map((fact) => findingFor(fact, settings.planCheaper)),
};

function findingFor(fact: PlanFact, settings: AlertSettings['planCheaper']): AlertFinding {
  const { source, now, usdNow, cheaper } = fact;
  const saved = cheaper === null ? 0 : Math.max(0, usdNow - cheaper.usd);
  return findingOf({
    subject: source,
    // Both must be reached: the one that is further from it counts.
    value: Math.min(
      usdNow > 0 ? saved / usdNow / settings.shareAtLeast : 0,
      saved / settings.usdPerMonthAtLeast,
    ),
    levels: LEVELS,
    title:
      cheaper === null
        ? `${now} is the cheapest plan for ${source}`
        : `${cheaper.name} would cost ${formatMoney(saved)} a month less than ${now} for ${source}`,
    detail: 'At the use of the last 7 days, at list prices or your own, without tax.',
    source,
    means: [
      { what: now, text: `${formatMoney(usdNow)} a month` },
      ...(cheaper === null ? [] : [{ what: cheaper.name, text: `${formatMoney(cheaper.usd)} a month` }]),
    ],
  });
}
