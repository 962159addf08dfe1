import 'server-only';
import { monthOf } from '@/lib/core/budget/month.ts';
import { chooseNeonPlans, chooseRedisPlans, redisPlanKind, redisPlanOf } from '@/lib/core/budget/plans.ts';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { PlanChoice } from '@/lib/core/model/budget.ts';
import { NEON_PLANS } from '@/lib/core/neon/limits.ts';
import { alignDown, DAY_MS, HOUR_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import type { FactQuestion } from '../engine/facts/fact-reader.ts';
import { LATE_RATE_MS, readRates } from '../engine/facts/limits-rates.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import type { Runtime } from '../runtime.ts';
import { isBilledRedis, type PriceList } from './budget-billing.ts';
import { commandCounter, computeCounter, isCalendarMonth, trafficPace } from './budget-bills.ts';
import { readPace } from './budget-history.ts';
import { latestFresh } from './budget-levels.ts';
import { remember } from './remember.ts';

const BUSIEST = { name: 'budget busiest', most: 20 };
const BUSIEST_DAYS = 7;

/** What each plan would cost at the rate of now, over the calendar month that runs. */
export async function readPlans(
  runtime: Runtime,
  question: FactQuestion,
  prices: PriceList,
  nowMs: number,
): Promise<readonly PlanChoice[]> {
  const { days } = monthOf(nowMs);
  const [redis, neon] = await Promise.all([
    readRedisPlans(runtime, question, prices, days, nowMs),
    readNeonPlans(runtime, question, prices, days, nowMs),
  ]);
  return [...redis, ...neon];
}

async function readRedisPlans(
  runtime: Runtime,
  question: FactQuestion,
  prices: PriceList,
  daysInMonth: number,
  nowMs: number,
): Promise<readonly PlanChoice[]> {
  const upstash = question.statuses.find(({ target }) => target.kind === 'upstash');
  const perMonth = monthly(daysInMonth);
  if (upstash === undefined) {
    const redis = question.statuses.find(isBilledRedis);
    if (redis === undefined) return [];
    const rates = await readRates(question, 'redis_commands_processed_total', 'redis');
    return chooseRedisPlans(
      {
        now: redisPlanOf({
          kind: redis.target.kind === 'redis' ? redis.target.plan : null,
          diskLimitBytes: null,
        }),
        commandsPerMonth: perMonth(rates(redis.id, nowMs)),
        storageBytes: latestFresh(runtime, redis, 'redis_memory_used_bytes', {}),
        bandwidthBytesPerMonth: null,
        mostCommandsPerSecond: null,
        readRegions: 0,
        writesShare: null,
        daysInMonth,
      },
      prices,
    );
  }
  const [requests, writes, bytes, most] = await Promise.all([
    readRates(question, 'upstash_month_requests_total', 'upstash'),
    readRates(question, 'upstash_month_write_requests_total', 'upstash'),
    readRates(question, 'upstash_month_bandwidth_bytes_total', 'upstash'),
    readBusiest(runtime, upstash, nowMs),
  ]);
  const { id } = upstash;
  const counted = requests(id, nowMs);
  const written = writes(id, nowMs);
  const pace = await readPace(runtime, commandCounter(id), counted, nowMs);
  const moved = latestFresh(runtime, upstash, 'upstash_month_bandwidth_bytes_total', {});
  return chooseRedisPlans(
    {
      now: redisPlanOf({
        kind: redisPlanKind(upstash.facts.plan),
        diskLimitBytes: latestFresh(runtime, upstash, 'upstash_disk_limit_bytes', {}),
      }),
      commandsPerMonth: perMonth(pace.perSecond),
      storageBytes: latestFresh(runtime, upstash, 'upstash_storage_bytes', {}),
      bandwidthBytesPerMonth: perMonth(trafficPace(bytes(id, nowMs), moved, nowMs).perSecond),
      mostCommandsPerSecond: most,
      readRegions: (upstash.facts.readRegions ?? '').split(',').filter((one) => one.trim() !== '').length,
      writesShare: counted === null || written === null || counted <= 0 ? null : written / counted,
      daysInMonth,
    },
    prices,
  );
}

function monthly(daysInMonth: number): (perSecond: number | null) => number | null {
  return (perSecond) => (perSecond === null ? null : (perSecond * daysInMonth * DAY_MS) / SECOND_MS);
}

/** The busiest sampled moment of a week, commands per second; null where none was. */
function readBusiest(runtime: Runtime, { id }: TargetStatus, nowMs: number): Promise<number | null> {
  const hour = alignDown(nowMs, HOUR_MS);
  const metric: MetricName = 'upstash_commands_per_second';
  return remember(runtime, BUSIEST, `${id} ${hour}`, HOUR_MS, async () => {
    const range = { startMs: hour - BUSIEST_DAYS * DAY_MS, endMs: hour + HOUR_MS };
    const found = await runtime.store.readBuckets({ metric, targetIds: [id] }, range, HOUR_MS);
    const highs = found.flatMap(({ buckets }) => buckets.flatMap((bucket) => bucket?.max ?? []));
    return highs.length === 0 ? null : highs.reduce((most, one) => Math.max(most, one));
  });
}

async function readNeonPlans(
  runtime: Runtime,
  question: FactQuestion,
  prices: PriceList,
  daysInMonth: number,
  nowMs: number,
): Promise<readonly PlanChoice[]> {
  const neon = question.statuses.find(({ target }) => target.kind === 'neon');
  if (neon === undefined) return [];
  const [compute, transfer] = await Promise.all([
    readRates(question, 'neon_compute_unit_seconds_total', 'neon', LATE_RATE_MS),
    readRates(question, 'neon_transfer_bytes_total', 'neon', LATE_RATE_MS),
  ]);
  const perMonth = monthly(daysInMonth);
  const pace = await readPace(runtime, computeCounter(neon.id), compute(neon.id, nowMs), nowMs);
  const moved = isCalendarMonth(neon, nowMs)
    ? latestFresh(runtime, neon, 'neon_transfer_bytes_total', {})
    : null;
  const names = Object.keys(NEON_PLANS) as (keyof typeof NEON_PLANS)[];
  return chooseNeonPlans(
    {
      now: names.find((id) => NEON_PLANS[id].name === neon.facts.plan) ?? null,
      computeUnitSecondsPerMonth: perMonth(pace.perSecond),
      storageBytes: latestFresh(runtime, neon, 'neon_storage_bytes', {}),
      transferBytesPerMonth: perMonth(trafficPace(transfer(neon.id, nowMs), moved, nowMs).perSecond),
      daysInMonth,
    },
    prices,
  );
}
