import 'server-only';
import { clipGaps } from '@/lib/core/gaps/clip-gaps.ts';
import { explainBreaks } from '@/lib/core/gaps/explain-breaks.ts';
import { findMetric } from '@/lib/core/metrics/catalogue/index.ts';
import type { Labels } from '@/lib/core/model/sample.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { ChartAs, ChartView, GoalView } from '@/lib/core/model/view.ts';
import { trimUnvisited } from '@/lib/core/series/combine.ts';
import { isRemembered, withoutHistory } from '@/lib/core/series/history.ts';
import { latestOf } from '@/lib/core/series/level.ts';
import type { Comparison } from '@/lib/core/time/page-window.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import type { Runtime } from '../runtime.ts';
import { type LineQuestion, leadMetric, readLine } from './chart-line.ts';
import { readComparison } from './comparison.ts';
import { mergeGaps, nameSuspended, readGaps, type TargetGap, toGapViews } from './gaps.ts';
import type { Grid, Span } from './grid.ts';
import { readingOf } from './history.ts';
import { missingNow, missingThen } from './missing.ts';
import { readRestarts } from './restarts.ts';
import { unlessAway } from './unless-away.ts';
import { readUsual, type UsualAnswer } from './usual.ts';

const MOST_GAPS = 24;
/** Numbers older than this many scheduled intervals are stale. */
const SILENT_INTERVALS = 2;

/** Why a bucket between good visits has no value. */
const BREAK_REASON: Record<ChartAs, string> = {
  rate: 'partly covered',
  increase: 'partly covered',
  value: 'no lookups',
};

/** One chart of one line. */
export interface ChartQuestion {
  scope: Scope;
  line: LineQuestion;
  label: string;
}

/** What a chart says whose numbers lie in a store that is away. */
const STORE_AWAY: ChartView['missing'] = {
  reason: 'The store can’t be reached',
  fix: 'What lies in memory is shown at a shorter range.',
};

/** The line of a question over a window, with everything that a chart says beside it. */
export async function readChart(
  runtime: Runtime,
  question: ChartQuestion,
  grid: Grid,
  span: Span,
  comparison: Comparison | null,
): Promise<ChartView> {
  return (
    (await unlessAway<ChartView | null>(readWhole(runtime, question, grid, span, comparison), null)) ??
    chartOfNothing(runtime, question, grid)
  );
}

/** A chart without a number: the store that has them is away. */
function chartOfNothing(
  runtime: Runtime,
  { scope, line, label }: ChartQuestion,
  { range, stepMs }: Grid,
): ChartView {
  return {
    unit: unitOf(line),
    ...{ as: line.as, range, stepMs },
    lines: [{ key: 'sum', label, quality: 'unavailable', points: [] }],
    ...{ lastIsPartial: false, gaps: [], resets: [], plans: [] },
    goals: readGoals(runtime, scope, line),
    ...{ usual: null, comparison: null, change: null, latest: null, overall: null },
    missing: STORE_AWAY,
    ...{ note: null, stale: true },
  };
}

function unitOf(line: LineQuestion): ChartView['unit'] {
  return line.as === 'value' ? 'ratio' : (findMetric(line.metric)?.unit ?? 'events');
}

async function readWhole(
  runtime: Runtime,
  question: ChartQuestion,
  grid: Grid,
  span: Span,
  comparison: Comparison | null,
): Promise<ChartView> {
  const { line } = question;
  const { range, stepMs } = grid;
  const statuses = line.targetIds.flatMap((id) => runtime.poller.status(id, span.nowMs) ?? []);
  const [data, gaps, restarts, compared, usual] = await Promise.all([
    readLine(runtime, line, grid, span.nowMs),
    readGaps(runtime, line.targetIds, range, stepMs, span.nowMs),
    readRestarts(runtime, leadMetric(line), line.targetIds, range),
    comparison === null
      ? null
      : unlessAway(readComparison(runtime, line, grid, comparison, span.nowMs), null),
    // A day that it would need lies in the store; the line itself may be in memory.
    unlessAway<UsualAnswer>(readUsualOf(runtime, line, grid), { usual: null }),
  ]);
  const points = trimUnvisited(data.points, firstUnvisitedMs(statuses, span));
  const resets = [...new Set([...restarts.values()].flat())].sort((a, b) => a - b);
  const { history } = data;
  // A visit that failed leaves no gap where a provider remembers: what is drawn there says whose it is.
  const silent = withoutHistory(clipGaps(gaps, points, stepMs), history);
  const visitGaps = toGapViews(silent, line.targetIds.length);
  const breaks = explainBreaks(points, stepMs, visitGaps, resets, BREAK_REASON[line.as]);
  const isOfRedis = /^(app_)?redis_/.test(leadMetric(line));
  const suspended = isOfRedis ? (runtime.modes?.suspended(question.scope, range, span.nowMs) ?? []) : [];
  const lastStart = points.at(-1)?.[0] ?? range.startMs;
  const isEmpty = points.every(([, value]) => value === null);
  const measured = history.length === 0 ? points : points.filter(([atMs]) => !isRemembered(history, atMs));
  const facts = {
    kind: line.kind,
    as: line.as,
    label: question.label,
    quality: data.quality,
    statuses,
    reading: readingOf(runtime, line),
  };
  return {
    unit: unitOf(line),
    as: line.as,
    range,
    stepMs,
    lines: [{ key: 'sum', label: question.label, quality: data.quality, points }],
    lastIsPartial: lastStart + stepMs > span.nowMs,
    gaps: mergeGaps(nameSuspended([...visitGaps, ...breaks], suspended, points, stepMs), MOST_GAPS),
    ...(history.length > 0 && { history, coverage: data.coverage }),
    resets,
    goals: readGoals(runtime, question.scope, line),
    plans: [],
    ...usual,
    comparison: compared,
    change: null,
    latest: latestOf(measured, stepMs, range.endMs),
    overall: data.overall,
    missing: !isEmpty ? null : span.isLive ? missingNow(facts) : missingThen(facts, gaps, range.endMs),
    note: null,
    stale: span.isLive
      ? isSilentNow(statuses)
      : wasSilentAtEnd(statuses, gaps, Math.min(range.endMs, span.nowMs)),
  };
}

function readUsualOf(runtime: Runtime, line: LineQuestion, grid: Grid): Promise<UsualAnswer> {
  switch (line.as) {
    case 'rate':
      return readUsual(runtime, { ...line, as: 'rate' }, grid);
    case 'value':
      return readUsual(runtime, line, grid);
    case 'increase':
      return Promise.resolve({ usual: null });
    default:
      return line satisfies never;
  }
}

/** From when on no visit can have filled a bucket yet; null when none ever could. */
function firstUnvisitedMs(statuses: readonly TargetStatus[], span: Span): number | null {
  const lastVisits = statuses.flatMap(({ history }) => history.lastOkAtMs ?? []);
  const lastVisitMs = lastVisits.length === 0 ? null : Math.min(...lastVisits);
  if (span.isLive) return lastVisitMs;
  // A fixed window must look the same after a restart, and while a source is away: what could have been filled, was.
  const slowestMs = Math.max(0, ...statuses.map(({ history }) => history.intervalMs));
  return Math.max(lastVisitMs ?? 0, span.nowMs - SILENT_INTERVALS * slowestMs);
}

function isSilentNow(statuses: readonly TargetStatus[]): boolean {
  return statuses.some(({ state }) => state === 'stale' || state === 'down');
}

/** True when a target had given nothing for more than two intervals when the window ended. */
function wasSilentAtEnd(
  statuses: readonly TargetStatus[],
  gaps: readonly TargetGap[],
  endMs: number,
): boolean {
  return gaps.some((gap) => {
    const intervalMs = statuses.find(({ id }) => id === gap.targetId)?.history.intervalMs ?? 0;
    return gap.endMs >= endMs && gap.endMs - gap.startMs > SILENT_INTERVALS * intervalMs;
  });
}

function readGoals(runtime: Runtime, scope: Scope, line: LineQuestion): GoalView[] {
  if (line.as !== 'rate') return [];
  return runtime.config.goals
    .filter((goal) => goal.app === scope.app && goal.environment === scope.environment)
    .filter((goal) => goal.metric === line.metric && sameLabels(goal.labels, line.labels))
    .map(({ direction, perSecond, text }) => ({ direction, value: perSecond, text }));
}

function sameLabels(a: Labels, b: Labels): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => a[name] === b[name]);
}
