import { DAY_MS, HOUR_MS } from '../../core/time/range.ts';
import type { UpstashCounted, UpstashDatabaseWorld, UpstashHabits } from './world.ts';

interface RawPoint {
  x: string;
  y: number | null;
}

const PERIOD_MS: Readonly<Record<string, number>> = {
  '1h': HOUR_MS,
  '3h': 3 * HOUR_MS,
  '12h': 12 * HOUR_MS,
  '1d': DAY_MS,
  '3d': 3 * DAY_MS,
  '7d': 7 * DAY_MS,
};
/** An hour has a point every 10 s; longer periods have as many points, further apart. */
const POINTS = 360;
const DAYS_LISTED = 5;
const DAY_NAMES = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const USD_PER_COMMAND = 0.2 / 100_000;
const READS = new Set([
  'get',
  'mget',
  'exists',
  'ttl',
  'pttl',
  'hget',
  'hgetall',
  'hmget',
  'scan',
  'zrange',
  'lrange',
  'smembers',
  'strlen',
  'type',
]);
const SCRIPTS = new Set(['eval', 'evalsha']);

/** True for a period that the API knows. */
export function isPeriod(text: string): boolean {
  return Object.hasOwn(PERIOD_MS, text);
}

/** The statistics of a database as the API answers them at `nowMs`. */
export function statsOf(
  database: UpstashDatabaseWorld,
  period: string,
  nowMs: number,
  habits: UpstashHabits,
): Record<string, unknown> {
  const seenMs = nowMs - habits.lagMs;
  const day = usageSince(database, startOfDay(seenMs), seenMs);
  const month = usageSince(database, startOfMonth(seenMs), seenMs);
  const days = Array.from({ length: DAYS_LISTED }, (_, i) => seenMs - (DAYS_LISTED - 1 - i) * DAY_MS);
  const daily = (value: (usage: Usage) => number): RawPoint[] =>
    days.map((atMs) => {
      const startMs = startOfDay(atMs);
      return { x: goTime(atMs), y: value(usageSince(database, startMs, Math.min(startMs + DAY_MS, seenMs))) };
    });
  return {
    ...seriesOf(database, PERIOD_MS[period] ?? HOUR_MS, seenMs, habits),
    monitor_count: { x: goTime(seenMs), y: 0 },
    daily_net_commands: day.all,
    daily_read_requests: day.reads,
    daily_write_requests: day.writes,
    dailybandwidth: day.bytes,
    dailyrequests: daily(({ all }) => all),
    bandwidths: daily(({ bytes }) => bytes),
    dailybilling: daily(({ all }) => costOf(database, all)),
    days: days.map((atMs) => DAY_NAMES[new Date(atMs).getUTCDay()] ?? ''),
    total_monthly_requests: month.all,
    total_monthly_read_requests: month.reads,
    total_monthly_write_requests: month.writes,
    total_monthly_script_requests: month.scripts,
    total_monthly_bandwidth: month.bytes,
    total_monthly_storage: database.levelsAt(seenMs).diskBytes,
    total_monthly_billing: costOf(database, month.all),
    current_storage: database.levelsAt(seenMs).diskBytes,
    queue_optimized: false,
  };
}

/** A time as Go prints it: nine digits of a second without the zeros at their end. */
export function goTime(atMs: number): string {
  const iso = new Date(atMs).toISOString();
  const fraction = iso.slice(20, 23).replace(/0+$/, '');
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}${fraction === '' ? '' : `.${fraction}`} +0000 UTC`;
}

interface Usage {
  all: number;
  reads: number;
  writes: number;
  scripts: number;
  bytes: number;
}

function usageSince(database: UpstashDatabaseWorld, startMs: number, endMs: number): Usage {
  const [before, after] = [database.countedAt(startMs), database.countedAt(endMs)];
  const usage: Usage = { all: 0, reads: 0, writes: 0, scripts: 0, bytes: after.bytes - before.bytes };
  for (const [cmd, count] of Object.entries(after.commands)) {
    const calls = count - (before.commands[cmd] ?? 0);
    usage.all += calls;
    if (READS.has(cmd)) usage.reads += calls;
    else if (SCRIPTS.has(cmd)) usage.scripts += calls;
    else usage.writes += calls;
  }
  return usage;
}

function costOf({ plan }: UpstashDatabaseWorld, commands: number): number {
  return plan === 'payg' || plan === 'paid' ? commands * USD_PER_COMMAND : 0;
}

interface Cell {
  atMs: number;
  /** The same as text. */
  x: string;
  before: UpstashCounted;
  after: UpstashCounted;
  /** Share of the calls that is told by now. */
  share: number;
}

function seriesOf(database: UpstashDatabaseWorld, spanMs: number, seenMs: number, habits: UpstashHabits) {
  const stepMs = spanMs / POINTS;
  const lastMs = habits.driftingGrid ? seenMs : Math.floor(seenMs / stepMs) * stepMs;
  const times = Array.from({ length: POINTS + 1 }, (_, i) => lastMs - (POINTS - i) * stepMs);
  const counted = times.map((atMs) => database.countedAt(atMs));
  const cells = times.slice(1).flatMap((atMs, i): Cell[] => {
    const [before, after] = [counted[i], counted[i + 1]];
    if (before === undefined || after === undefined) return [];
    return [{ atMs, x: goTime(atMs), before, after, share: atMs === lastMs ? habits.newestShare : 1 }];
  });
  const tail: RawPoint[] = habits.newest === 'null' ? [{ x: goTime(lastMs + stepMs), y: null }] : [];
  const perSecond = (calls: (cell: Cell) => number): RawPoint[] => [
    ...cells.map((cell) => ({ x: cell.x, y: (calls(cell) * 1_000) / stepMs })),
    ...tail,
  ];
  const levels = cells.map(({ atMs, x }) => ({ x, level: database.levelsAt(atMs) }));
  const level = (value: (one: (typeof levels)[number]['level']) => number): RawPoint[] => [
    ...levels.map(({ x, level: one }) => ({ x, y: value(one) })),
    ...tail,
  ];
  const names = Object.keys(counted.at(-1)?.commands ?? {});
  const callsOf = ({ before, after }: Cell, cmds: readonly string[]) =>
    cmds.reduce((sum, cmd) => sum + (after.commands[cmd] ?? 0) - (before.commands[cmd] ?? 0), 0);
  const reads = names.filter((cmd) => READS.has(cmd));
  const writes = names.filter((cmd) => !READS.has(cmd));
  return {
    throughput: perSecond((cell) => callsOf(cell, names)),
    read: perSecond((cell) => callsOf(cell, reads)),
    write: perSecond((cell) => callsOf(cell, writes)),
    hits: perSecond(({ before, after }) => after.hits - before.hits),
    misses: perSecond(({ before, after }) => after.misses - before.misses),
    connection_count: level(({ connections }) => connections),
    keyspace: level(({ keys }) => keys),
    diskusage: level(({ diskBytes }) => diskBytes),
    latencymean: level(({ latencyMs }) => latencyMs.mean),
    latency_99: level(({ latencyMs }) => latencyMs.p99),
    read_latency_mean: level(({ latencyMs }) => latencyMs.mean),
    read_latency_99: level(({ latencyMs }) => latencyMs.p99),
    write_latency_mean: level(({ latencyMs }) => latencyMs.mean * 2),
    write_latency_99: level(({ latencyMs }) => latencyMs.p99 * 2),
    command_counts: names
      .filter((cmd) => cells.some((cell) => callsOf(cell, [cmd]) > 0))
      .map((cmd) => ({
        metric_identifier: cmd.toUpperCase(),
        data_points: [
          ...cells.map((cell) => ({
            x: cell.x,
            y: Math.floor(callsOf(cell, [cmd]) * cell.share),
          })),
          ...tail,
        ],
      })),
  };
}

function startOfDay(atMs: number): number {
  return Math.floor(atMs / DAY_MS) * DAY_MS;
}

function startOfMonth(atMs: number): number {
  const date = new Date(atMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}
