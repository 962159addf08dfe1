import 'server-only';
import type { ModeView } from '@/lib/core/model/view.ts';
import { fleetMode, type MachineEvidence, type RedisEvidence } from '@/lib/core/modes/fleet-mode.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import type { Runtime } from '../runtime.ts';

/** Commands that a watcher or a fresh connection sends: no sign that an app uses this Redis. */
const WATCHER_COMMANDS = new Set(['info', 'ping', 'auth', 'hello', 'select', 'client', 'command', 'config']);

/** The mode now; null when the scope has neither a Redis nor a machine that tells. */
export async function readMode(
  runtime: Runtime,
  statuses: readonly TargetStatus[],
  nowMs: number,
): Promise<ModeView | null> {
  const redis = statuses.filter(({ target }) => target.kind === 'redis');
  const machines = readMachineEvidence(runtime, statuses);
  if (redis.length === 0 && machines.every(({ suspended }) => suspended === null)) return null;
  const evidence = await Promise.all(redis.map((status) => readRedisEvidence(runtime, status, nowMs)));
  // Since when needs a stored history of modes, which does not exist yet: nothing is better than a guess.
  return { ...fleetMode(evidence, machines), sinceMs: null };
}

async function readRedisEvidence(
  runtime: Runtime,
  status: TargetStatus,
  nowMs: number,
): Promise<RedisEvidence> {
  const spanMs = Math.max(5 * MINUTE_MS, 3 * status.history.intervalMs);
  const range = { startMs: nowMs - spanMs, endMs: nowMs };
  const found = await runtime.store.readBuckets(
    { metric: 'redis_commands_total', targetIds: [status.id] },
    range,
    MINUTE_MS,
  );
  const foreign = found.filter(({ series }) => !WATCHER_COMMANDS.has(series.labels.cmd ?? ''));
  const known = found.some(({ buckets }) => buckets.some((bucket) => bucket !== null));
  const events = foreign
    .flatMap(({ buckets }) => buckets)
    .reduce((sum, bucket) => sum + (bucket?.increase ?? 0), 0);
  return {
    name: status.target.name,
    state: status.state,
    errorKind: status.history.failures > 0 ? status.history.lastErrorKind : null,
    commandsPerSecond: known ? (events * 1000) / spanMs : null,
  };
}

function readMachineEvidence(runtime: Runtime, statuses: readonly TargetStatus[]): MachineEvidence[] {
  return statuses
    .filter(({ target, state }) => target.kind === 'app' && state === 'ok')
    .map(({ id, target }) => {
      const told = runtime.store.latest({ metric: 'app_redis_suspended', targetIds: [id] })[0];
      return { name: target.name, suspended: told === undefined ? null : told.value > 0 };
    });
}
