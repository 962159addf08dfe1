import 'server-only';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import { eldestSeries } from '../../queries/eldest-series.ts';
import type { FactQuestion } from './fact-reader.ts';
import { tellersOf } from './fleet-levels.ts';

/** Starts are counted over so long. */
export const RESTARTS_MS = 10 * MINUTE_MS;
/** A deploy that is still rolling brings starts up to this long after it began. */
const ROLLS_MS = 30 * MINUTE_MS;
/** A process may be replaced a little before its deploy is seen, and is read a little after it began. */
const SLACK_MS = 2 * MINUTE_MS;
/** Any counter shows a restart; the first one that a machine has is asked. */
const COUNTERS = [
  'app_cpu_seconds_total',
  'http_responses_total',
  'app_redis_commands_total',
  'app_db_queries_total',
] as const satisfies readonly MetricName[];

/** Starts of one machine's process around the asked times, oldest first. */
export type Starts = ReadonlyMap<TargetId, readonly number[]>;

/** Reads once when the processes of the machines began. A machine without any counter is not among them. */
export async function readStarts(question: FactQuestion): Promise<Starts> {
  const { deps, times } = question;
  const range = { startMs: times.startMs - RESTARTS_MS, endMs: times.endMs + 1 };
  const starts = new Map<TargetId, number[]>();
  for (const metric of COUNTERS) {
    const targetIds = tellersOf(question, metric, ['app']).filter((id) => !starts.has(id));
    if (targetIds.length === 0) continue;
    for (const { selector, ids } of eldestSeries(deps.store, { metric, targetIds })) {
      const owners = new Map(deps.store.findSeries(selector).map(({ id, targetId }) => [id, targetId]));
      for (const id of selector.targetIds ?? []) starts.set(id, []);
      for (const { seriesId, atMs } of await deps.store.readResets(selector, range)) {
        const owner = owners.get(seriesId);
        if (owner !== undefined && ids.has(seriesId)) starts.get(owner)?.push(atMs);
      }
    }
  }
  for (const list of starts.values()) list.sort((a, b) => a - b);
  return starts;
}

/** A deploy as far as it explains starts. */
export interface Roll {
  startMs: number;
  /** Null while it rolls. */
  endMs: number | null;
}

/** Starts in the ten minutes before `atMs` that no deploy brought: each deploy explains one start of each machine. */
export function unexplainedStarts(starts: readonly number[], rolls: readonly Roll[], atMs: number): number {
  const left = starts.filter((startMs) => startMs > atMs - RESTARTS_MS && startMs <= atMs);
  for (const { startMs, endMs } of rolls) {
    if (startMs > atMs) continue;
    const untilMs = (endMs ?? startMs + ROLLS_MS) + SLACK_MS;
    const own = left.findIndex((one) => one >= startMs - SLACK_MS && one <= untilMs);
    if (own !== -1) left.splice(own, 1);
  }
  return left.length;
}
