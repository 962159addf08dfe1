import 'server-only';
import { bucketStarts } from '@/lib/core/metrics/blocks.ts';
import { findMetric, type MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { Labels, Quality } from '@/lib/core/model/sample.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import { FamilySum, FLOW_WIDTH, type Flow, flowOf, matchesLabels } from '@/lib/core/series/family-sum.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import type { Reading } from '../runtime.ts';
import type { SeriesInfo, SeriesSelector } from '../store/store.ts';
import { type Columns, readByDays } from './by-days.ts';
import type { Grid } from './grid.ts';

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

/** Flows of one metric, target by target, on a grid. Days that are over are kept at hand. */
export function readFlows(runtime: Reading, selection: Selection, grid: Grid): Promise<Flows> {
  return flowsByDays(runtime, selection, grid, false);
}

/** The same for a range that is asked for again and again with the same start: its settled hours are kept as well. */
export function readFlowsSince(runtime: Reading, selection: Selection, grid: Grid): Promise<Flows> {
  return flowsByDays(runtime, selection, grid, true);
}

function flowsByDays(
  runtime: Reading,
  selection: Selection,
  grid: Grid,
  hasFixedStart: boolean,
): Promise<Flows> {
  return flowsOf(runtime, selection, grid, (asked, read) =>
    readByDays(runtime, grid.range, {
      key: JSON.stringify(['flows', asked, selection.labels]),
      width: FLOW_WIDTH,
      stepMs: grid.stepMs,
      hasFixedStart,
      read,
    }),
  );
}

/** The same, for a reader who keeps the outcome itself. */
export function readFlowsOnce(runtime: Reading, selection: Selection, grid: Grid): Promise<Flows> {
  return flowsOf(runtime, selection, grid, (_asked, read) => read(grid.range));
}

async function flowsOf(
  runtime: Reading,
  { metric, labels, targetIds }: Selection,
  grid: Grid,
  readAll: (asked: SeriesSelector, read: (range: TimeRange) => Promise<Columns>) => Promise<Columns>,
): Promise<Flows> {
  const absentIsZero = findMetric(metric)?.absentIsZero ?? false;
  // With `absentIsZero` the whole family is needed: its cover is what makes a missing series a zero.
  const asked = { metric, labels: absentIsZero ? {} : labels, targetIds };
  const columns = await readAll(asked, (range) =>
    readColumns(runtime, asked, labels, absentIsZero, range, grid.stepMs),
  );
  const series = runtime.store.findSeries(asked);
  const ids = new Set(series.map(({ targetId }) => targetId));
  return {
    byTarget: new Map([...ids].map((id) => [id, flowOf(columns.get(id) ?? null, grid.starts.length)])),
    quality: qualityOf(series, labels),
  };
}

async function readColumns(
  runtime: Reading,
  asked: SeriesSelector,
  labels: Labels,
  absentIsZero: boolean,
  range: TimeRange,
  stepMs: number,
): Promise<Columns> {
  const { length } = bucketStarts(range, stepMs);
  const sums = new Map<TargetId, FamilySum>();
  await runtime.store.scanBuckets(asked, range, stepMs, (series, columns) => {
    const sum = sums.get(series.targetId) ?? new FamilySum(labels, absentIsZero, length);
    sums.set(series.targetId, sum);
    sum.add(series.labels, columns, columns.first);
  });
  return new Map([...sums].map(([id, sum]) => [id, sum.columns()] as const).filter(isKnown));
}

function isKnown(
  entry: readonly [TargetId, Float64Array | null],
): entry is readonly [TargetId, Float64Array] {
  return entry[1] !== null;
}

/** As good as the worst part of it. */
function qualityOf(series: readonly SeriesInfo[], labels: Labels): Quality {
  if (series.length === 0) return 'unavailable';
  const matching = series.filter((one) => matchesLabels(one.labels, labels));
  return matching.some(({ quality }) => quality === 'inferred') ? 'inferred' : 'measured';
}
