import 'server-only';
import { bucketStarts } from '@/lib/core/metrics/blocks.ts';
import {
  type DerivedEntry,
  type DerivedLine,
  evaluateDerived,
  type InputSeries,
  inputsOf,
} from '@/lib/core/metrics/derived/index.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import type { Point } from '@/lib/core/model/view.ts';
import { trimUnvisited } from '@/lib/core/series/combine.ts';
import { matchesLabels } from '@/lib/core/series/family-sum.ts';
import type { Runtime } from '../runtime.ts';
import { readGaps, toGapViews } from './gaps.ts';
import { readRestarts } from './restarts.ts';
import type { SeriesAnswer, SeriesFault, SeriesQuestion } from './series.ts';

/** A histogram of many machines is many series for one line; more than this is not worked out in one request. */
const MOST_INPUTS = 5_000;
const MOST_LINES = 1_000;

/**
 * A metric that is worked out from others, a line for each machine or database or one for each app. `target` of a line
 * over all of an app is `app/environment`.
 */
export async function readDerived(
  runtime: Runtime,
  entry: DerivedEntry,
  question: SeriesQuestion,
  targetIds: readonly TargetId[],
): Promise<SeriesAnswer | SeriesFault> {
  if (question.as !== 'value') {
    return { code: 'bad_input', message: `${question.metric} is worked out from others: ask for as=value` };
  }
  const { range, stepMs } = question;
  const starts = bucketStarts(range, stepMs);
  const asked = inputsOf(entry);
  const count = asked.reduce(
    (all, metric) => all + runtime.store.findSeries({ metric, targetIds }).length,
    0,
  );
  if (count > MOST_INPUTS) {
    return {
      code: 'bad_input',
      message: `that needs ${count} series; ask for one target, or at most ${MOST_INPUTS} by app and environment`,
    };
  }
  const inputs = await Promise.all(
    asked.map(async (metric): Promise<InputSeries[]> => {
      const found = await runtime.store.readBuckets({ metric, targetIds }, range, stepMs);
      return found.map(({ series, buckets }) => ({
        metric,
        labels: series.labels,
        targetId: series.targetId,
        quality: series.quality,
        buckets,
      }));
    }),
  );
  const restarts =
    entry.compute.kind === 'restarts'
      ? await readRestarts(runtime, entry.compute.metric, targetIds, range)
      : [];
  const marks = [...restarts].flatMap(([targetId, times]) => times.map((atMs) => ({ targetId, atMs })));
  const lines = evaluateDerived(entry, inputs.flat(), { starts, stepMs }, marks).filter(({ labels }) =>
    matchesLabels(labels, question.labels),
  );
  if (lines.length > MOST_LINES) {
    return {
      code: 'bad_input',
      message: `${lines.length} series match; ask for at most ${MOST_LINES} by labels`,
    };
  }
  const owners = [...new Set(lines.flatMap((line) => line.targetIds))];
  const silences = await readGaps(runtime, owners, range, stepMs, runtime.clock.wallMs());
  const gaps = owners.flatMap((target) =>
    toGapViews(
      silences.filter((gap) => gap.targetId === target),
      1,
    ).map((gap) => ({ ...gap, target })),
  );
  return {
    unit: entry.unit,
    as: 'value',
    stepMs,
    series: lines.map((line) => toSeries(runtime, line, question, starts)),
    gaps,
  };
}

function toSeries(
  runtime: Runtime,
  { labels, owner, targetIds, quality, values }: DerivedLine,
  { range, stepMs }: SeriesQuestion,
  starts: readonly number[],
): SeriesAnswer['series'][number] {
  const all = starts.map((startMs, i): Point => [startMs, values[i] ?? null]);
  const visits = targetIds.flatMap((id) => runtime.poller.status(id, range.endMs)?.history.lastOkAtMs ?? []);
  const points = trimUnvisited(all, visits.length === 0 ? null : Math.max(...visits));
  const lastStart = points.at(-1)?.[0];
  return {
    labels,
    target: owner,
    quality,
    points,
    partial: lastStart !== undefined && lastStart + stepMs > range.endMs,
  };
}
