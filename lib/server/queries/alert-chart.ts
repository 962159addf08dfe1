import 'server-only';
import type { AlertEntry } from '@/lib/core/alerts/alert-book.ts';
import type { NamedChart } from '@/lib/core/alerts/alerts-view.ts';
import { RULES } from '@/lib/core/alerts/rules/index.ts';
import type { AlertChartName } from '@/lib/core/alerts/rules/rule.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { alignDown, alignUp, MINUTE_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { Runtime } from '../runtime.ts';
import { byMachine, latencyChart, quotaChart, stateChart } from './alert-chart-each.ts';
import {
  type ChartPlace,
  type DrawnChart,
  lineChart,
  redisLine,
  responsesLine,
  serverErrors,
  sourceLine,
} from './alert-chart-line.ts';
import { restartsChart } from './alert-chart-restarts.ts';
import { chooseGrid, finestStepMs, type Span } from './grid.ts';
import { readMarks } from './marks.ts';
import { readResponses429 } from './responses-429.ts';
import { targetIdsOf } from './scope.ts';

/** Shown on both sides of the time at which an alert fired. */
const AROUND_MS = 30 * MINUTE_MS;

/** The chart of what a rule looks at, around the time at which it fired; null where none shows it. */
export async function readAlertChart(
  runtime: Runtime,
  scope: Scope,
  { id, rule, track }: Pick<AlertEntry, 'id' | 'rule' | 'track'>,
  nowMs: number,
): Promise<NamedChart | null> {
  const subject = subjectOf(id);
  const name = RULES[rule].chart(subject);
  if (name === null) return null;
  const atMs = track.fired?.atMs ?? track.sinceMs;
  const range = {
    startMs: alignDown(atMs - AROUND_MS, MINUTE_MS),
    endMs: Math.min(alignUp(atMs + AROUND_MS, MINUTE_MS), nowMs),
  };
  return readNamedChart(runtime, scope, name, subject, range, nowMs);
}

/** A chart by its name over a fixed range, in steps of `leastStepMs` or wider; null where the scope has nothing to show. */
export async function readNamedChart(
  runtime: Runtime,
  scope: Scope,
  name: AlertChartName,
  subject: string,
  range: TimeRange,
  nowMs: number,
  leastStepMs = 0,
): Promise<NamedChart | null> {
  const statuses = targetIdsOf(runtime, scope).flatMap((id) => runtime.poller.status(id, nowMs) ?? []);
  const span: Span = { range, nowMs, isLive: false };
  const finestMs = finestStepMs(runtime.config.retention, range.startMs, nowMs);
  const grid = chooseGrid(range, statuses, Math.max(finestMs, leastStepMs));
  const chart = await readByName({ runtime, scope, grid, span }, name, subject);
  return chart === null ? null : { ...chart, marks: readMarks(runtime, scope, range) };
}

async function readByName(
  place: ChartPlace,
  name: AlertChartName,
  subject: string,
): Promise<DrawnChart | null> {
  const { runtime, scope, grid, span } = place;
  switch (name) {
    case 'responses_429': {
      if (targetIdsOf(runtime, scope, 'app').length === 0) return null;
      const view = await readResponses429(runtime, scope, grid, span, null);
      return { title: '429 responses', question: 'Is anyone being turned away?', variant: 'bars', view };
    }
    case 'responses_5xx':
      return serverErrors(place);
    case 'responses':
      return lineChart(place, responsesLine(runtime, scope, subject), 'Responses', 'Does it answer?');
    case 'redis_gets':
      return redisLine(place, null);
    case 'redis_by_machine':
      return (
        (await byMachine(place, {
          metric: 'app_redis_commands_total',
          title: 'Redis commands by machine',
          question: 'Who asks Redis?',
        })) ?? redisLine(place, null)
      );
    case 'db_queries':
      return lineChart(
        place,
        {
          kind: 'postgres',
          targetIds: targetIdsOf(runtime, scope, 'postgres'),
          metric: 'db_queries_total',
          labels: {},
          as: 'rate',
        },
        'Database queries',
        'Is the database quiet?',
      );
    case 'db_connections':
      return stateChart(place, {
        metric: 'db_connections_used_ratio',
        title: 'Connections in use',
        question: 'How full is the database?',
        otherwise: 'not told',
        subject,
      });
    case 'latency_p95':
      return latencyChart(place);
    case 'limiter':
      return byMachine(place, {
        metric: 'app_limiter_decisions_total',
        by: 'decision',
        title: 'Rate limiter decisions',
        question: 'Does it let requests pass unasked?',
      });
    case 'breaker':
      return stateChart(place, {
        metric: 'app_breaker_state',
        title: 'Circuit breakers',
        question: 'Is one open? 1 is open, 0.5 half open.',
        otherwise: 'not told',
        subject,
      });
    case 'restarts':
      return restartsChart(place);
    case 'quota_used':
      return quotaChart(place, subject);
    case 'source':
      return sourceLine(place, subject);
    default:
      return name satisfies never;
  }
}

/** What stands after the colon of an alert's id; empty for the whole app. */
function subjectOf(id: string): string {
  const colon = id.indexOf(':');
  return colon === -1 ? '' : id.slice(colon + 1);
}
