import 'server-only';
import type { NamedChart } from '@/lib/core/alerts/alerts-view.ts';
import type { Scope, TargetId } from '@/lib/core/model/target.ts';
import type { ChartView, Point } from '@/lib/core/model/view.ts';
import { chooseStepMs, MINUTE_MS } from '@/lib/core/time/range.ts';
import type { Runtime } from '../runtime.ts';
import { readChart } from './chart.ts';
import { readLine, type SumQuestion } from './chart-line.ts';
import { type Grid, gridOf, type Span } from './grid.ts';
import { responseCounters } from './limited.ts';
import { redisGetsRung } from './redis-gets-rung.ts';
import { targetIdsOf } from './scope.ts';

/** Where and when a chart is read. */
export interface ChartPlace {
  runtime: Runtime;
  scope: Scope;
  grid: Grid;
  span: Span;
}

export type DrawnChart = Omit<NamedChart, 'marks'>;

/** Bars of rare events want wide buckets: this many fit on a phone. */
const MOST_BARS = 72;

/** One line over all targets of a question; null where there is no target. */
export async function lineChart(
  { runtime, scope, grid, span }: ChartPlace,
  line: SumQuestion,
  title: string,
  question: string,
): Promise<DrawnChart | null> {
  if (line.targetIds.length === 0) return null;
  const view = await readChart(runtime, { scope, label: title, line }, grid, span, null);
  return { title, question, variant: line.as === 'increase' ? 'bars' : 'line', view };
}

/** How hard Redis is asked: by all, or as one source tells it. */
export function redisLine(place: ChartPlace, source: TargetId | null): Promise<DrawnChart | null> {
  const { runtime, scope } = place;
  const { kind, metric, labels, title } = redisGetsRung(runtime, scope);
  const targetIds = source !== null && kind === 'redis' ? [source] : targetIdsOf(runtime, scope, kind);
  const line: SumQuestion = { kind, targetIds, metric, labels, as: 'rate' };
  return lineChart(place, line, title, 'How hard is Redis asked?');
}

/** Responses of the machine that is named, else of all, else what the platform in front of them counted. */
export function responsesLine(runtime: Runtime, scope: Scope, machine: string): SumQuestion {
  const { metric, targetIds: all } = responseCounters(runtime, scope);
  const own = all.filter((id) => id.endsWith(`/${machine}`));
  const targetIds = machine !== '' && own.length > 0 ? own : all;
  return {
    kind: metric === 'http_responses_total' ? 'app' : 'fly',
    targetIds,
    metric,
    labels: {},
    as: 'rate',
  };
}

/** What a source itself tells; null for a kind that has no line of its own. */
export async function sourceLine(place: ChartPlace, source: TargetId): Promise<DrawnChart | null> {
  const { runtime, span } = place;
  const kind = runtime.poller.status(source, span.nowMs)?.target.kind;
  const targetIds = [source];
  switch (kind) {
    case 'redis':
      return redisLine(place, source);
    case 'postgres':
      return lineChart(
        place,
        { kind, targetIds, metric: 'db_queries_total', labels: {}, as: 'rate' },
        'Database queries',
        'Is the database quiet?',
      );
    case 'app':
      return lineChart(
        place,
        { kind, targetIds, metric: 'http_responses_total', labels: {}, as: 'rate' },
        'Responses',
        'Does it answer?',
      );
    case 'logs':
      return lineChart(
        place,
        { kind, targetIds, metric: 'logs_lines_total', labels: {}, as: 'rate' },
        'Log lines',
        'Do lines arrive?',
      );
    case 'upstash':
    case 'neon':
    case 'fly':
    case 'prometheus':
    case undefined:
      return null;
    default:
      return kind satisfies never;
  }
}

/** Responses with a status of 5xx as counts, all codes together, or by class where machines tell no more. */
export async function serverErrors(place: ChartPlace): Promise<DrawnChart | null> {
  const { runtime, scope, span } = place;
  const counters = responseCounters(runtime, scope);
  if (counters.targetIds.length === 0) return null;
  const { range } = place.grid;
  const grid = gridOf(range, chooseStepMs(range, MOST_BARS, Math.max(MINUTE_MS, place.grid.stepMs)));
  const known = runtime.store.findSeries(counters).flatMap(({ labels }) => labels.status ?? []);
  // Without any, the family's own cover makes it a measured zero.
  const [first = '500', ...others] = [...new Set(known)].filter((status) => /^5/.test(status)).sort();
  const questionOf = (status: string): SumQuestion => ({
    kind: counters.metric === 'http_responses_total' ? 'app' : 'fly',
    ...counters,
    labels: { status },
    as: 'increase',
  });
  const [chart, ...rest] = await Promise.all([
    lineChart({ ...place, grid }, questionOf(first), '5xx responses', 'Do requests fail?'),
    ...others.map((status) => readLine(runtime, questionOf(status), grid, span.nowMs)),
  ]);
  return chart === null ? null : { ...chart, view: withOthers(chart.view, rest) };
}

/** A bucket that is unknown for one status is unknown for all of them. */
function withOthers(
  view: ChartView,
  others: readonly { points: readonly Point[]; overall: number | null }[],
): ChartView {
  const add = (a: number | null, b: number | null | undefined) => (a === null || b == null ? null : a + b);
  const [line] = view.lines;
  if (line === undefined) return view;
  const points = line.points.map(
    ([atMs, value], i): Point => [
      atMs,
      others.reduce((sum, { points: own }) => add(sum, own[i]?.[1]), value),
    ],
  );
  return {
    ...view,
    lines: [{ ...line, points }],
    overall: others.reduce((sum, { overall }) => add(sum, overall), view.overall),
  };
}
