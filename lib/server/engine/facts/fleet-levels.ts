import 'server-only';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { Labels } from '@/lib/core/model/sample.ts';
import type { SourceKind, TargetId } from '@/lib/core/model/target.ts';
import { alignDown, alignUp, HOUR_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import type { BucketSeries } from '../../store/store.ts';
import type { FactQuestion } from './fact-reader.ts';
import type { Visited } from './fleet-visits.ts';

/** The newest value of a gauge at one time. */
export interface Level {
  targetId: TargetId;
  labels: Labels;
  value: number;
  atMs: number;
}

export const STEP_MS = 15 * SECOND_MS;
/** In the past, values from so long before a time on are looked through. */
const LEAD_MS = HOUR_MS;
/** A value counts while it is of the latest visits; what is not told any more is not so any more. */
const FRESH_INTERVALS = 2;

/** Targets of the scope that have ever given a metric, of the given kinds; in the past also those that are gone. */
export function tellersOf(
  { deps, scope, statuses, isPast }: FactQuestion,
  metric: MetricName,
  kinds: readonly SourceKind[],
): TargetId[] {
  const watched = new Set(statuses.map(({ id }) => id));
  const isAsked = (id: TargetId): boolean =>
    kinds.some((kind) => id.startsWith(`${scope.app}/${scope.environment}/${kind}/`)) &&
    (isPast || watched.has(id));
  const ids = deps.store.findSeries({ metric }).map(({ targetId }) => targetId);
  return [...new Set(ids)].filter(isAsked);
}

/** Tells for any asked time the newest value of each series of a gauge, however old it was then. */
export async function readLevels(
  question: FactQuestion,
  metric: MetricName,
  kinds: readonly SourceKind[],
): Promise<(atMs: number) => readonly Level[]> {
  const targetIds = tellersOf(question, metric, kinds);
  if (targetIds.length === 0) return () => [];
  const { store } = question.deps;
  if (!question.isPast) {
    const now = store
      .latest({ metric, targetIds })
      .map(({ series: { targetId, labels }, value, atMs }) => ({ targetId, labels, value, atMs }));
    return () => now;
  }
  const startMs = alignDown(question.times.startMs - LEAD_MS, STEP_MS);
  const range = { startMs, endMs: alignUp(question.times.endMs, STEP_MS) };
  const lines = (await store.readBuckets({ metric, targetIds }, range, STEP_MS)).map(toLine);
  return (atMs) => lines.flatMap((line) => levelAt(line, startMs, atMs) ?? []);
}

interface Line {
  targetId: TargetId;
  labels: Labels;
  buckets: BucketSeries['buckets'];
  /** For each place the latest one at or before it that holds a sample; −1 before the first. */
  latest: Int32Array;
}

function toLine({ series: { targetId, labels }, buckets }: BucketSeries): Line {
  const latest = new Int32Array(buckets.length);
  let at = -1;
  for (const [i, bucket] of buckets.entries()) {
    if (bucket !== null && bucket.last !== null) at = i;
    latest[i] = at;
  }
  return { targetId, labels, buckets, latest };
}

/** Only buckets that were over at `atMs` were known whole. */
function levelAt({ targetId, labels, buckets, latest }: Line, startMs: number, atMs: number): Level | null {
  const last = Math.min(Math.floor((atMs - startMs) / STEP_MS), buckets.length) - 1;
  const at = last < 0 ? -1 : (latest[last] ?? -1);
  const value = buckets[at]?.last ?? null;
  return value === null ? null : { targetId, labels, value, atMs: startMs + at * STEP_MS };
}

/** True while a level is of the latest visits of its target, and that answers. */
export function isFresh({ atMs }: Pick<Level, 'atMs'>, visited: Visited | undefined): boolean {
  if (visited === undefined || visited.lastOkMs === null) return false;
  if (visited.state !== 'ok' && visited.state !== 'stale') return false;
  return atMs >= alignDown(visited.lastOkMs - FRESH_INTERVALS * visited.intervalMs, STEP_MS);
}
