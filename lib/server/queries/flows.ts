import 'server-only';
import { findMetric, type MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { Labels, Quality } from '@/lib/core/model/sample.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import { type FamilySeries, type Flow, familyFlow, matchesLabels } from '@/lib/core/series/combine.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import type { BucketSeries, Store } from '../store/store.ts';

export interface Selection {
  metric: MetricName;
  labels: Labels;
  targetIds: readonly TargetId[];
}

export interface Flows {
  /** One for each target that has ever given this metric. */
  byTarget: ReadonlyMap<TargetId, Flow>;
  quality: Quality;
}

/** Flows of one metric, target by target, on the aligned grid of `range`. */
export async function readFlows(
  store: Store,
  selection: Selection,
  range: TimeRange,
  starts: readonly number[],
  stepMs: number,
): Promise<Flows> {
  const { metric, labels, targetIds } = selection;
  const absentIsZero = findMetric(metric)?.absentIsZero ?? false;
  // With `absentIsZero` the whole family is needed: its cover is what makes a missing series a zero.
  const asked = absentIsZero ? {} : labels;
  const found = await store.readBuckets({ metric, labels: asked, targetIds }, range, stepMs);
  const byTarget = new Map<TargetId, Flow>();
  for (const [id, list] of groupByTarget(found)) {
    const family: FamilySeries[] = list.map(({ series, buckets }) => ({ labels: series.labels, buckets }));
    byTarget.set(id, familyFlow(family, labels, absentIsZero, starts.length));
  }
  return { byTarget, quality: qualityOf(found, labels) };
}

function groupByTarget(found: readonly BucketSeries[]): Map<TargetId, BucketSeries[]> {
  const groups = new Map<TargetId, BucketSeries[]>();
  for (const one of found) {
    const list = groups.get(one.series.targetId);
    if (list === undefined) groups.set(one.series.targetId, [one]);
    else list.push(one);
  }
  return groups;
}

/** As good as the worst part of it. */
function qualityOf(found: readonly BucketSeries[], labels: Labels): Quality {
  if (found.length === 0) return 'unavailable';
  const matching = found.filter(({ series }) => matchesLabels(series.labels, labels));
  return matching.some(({ series }) => series.quality === 'inferred') ? 'inferred' : 'measured';
}
