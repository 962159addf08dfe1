import 'server-only';
import { forecastLimit } from '@/lib/core/budget/forecast/forecast-limit.ts';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { EndForecast } from '@/lib/core/model/budget.ts';
import type { SourceKind, TargetId } from '@/lib/core/model/target.ts';
import { alignDown, DAY_MS, HOUR_MS, MINUTE_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { keep, recall, remember } from '../../queries/remember.ts';
import type { BucketSeries } from '../../store/store.ts';
import type { FactQuestion } from './fact-reader.ts';
import { tellersOf } from './fleet-levels.ts';

/** A forecast looks back so far at most. */
const REACH_MS = 30 * DAY_MS;
/** What ends in hours is told anew once in so long: between two, only what is used moves on. */
const ANEW_MS = 15 * MINUTE_MS;
const MEMORY = { name: 'quota forecasts', most: 200 };
const HOURS = { name: 'quota hours', most: 40 };
/** An hour of which less is covered is a gap. */
const LEAST_COVER = 0.5;

/** A counter that quotas are used up by. */
export interface QuotaCounter {
  kind: SourceKind;
  metric: MetricName;
  /** Backfilled only; it stands in where the first one was not watched yet. Null where nobody remembers. */
  memory: MetricName | null;
}

/** One quota at one time. */
export interface QuotaAsked {
  id: string;
  targetId: TargetId;
  metric: MetricName;
  used: number;
  limit: number;
  /** Of the last hour. */
  perSecond: number | null;
  renewsMs: number | null;
}

/** Tells when a quota ends by what its counter counted in the 30 days before; null where it cannot be told. */
export async function readForecasts(
  question: FactQuestion,
  counters: readonly QuotaCounter[],
): Promise<(asked: QuotaAsked, atMs: number) => EndForecast | null> {
  const histories = new Map(
    await Promise.all(
      counters.map(async (counter) => [counter.metric, await readHours(question, counter)] as const),
    ),
  );
  const steps = question.deps.deploys?.listNow(question.scope) ?? [];
  const isKnown = (createdMs: number, atMs: number) => !question.isPast || createdMs <= atMs;
  return memorised(question, ({ targetId, metric, used, limit, perSecond, renewsMs }, atMs) => {
    const hours = histories.get(metric)?.(targetId, atMs) ?? null;
    if (hours === null) return null;
    return forecastLimit({
      ...{ used, allowed: limit, nowMs: atMs, renewsMs, perSecond },
      history: { startMs: alignDown(atMs, HOUR_MS) - REACH_MS, stepMs: HOUR_MS, increments: hours },
      steps: steps.flatMap(({ startMs, createdMs }) =>
        startMs <= atMs && startMs > atMs - REACH_MS && isKnown(createdMs, atMs) ? [startMs] : [],
      ),
    }).forecast;
  });
}

/** What a counter counted in each whole hour of the 30 days before `atMs`, oldest first; null where nobody knows. */
type Hours = (targetId: TargetId, atMs: number) => readonly (number | null)[] | null;

async function readHours(question: FactQuestion, { kind, metric, memory }: QuotaCounter): Promise<Hours> {
  const targetIds = tellersOf(question, metric, [kind]);
  if (targetIds.length === 0) return () => null;
  const { store } = question.deps;
  const range = {
    startMs: alignDown(question.times.startMs, HOUR_MS) - REACH_MS,
    endMs: alignDown(question.times.endMs, HOUR_MS),
  };
  const read = async () =>
    Promise.all([
      store.readBuckets({ metric, targetIds }, range, HOUR_MS),
      store.readHistory({ metric, targetIds }, range, HOUR_MS),
      memory === null ? [] : store.readHistory({ metric: memory, targetIds }, range, HOUR_MS),
    ]);
  const key = JSON.stringify([metric, targetIds, range.endMs]);
  const [measured, remembered, others] = question.isPast
    ? await read()
    : await remember(question.deps, HOURS, key, ANEW_MS, read);
  const lines = new Map(
    targetIds.map((id) => [id, firstKnown([measured, remembered, others], id, range)] as const),
  );
  return (targetId, atMs) => {
    const end = (alignDown(atMs, HOUR_MS) - range.startMs) / HOUR_MS;
    return lines.get(targetId)?.slice(Math.max(0, end - REACH_MS / HOUR_MS), end) ?? null;
  };
}

/** Of each hour the first telling that knows it; all series of a counter are added up. */
function firstKnown(
  tellings: readonly (readonly BucketSeries[])[],
  targetId: TargetId,
  { startMs, endMs }: TimeRange,
): (number | null)[] {
  const own = tellings.map((found) => found.filter(({ series }) => series.targetId === targetId));
  return Array.from({ length: Math.round((endMs - startMs) / HOUR_MS) }, (_, i) => {
    for (const found of own) {
      const known = found
        .flatMap(({ buckets }) => buckets[i] ?? [])
        .filter(({ coveredMs }) => coveredMs >= LEAST_COVER * HOUR_MS);
      if (known.length > 0)
        return known.reduce((sum, { increase, coveredMs }) => sum + (increase * HOUR_MS) / coveredMs, 0);
    }
    return null;
  });
}

type Tell = (asked: QuotaAsked, atMs: number) => EndForecast | null;

/** The first look of each quarter of an hour tells for all of it, live and in the past alike. */
function memorised({ deps, scope, isPast }: FactQuestion, tell: Tell): Tell {
  const walked = new Map<string, EndForecast | null>();
  return (asked, atMs) => {
    const key = JSON.stringify([scope.app, scope.environment, asked.id, alignDown(atMs, ANEW_MS)]);
    const known = isPast ? walked.get(key) : recall<EndForecast | null>(deps, MEMORY, key);
    if (known !== undefined) return known;
    const told = tell(asked, atMs);
    if (isPast) walked.set(key, told);
    else keep(deps, MEMORY, key, told, ANEW_MS);
    return told;
  };
}
