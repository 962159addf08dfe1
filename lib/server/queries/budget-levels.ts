import 'server-only';
import type { Bucket } from '@/lib/core/metrics/blocks.ts';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { Labels } from '@/lib/core/model/sample.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import {
  alignDown,
  alignUp,
  BLOCK_MS,
  DAY_MS,
  HOUR_MS,
  SECOND_MS,
  type TimeRange,
} from '@/lib/core/time/range.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import type { Runtime } from '../runtime.ts';
import type { BucketSeries, SeriesInfo } from '../store/store.ts';
import { remember } from './remember.ts';

/** A level counts while it is of the latest visits; what is not told any more is not so any more. */
const FRESH_INTERVALS = 3;
/** A rate is told once this share of the last hour is covered. */
const LEAST_COVER = 0.5;
const OVER = { name: 'budget month', most: 60 };
const FIRST = { name: 'budget month, its first hour', most: 60 };

/** The newest value of one series of a source; null where it does not tell it any more, or the source is silent. */
export function latestFresh(
  { store }: Runtime,
  { id, history, state }: TargetStatus,
  metric: MetricName,
  labels: Labels,
): number | null {
  if (history.lastOkAtMs === null || (state !== 'ok' && state !== 'stale' && state !== 'asleep')) return null;
  const found = store
    .latest({ metric, labels, targetIds: [id] })
    .reduce<{ atMs: number; value: number } | null>(
      (newest, one) => (newest === null || one.atMs > newest.atMs ? one : newest),
      null,
    );
  if (found === null) return null;
  return found.atMs >= history.lastOkAtMs - FRESH_INTERVALS * history.intervalMs ? found.value : null;
}

/** What was counted of one group. */
export interface Counted {
  key: string;
  /** Mean of the last hour; null where less than half of it is covered. */
  perSecond: number | null;
  /** Since the month began; null where it was not watched from its first hour on. */
  soFar: number | null;
}

export interface CountQuestion {
  metric: MetricName;
  targetIds: readonly TargetId[];
  keyOf: (series: SeriesInfo) => string;
}

/** Counts by group: the rate of the last hour, and the sum of the calendar month so far. */
export async function readCounted(
  runtime: Runtime,
  question: CountQuestion,
  monthStartMs: number,
  nowMs: number,
): Promise<Counted[]> {
  const { metric, targetIds, keyOf } = question;
  if (targetIds.length === 0) return [];
  const lately = { startMs: alignDown(nowMs, BLOCK_MS) - HOUR_MS, endMs: alignUp(nowMs, BLOCK_MS) };
  const today = alignDown(nowMs, DAY_MS);
  const read = (range: TimeRange, stepMs: number) =>
    range.endMs > range.startMs ? runtime.store.readBuckets({ metric, targetIds }, range, stepMs) : [];
  const over = { startMs: monthStartMs, endMs: today };
  const firstHour = {
    startMs: monthStartMs,
    endMs: Math.min(monthStartMs + HOUR_MS, alignUp(nowMs, BLOCK_MS)),
  };
  const key = JSON.stringify([metric, targetIds, monthStartMs, today]);
  const sumOf = async (range: TimeRange, stepMs: number) =>
    sumUp(await read(range, stepMs), keyOf, (bucket) => bucket.increase + bucket.gapIncrease);
  const wasCounted = async (range: TimeRange) =>
    (await read(range, BLOCK_MS)).some(({ buckets }) =>
      buckets.some((bucket) => (bucket?.coveredMs ?? 0) > 0),
    );
  const [recent, isWhole, before, since] = await Promise.all([
    read(lately, BLOCK_MS),
    remember(runtime, FIRST, JSON.stringify([metric, targetIds, firstHour]), HOUR_MS, () =>
      wasCounted(firstHour),
    ),
    remember(runtime, OVER, key, HOUR_MS, () => sumOf(over, DAY_MS)),
    sumOf({ startMs: today, endMs: alignUp(nowMs, BLOCK_MS) }, BLOCK_MS),
  ]);
  const events = sumUp(recent, keyOf, (bucket) => bucket.increase);
  const coveredMs = unionOf(recent);
  const isCovered = coveredMs >= LEAST_COVER * HOUR_MS;
  const keys = new Set([...events.keys(), ...before.keys(), ...since.keys()]);
  return [...keys].map((one) => ({
    key: one,
    perSecond: isCovered ? ((events.get(one) ?? 0) * SECOND_MS) / coveredMs : null,
    soFar: isWhole ? (before.get(one) ?? 0) + (since.get(one) ?? 0) : null,
  }));
}

function sumUp(
  found: readonly BucketSeries[],
  keyOf: (series: SeriesInfo) => string,
  eventsOf: (bucket: Bucket) => number,
): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { series, buckets } of found) {
    const key = keyOf(series);
    const sum = buckets.reduce((all, one) => all + (one === null ? 0 : eventsOf(one)), 0);
    sums.set(key, (sums.get(key) ?? 0) + sum);
  }
  return sums;
}

/** Time in which anybody counted, ms: a machine that took over from another one must not count beside it. */
function unionOf(found: readonly BucketSeries[]): number {
  const most: number[] = [];
  for (const { buckets } of found) {
    for (const [i, bucket] of buckets.entries()) most[i] = Math.max(most[i] ?? 0, bucket?.coveredMs ?? 0);
  }
  return most.reduce((sum, ms) => sum + ms, 0);
}
