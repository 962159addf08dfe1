import 'server-only';
import type { VainStretch } from '@/lib/core/incidents/incident-facts.ts';
import { type Scope, type TargetId, targetId } from '@/lib/core/model/target.ts';
import { chooseStepMs, MINUTE_MS, overlapMs, type TimeRange } from '@/lib/core/time/range.ts';
import { finestStepMs, gridOf } from '../queries/grid.ts';
import { targetsOf } from '../queries/scope.ts';
import type { Runtime } from '../runtime.ts';

/** Minutes of a day and a half; a longer range is looked at in wider steps. */
const MOST_STEPS = 2_160;
/** Looks without an answer between two that agree belong to the same stretch. */
const MOST_HOLE_MS = 5 * MINUTE_MS;

/** Times in which machines were asked to suspend Redis and used it all the same. */
export interface Vain {
  /** Oldest first. */
  stretches: readonly VainStretch[];
  wrongMs: number;
  /** Time in which at least one machine told both. */
  coveredMs: number;
}

/** From what each machine tells of its settings and of its switch; null where none tells both. */
export async function readVain(
  runtime: Pick<Runtime, 'config' | 'store' | 'clock' | 'poller' | 'modes'>,
  scope: Scope,
  range: TimeRange,
  nowMs: number,
): Promise<Vain | null> {
  const machines = targetsOf(runtime, scope, 'app');
  const names = new Map(machines.map((target) => [targetId(target), target.name]));
  const targetIds = [...names.keys()];
  const read = { targetIds, names, range, nowMs };
  if (targetIds.length === 0) return null;
  const tells = (metric: string) => runtime.store.findSeries({ metric, targetIds }).length > 0;
  if (!tells('app_redis_suspend_asked') || !tells('app_redis_suspended')) return null;
  return readFrom(runtime, read);
}

interface Read {
  targetIds: readonly TargetId[];
  names: ReadonlyMap<TargetId, string>;
  range: TimeRange;
  nowMs: number;
}

async function readFrom(
  { store, config }: Pick<Runtime, 'store' | 'config'>,
  { targetIds, names, range, nowMs }: Read,
): Promise<Vain> {
  const finestMs = Math.max(MINUTE_MS, finestStepMs(config.retention, range.startMs, nowMs));
  const grid = gridOf(range, chooseStepMs(range, MOST_STEPS, finestMs));
  const [asked, suspended] = await Promise.all(
    ['app_redis_suspend_asked', 'app_redis_suspended'].map(async (metric) => {
      const told = await store.readBuckets({ metric, targetIds }, range, grid.stepMs);
      return new Map(told.map(({ series, buckets }) => [series.targetId, buckets]));
    }),
  );
  const lastOf = (told: typeof asked, id: TargetId, i: number) => told?.get(id)?.[i]?.last ?? null;
  const stretches: { startMs: number; endMs: number; machines: Set<string> }[] = [];
  let coveredMs = 0;
  let wrongMs = 0;
  for (const [i, startMs] of grid.starts.entries()) {
    const endMs = startMs + grid.stepMs;
    const told = targetIds.map((id) => ({
      name: names.get(id) ?? '',
      asked: lastOf(asked, id, i),
      suspended: lastOf(suspended, id, i),
    }));
    if (!told.some((one) => one.asked !== null && one.suspended !== null)) continue;
    const insideMs = overlapMs({ startMs, endMs: Math.min(endMs, nowMs) }, range);
    coveredMs += insideMs;
    const wrong = told.filter((one) => (one.asked ?? 0) > 0 && one.suspended === 0).map(({ name }) => name);
    if (wrong.length === 0) continue;
    wrongMs += insideMs;
    const last = stretches.at(-1);
    if (last !== undefined && startMs - last.endMs <= MOST_HOLE_MS) {
      last.endMs = endMs;
      for (const name of wrong) last.machines.add(name);
    } else stretches.push({ startMs, endMs, machines: new Set(wrong) });
  }
  return {
    coveredMs,
    wrongMs,
    stretches: stretches.map(({ startMs, endMs, machines }) => ({
      startMs,
      endMs: endMs >= nowMs ? null : endMs,
      machines: [...machines].sort(),
    })),
  };
}
