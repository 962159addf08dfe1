import 'server-only';
import type { UseHistory } from '@/lib/core/budget/forecast/hours.ts';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { Quality } from '@/lib/core/model/sample.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import { alignDown, BLOCK_MS, DAY_MS, HOUR_MS, SECOND_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import type { Runtime } from '../runtime.ts';
import type { BucketSeries } from '../store/store.ts';
import { historyRevision } from './history.ts';
import { remember } from './remember.ts';

/** A forecast looks back so far at most. */
const REACH_MS = 30 * DAY_MS;
/** Days that are over change only when a provider’s memory is filled in. */
const OVER = { name: 'budget history', most: 60 };

/** The counter that a limit is used up by, and a second one whose memory stands in where the first was not watched yet. */
export interface UseCounter {
  targetId: TargetId;
  metric: MetricName;
  /** Backfilled only; its series are added up. Null where the provider remembers the first one, or nothing. */
  memory: MetricName | null;
  /** Units of the limit for one of the counter: dollars for a command. */
  scale: number;
}

/** What a counter counted in each 5 minutes of the last 30 days, up to the last whole ones; null where nobody knows. */
export async function readUseHistory(
  runtime: Runtime,
  counter: UseCounter,
  nowMs: number,
): Promise<UseHistory> {
  const today = alignDown(nowMs, DAY_MS);
  const over = { startMs: today - REACH_MS, endMs: today };
  // What was read before the provider’s memory came must not stand for an hour after it did.
  const key = JSON.stringify([counter, today, historyRevision(runtime)]);
  const [before, since] = await Promise.all([
    remember(runtime, OVER, key, HOUR_MS, () => readSteps(runtime, counter, over)),
    readSteps(runtime, counter, { startMs: today, endMs: alignDown(nowMs, BLOCK_MS) }),
  ]);
  return { startMs: over.startMs, stepMs: BLOCK_MS, increments: [...before, ...since] };
}

/** A rate of now, with how well it is known. */
export interface Pace {
  perSecond: number | null;
  quality: Quality;
  /** What stands in for the last hour; null where that was measured, or nothing is known. */
  why: string | null;
}

/** A rate out of a history, with the stretch that it is the mean of; null for nothing. */
export interface RememberedPace extends Pace {
  overMs: number | null;
}

/** Over so long a rate is told by what the provider remembers, the shortest first. */
const REMEMBERED_MS = [HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS, DAY_MS];
const LEAST_COVER = 0.5;

/** The rate as it was measured; where too little was, as the provider remembers the time before, if it does. */
export async function readPace(
  runtime: Runtime,
  counter: UseCounter,
  measured: number | null,
  nowMs: number,
): Promise<Pace> {
  if (measured !== null) return { perSecond: measured, quality: 'measured', why: null };
  return paceOf(await readUseHistory(runtime, counter, nowMs));
}

/** The mean of the shortest stretch up to now of which half is known; nothing where less than that is of a whole day. */
export function paceOf({ stepMs, increments }: UseHistory): RememberedPace {
  for (const overMs of REMEMBERED_MS) {
    const known = increments.slice(-overMs / stepMs).filter((step) => step !== null);
    if ((known.length * stepMs) / overMs < LEAST_COVER) continue;
    const sum = known.reduce((all, step) => all + step, 0);
    return {
      perSecond: (sum * SECOND_MS) / (known.length * stepMs),
      overMs,
      quality: 'inferred',
      why: `at the mean of the last ${formatDuration(overMs)}, as the provider remembers it`,
    };
  }
  return { perSecond: null, overMs: null, quality: 'unavailable', why: null };
}

/** Several uses of one limit together, and what runs evenly beside them; null where one of them is not known. */
export function addHistories(
  first: UseHistory,
  others: readonly UseHistory[],
  evenPerSecond: number,
): UseHistory {
  const even = (evenPerSecond * first.stepMs) / SECOND_MS;
  const increments = first.increments.map((_, i) =>
    [first, ...others].reduce<number | null>((sum, one) => {
      const step = one.increments[i] ?? null;
      return sum === null || step === null ? null : sum + step;
    }, even),
  );
  return { ...first, increments };
}

async function readSteps(
  { store }: Runtime,
  { targetId, metric, memory, scale }: UseCounter,
  range: TimeRange,
): Promise<readonly (number | null)[]> {
  const length = Math.max(0, Math.round((range.endMs - range.startMs) / BLOCK_MS));
  if (length === 0) return [];
  const targetIds = [targetId];
  const [measured, remembered, others] = await Promise.all([
    store.readBuckets({ metric, targetIds }, range, BLOCK_MS),
    store.readHistory({ metric, targetIds }, range, BLOCK_MS),
    memory === null ? [] : store.readHistory({ metric: memory, targetIds }, range, BLOCK_MS),
  ]);
  const lines = [measured, remembered, others].map((found) => addUp(found, length));
  return Array.from({ length }, (_, i) => {
    const value = lines.find((line) => line[i] != null)?.[i] ?? null;
    return value === null ? null : value * scale;
  });
}

/** All series of a counter together; a part of a step that is covered stands for the whole of it. */
function addUp(found: readonly BucketSeries[], length: number): (number | null)[] {
  return Array.from({ length }, (_, i) => {
    const known = found.flatMap(({ buckets }) => buckets[i] ?? []);
    const covered = known.filter(({ coveredMs }) => coveredMs >= BLOCK_MS / 2);
    if (covered.length > 0)
      return covered.reduce((sum, { increase, coveredMs }) => sum + (increase * BLOCK_MS) / coveredMs, 0);
    return null;
  });
}
