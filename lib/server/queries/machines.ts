import 'server-only';
import type { Labels } from '@/lib/core/model/sample.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import type { MachineView } from '@/lib/core/model/view.ts';
import { DAY_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import type { Runtime } from '../runtime.ts';
import type { BucketSeries } from '../store/store.ts';
import { machineMode } from './mode.ts';
import { readRestarts } from './restarts.ts';
import { unlessAway } from './unless-away.ts';

/** Traffic of a machine is the mean of its last five minutes. */
const TRAFFIC_MS = 5 * MINUTE_MS;
/** One row a machine. */
export async function readMachines(
  runtime: Runtime,
  statuses: readonly TargetStatus[],
  nowMs: number,
): Promise<MachineView[]> {
  const machines = statuses.filter(({ target }) => target.kind === 'app');
  const targetIds = machines.map(({ id }) => id);
  if (targetIds.length === 0) return [];
  const latelyMs = { startMs: nowMs - TRAFFIC_MS, endMs: nowMs };
  const read = (metric: string, labels: Labels) =>
    runtime.store.readBuckets({ metric, labels, targetIds }, latelyMs, MINUTE_MS);
  const [traffic, gets, restarts] = await Promise.all([
    read('http_responses_total', {}),
    read('app_redis_commands_total', { cmd: 'get' }),
    unlessAway(
      readRestarts(runtime, 'http_responses_total', targetIds, { startMs: nowMs - DAY_MS, endMs: nowMs }),
      null,
    ),
  ]);
  const newest = (metric: string) => {
    const byTarget = new Map(
      runtime.store.latest({ metric, targetIds }).map((sample) => [sample.series.targetId, sample.value]),
    );
    return (id: TargetId): number | null => byTarget.get(id) ?? null;
  };
  const startedSecondsOf = newest('app_process_start_time_seconds');
  const cacheBytesOf = newest('app_local_cache_bytes');
  const cacheMaxBytesOf = newest('app_local_cache_max_bytes');
  return machines.map((status) => {
    const { id, target, facts, state, notices } = status;
    const rateOf = (found: readonly BucketSeries[]) =>
      meanRate(found.filter((one) => one.series.targetId === id).flatMap(({ buckets }) => buckets));
    const requestsPerSecond = rateOf(traffic);
    const startedSeconds = startedSecondsOf(id);
    const cacheBytes = cacheBytesOf(id);
    return {
      id,
      name: target.name,
      region: facts.region ?? null,
      version: facts.version ?? null,
      state,
      health: toHealth(facts.health),
      mode: machineMode(runtime, target, target.name),
      restarts24h: restarts?.get(id)?.length ?? null,
      requestsPerSecond,
      localCache: cacheBytes === null ? null : { usedBytes: cacheBytes, maxBytes: cacheMaxBytesOf(id) },
      getsPerRequest: perRequest(rateOf(gets), requestsPerSecond),
      startedAtMs: startedSeconds === null ? null : startedSeconds * 1000,
      notices: notices.map(({ text }) => text),
    };
  });
}

/** Null without traffic: nothing can be said per request then. */
function perRequest(perSecond: number | null, requestsPerSecond: number | null): number | null {
  return perSecond === null || requestsPerSecond === null || requestsPerSecond === 0
    ? null
    : perSecond / requestsPerSecond;
}

function toHealth(word: string | undefined): MachineView['health'] {
  switch (word) {
    case 'passing':
    case 'warning':
    case 'failing':
      return word;
    default:
      return 'unknown';
  }
}

function meanRate(
  buckets: readonly ({ startMs: number; increase: number; coveredMs: number } | null)[],
): number | null {
  const coverOfMinute = new Map<number, number>();
  let increase = 0;
  for (const bucket of buckets) {
    if (bucket === null) continue;
    increase += bucket.increase;
    coverOfMinute.set(bucket.startMs, Math.max(coverOfMinute.get(bucket.startMs) ?? 0, bucket.coveredMs));
  }
  const coveredMs = [...coverOfMinute.values()].reduce((sum, ms) => sum + ms, 0);
  return coveredMs === 0 ? null : (increase * 1000) / coveredMs;
}
