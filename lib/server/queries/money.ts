import 'server-only';
import { type BudgetLimit, type BudgetView, isCompute } from '@/lib/core/model/budget.ts';
import type { LimitRow, MoneyRow, MoneyView, PlanRow, PoolRow, PriceRow } from '@/lib/core/model/money.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { alignDown, MINUTE_MS } from '@/lib/core/time/range.ts';
import type { Runtime } from '../runtime.ts';
import { type BudgetParts, readBudgetParts } from './budget.ts';

/** The Now page says what is nearest; the rest stands on the Budget page. */
const MOST_LIMITS = 2;
const CU_HOUR_SECONDS = 3_600;

/** What runs out first and what it costs, in few rows: those of the Budget page, not older than a minute. Null without any. */
export async function readMoney(runtime: Runtime, scope: Scope): Promise<MoneyView | null> {
  const parts = await readBudgetParts(runtime, scope);
  return toMoneyView(parts);
}

/** The rows of the Now page out of those of the Budget page; null without any. */
export function toMoneyView(
  parts: Pick<BudgetParts, 'limits' | 'targets' | 'plans' | 'pools' | 'prices'>,
): MoneyView | null {
  const price = priceRow(parts);
  const rows: MoneyRow[] = [
    ...parts.limits.slice(0, MOST_LIMITS).map(limitRow),
    ...price,
    ...planRow(parts),
    ...parts.pools.slice(0, 1).map(poolRow),
  ];
  if (rows.length === 0) return null;
  return {
    // Within the panel a place is name enough, and every tick is shorter.
    rows: rows.map((row, place) => ({ ...row, id: String(place) })),
    priceNote: price.length === 0 ? null : priceNote(parts.prices),
  };
}

function limitRow(limit: BudgetLimit): LimitRow {
  const { id, name, unit, allowed, period, used, perSecond, rateWindow, forecast, lasts } = limit;
  const isGone = used >= allowed;
  const likelyMs = forecast?.likelyMs ?? null;
  const isUnits = isCompute(limit);
  const counted = (value: number) => short(isUnits ? value / CU_HOUR_SECONDS : value);
  return {
    kind: 'limit',
    ...{ id, period, rateWindow, lasts },
    name: isUnits ? `${name} in CU-hours` : name,
    unit: isUnits ? 'events' : unit,
    allowed: counted(allowed),
    used: counted(used),
    perSecond: perSecond === null ? null : counted(perSecond),
    // Nothing is left to end: it has ended already.
    endsAtMs: isGone ? 0 : likelyMs === null ? null : alignDown(likelyMs, MINUTE_MS),
  };
}

/** Four digits say all that a row shows; more of them only make a tick longer. */
function short(value: number): number {
  return Number(value.toPrecision(4));
}

function shortUsd(usd: number | undefined): number | null {
  return usd === undefined ? null : short(usd);
}

/** What the latest deploy changed of the bill of a day; none where no deploy promised a rate of all commands or GETs. */
function priceRow({ targets, prices }: Pick<BudgetParts, 'targets' | 'prices'>): PriceRow[] {
  const target = targets.find(({ whole = null }) => whole !== null);
  const price = prices.find(({ id }) => id === 'upstash_command');
  if (target === undefined || price === undefined) return [];
  return [
    {
      kind: 'price',
      id: 'redis',
      name: `Redis ${target.whole}`,
      price: { usd: price.usd, per: price.per },
      beforeUsd: shortUsd(target.before?.usdPerDay),
      afterUsd: shortUsd(target.measured?.usdPerDay),
      period: 'day',
    },
  ];
}

/** The plan that the one of now would first lose against: of those that would do, the cheapest with a break-even. */
function planRow({ plans }: Pick<BudgetParts, 'plans'>): PlanRow[] {
  const [plan] = plans
    .filter(({ isNow, against, usdPerMonth, breakEvenPerSecond }) =>
      [!isNow, against === null, usdPerMonth !== null, breakEvenPerSecond !== null].every(Boolean),
    )
    .sort((a, b) => (a.usdPerMonth ?? 0) - (b.usdPerMonth ?? 0));
  if (plan === undefined || plan.usdPerMonth === null) return [];
  const { id, name, usdPerMonth, breakEvenPerSecond: even, rateWindow, unit } = plan;
  const breakEvenPerSecond = even === null ? null : short(even);
  return [
    { kind: 'plan', id, name, usd: usdPerMonth, period: 'month', unit, breakEvenPerSecond, rateWindow },
  ];
}

function poolRow({ kind, id, machines, perMachine, steady, deployPeak, allowed }: PoolRow): PoolRow {
  return { kind, id, name: 'Connections', machines, perMachine, steady, deployPeak, allowed };
}

/** `list prices of 2026-11`; null where the price of a command is the reader’s own. */
function priceNote(prices: BudgetView['prices']): string | null {
  const price = prices.find(({ id }) => id === 'upstash_command');
  return price === undefined || price.own ? null : `list prices of ${price.seenOn}`;
}
