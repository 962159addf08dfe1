import 'server-only';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { Labels } from '@/lib/core/model/sample.ts';
import type { SourceKind, TargetId } from '@/lib/core/model/target.ts';
import { alignDown, alignUp, type TimeRange } from '@/lib/core/time/range.ts';
import type { BucketSeries } from '../../store/store.ts';
import type { FactQuestion } from './fact-reader.ts';
import { STEP_MS, tellersOf } from './fleet-levels.ts';
import { readVisited } from './fleet-visits.ts';

/** What one series counted over a stretch. */
export interface Sum {
  targetId: TargetId;
  labels: Labels;
  increase: number;
  /** Of the stretch, ms; 0: nothing is known. */
  coveredMs: number;
}

export interface SumQuestion {
  metric: MetricName;
  labels?: Labels;
  kinds: readonly SourceKind[];
  /** The longest stretch that will be asked for, before any of the times. */
  leadMs: number;
  /** 15 s unless said: whole blocks for what is looked at over hours. */
  stepMs?: number;
}

/** What each series counted over a stretch that ends at `atMs` or before, as far as it was known then. */
export type Sums = (stretch: TimeRange, atMs: number) => readonly Sum[];

/** Reads a counter once for all asked times. */
export async function readSums(
  question: FactQuestion,
  { metric, labels = {}, kinds, leadMs, stepMs = STEP_MS }: SumQuestion,
): Promise<Sums> {
  const targetIds = tellersOf(question, metric, kinds);
  if (targetIds.length === 0) return () => [];
  const { startMs, endMs } = question.times;
  const fromMs = alignDown(startMs - leadMs, stepMs);
  const range = { startMs: fromMs, endMs: alignUp(endMs, stepMs) };
  const [found, visited] = await Promise.all([
    question.deps.store.readBuckets({ metric, labels, targetIds }, range, stepMs),
    readVisited(question),
  ]);
  return (stretch, atMs) => {
    // What was counted since the latest visit is told by the next one: of the past that was not known yet.
    const lasts = new Map(
      question.isPast ? visited(atMs).map(({ id, lastOkMs }) => [id, lastOkMs ?? 0]) : [],
    );
    return found.map(({ series, buckets }) => {
      const knownMs = question.isPast ? alignDown(lasts.get(series.targetId) ?? 0, stepMs) : stretch.endMs;
      const first = Math.max(0, (stretch.startMs - fromMs) / stepMs);
      const end = (Math.min(stretch.endMs, knownMs) - fromMs) / stepMs;
      return { targetId: series.targetId, labels: series.labels, ...sumOf(buckets, first, end) };
    });
  };
}

function sumOf(
  buckets: BucketSeries['buckets'],
  first: number,
  end: number,
): Pick<Sum, 'increase' | 'coveredMs'> {
  let increase = 0;
  let coveredMs = 0;
  for (let i = first; i < Math.min(end, buckets.length); i += 1) {
    increase += buckets[i]?.increase ?? 0;
    coveredMs += buckets[i]?.coveredMs ?? 0;
  }
  return { increase, coveredMs };
}

/** The stretch before `atMs` on the grid: up to the bucket of now in a live look, and whole buckets in the past. */
export function stretchBefore(
  atMs: number,
  lengthMs: number,
  { isPast }: Pick<FactQuestion, 'isPast'>,
  stepMs: number = STEP_MS,
): TimeRange {
  const endMs = isPast ? alignDown(atMs, stepMs) : alignUp(atMs, stepMs);
  return { startMs: endMs - lengthMs, endMs };
}
