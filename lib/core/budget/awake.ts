import type { BudgetAwake } from '../model/budget.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../time/range.ts';
import { amountUsd } from './costs.ts';
import { dayOf } from './day.ts';
import type { Price } from './prices.ts';

export interface AwakeQuestion {
  id: string;
  name: string;
  /** Of the UTC day so far. */
  awakeMsToday: number | null;
  /** Of the billing period so far. */
  awakeMsPeriod: number | null;
  /** Compute units while awake, on average. */
  computeUnits: number | null;
  nowMs: number;
  suspendAfterMs: number | null;
  keepers: BudgetAwake['keptBy'];
  /** Of a compute unit for an hour; null where compute is not paid by use. */
  price: Price | null;
}

/** Too little of a day to say what the whole of it costs. */
const LEAST_OF_DAY_MS = HOUR_MS;

/** A database that could sleep: how long it was awake, what a day at today's pace costs, and what keeps it awake. */
export function awakeRow({ keepers, computeUnits, price, nowMs, ...row }: AwakeQuestion): BudgetAwake {
  return {
    id: row.id,
    name: row.name,
    awakeMsToday: row.awakeMsToday,
    awakeMsPeriod: row.awakeMsPeriod,
    usdPerDay: dayUsd(row.awakeMsToday, { computeUnits, price, nowMs }),
    suspendAfterMs: row.suspendAfterMs,
    keptBy: [...keepers].sort((a, b) => (b.perSecond ?? -1) - (a.perSecond ?? -1)),
  };
}

function dayUsd(
  awakeMs: number | null,
  { computeUnits, price, nowMs }: Pick<AwakeQuestion, 'computeUnits' | 'price' | 'nowMs'>,
): number | null {
  const passedMs = nowMs - Date.parse(dayOf(nowMs));
  if (awakeMs === null || computeUnits === null || price === null || passedMs < LEAST_OF_DAY_MS) return null;
  const share = Math.min(1, awakeMs / passedMs);
  return amountUsd((share * computeUnits * DAY_MS) / SECOND_MS, price);
}
