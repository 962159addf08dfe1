import 'server-only';
import { explainBreaks } from '@/lib/core/gaps/explain-breaks.ts';
import { bucketStarts } from '@/lib/core/metrics/blocks.ts';
import { findMetric, type MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { Labels, Quality } from '@/lib/core/model/sample.ts';
import type { Scope, SourceKind } from '@/lib/core/model/target.ts';
import type { ChartAs, ChartView, GoalView, Point } from '@/lib/core/model/view.ts';
import {
  addFlows,
  type Flow,
  ratioPoints,
  sumIncreases,
  sumRates,
  trimUnvisited,
} from '@/lib/core/series/combine.ts';
import { chooseStepMs, MINUTE_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import type { Runtime } from '../runtime.ts';
import { readFlows } from './flows.ts';
import { mergeGaps, readGaps } from './gaps.ts';
import { readRestarts } from './restarts.ts';
import { targetIdsOf } from './scope.ts';

/** Points of a line at most: what a screen of 600 px can show, with room for its extremes. */
const MOST_POINTS = 300;
const MOST_GAPS = 24;

/** The grid that a chart of this scope is drawn on. */
export interface Grid {
  range: TimeRange;
  stepMs: number;
  starts: readonly number[];
}

/** A grid no finer than the slowest of the given targets is visited. */
export function chooseGrid(range: TimeRange, statuses: readonly TargetStatus[]): Grid {
  const slowestMs = Math.max(0, ...statuses.map(({ history }) => history.intervalMs));
  const stepMs = chooseStepMs(range, MOST_POINTS, slowestMs);
  return { range, stepMs, starts: bucketStarts(range, stepMs) };
}

export interface ChartQuestion {
  scope: Scope;
  kind: SourceKind;
  metric: MetricName;
  labels: Labels;
  as: Exclude<ChartAs, 'value'>;
  label: string;
}

/** One line: the sum over all targets of the scope, as rate per second or as events per bucket. */
export async function readSumChart(
  runtime: Runtime,
  question: ChartQuestion,
  grid: Grid,
): Promise<ChartView> {
  const { scope, kind, metric, labels, as } = question;
  const targetIds = targetIdsOf(runtime, scope, kind);
  const flows = await readFlows(
    runtime.store,
    { metric, labels, targetIds },
    grid.range,
    grid.starts,
    grid.stepMs,
  );
  const list = [...flows.byTarget.values()];
  const points =
    as === 'rate' ? sumRates(list, grid.starts, grid.stepMs) : sumIncreases(list, grid.starts, grid.stepMs);
  const resets = await readRestarts(runtime.store, metric, targetIds, grid.range);
  return buildChart(runtime, {
    grid,
    scope,
    kind,
    unit: findMetric(metric)?.unit ?? 'events',
    as,
    label: question.label,
    quality: flows.quality,
    points,
    resets: restartTimes(resets),
    goals: as === 'rate' ? readGoals(runtime, scope, metric, labels) : [],
    overall: as === 'increase' ? totalOf(list) : meanRateOf(addFlows(list, grid.starts.length)),
    breakReason: 'partly covered',
  });
}

/** One line: part ÷ (part + rest) over all targets of the scope, 0–1. */
export async function readRatioChart(
  runtime: Runtime,
  question: { scope: Scope; kind: SourceKind; part: MetricName; rest: MetricName; label: string },
  grid: Grid,
): Promise<ChartView> {
  const targetIds = targetIdsOf(runtime, question.scope, question.kind);
  const read = (metric: MetricName) =>
    readFlows(runtime.store, { metric, labels: {}, targetIds }, grid.range, grid.starts, grid.stepMs);
  const [part, rest, restarts] = await Promise.all([
    read(question.part),
    read(question.rest),
    readRestarts(runtime.store, question.part, targetIds, grid.range),
  ]);
  const partFlow = addFlows([...part.byTarget.values()], grid.starts.length);
  const restFlow = addFlows([...rest.byTarget.values()], grid.starts.length);
  return buildChart(runtime, {
    grid,
    scope: question.scope,
    kind: question.kind,
    unit: 'ratio',
    as: 'value',
    label: question.label,
    quality: part.quality,
    points: ratioPoints(partFlow, restFlow, grid.starts),
    resets: restartTimes(restarts),
    goals: [],
    overall: ratioOf(partFlow, restFlow),
    breakReason: 'no lookups',
  });
}

function restartTimes(restarts: ReadonlyMap<string, readonly number[]>): number[] {
  return [...new Set([...restarts.values()].flat())].sort((a, b) => a - b);
}

interface ChartParts {
  grid: Grid;
  scope: Scope;
  kind: SourceKind;
  unit: ChartView['unit'];
  as: ChartAs;
  label: string;
  quality: Quality;
  points: readonly Point[];
  resets: readonly number[];
  goals: readonly GoalView[];
  overall: number | null;
  /** Why a bucket between good visits has no value. */
  breakReason: string;
}

async function buildChart(runtime: Runtime, parts: ChartParts): Promise<ChartView> {
  const { range, stepMs } = parts.grid;
  const ids = targetIdsOf(runtime, parts.scope, parts.kind);
  const statuses = ids.flatMap((id) => runtime.poller.status(id, range.endMs) ?? []);
  const lastVisits = statuses.flatMap(({ history }) => history.lastOkAtMs ?? []);
  const points = trimUnvisited(parts.points, lastVisits.length === 0 ? null : Math.min(...lastVisits));
  const visitGaps = await readGaps(runtime.store, ids, range);
  const breaks = explainBreaks(points, stepMs, visitGaps, parts.resets, parts.breakReason);
  const gaps = mergeGaps([...visitGaps, ...breaks], MOST_GAPS);
  const lastStart = points.at(-1)?.[0] ?? range.startMs;
  return {
    unit: parts.unit,
    as: parts.as,
    range,
    stepMs,
    lines: [{ key: 'sum', label: parts.label, quality: parts.quality, points }],
    lastIsPartial: lastStart + stepMs > range.endMs,
    gaps,
    resets: parts.resets,
    goals: parts.goals,
    latest: latestOf(points, stepMs, range.endMs),
    overall: parts.overall,
    missing: missingReason(statuses, parts),
    note: null,
    stale: statuses.some(({ state }) => state === 'stale' || state === 'down'),
  };
}

/** One bucket of a rare statement says little: the level now is the mean of the closed buckets of this long. */
const LEVEL_MS = 5 * MINUTE_MS;

/** The level at the end of the line; of the open bucket only when there is no other. `atMs`: up to when it is known. */
function latestOf(points: readonly Point[], stepMs: number, nowMs: number): ChartView['latest'] {
  const known = points.filter((point): point is [number, number] => point[1] !== null);
  const closed = known.filter(([startMs]) => startMs + stepMs <= nowMs);
  const last = closed.at(-1) ?? known.at(-1);
  if (last === undefined) return null;
  const level = closed.filter(([startMs]) => startMs > last[0] - LEVEL_MS).map(([, value]) => value);
  const values = level.length === 0 ? [last[1]] : level;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { atMs: Math.min(last[0] + stepMs, nowMs), value: mean };
}

/**
 * All events that were seen, whichever machine saw them: while one is silent those of the others still count, and its
 * own come with its next answer. Null when none was ever covered.
 */
function totalOf(flows: readonly Flow[]): number | null {
  const buckets = flows.flat().filter((bucket) => bucket !== null);
  if (!buckets.some(({ coveredMs, gapIncrease }) => coveredMs > 0 || gapIncrease > 0)) return null;
  return buckets.reduce((sum, { increase, gapIncrease }) => sum + increase + gapIncrease, 0);
}

/** Mean rate per second over the time in which every machine is covered; null without any. */
function meanRateOf(flow: Flow): number | null {
  const buckets = flow.filter((bucket) => bucket !== null);
  const coveredMs = buckets.reduce((sum, bucket) => sum + bucket.coveredMs, 0);
  return coveredMs === 0
    ? null
    : (buckets.reduce((sum, { increase }) => sum + increase, 0) * 1000) / coveredMs;
}

function ratioOf(part: Flow, rest: Flow): number | null {
  const sum = (flow: Flow): number => flow.reduce((total, bucket) => total + (bucket?.increase ?? 0), 0);
  const all = sum(part) + sum(rest);
  return all > 0 ? sum(part) / all : null;
}

function readGoals(runtime: Runtime, scope: Scope, metric: MetricName, labels: Labels): GoalView[] {
  return runtime.config.goals
    .filter((goal) => goal.app === scope.app && goal.environment === scope.environment)
    .filter((goal) => goal.metric === metric && sameLabels(goal.labels, labels))
    .map(({ direction, perSecond, text }) => ({ direction, value: perSecond, text }));
}

function sameLabels(a: Labels, b: Labels): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => a[name] === b[name]);
}

/** Why there is no line, and what would bring it; null when there is one. */
function missingReason(statuses: readonly TargetStatus[], parts: ChartParts): ChartView['missing'] {
  if (parts.points.some(([, value]) => value !== null)) return null;
  if (statuses.length === 0) return NOT_CONFIGURED[parts.kind];
  const failing = statuses.find(({ lastError, state }) => lastError !== null && state !== 'ok');
  if (failing?.lastError != null) return { reason: failing.lastError.text, fix: null };
  const intervalMs = Math.max(...statuses.map(({ history }) => history.intervalMs));
  const seconds = Math.round(intervalMs / 1000);
  const visited = statuses.filter(({ history }) => history.lastOkAtMs !== null).length;
  if (visited < statuses.length)
    return { reason: `No visit yet, first numbers within ${2 * seconds} s`, fix: null };
  if (parts.quality === 'unavailable') {
    return { reason: `No source gives ${parts.label} yet`, fix: METRIC_FIX[parts.kind] };
  }
  if (parts.as === 'value') return { reason: 'No lookups in this time', fix: null };
  return { reason: `Sample 1 of 2, first rate in ${seconds} s`, fix: null };
}

const NOT_CONFIGURED: Record<SourceKind, { reason: string; fix: string }> = {
  redis: { reason: 'No Redis is configured', fix: 'Set REDIS_URL, or add a redis source to afterwatch.yml.' },
  postgres: {
    reason: 'No Postgres is configured',
    fix: 'Set DATABASE_URL, or add a postgres source to afterwatch.yml.',
  },
  app: {
    reason: 'No machines are configured',
    fix: 'Set APP_METRICS_URLS, or add an app source to afterwatch.yml.',
  },
};

const METRIC_FIX: Record<SourceKind, string> = {
  redis: 'This Redis gives no such counter in INFO; let your app export its own commands by command.',
  postgres: 'Grant pg_monitor to the role, or enable pg_stat_statements.',
  app: 'Export it from your app: docs/instrument-your-app.md has a snippet for each library.',
};
