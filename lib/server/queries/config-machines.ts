import 'server-only';
import type { TargetId } from '@/lib/core/model/target.ts';
import type { FleetMachine } from '@/lib/core/settings/fleet-skew.ts';
import type { MachineSettings, RedisUse, ReportedSetting } from '@/lib/core/settings/setting-facts.ts';
import { SETTING_LOOKS, SETTING_PARSED } from '@/lib/core/settings/setting-words.ts';
import { alignUp, MINUTE_MS } from '@/lib/core/time/range.ts';
import type { FlyMachine, FlySnapshot } from '../collectors/fly/index.ts';
import { readModeEvidence } from '../engine/mode-evidence.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import type { Runtime } from '../runtime.ts';

/** One machine of a scope: its process as we visit it, and its platform's word. One of both may be missing. */
interface Pair {
  name: string;
  status: TargetStatus | null;
  fly: FlyMachine | null;
}

/** Commands are counted over so long, or since the process began. */
const TRAFFIC_MS = 5 * MINUTE_MS;
const LINES_MS = 15 * MINUTE_MS;
/** A machine's word counts while it is at most this many intervals old. */
const FRESH_INTERVALS = 2;
/** Sent by a connection that has just been made, or by whoever watches: no use of Redis. */
const NO_USE: ReadonlySet<string> = new Set(['hello', 'auth', 'client', 'select', 'info', 'ping', 'command']);
const NO_REDIS: RedisUse = { suspended: null, asked: null, sent: null, suspendedLines: null };

export interface ConfigMachines {
  settings: readonly MachineSettings[];
  fleet: readonly FleetMachine[];
  /** The name here of a machine of Fly. */
  nameOf: (flyId: string) => string;
}

/** Every machine that is visited or listed, with what it tells of its settings, and how it stands to the others. */
export async function readConfigMachines(
  runtime: Runtime,
  statuses: readonly TargetStatus[],
  apps: readonly FlySnapshot[],
  nowMs: number,
): Promise<ConfigMachines> {
  const pairs = pairsOf(statuses, apps);
  const reported = readReported(runtime, statuses);
  const redis = await readRedis(runtime, statuses, nowMs);
  const startedOf = startsOf(runtime, statuses);
  return {
    nameOf: (flyId) => pairs.find(({ fly }) => fly?.id === flyId)?.name ?? flyId,
    settings: pairs.map(({ name, status, fly }) => ({
      name,
      silent: silentWords(status, fly),
      reported: status === null ? null : (reported.get(status.id) ?? null),
      env: fly?.env ?? null,
      redis: status === null ? NO_REDIS : (redis.get(status.id) ?? NO_REDIS),
    })),
    fleet: pairs.map(({ name, status, fly }) => ({
      name,
      release: fly?.release ?? status?.facts.version ?? null,
      image: fly?.imageDigest ?? null,
      region: fly?.region ?? status?.facts.region ?? null,
      standing: standingOf(status, fly),
      startedAtMs: status === null ? null : (startedOf.get(status.id) ?? null),
    })),
  };
}

function pairsOf(statuses: readonly TargetStatus[], apps: readonly FlySnapshot[]): Pair[] {
  const listed = apps.flatMap(({ machines }) => machines ?? []);
  const visited = statuses
    .filter(({ target }) => target.kind === 'app')
    .map((status): Pair => {
      const ids = idsOf(status);
      return {
        name: status.target.name,
        status,
        fly: listed.find(({ id, name }) => ids.includes(id) || ids.includes(name)) ?? null,
      };
    });
  const seen = new Set(visited.map(({ fly }) => fly?.id));
  const others = listed
    .filter(({ id }) => !seen.has(id))
    .map((fly): Pair => ({ name: fly.id, status: null, fly }));
  return [...visited, ...others];
}

/** By what its platform may know it: the id that it was found by, its name here, its own word. */
function idsOf({ target, facts }: TargetStatus): string[] {
  const found = target.kind === 'app' ? target.machine?.id : undefined;
  return [found, target.name, facts.machine].filter((one) => one !== undefined);
}

function silentWords(status: TargetStatus | null, fly: FlyMachine | null): string | null {
  if (fly !== null && (fly.state === 'stopped' || fly.state === 'suspended')) return `it is ${fly.state}`;
  if (status === null) return 'its metrics are not watched';
  switch (status.state) {
    case 'ok':
    case 'stale':
      return null;
    case 'starting':
      return 'it has not been visited yet';
    case 'asleep':
      return 'it is asleep';
    case 'paused_budget':
      return 'our own budget keeps us away';
    case 'down':
    case 'refused':
    case 'limited':
    case 'misconfigured':
    case 'not_configured':
    case 'unknown':
      return 'it does not answer';
    default:
      return status.state satisfies never;
  }
}

function standingOf(status: TargetStatus | null, fly: FlyMachine | null): FleetMachine['standing'] {
  if (fly?.hostOk === true) {
    switch (fly.state) {
      case 'started':
        return 'running';
      case 'stopped':
      case 'suspended':
        return 'parked';
      case 'changing':
        return 'changing';
      case 'created':
      case 'failed':
      case 'unknown':
        return 'unknown';
      default:
        return fly.state satisfies never;
    }
  }
  if (status?.state === 'ok') return 'running';
  if (status?.state === 'asleep') return 'parked';
  return status === null || status.state === 'starting' ? 'unknown' : 'silent';
}

/** Settings by target, as of its latest visits; a machine that tells of none, or gives no answer, is left out. */
function readReported(
  { store }: Runtime,
  statuses: readonly TargetStatus[],
): ReadonlyMap<TargetId, readonly ReportedSetting[]> {
  const found = new Map<TargetId, Map<string, { atMs: number; told: ReportedSetting }>>();
  for (const status of statuses) {
    if (!answers(status)) continue;
    for (const { series, value, atMs } of store.latest({
      metric: 'app_setting_info',
      targetIds: [status.id],
    })) {
      const { setting } = series.labels;
      // A client library may keep the words of before at 0.
      if (setting === undefined || value !== 1 || !isFresh(status, atMs)) continue;
      const own = found.get(status.id) ?? new Map<string, { atMs: number; told: ReportedSetting }>();
      const before = own.get(setting);
      if (before === undefined || before.atMs < atMs)
        own.set(setting, { atMs, told: toReported(setting, series.labels) });
      found.set(status.id, own);
    }
  }
  return new Map([...found].map(([id, own]) => [id, [...own.values()].map(({ told }) => told)]));
}

function toReported(setting: string, labels: Readonly<Record<string, string>>): ReportedSetting {
  return {
    setting,
    parsed: SETTING_PARSED.find((word) => word === labels.parsed) ?? 'other',
    looks: SETTING_LOOKS.find((word) => word === labels.looks) ?? 'unknown',
  };
}

async function readRedis(
  runtime: Runtime,
  statuses: readonly TargetStatus[],
  nowMs: number,
): Promise<ReadonlyMap<TargetId, RedisUse>> {
  const machines = statuses.filter(({ target }) => target.kind === 'app');
  const tellers = statuses.filter(({ target }) => target.kind === 'app' || target.kind === 'logs');
  const look = {
    store: runtime.store,
    statuses: tellers,
    nowMs,
    changedMs: null,
    greenLiars: new Set<string>(),
  };
  const evidence = await readModeEvidence(look);
  const startedOf = startsOf(runtime, machines);
  const pairs = await Promise.all(
    machines.map(async (status): Promise<readonly [TargetId, RedisUse]> => {
      const own = evidence.machines.find(({ name }) => name === status.target.name);
      const startedMs = startedOf.get(status.id) ?? null;
      const isYoung = startedMs !== null && nowMs - startedMs < LINES_MS;
      return [
        status.id,
        {
          suspended: own?.suspended ?? null,
          asked: own?.asked ?? null,
          sent: answers(status) ? await readSent(runtime, status, startedMs, nowMs) : null,
          // Lines of the process before say nothing of this one.
          suspendedLines: isYoung ? null : (own?.suspendedLines ?? null),
        },
      ];
    }),
  );
  return new Map(pairs);
}

/** Null until a whole minute of this process was counted: a setting reaches a machine by a start. */
async function readSent(
  { store }: Runtime,
  { id, history }: TargetStatus,
  startedMs: number | null,
  nowMs: number,
): Promise<RedisUse['sent']> {
  const sinceMs = startedMs === null ? Number.NEGATIVE_INFINITY : startedMs + history.intervalMs;
  const startMs = alignUp(Math.max(nowMs - TRAFFIC_MS, sinceMs), MINUTE_MS);
  if (nowMs - startMs < MINUTE_MS) return null;
  const found = await store.readBuckets(
    { metric: 'app_redis_commands_total', targetIds: [id] },
    { startMs, endMs: nowMs },
    MINUTE_MS,
  );
  let count = 0;
  let coveredMs = 0;
  for (const { series, buckets } of found) {
    const known = buckets.filter((bucket) => bucket !== null);
    coveredMs = Math.max(
      coveredMs,
      known.reduce((sum, bucket) => sum + bucket.coveredMs, 0),
    );
    if (NO_USE.has(series.labels.cmd ?? '')) continue;
    count += known.reduce((sum, bucket) => sum + bucket.increase, 0);
  }
  return coveredMs < MINUTE_MS ? null : { count, ms: coveredMs };
}

function startsOf({ store }: Runtime, statuses: readonly TargetStatus[]): ReadonlyMap<TargetId, number> {
  const targetIds = statuses.filter(({ target }) => target.kind === 'app').map(({ id }) => id);
  if (targetIds.length === 0) return new Map();
  const latest = store.latest({ metric: 'app_process_start_time_seconds', targetIds });
  return new Map(latest.map(({ series, value }) => [series.targetId, value * 1_000]));
}

function answers({ state }: TargetStatus): boolean {
  return state === 'ok' || state === 'stale';
}

function isFresh({ history }: TargetStatus, atMs: number): boolean {
  return atMs >= (history.lastOkAtMs ?? atMs) - FRESH_INTERVALS * history.intervalMs;
}
