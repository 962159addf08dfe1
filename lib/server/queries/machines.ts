import 'server-only';
import type { MachineView } from '@/lib/core/model/view.ts';
import { DAY_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import type { Runtime } from '../runtime.ts';
import { readRestarts } from './restarts.ts';

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
  const selector = { metric: 'http_responses_total', targetIds };
  const [traffic, restarts] = await Promise.all([
    runtime.store.readBuckets(selector, { startMs: nowMs - TRAFFIC_MS, endMs: nowMs }, MINUTE_MS),
    readRestarts(runtime, 'http_responses_total', targetIds, { startMs: nowMs - DAY_MS, endMs: nowMs }),
  ]);
  const started = runtime.store.latest({ metric: 'app_process_start_time_seconds', targetIds });
  return machines.map((status) => {
    const { id, target, facts, state, notices } = status;
    const own = traffic.filter((one) => one.series.targetId === id).flatMap(({ buckets }) => buckets);
    const startedSeconds = started.find((sample) => sample.series.targetId === id)?.value ?? null;
    return {
      id,
      name: target.name,
      region: facts.region ?? null,
      version: facts.version ?? null,
      state,
      health: toHealth(facts.health),
      mode: null,
      restarts24h: restarts.get(id)?.length ?? null,
      requestsPerSecond: meanRate(own),
      localCache: null,
      getsPerRequest: null,
      startedAtMs: startedSeconds === null ? null : startedSeconds * 1000,
      notices: notices.map(({ text }) => text),
    };
  });
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
