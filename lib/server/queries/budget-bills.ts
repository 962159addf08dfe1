import 'server-only';
import { amountUsd, levelCost, rateCost } from '@/lib/core/budget/costs.ts';
import { monthOf } from '@/lib/core/budget/month.ts';
import { PAYG_FREE_STORAGE_BYTES, REDIS_PLANS } from '@/lib/core/budget/plan-table.ts';
import type { Price } from '@/lib/core/budget/prices.ts';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { BudgetCost } from '@/lib/core/model/budget.ts';
import { NEON_PLANS } from '@/lib/core/neon/limits.ts';
import { DAY_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import { tickText, valueText } from '@/lib/core/units/format-value.ts';
import type { FactQuestion } from '../engine/facts/fact-reader.ts';
import { LATE_RATE_MS, readRates } from '../engine/facts/limits-rates.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import type { Runtime } from '../runtime.ts';
import { neonComputePrice, type PriceList, type RedisBilling } from './budget-billing.ts';
import { type Pace, readPace, type UseCounter } from './budget-history.ts';
import { latestFresh } from './budget-levels.ts';

/** One line of a provider’s bill. */
export interface Bill {
  cost: BudgetCost;
  /** Of the calendar month; null where not known. */
  soFarUsd: number | null;
  /** What runs it up, in dollars; null where it has no counter, and is taken to run evenly. */
  counter: UseCounter | null;
}

export interface BillQuestion {
  runtime: Runtime;
  question: FactQuestion;
  prices: PriceList;
  nowMs: number;
}

const DAY_SECONDS = DAY_MS / SECOND_MS;
const GB = 1_000_000_000;

/** What Upstash counts by itself, for each database that is paid by use: all commands, storage, traffic. */
export async function readUpstashBills(
  { runtime, question, prices, nowMs }: BillQuestion,
  billing: RedisBilling,
): Promise<Bill[]> {
  const paid = question.statuses.filter(
    ({ target, facts }) => target.kind === 'upstash' && facts.plan === 'pay as you go',
  );
  if (paid.length === 0 || billing?.kind !== 'counted') return [];
  const [requests, bytes] = await Promise.all([
    readRates(question, 'upstash_month_requests_total', 'upstash'),
    readRates(question, 'upstash_month_bandwidth_bytes_total', 'upstash'),
  ]);
  const bills = paid.map(async (status): Promise<Bill[]> => {
    const { id, target } = status;
    const counter = commandCounter(id);
    const price = prices.upstash_command;
    const pace = await readPace(runtime, counter, requests(id, nowMs), nowMs);
    const soFar = latestFresh(runtime, status, 'upstash_month_requests_used', {});
    const commands = rateCost({
      id: `upstash/${target.name}/commands`,
      what: 'All Redis commands, as Upstash counts them',
      unit: 'commands',
      perSecond: pace.perSecond,
      soFar,
      ...{ nowMs, price, priceId: 'upstash_command', quality: pace.quality },
    });
    const moved = latestFresh(runtime, status, 'upstash_month_bandwidth_bytes_total', {});
    return [
      {
        cost: { ...commands, why: pace.why },
        soFarUsd: amountUsd(soFar, price),
        counter: { ...counter, scale: price.usd / price.per },
      },
      storageBill({
        id: `upstash/${target.name}/storage`,
        what: 'Redis storage',
        bytes: latestFresh(runtime, status, 'upstash_storage_bytes', {}),
        free: PAYG_FREE_STORAGE_BYTES,
        ...{ nowMs, price: prices.upstash_storage, priceId: 'upstash_storage', quality: 'measured' },
      }),
      trafficBill({
        id: `upstash/${target.name}/traffic`,
        what: 'Redis traffic',
        pace: trafficPace(bytes(id, nowMs), moved, nowMs),
        soFar: moved,
        free: REDIS_PLANS.payg.bandwidthBytes,
        ...{ nowMs, price: prices.upstash_bandwidth, priceId: 'upstash_bandwidth' },
      }),
    ];
  });
  return (await Promise.all(bills)).flat();
}

/** Compute, storage and traffic of each Neon project that is paid by use. */
export async function readNeonBills({ runtime, question, prices, nowMs }: BillQuestion): Promise<Bill[]> {
  const paid = question.statuses.flatMap((status) => {
    const price = status.target.kind === 'neon' ? neonComputePrice(status, prices) : null;
    return price === null ? [] : [{ status, price }];
  });
  if (paid.length === 0) return [];
  const [compute, transfer] = await Promise.all([
    readRates(question, 'neon_compute_unit_seconds_total', 'neon', LATE_RATE_MS),
    readRates(question, 'neon_transfer_bytes_total', 'neon', LATE_RATE_MS),
  ]);
  const bills = paid.map(async ({ status, price }): Promise<Bill[]> => {
    const { id, target } = status;
    const used = (metric: MetricName) =>
      isCalendarMonth(status, nowMs) ? latestFresh(runtime, status, metric, {}) : null;
    const counter = computeCounter(id);
    const pace = await readPace(runtime, counter, compute(id, nowMs), nowMs);
    const soFar = used('neon_compute_unit_seconds_total');
    const moved = used('neon_transfer_bytes_total');
    const row = rateCost({
      id: `neon/${target.name}/compute`,
      what: 'Neon compute',
      unit: 'seconds',
      perSecond: pace.perSecond,
      soFar,
      ...{ nowMs, price, priceId: price.id, quality: pace.quality },
    });
    return [
      {
        cost: { ...row, why: pace.why },
        soFarUsd: amountUsd(soFar, price),
        counter: { ...counter, scale: amountUsd(1, price) ?? 0 },
      },
      storageBill({
        id: `neon/${target.name}/storage`,
        what: 'Neon storage',
        bytes: latestFresh(runtime, status, 'neon_storage_bytes', {}),
        free: 0,
        ...{ nowMs, price: prices.neon_storage, priceId: 'neon_storage', quality: 'measured' },
      }),
      trafficBill({
        id: `neon/${target.name}/traffic`,
        what: 'Neon traffic',
        pace: trafficPace(transfer(id, nowMs), moved, nowMs),
        soFar: moved,
        free: NEON_PLANS.launch.transferBytesIncluded ?? 0,
        ...{ nowMs, price: prices.neon_egress, priceId: 'neon_egress' },
      }),
    ];
  });
  return (await Promise.all(bills)).flat();
}

/** Commands of an Upstash database; it remembers sampled points of them. */
export function commandCounter(targetId: UseCounter['targetId']): UseCounter {
  return {
    targetId,
    metric: 'upstash_month_requests_total',
    memory: 'upstash_commands_total',
    scale: 1,
  };
}

/** Seconds of a compute unit of a Neon project; it remembers them by itself. */
export function computeCounter(targetId: UseCounter['targetId']): UseCounter {
  return { targetId, metric: 'neon_compute_unit_seconds_total', memory: null, scale: 1 };
}

/** Storage has no rate: it says what is held. */
function storageBill(ask: Parameters<typeof levelCost>[0]): Bill {
  const free = ask.free === 0 ? '' : `, ${tickText(ask.free, 'bytes')} are free`;
  const row = levelCost(ask);
  const { startMs, endMs } = monthOf(ask.nowMs);
  return {
    cost: {
      ...row,
      why:
        ask.bytes === null ? 'what is held is not told' : `${valueText(ask.bytes, 'bytes')} are held${free}`,
    },
    soFarUsd: row.usdPerMonth === null ? null : (row.usdPerMonth * (ask.nowMs - startMs)) / (endMs - startMs),
    counter: null,
  };
}

/** True when the billing period is the calendar month, so that what was used in it is what was used this month. */
export function isCalendarMonth({ facts }: TargetStatus, nowMs: number): boolean {
  return Date.parse(facts.periodEnds ?? '') === monthOf(nowMs).endMs;
}

/** Nobody remembers traffic by the hour: before the last one was watched, the month so far stands in. */
export function trafficPace(measured: number | null, soFar: number | null, nowMs: number): Pace {
  if (measured !== null) return { perSecond: measured, quality: 'measured', why: null };
  const passedMs = nowMs - monthOf(nowMs).startMs;
  if (soFar === null || passedMs < DAY_MS) return { perSecond: null, quality: 'unavailable', why: null };
  return {
    perSecond: (soFar * SECOND_MS) / passedMs,
    quality: 'inferred',
    why: 'at the mean of this month so far',
  };
}

/** Traffic is free up to an amount a month: only what this month comes to beyond it is paid. */
function trafficBill(ask: {
  id: string;
  what: string;
  pace: Pace;
  soFar: number | null;
  free: number;
  nowMs: number;
  price: Price;
  priceId: BudgetCost['priceId'];
}): Bill {
  const { id, what, pace, soFar, free, nowMs, price, priceId } = ask;
  const { perSecond } = pace;
  const restSeconds = (monthOf(nowMs).endMs - nowMs) / SECOND_MS;
  const all = perSecond === null || soFar === null ? null : soFar + perSecond * restSeconds;
  const paidUsd = (bytes: number | null) =>
    bytes === null ? null : amountUsd(Math.max(0, bytes - free), price);
  const isOver = soFar !== null && soFar >= free;
  const perDay = perSecond === null ? null : perSecond * DAY_SECONDS;
  const remarks = [pace.why, isOver ? null : `${free / GB} GB a month are free`];
  return {
    cost: {
      ...{ id, what, perDay, priceId },
      unit: 'bytes',
      usdPerDay: perDay === null || soFar === null ? null : isOver ? amountUsd(perDay, price) : 0,
      usdPerMonth: paidUsd(all),
      quality: pace.quality,
      why: remarks.filter((one) => one !== null).join('; ') || null,
    },
    soFarUsd: paidUsd(soFar),
    counter: null,
  };
}

/** Null where one is not known, and of none. */
export function addUp(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>(
    (sum, value) => (sum === null || value === null ? null : sum + value),
    values.length === 0 ? null : 0,
  );
}
