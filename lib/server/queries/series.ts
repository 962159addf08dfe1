import 'server-only';
import { type Bucket, bucketRate, bucketStarts } from '@/lib/core/metrics/blocks.ts';
import type { MetricEntry } from '@/lib/core/metrics/catalogue/entry.ts';
import { CATALOGUE, findMetric } from '@/lib/core/metrics/catalogue/index.ts';
import { isExactStatus } from '@/lib/core/metrics/derived/formulas.ts';
import { DERIVED, findDerived } from '@/lib/core/metrics/derived/index.ts';
import type { Labels, Quality } from '@/lib/core/model/sample.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import type { ChartAs, GapView, Point } from '@/lib/core/model/view.ts';
import { trimUnvisited } from '@/lib/core/series/combine.ts';
import { familyFlow, matchesLabels } from '@/lib/core/series/family-sum.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import { suggest } from '../config/suggest.ts';
import type { Runtime } from '../runtime.ts';
import type { BucketSeries } from '../store/store.ts';
import { readDerived } from './derived.ts';
import { readGaps, toGapViews } from './gaps.ts';

/** What `/api/query` answers at most for one series. */
export const MOST_POINTS = 11_000;
const MOST_SERIES = 1_000;

export interface SeriesQuestion {
  metric: string;
  labels: Labels;
  /** Only targets of this app, environment or id. */
  app?: string;
  environment?: string;
  target?: string;
  as: ChartAs;
  range: TimeRange;
  stepMs: number;
}

export interface SeriesAnswer {
  unit: string;
  as: ChartAs;
  stepMs: number;
  series: {
    labels: Labels;
    target: TargetId;
    quality: Quality;
    points: readonly Point[];
    partial: boolean;
  }[];
  gaps: (GapView & { target: TargetId })[];
}

export type SeriesFault =
  | { code: 'not_found'; message: string; suggestions: readonly string[] }
  | { code: 'bad_input'; message: string };

/** Buckets of every series of a metric; the open bucket is last and flagged partial. */
export async function readSeries(
  runtime: Runtime,
  question: SeriesQuestion,
): Promise<SeriesAnswer | SeriesFault> {
  const entry = findMetric(question.metric);
  if (entry === null) return readOther(runtime, question);
  const fault = checkPoints(question) ?? checkKind(entry, question);
  if (fault !== null) return { code: 'bad_input', message: fault };

  const { store } = runtime;
  const { range, stepMs, labels } = question;
  const targetIds = targetsOf(runtime, question);
  const starts = bucketStarts(range, stepMs);
  const asked = entry.absentIsZero ? {} : labels;
  const found = await store.readBuckets({ metric: question.metric, labels: asked, targetIds }, range, stepMs);
  const matching = found.filter(({ series }) => matchesLabels(series.labels, labels));
  if (matching.length > MOST_SERIES) {
    return {
      code: 'bad_input',
      message: `${matching.length} series match; ask for at most ${MOST_SERIES} by labels`,
    };
  }
  const lines = matching.map((one) => toLine(runtime, one, question, starts));
  const absent = entry.absentIsZero ? zeroLines(runtime, found, matching, question, starts) : [];
  const asking = [
    ...new Set([...matching.map(({ series }) => series.targetId), ...absent.map(({ target }) => target)]),
  ];
  const silences = await readGaps(runtime, asking, range, stepMs, runtime.clock.wallMs());
  const gaps = asking.flatMap((target) =>
    toGapViews(
      silences.filter((gap) => gap.targetId === target),
      1,
    ).map((gap) => ({ ...gap, target })),
  );
  return { unit: entry.unit, as: question.as, stepMs, series: [...lines, ...absent], gaps };
}

/** A metric that is not kept but worked out from others, or none at all. */
async function readOther(runtime: Runtime, question: SeriesQuestion): Promise<SeriesAnswer | SeriesFault> {
  const derived = findDerived(question.metric);
  if (derived === null) return unknownMetric(question.metric);
  const fault = checkPoints(question);
  if (fault !== null) return { code: 'bad_input', message: fault };
  return readDerived(runtime, derived, question, targetsOf(runtime, question));
}

function unknownMetric(name: string): SeriesFault {
  const suggestions = suggest(name, [...Object.keys(CATALOGUE), ...Object.keys(DERIVED)]);
  return {
    code: 'not_found',
    message: `no metric is called ${JSON.stringify(name.slice(0, 80))}`,
    suggestions,
  };
}

function checkPoints({ range, stepMs }: SeriesQuestion): string | null {
  const points = Math.ceil((range.endMs - range.startMs) / stepMs);
  return points > MOST_POINTS
    ? `that is ${points} points a series; ask for at most ${MOST_POINTS} by a longer step`
    : null;
}

function checkKind(entry: MetricEntry, { metric, as }: SeriesQuestion): string | null {
  return entry.kind === 'gauge' && as !== 'value' ? `${metric} is a gauge: ask for as=value` : null;
}

function targetsOf(runtime: Runtime, question: SeriesQuestion): TargetId[] {
  return runtime.config.targets
    .map((target) => ({ target, id: `${target.app}/${target.environment}/${target.kind}/${target.name}` }))
    .filter(({ target, id }) =>
      question.target === undefined ? inScope(target, question) : id === question.target,
    )
    .map(({ id }) => id);
}

function inScope(target: { app: string; environment: string }, question: SeriesQuestion): boolean {
  return (
    (question.app === undefined || target.app === question.app) &&
    (question.environment === undefined || target.environment === question.environment)
  );
}

function toLine(
  runtime: Runtime,
  one: BucketSeries,
  question: SeriesQuestion,
  starts: readonly number[],
): SeriesAnswer['series'][number] {
  const points = starts.map(
    (startMs, i): Point => [startMs, bucketValue(one.buckets[i] ?? null, question.as, question.stepMs)],
  );
  return finish(runtime, one.series.targetId, one.series.labels, one.series.quality, points, question);
}

function bucketValue(bucket: Bucket | null, as: ChartAs, stepMs: number): number | null {
  if (bucket === null) return null;
  switch (as) {
    case 'rate':
      return bucketRate(bucket, stepMs);
    case 'increase':
      return bucket.coveredMs > 0 || bucket.gapIncrease > 0 ? bucket.increase + bucket.gapIncrease : null;
    case 'value':
      return bucket.mean ?? bucket.last;
    default:
      return as satisfies never;
  }
}

/** A labelled series that never had an event, on targets whose family was counted: a measured zero. */
function zeroLines(
  runtime: Runtime,
  found: readonly BucketSeries[],
  matching: readonly BucketSeries[],
  question: SeriesQuestion,
  starts: readonly number[],
): SeriesAnswer['series'] {
  if (question.as === 'value' || Object.keys(question.labels).length === 0) return [];
  const have = new Set(matching.map(({ series }) => series.targetId));
  const families = new Map<TargetId, BucketSeries[]>();
  for (const one of found) {
    if (have.has(one.series.targetId)) continue;
    families.set(one.series.targetId, [...(families.get(one.series.targetId) ?? []), one]);
  }
  return [...families].flatMap(([target, list]) => {
    const family = list.map(({ series, buckets }) => ({ labels: series.labels, buckets }));
    if (isHiddenByClass(question.labels.status, family)) return [];
    const flow = familyFlow(family, question.labels, true, starts.length);
    const points = starts.map((startMs, i): Point => {
      const bucket = flow[i] ?? null;
      if (bucket === null || bucket.coveredMs < question.stepMs / 2) return [startMs, null];
      return [startMs, 0];
    });
    return finish(runtime, target, question.labels, 'measured', points, question);
  });
}

/** Where statuses are told by class only, a missing 429 is no 0: it may be among the 4xx. */
function isHiddenByClass(status: string | undefined, family: readonly { labels: Labels }[]): boolean {
  return isExactStatus(status) && !family.some(({ labels }) => isExactStatus(labels.status));
}

function finish(
  runtime: Runtime,
  target: TargetId,
  labels: Labels,
  quality: Quality,
  all: readonly Point[],
  { range, stepMs }: SeriesQuestion,
): SeriesAnswer['series'][number] {
  const lastOkMs = runtime.poller.status(target, range.endMs)?.history.lastOkAtMs ?? null;
  const points = trimUnvisited(all, lastOkMs);
  const lastStart = points.at(-1)?.[0];
  return {
    labels,
    target,
    quality,
    points,
    partial: lastStart !== undefined && lastStart + stepMs > range.endMs,
  };
}
