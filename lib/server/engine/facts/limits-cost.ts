import 'server-only';
import type { CostFact, KnownCost } from '@/lib/core/alerts/facts/limits.ts';
import { amountUsd, usdPerDay } from '@/lib/core/budget/costs.ts';
import { effectivePrices, type PriceTable } from '@/lib/core/budget/effective-prices.ts';
import { monthOf } from '@/lib/core/budget/month.ts';
import { PAYG_FREE_STORAGE_BYTES, REDIS_PLANS } from '@/lib/core/budget/plan-table.ts';
import type { Price } from '@/lib/core/budget/prices.ts';
import { commandPrice } from '@/lib/core/budget/source-price.ts';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import { NEON_PLANS } from '@/lib/core/neon/limits.ts';
import { DAY_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import { formatMoney } from '@/lib/core/units/money.ts';
import type { TargetStatus } from '../../poller/target-poller.ts';
import type { FactQuestion } from './fact-reader.ts';
import { readFresh } from './limits-fresh.ts';
import { periodEndMs, renewsMs } from './limits-quotas.ts';
import { LATE_RATE_MS, RATE_MS, readMonths, readRates } from './limits-rates.ts';

/** A month is judged by the mean of a day: at noon it would look dearer than it will be. */
const MONTH_RATE_MS = DAY_MS;

/** Something that is paid by use, in dollars; null where it is not known now. */
interface Part {
  what: string;
  day: (atMs: number) => number | null;
  month: (atMs: number) => number | null;
}

/** What everything that is paid by use costs, at list prices or the team’s own; null where nothing is. */
export async function readCost(question: FactQuestion): Promise<(atMs: number) => CostFact | null> {
  const prices = effectivePrices(question.deps.config.prices ?? {});
  const parts = (
    await Promise.all([
      upstashParts(question, prices),
      redisParts(question, prices),
      neonParts(question, prices),
    ])
  ).flat();
  if (parts.length === 0) return () => null;
  return (atMs) => ({ day: addUp(parts, 'day', atMs), month: addUp(parts, 'month', atMs) });
}

function addUp(parts: readonly Part[], of: 'day' | 'month', atMs: number): KnownCost | null {
  const known = parts.flatMap(({ what, [of]: tell }) => {
    const usd = tell(atMs);
    return usd === null ? [] : [{ what, usd }];
  });
  const [most] = known.toSorted((a, b) => b.usd - a.usd);
  if (most === undefined) return null;
  return {
    usd: known.reduce((sum, { usd }) => sum + usd, 0),
    isWhole: known.length === parts.length,
    most: `${most.what}, ${formatMoney(most.usd)}`,
  };
}

/** What is counted, with the rates that a day and a month go by. */
interface Counted {
  what: string;
  price: Price;
  perSecond: (atMs: number) => number | null;
  perSecondOfDay: (atMs: number) => number | null;
  /** Of the calendar month. */
  soFar: (atMs: number) => number | null;
  /** So much of a month is not paid for. */
  free: number;
}

function countedPart({ what, price, perSecond, perSecondOfDay, soFar, free }: Counted): Part {
  return {
    what,
    day: (atMs) => {
      if (free === 0) return usdPerDay(perSecond(atMs), price);
      const [used, rate] = [soFar(atMs), perSecond(atMs)];
      return used === null || rate === null ? null : used < free ? 0 : usdPerDay(rate, price);
    },
    month: (atMs) => {
      const [used, rate] = [soFar(atMs), perSecondOfDay(atMs)];
      if (used === null || rate === null) return null;
      const all = used + (rate * (monthOf(atMs).endMs - atMs)) / SECOND_MS;
      return amountUsd(Math.max(0, all - free), price);
    },
  };
}

/** Storage is paid by the month for what is held. */
function heldPart(what: string, price: Price, free: number, bytes: (atMs: number) => number | null): Part {
  const month = (atMs: number) => {
    const held = bytes(atMs);
    return amountUsd(held === null ? null : Math.max(0, held - free), price);
  };
  return {
    what,
    month,
    day: (atMs) => {
      const usd = month(atMs);
      return usd === null ? null : usd / monthOf(atMs).days;
    },
  };
}

/** What the provider itself counts. */
async function upstashParts(question: FactQuestion, prices: PriceTable): Promise<Part[]> {
  const paid = question.statuses.filter(
    ({ target, facts }) => target.kind === 'upstash' && facts.plan === 'pay as you go',
  );
  if (paid.length === 0) return [];
  const rates = (metric: MetricName, windowMs: number) => readRates(question, metric, 'upstash', windowMs);
  const [requests, requestsOfDay, bytes, bytesOfDay, fresh] = await Promise.all([
    rates('upstash_month_requests_total', RATE_MS),
    rates('upstash_month_requests_total', MONTH_RATE_MS),
    rates('upstash_month_bandwidth_bytes_total', RATE_MS),
    rates('upstash_month_bandwidth_bytes_total', MONTH_RATE_MS),
    readFresh(question, 'upstash', [
      'upstash_month_requests_used',
      'upstash_month_bandwidth_bytes_total',
      'upstash_storage_bytes',
    ]),
  ]);
  return paid.flatMap(({ id }) => [
    countedPart({
      what: 'Redis commands',
      price: prices.upstash_command,
      perSecond: (atMs) => requests(id, atMs),
      perSecondOfDay: (atMs) => requestsOfDay(id, atMs),
      soFar: (atMs) => fresh(id, 'upstash_month_requests_used', atMs),
      free: 0,
    }),
    countedPart({
      what: 'Redis traffic',
      price: prices.upstash_bandwidth,
      perSecond: (atMs) => bytes(id, atMs),
      perSecondOfDay: (atMs) => bytesOfDay(id, atMs),
      soFar: (atMs) => fresh(id, 'upstash_month_bandwidth_bytes_total', atMs),
      free: REDIS_PLANS.payg.bandwidthBytes,
    }),
    heldPart('Redis storage', prices.upstash_storage, PAYG_FREE_STORAGE_BYTES, (atMs) =>
      fresh(id, 'upstash_storage_bytes', atMs),
    ),
  ]);
}

/** Commands as Redis counts them, where no provider does. */
async function redisParts(question: FactQuestion, prices: PriceTable): Promise<Part[]> {
  if (question.statuses.some(({ target }) => target.kind === 'upstash')) return [];
  const billed = question.statuses.filter(isBilledRedis);
  if (billed.length === 0) return [];
  const metric = 'redis_commands_processed_total' as const;
  const [rates, ofDay, soFar] = await Promise.all([
    readRates(question, metric, 'redis'),
    readRates(question, metric, 'redis', MONTH_RATE_MS),
    readMonths(question, metric, 'redis'),
  ]);
  return billed.map(({ id }) =>
    countedPart({
      what: 'Redis commands',
      price: prices.upstash_command,
      perSecond: (atMs) => rates(id, atMs),
      perSecondOfDay: (atMs) => ofDay(id, atMs),
      soFar: (atMs) => soFar(id, atMs),
      free: 0,
    }),
  );
}

function isBilledRedis({ target, facts }: TargetStatus): boolean {
  if (target.kind !== 'redis' || target.plan === 'fixed' || target.metered === false) return false;
  const host = target.address.replace(/:\d+$/, '');
  return commandPrice({ host, flavour: facts.flavour ?? null }) !== null;
}

async function neonParts(question: FactQuestion, prices: PriceTable): Promise<Part[]> {
  const paid = question.statuses.flatMap((status) => {
    const price = status.target.kind === 'neon' ? computePrice(status, prices) : null;
    return price === null ? [] : [{ id: status.id, price, endMs: periodEndMs(status) }];
  });
  if (paid.length === 0) return [];
  const [COMPUTE, TRANSFER] = ['neon_compute_unit_seconds_total', 'neon_transfer_bytes_total'] as const;
  const rates = (metric: MetricName, windowMs: number) => readRates(question, metric, 'neon', windowMs);
  const [compute, computeOfDay, moved, movedOfDay, fresh] = await Promise.all([
    rates(COMPUTE, LATE_RATE_MS),
    rates(COMPUTE, MONTH_RATE_MS),
    rates(TRANSFER, LATE_RATE_MS),
    rates(TRANSFER, MONTH_RATE_MS),
    readFresh(question, 'neon', [COMPUTE, TRANSFER, 'neon_storage_bytes']),
  ]);
  return paid.flatMap(({ id, price, endMs }) => {
    // What was used in a billing period is what was used in a month only where both are the same.
    const used = (metric: typeof COMPUTE | typeof TRANSFER) => (atMs: number) =>
      renewsMs(endMs, atMs) === monthOf(atMs).endMs ? fresh(id, metric, atMs) : null;
    return [
      countedPart({
        what: 'Neon compute',
        price,
        perSecond: (atMs) => compute(id, atMs),
        perSecondOfDay: (atMs) => computeOfDay(id, atMs),
        soFar: used(COMPUTE),
        free: 0,
      }),
      countedPart({
        what: 'Neon traffic',
        price: prices.neon_egress,
        perSecond: (atMs) => moved(id, atMs),
        perSecondOfDay: (atMs) => movedOfDay(id, atMs),
        soFar: used(TRANSFER),
        free: NEON_PLANS.launch.transferBytesIncluded ?? 0,
      }),
      heldPart('Neon storage', prices.neon_storage, 0, (atMs) => fresh(id, 'neon_storage_bytes', atMs)),
    ];
  });
}

function computePrice({ facts }: TargetStatus, prices: PriceTable): Price | null {
  if (facts.plan === NEON_PLANS.launch.name) return prices.neon_compute_launch;
  return facts.plan === NEON_PLANS.scale.name ? prices.neon_compute_scale : null;
}
