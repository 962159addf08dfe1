import 'server-only';
import type { ScrapeErrorKind } from '@/lib/core/model/scrape.ts';
import {
  type MachineEvidence,
  type ProviderEvidence,
  REFUSAL_MODES,
  type RedisEvidence,
  type RefusalMode,
} from '@/lib/core/modes/evidence.ts';
import type { FleetEvidence } from '@/lib/core/modes/fleet-mode.ts';
import { MINUTE_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import type { SeriesSelector, Store } from '../store/store.ts';

/** Commands that a watcher, an exporter or a fresh connection sends: no sign that an app uses this Redis. */
const WATCHER_COMMANDS = new Set([
  ...['info', 'ping', 'auth', 'hello', 'select', 'client', 'command', 'config'],
  ...['slowlog', 'latency', 'memory', 'dbsize', 'cluster'],
]);
/** GETs that our reason probe sends. */
const PROBES = 3;
/** Over how long traffic is judged: five minutes, or three visits where those are rare. */
const TRAFFIC_MS = 5 * MINUTE_MS;
export const TRAFFIC_VISITS = 3;
/** After a change of mode the counters still hold what came before it. */
const SETTLE_VISITS = 1;
const LEAST_VISITS = 2;
/** A machine's word counts while it is at most this many intervals old. */
export const FRESH_INTERVALS = 2;
const LOG_MS = 15 * MINUTE_MS;
/** As what a visit fails that was refused for this reason. */
const REFUSED_AS: Readonly<Record<RefusalMode, ScrapeErrorKind>> = {
  quota_exhausted: 'quota',
  throttled: 'limit',
  suspended_by_provider: 'auth',
};
/** What the log source counts of lines that say "Redis suspended", by machine. */
export const SUSPENDED_LINES = { metric: 'logs_pattern_lines_total', pattern: 'redis_suspended' } as const;

export interface Look {
  store: Pick<Store, 'latest' | 'findSeries' | 'readBuckets' | 'scanBuckets'>;
  statuses: readonly TargetStatus[];
  nowMs: number;
  /** The last change of a mode; null when none is known. */
  changedMs: number | null;
  /** Machines whose health endpoint stayed green while Redis was suspended. */
  greenLiars: ReadonlySet<string>;
}

/** Everything that tells of the mode of one scope. */
export async function readModeEvidence(look: Look): Promise<FleetEvidence> {
  const of = (kind: TargetStatus['target']['kind']) =>
    look.statuses.filter(({ target }) => target.kind === kind);
  const lines = await readSuspendedLines(look);
  const [redis, machines, foreign] = await Promise.all([
    Promise.all(of('redis').map((status) => readRedis(look, status))),
    Promise.all(of('app').map((status) => readMachine(look, status, lines))),
    Promise.all(of('prometheus').map((status) => readThroughPrometheus(look, status))),
  ]);
  const seen = new Set(machines.map(({ name }) => name));
  return {
    // What is visited itself is not heard twice.
    redis: redis.length > 0 ? redis : foreign.flatMap((one) => one.redis),
    machines: [...machines, ...foreign.flatMap((one) => one.machines).filter(({ name }) => !seen.has(name))],
    providers: of('upstash').flatMap(readProvider),
  };
}

async function readRedis(look: Look, status: TargetStatus): Promise<RedisEvidence> {
  const { target, state, history, facts } = status;
  const range = trafficRange(look.nowMs, history.intervalMs);
  const [perSecond, arriving] = await Promise.all([
    foreignPerSecond(look, status, range),
    readArriving(look, status),
  ]);
  const errorKind = history.failures > 0 ? history.lastErrorKind : null;
  const mode = REFUSAL_MODES.find((one) => one === facts.probe && refuses(one, errorKind)) ?? null;
  return {
    name: target.name,
    state,
    errorKind,
    refusal: mode === null ? null : { mode, words: facts.probeWords ?? 'over a limit' },
    commandsPerSecond: perSecond,
    arriving,
  };
}

/** A refusal of an earlier visit says nothing once a visit fails for another reason. */
function refuses(mode: RefusalMode, errorKind: RedisEvidence['errorKind']): boolean {
  return errorKind === null || errorKind === REFUSED_AS[mode];
}

function trafficRange(nowMs: number, intervalMs: number): TimeRange {
  return { startMs: nowMs - Math.max(TRAFFIC_MS, TRAFFIC_VISITS * intervalMs), endMs: nowMs };
}

/** The stretch since the last change that is free of what came before it; null while it is too short to judge. */
function settledRange({ nowMs, changedMs }: Look, intervalMs: number): TimeRange | null {
  const { startMs, endMs } = trafficRange(nowMs, intervalMs);
  if (changedMs === null || changedMs + SETTLE_VISITS * intervalMs <= startMs) return { startMs, endMs };
  // Buckets are minutes: the one in which the change lies is left out whole.
  const fromMs = Math.ceil((changedMs + SETTLE_VISITS * intervalMs) / MINUTE_MS) * MINUTE_MS;
  return endMs - fromMs < LEAST_VISITS * intervalMs ? null : { startMs: fromMs, endMs };
}

/** True for what no app sends on its own account. Subcommands stand behind a bar: `config|get`. */
export function isWatcherCommand(cmd = ''): boolean {
  return WATCHER_COMMANDS.has(cmd.split('|')[0] ?? '');
}

/** Commands of others, per second of covered time; null when nothing was counted. */
async function foreignPerSecond(look: Look, status: TargetStatus, range: TimeRange): Promise<number | null> {
  const byCommand = { metric: 'redis_commands_total', targetIds: [status.id] };
  if (look.store.findSeries(byCommand).length > 0) {
    const told = await sumOf(look, byCommand, range, ({ cmd }) => !isWatcherCommand(cmd));
    if (told === null) return null;
    const probed = look.store.latest({ metric: 'redis_probe_refused_ratio', targetIds: [status.id] })[0];
    const ours = probed !== undefined && probed.atMs >= range.startMs ? PROBES : 0;
    return (Math.max(0, told.increase - ours) * 1000) / told.coveredMs;
  }
  // Without counts by command (Upstash) our own are a part of the whole: what our visits may have sent is taken off.
  const all = { metric: 'redis_commands_processed_total', targetIds: [status.id] };
  const told = await sumOf(look, all, range, () => true);
  if (told === null) return null;
  const ours = Math.ceil((range.endMs - range.startMs) / status.history.intervalMs) + PROBES;
  return (Math.max(0, told.increase - ours) * 1000) / told.coveredMs;
}

async function readArriving(look: Look, status: TargetStatus): Promise<RedisEvidence['arriving']> {
  const range = settledRange(look, status.history.intervalMs);
  if (range === null) return null;
  const gets = await sumOf(
    look,
    { metric: 'redis_commands_total', labels: { cmd: 'get' }, targetIds: [status.id] },
    range,
    () => true,
  );
  const getsPerMinute = gets === null ? 0 : ((gets.increase - PROBES) * MINUTE_MS) / gets.coveredMs;
  if (getsPerMinute >= 1) return { perMinute: getsPerMinute, what: 'GETs' };
  const perSecond = await foreignPerSecond(look, status, range);
  return perSecond === null ? null : { perMinute: perSecond * 60, what: 'commands' };
}

interface Sum {
  increase: number;
  coveredMs: number;
}

async function sumOf(
  look: Look,
  selector: SeriesSelector,
  range: TimeRange,
  fits: (labels: Readonly<Record<string, string>>) => boolean,
): Promise<Sum | null> {
  let increase = 0;
  let coveredMs = 0;
  await look.store.scanBuckets(selector, range, MINUTE_MS, (series, columns) => {
    const isPart = fits(series.labels);
    let own = 0;
    for (let i = 0; i < columns.length; i++) {
      own += columns.coveredMs[i] ?? 0;
      if (isPart) increase += columns.increase[i] ?? 0;
    }
    coveredMs = Math.max(coveredMs, own);
  });
  return coveredMs === 0 ? null : { increase, coveredMs };
}

async function readMachine(
  look: Look,
  status: TargetStatus,
  lines: ReadonlyMap<string, number>,
): Promise<MachineEvidence> {
  const { id, target, state, history, facts } = status;
  const answers = state === 'ok' || state === 'stale';
  const flag = (metric: string): boolean | null => (answers ? freshFlag(look, status, metric) : null);
  const range = settledRange(look, history.intervalMs);
  const sent =
    range === null || !answers
      ? null
      : await sumOf(look, { metric: 'app_redis_commands_total', targetIds: [id] }, range, () => true);
  return {
    name: target.name,
    suspended: flag('app_redis_suspended'),
    asked: flag('app_redis_suspend_asked'),
    suspendedLines:
      lines.get(target.name) ?? (facts.machine === undefined ? null : (lines.get(facts.machine) ?? null)),
    commandsPerSecond: sent === null ? null : (sent.increase * 1000) / sent.coveredMs,
    health: answers ? healthOf(facts.healthRedis, !look.greenLiars.has(target.name)) : null,
  };
}

function healthOf(word: string | undefined, canGoRed: boolean): MachineEvidence['health'] {
  switch (word) {
    case 'passing':
    case 'failing':
    case 'suspended':
      return { redis: word, canGoRed };
    default:
      return null;
  }
}

/** A 0/1 gauge of the latest visits; null when the machine does not export it any more. */
function freshFlag(look: Look, { id, history }: TargetStatus, metric: string): boolean | null {
  const told = look.store.latest({ metric, targetIds: [id] })[0];
  if (told === undefined) return null;
  const oldestMs = (history.lastOkAtMs ?? look.nowMs) - FRESH_INTERVALS * history.intervalMs;
  return told.atMs < oldestMs ? null : told.value > 0;
}

/** A Redis and machines that a Prometheus scrapes for us, by its label `instance`. */
async function readThroughPrometheus(
  look: Look,
  status: TargetStatus,
): Promise<{ redis: RedisEvidence[]; machines: MachineEvidence[] }> {
  const { id, state, history, target } = status;
  const machines = look.store
    .latest({ metric: 'app_redis_suspended', targetIds: [id] })
    .filter(({ atMs }) => state === 'ok' && atMs >= look.nowMs - TRAFFIC_VISITS * history.intervalMs)
    .map(({ series, value }) => ({
      name: series.labels.machine ?? series.labels.instance ?? target.name,
      suspended: value > 0,
      asked: null,
      suspendedLines: null,
      commandsPerSecond: null,
      health: null,
    }));
  const counted = ['redis_commands_total', 'redis_commands_processed_total'].some(
    (metric) => look.store.findSeries({ metric, targetIds: [id] }).length > 0,
  );
  if (!counted) return { redis: [], machines };
  // A Prometheus that fails tells nothing about the Redis behind it.
  const range = trafficRange(look.nowMs, history.intervalMs);
  const perSecond = state === 'ok' ? await foreignPerSecond(look, status, range) : null;
  const arriving = state === 'ok' ? await readArriving(look, status) : null;
  const name = `Redis at ${target.name}`;
  const told: RedisEvidence = {
    name,
    state: state === 'ok' ? 'ok' : 'unknown',
    errorKind: null,
    refusal: null,
    commandsPerSecond: perSecond,
    arriving,
  };
  return { redis: [told], machines };
}

/** Lines of the last quarter of an hour by machine; empty without a log source. */
async function readSuspendedLines(look: Look): Promise<ReadonlyMap<string, number>> {
  const { metric, pattern } = SUSPENDED_LINES;
  const selector = { metric, labels: { pattern }, targetIds: look.statuses.map(({ id }) => id) };
  const lines = new Map<string, number>();
  if (look.store.findSeries(selector).length === 0) return lines;
  const range = { startMs: look.nowMs - LOG_MS, endMs: look.nowMs };
  for (const { series, buckets } of await look.store.readBuckets(selector, range, MINUTE_MS)) {
    const name = series.labels.machine ?? '';
    const sum = buckets.reduce((total, bucket) => total + (bucket?.increase ?? 0), 0);
    lines.set(name, (lines.get(name) ?? 0) + sum);
  }
  return lines;
}

function readProvider({ target, state, facts }: TargetStatus): ProviderEvidence[] {
  if (state !== 'ok') return [];
  switch (facts.state) {
    case 'active':
    case 'suspended':
    case 'passive':
      return [{ name: target.name, state: facts.state }];
    default:
      return [];
  }
}
