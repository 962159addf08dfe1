import 'server-only';
import { monthOf } from '@/lib/core/budget/month.ts';
import type { BudgetView } from '@/lib/core/model/budget.ts';
import { DAY_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import { formatMoney } from '@/lib/core/units/money.ts';
import type { FactQuestion } from '../engine/facts/fact-reader.ts';
import { addUp, type Bill } from './budget-bills.ts';
import type { AskedLimit } from './budget-limits.ts';

const OWN_BUDGET_ID = 'own/budget';
const DAY_SECONDS = DAY_MS / SECOND_MS;

/** What the team has set for a calendar month, and what there is to hold against it. */
export interface OwnBudget {
  usdPerMonth: number | null;
  bills: readonly Bill[] | null;
}

/** What the team may spend in a calendar month, where every provider tells what was spent of it; else none. */
export function ownBudgetOf(
  { usdPerMonth, bills }: OwnBudget,
  { scope }: FactQuestion,
  nowMs: number,
): readonly AskedLimit[] {
  if (usdPerMonth === null || bills === null) return [];
  const used = addUp(bills.map(({ soFarUsd }) => soFarUsd));
  const perDay = addUp(bills.map(({ cost }) => cost.usdPerDay));
  const [first, ...others] = bills.flatMap(({ counter }) => counter ?? []);
  if (used === null || first === undefined) return [];
  const even = bills.reduce(
    (sum, { counter, cost }) => (counter === null ? sum + (cost.usdPerDay ?? 0) : sum),
    0,
  );
  const month = monthOf(nowMs);
  return [
    {
      id: OWN_BUDGET_ID,
      name: 'Own budget',
      source: `${scope.app} · ${scope.environment}`,
      unit: 'usd',
      used,
      allowed: usdPerMonth,
      period: 'month',
      renewsMs: month.endMs,
      perSecond: perDay === null ? null : perDay / DAY_SECONDS,
      rateWindow: 'day',
      quality: bills.every(({ cost }) => cost.quality === 'measured') ? 'measured' : 'inferred',
      startsMs: month.startMs,
      counters: [first, ...others],
      evenPerSecond: even / DAY_SECONDS,
    },
  ];
}

/** Why a budget that is set in the config is not among the limits; null where it is, or none is set. */
export function ownBudgetNote({ usdPerMonth }: OwnBudget, limits: BudgetView['limits']): string | null {
  if (usdPerMonth === null || limits.some(({ id }) => id === OWN_BUDGET_ID)) return null;
  return `What was spent of your budget of ${formatMoney(usdPerMonth)} a month can’t be told: no provider that counts all of this month is connected.`;
}
