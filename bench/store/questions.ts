import { bucketRate, bucketStarts } from '@/lib/core/metrics/blocks.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import type { Store } from '@/lib/server/store/store.ts';
import { COUNTER, GAUGE, METRICS, REDIS_ID } from './synthetic.ts';

/** 288 points over 24 h: answered from 5-minute blocks. */
export const BLOCK_STEP_MS = 300_000;
/** 300 points over 24 h: no multiple of a block, so that it is answered from samples. */
export const SAMPLE_STEP_MS = 288_000;
export const QUESTIONS = ['q1', 'q2', 'q2 raw', 'q3'] as const;
export type Question = (typeof QUESTIONS)[number];

export type Level = [atMs: number, min: number | null, mean: number | null, max: number | null];
export type Rate = [atMs: number, perSecond: number | null];
export interface Newest {
  metric: string;
  target: string;
  labels: Readonly<Record<string, string>>;
  atMs: number;
  value: number;
}

/** One series over the range, as least, mean and greatest value of each bucket. */
export async function askLevel(store: Store, range: TimeRange): Promise<Level[]> {
  const [one] = await store.readBuckets({ metric: GAUGE, targetIds: [REDIS_ID] }, range, BLOCK_STEP_MS);
  return bucketStarts(range, BLOCK_STEP_MS).map((atMs, i) => {
    const bucket = one?.buckets[i] ?? null;
    return [atMs, bucket?.min ?? null, bucket?.mean ?? null, bucket?.max ?? null];
  });
}

/** The rates of 36 counters, summed. */
export async function askRate(store: Store, range: TimeRange, stepMs: number): Promise<Rate[]> {
  const starts = bucketStarts(range, stepMs);
  const sums = new Float64Array(starts.length).fill(Number.NaN);
  await store.scanBuckets({ metric: COUNTER, targetIds: [REDIS_ID] }, range, stepMs, (_series, columns) => {
    for (let i = 0; i < columns.length; i++) {
      const bucket = { increase: columns.increase[i] ?? 0, coveredMs: columns.coveredMs[i] ?? 0 };
      const rate = bucketRate(bucket, stepMs);
      const at = columns.first + i;
      const known = sums[at] ?? Number.NaN;
      if (rate !== null) sums[at] = Number.isNaN(known) ? rate : known + rate;
    }
  });
  return starts.map((atMs, i) => {
    const sum = sums[i] ?? Number.NaN;
    return [atMs, Number.isNaN(sum) ? null : sum];
  });
}

/** The newest sample of every series. */
export function askNewest(store: Store): Newest[] {
  return METRICS.flatMap((metric) =>
    store.latest({ metric }).map(({ series, atMs, value }) => ({
      metric,
      target: series.targetId,
      labels: series.labels,
      atMs,
      value,
    })),
  );
}

export function ask(store: Store, question: Question, range: TimeRange): Promise<unknown> {
  switch (question) {
    case 'q1':
      return askLevel(store, range);
    case 'q2':
      return askRate(store, range, BLOCK_STEP_MS);
    case 'q2 raw':
      return askRate(store, range, SAMPLE_STEP_MS);
    case 'q3':
      return Promise.resolve(askNewest(store));
    default:
      return question satisfies never;
  }
}
