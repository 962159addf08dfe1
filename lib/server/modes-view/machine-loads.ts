import 'server-only';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import { type TargetId, targetId } from '@/lib/core/model/target.ts';
import type { MachineLoad } from '@/lib/core/modes/machine-consequences.ts';
import type { NowAndBefore } from '@/lib/core/modes/told.ts';
import { ratioOf } from '@/lib/core/series/level.ts';
import { BLOCK_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { targetsOf } from '../queries/scope.ts';
import type { Runtime } from '../runtime.ts';
import { flowsIn, isCovered, type LoadQuestion, type Windows } from './load-flows.ts';

const NOTHING: NowAndBefore = { now: null, before: null };

/** Cache and memory of each machine, now and before. */
export async function readMachineLoads(question: LoadQuestion, windows: Windows): Promise<MachineLoad[]> {
  const { runtime, scope, machines, nowMs } = question;
  const targets = targetsOf(runtime, scope, 'app');
  const idOf = new Map(targets.map((target) => [target.name, targetId(target)]));
  const targetIds = [...idOf.values()];
  const newest = (metric: MetricName) =>
    new Map(
      runtime.store
        .latest({ metric, targetIds })
        .filter(({ series, atMs }) => isFresh(runtime, series.targetId, atMs, nowMs))
        .map(({ series, value }) => [series.targetId, value]),
    );
  const [bytes, maxBytes, entries, memory] = [
    newest('app_local_cache_bytes'),
    newest('app_local_cache_max_bytes'),
    newest('app_local_cache_entries'),
    newest('app_resident_memory_bytes'),
  ];
  const [hits, was] = await Promise.all([
    readLocalHits(question, windows),
    readMemoryBefore(runtime, targetIds, windows.before),
  ]);
  return machines.map(({ name, mode }) => {
    const id = idOf.get(name) ?? '';
    const size = bytes.get(id);
    return {
      ...{ name, mode },
      localCache:
        size === undefined
          ? null
          : { bytes: size, maxBytes: maxBytes.get(id) ?? null, entries: entries.get(id) ?? null },
      localHits: hits.get(id) ?? NOTHING,
      memoryBytes: { now: memory.get(id) ?? null, before: was.get(id) ?? null },
    };
  });
}

/** A number of a machine that is silent is not one of now. */
function isFresh({ poller }: Runtime, id: TargetId, atMs: number, nowMs: number): boolean {
  const status = poller.status(id, nowMs);
  return status !== null && status.state === 'ok' && nowMs - atMs <= 3 * status.history.intervalMs;
}

async function readLocalHits(
  question: LoadQuestion,
  { now, before }: Windows,
): Promise<ReadonlyMap<TargetId, NowAndBefore>> {
  const ratiosIn = async (range: TimeRange | null) => {
    const [hits, misses] = await Promise.all([
      flowsIn(question, 'app_local_cache_hits_total', {}, range),
      flowsIn(question, 'app_local_cache_misses_total', {}, range),
    ]);
    return new Map(
      [...hits].map(([id, hit]) => {
        const miss = misses.get(id) ?? [];
        return [id, isCovered(hit) && isCovered(miss) ? ratioOf(hit, miss) : null];
      }),
    );
  };
  const nows = await ratiosIn(now);
  const befores = await Promise.all(before.map(ratiosIn));
  const beforeOf = (id: TargetId) =>
    befores.map((ratios) => ratios.get(id) ?? null).find((one) => one !== null);
  return new Map([...nows].map(([id, ratio]) => [id, { now: ratio, before: beforeOf(id) ?? null }]));
}

async function readMemoryBefore(
  { store }: Runtime,
  targetIds: readonly TargetId[],
  ranges: readonly TimeRange[],
): Promise<ReadonlyMap<TargetId, number>> {
  const before = new Map<TargetId, number>();
  for (const range of targetIds.length === 0 ? [] : ranges) {
    const selector = { metric: 'app_resident_memory_bytes', targetIds };
    for (const { series, buckets } of await store.readBuckets(selector, range, BLOCK_MS)) {
      const means = buckets.flatMap((bucket) => bucket?.mean ?? []);
      if (means.length === 0 || before.has(series.targetId)) continue;
      before.set(series.targetId, means.reduce((sum, mean) => sum + mean, 0) / means.length);
    }
  }
  return before;
}
