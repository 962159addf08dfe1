import 'server-only';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { Labels, Sample } from '@/lib/core/model/sample.ts';
import type { CollectResult, Notice } from '@/lib/core/model/scrape.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { clockSkewNotice } from '../clock-skew.ts';
import { type CommandPoints, readCommandPoints } from './commands.ts';
import { costFacts, databaseFacts, readLimit, readState } from './facts.ts';
import { databaseNotices, statsNotices } from './notices.ts';
import { PeriodWatch } from './period-watch.ts';
import { type Cover, type Fit, PointCounter } from './point-counter.ts';
import {
  isCountable,
  isFresh,
  meanSince,
  type Point,
  PointReader,
  unionTimes,
  usualStepMs,
} from './points.ts';
import { periodMs, type StatsPeriod } from './read.ts';
import {
  DAY_RULES,
  type Database,
  LIMIT_RULES,
  type RawPoint,
  SERIES_RULES,
  type Stats,
  TOTAL_RULES,
} from './schema.ts';

/** What one session remembers between two answers, so that each point counts once and each total has its period. */
export class StatsMemory {
  readonly commands = new PointCounter();
  /** Newest point of the sampled series that an answer has shown; null before the first. */
  newestMs: number | null = null;
  readonly #periods = new Map<string, PeriodWatch>();

  period(name: string, period: 'day' | 'month'): PeriodWatch {
    const known = this.#periods.get(name);
    if (known !== undefined) return known;
    const watch = new PeriodWatch(period);
    this.#periods.set(name, watch);
    return watch;
  }
}

/** One answer of the statistics with the clocks that it is read by. */
export interface StatsAnswer {
  stats: Stats;
  /** The provider’s clock at the answer, ours where it does not tell. */
  serverMs: number;
  /** The provider’s clock minus ours. */
  skewMs: number;
  period: StatsPeriod;
}

/** A point this far ahead of the provider’s own clock is no point of ours. */
const AHEAD_MS = 2 * MINUTE_MS;
/** Where one point stands alone, its distance to others is not known: a short one is never cut in parts. */
const LONE_STEP_MS = SECOND_MS;
/** So late a point may still be corrected; what is older is settled. */
const CORRECTED_MS = 15 * MINUTE_MS;
/** An answer may reach a little further back than it was asked to. */
const SLACK_MS = HOUR_MS;

/** What is asked at `serverMs` for this period, with room on both sides. */
export function answerRange(serverMs: number, period: StatsPeriod): TimeRange {
  return { startMs: serverMs - periodMs(period) - SLACK_MS, endMs: serverMs + AHEAD_MS };
}

/** The part of an answer that can still tell something new: points are corrected within minutes, if at all. */
function unsettledRange(range: TimeRange, { newestMs, commands }: StatsMemory): TimeRange {
  const knownMs = Math.min(newestMs ?? range.startMs, commands.untilMs ?? range.startMs);
  return { ...range, startMs: Math.max(range.startMs, knownMs - CORRECTED_MS) };
}

/** Limits, state and facts of the database. */
export function parseDatabase(database: Database): CollectResult {
  const limits = LIMIT_RULES.flatMap(({ field, metric, scale }) => {
    const limit = readLimit(database[field]);
    return limit === null || limit === 'none' ? [] : [sample(metric, tidy(limit * scale))];
  });
  const state = readState(database.state);
  const active = state === 'unknown' ? [] : [sample('upstash_active', state === 'active' ? 1 : 0)];
  return {
    samples: [...active, ...limits],
    start: null,
    facts: databaseFacts(database),
    notices: databaseNotices(state, database.state ?? null),
  };
}

/** Usage, levels and counts of one answer. Pure but for `memory`. */
export function parseStats(answer: StatsAnswer, memory: StatsMemory): CollectResult {
  const { stats, serverMs, period } = answer;
  const reader = new PointReader();
  const range = unsettledRange(answerRange(serverMs, period), memory);
  const series = SERIES_RULES.map((rule) => ({ rule, points: reader.read(stats[rule.field], range) }));
  const commands = readCommandPoints(stats, range, reader);
  const seenMs = unionTimes(series.map(({ points }) => points));
  const counted = countCommands(commands, seenMs, answer, memory);

  const samples = [
    ...seriesSamples(series, seenMs, serverMs, memory.newestMs),
    ...counted.samples,
    ...totalSamples(answer, memory, reader),
    ...daySamples(answer, memory, reader),
    ...levelSamples(stats, serverMs, reader),
  ];
  const newestMs = Math.max(
    seenMs.at(-1) ?? Number.NEGATIVE_INFINITY,
    memory.commands.untilMs ?? Number.NEGATIVE_INFINITY,
  );
  if (Number.isFinite(newestMs))
    samples.push(sample('upstash_stats_age_seconds', Math.max(0, serverMs - newestMs) / 1000));
  memory.newestMs = seenMs.at(-1) ?? memory.newestMs;
  const stale = Number.isFinite(newestMs) && !isFresh(newestMs, serverMs, usualStepMs(seenMs));
  return {
    samples,
    start: null,
    facts: {
      ...costFacts(stats),
      lightsUp:
        commands.byCommand === null
          ? 'usage, limits, latency'
          : 'commands by command, usage, limits, latency',
    },
    notices: [
      ...statsNotices({ reader, commands, fit: counted.fit, staleSinceMs: stale ? newestMs : null }),
      ...skewNotices(answer.skewMs),
    ],
  };
}

/** Levels and sampled rates; a series whose newest point is too old to stand for now gives none. */
function seriesSamples(
  series: readonly { rule: (typeof SERIES_RULES)[number]; points: readonly Point[] }[],
  seenMs: readonly number[],
  serverMs: number,
  sinceMs: number | null,
): Sample[] {
  const stepMs = usualStepMs(seenMs);
  return series.flatMap(({ rule, points }) => {
    const newest = points.at(-1);
    if (newest === undefined || !isFresh(newest.atMs, serverMs, stepMs)) return [];
    const raw = rule.read === 'newest' ? newest.value : meanSince(points, sinceMs);
    if (raw === null) return [];
    const one = sample(rule.metric, tidy(raw * rule.scale), rule.labels);
    return [rule.read === 'mean' ? { ...one, quality: 'inferred' as const } : one];
  });
}

/** The counts by command as totals that only rise. */
function countCommands(
  { byCommand }: CommandPoints,
  seenMs: readonly number[],
  answer: StatsAnswer,
  memory: StatsMemory,
): { samples: Sample[]; fit: Fit | null } {
  if (byCommand === null) return { samples: [], fit: null };
  const counter = memory.commands;
  const fit = counter.add(byCommand, coverOf(byCommand, seenMs), answer.skewMs);
  const { start } = counter;
  if (start === null) return { samples: [], fit };
  const totals = counter.totals();
  // No command at all in the list while the throughput is 0: a measured zero, so that the first GET later counts.
  const told = totals.size === 0 && isIdle(answer.stats) ? new Map([['get', 0]]) : totals;
  const samples = [...told].map(
    ([cmd, total]): Sample => ({
      metric: 'upstash_commands_total',
      labels: { cmd },
      value: tidy(total),
      start,
      quality: 'inferred',
    }),
  );
  return { samples, fit };
}

/** What the answer speaks of, by all of its sampled series; null when it has no point. */
function coverOf(byCommand: ReadonlyMap<string, readonly Point[]>, seenMs: readonly number[]): Cover | null {
  const times = unionTimes([...byCommand.values(), seenMs.map((atMs) => ({ atMs, value: 0 }))]);
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return null;
  const stepMs = usualStepMs(times) ?? LONE_STEP_MS;
  return { startMs: first - stepMs, endMs: last, stepMs };
}

function isIdle({ throughput }: Stats): boolean {
  const values = (throughput ?? []).flatMap(({ y }) => (typeof y === 'number' ? [y] : []));
  return values.length > 0 && values.every((value) => value === 0);
}

function totalSamples(
  { stats, serverMs, skewMs }: StatsAnswer,
  memory: StatsMemory,
  reader: PointReader,
): Sample[] {
  return TOTAL_RULES.flatMap(({ field, metric, period }) => {
    const value = countable(stats[field], reader);
    if (value === null) return [];
    const start = memory.period(field, period).step(value, serverMs, skewMs);
    return start === null ? [] : [{ ...sample(metric, value), start }];
  });
}

/** The day that runs, from the lists of exact days; only metrics that no total of the day already gives. */
function daySamples(
  { stats, serverMs, skewMs }: StatsAnswer,
  memory: StatsMemory,
  reader: PointReader,
): Sample[] {
  // Right after midnight the newest point is still yesterday’s; the watch tells by its value which day it is.
  const lastDay = { startMs: serverMs - DAY_MS, endMs: serverMs + AHEAD_MS };
  return DAY_RULES.flatMap(({ field, metric }) => {
    if (TOTAL_RULES.some((rule) => rule.metric === metric)) return [];
    const value = reader.read(stats[field], lastDay).at(-1)?.value;
    if (value === undefined) return [];
    const start = memory.period(field, 'day').step(value, serverMs, skewMs);
    return start === null ? [] : [{ ...sample(metric, value), start }];
  });
}

function levelSamples(stats: Stats, serverMs: number, reader: PointReader): Sample[] {
  const used = stats.total_monthly_requests;
  const levels: [MetricName, number | null][] = [
    ['upstash_storage_bytes', countable(stats.current_storage, reader)],
    ['upstash_month_storage_bytes', countable(stats.total_monthly_storage, reader)],
    ['upstash_month_cost_usd', countable(stats.total_monthly_billing, reader)],
    // A bad one was counted among the totals.
    ['upstash_month_requests_used', typeof used === 'number' && isCountable(used) ? used : null],
    ['upstash_monitor_clients', monitorClients(stats.monitor_count, serverMs, reader)],
  ];
  return levels.flatMap(([metric, value]) => (value === null ? [] : [sample(metric, value)]));
}

/** Described as one point, called a count: a number, a point or a list of points. */
function monitorClients(raw: Stats['monitor_count'], serverMs: number, reader: PointReader): number | null {
  if (raw === null || raw === undefined) return null;
  if (typeof raw === 'number') return countable(raw, reader);
  const points: readonly RawPoint[] = Array.isArray(raw) ? raw : [raw];
  const newest = reader.read(points, answerRange(serverMs, '1h')).at(-1);
  return newest !== undefined && isFresh(newest.atMs, serverMs, null) ? newest.value : null;
}

function countable(value: number | null | undefined, reader: PointReader): number | null {
  if (value === null || value === undefined) return null;
  if (isCountable(value)) return value;
  reader.badValues += 1;
  return null;
}

function skewNotices(skewMs: number): readonly Notice[] {
  const notice = clockSkewNotice(skewMs);
  return notice === null ? [] : [notice];
}

function sample(metric: MetricName, value: number, labels: Labels = {}): Sample {
  return { metric, labels, value };
}

/** Without binary dust: 250 ms × 0.001 is 0.25. */
function tidy(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(12));
}
