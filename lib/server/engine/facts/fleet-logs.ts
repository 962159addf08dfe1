import 'server-only';
import type { QuietLogFact } from '@/lib/core/alerts/facts/fleet.ts';
import { alignDown, alignUp, BLOCK_MS, DAY_MS, MINUTE_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import type { BucketSeries } from '../../store/store.ts';
import type { FactQuestion } from './fact-reader.ts';
import { isFresh, readLevels, tellersOf } from './fleet-levels.ts';
import { readVisited } from './fleet-visits.ts';
import { minutely } from './minutely.ts';

const METRIC = 'logs_last_line_age_seconds' as const;
/** A shorter silence is no news, however busy the stream is. */
const LEAST_MS = 10 * MINUTE_MS;
/** So many times longer silent than ever in the day before. */
const TIMES = 3;
/** So far back is read: after two days of silence nothing tells any more what was usual. */
const LEAD_MS = 3 * DAY_MS;
const DAY_BLOCKS = DAY_MS / BLOCK_MS;
/** Less of the day before tells nothing of what is usual. */
const LEAST_BLOCKS = 72;

/** Streams of log lines that have fallen silent, by the longest silence of the day before this one. */
export async function readQuietLogs(
  question: FactQuestion,
): Promise<(atMs: number) => readonly QuietLogFact[]> {
  const targetIds = tellersOf(question, METRIC, ['logs']);
  if (targetIds.length === 0) return () => [];
  const { deps, times } = question;
  const fromMs = alignDown(times.startMs - LEAD_MS, BLOCK_MS);
  const range = { startMs: fromMs, endMs: alignUp(times.endMs, BLOCK_MS) };
  const [visited, ages, blocks] = await Promise.all([
    readVisited(question),
    readLevels(question, METRIC, ['logs']),
    minutely(question, `quiet logs ${targetIds.join(' ')}`, () =>
      deps.store.readBuckets({ metric: METRIC, targetIds }, range, BLOCK_MS),
    ),
  ]);
  return (atMs) => {
    const sources = new Map(visited(atMs).map((one) => [one.id, one]));
    return ages(atMs).flatMap((level): QuietLogFact[] => {
      const ageMs = level.value * SECOND_MS;
      const own = blocks.find(({ series }) => series.targetId === level.targetId);
      if (!isFresh(level, sources.get(level.targetId)) || own === undefined || ageMs < LEAST_MS) return [];
      const usualMs = usualSilenceMs(own, (level.atMs - ageMs - fromMs) / BLOCK_MS);
      return usualMs !== null && ageMs < TIMES * usualMs ? [] : [{ id: level.targetId, ageMs, usualMs }];
    });
  };
}

/** The longest silence in the day before the last line; null where too little of it is known. */
function usualSilenceMs({ buckets }: BucketSeries, end: number): number | null {
  const last = Math.max(0, Math.floor(end));
  const ages = buckets.slice(Math.max(0, last - DAY_BLOCKS), last).flatMap((bucket) => bucket?.max ?? []);
  return ages.length < LEAST_BLOCKS ? null : Math.max(...ages) * SECOND_MS;
}
