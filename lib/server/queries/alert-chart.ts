import 'server-only';
import type { AlertEntry } from '@/lib/core/alerts/alert-book.ts';
import type { AlertDetail } from '@/lib/core/alerts/alerts-view.ts';
import type { Scope, SourceKind, TargetId } from '@/lib/core/model/target.ts';
import { alignDown, alignUp, MINUTE_MS } from '@/lib/core/time/range.ts';
import type { Runtime } from '../runtime.ts';
import { readChart } from './chart.ts';
import type { LineQuestion } from './chart-line.ts';
import { chooseGrid, finestStepMs, type Span } from './grid.ts';
import { redisGetsRung } from './redis-gets-rung.ts';
import { readResponses429 } from './responses-429.ts';
import { targetIdsOf } from './scope.ts';

/** Shown on both sides of the time at which an alert fired. */
const AROUND_MS = 30 * MINUTE_MS;

/** The chart of what a rule looks at, around the time at which it fired; null where none shows it. */
export async function readAlertChart(
  runtime: Runtime,
  scope: Scope,
  { id, rule, track }: AlertEntry,
  nowMs: number,
): Promise<AlertDetail['chart']> {
  const atMs = track.fired?.atMs ?? track.sinceMs;
  const range = {
    startMs: alignDown(atMs - AROUND_MS, MINUTE_MS),
    endMs: Math.min(alignUp(atMs + AROUND_MS, MINUTE_MS), nowMs),
  };
  const span: Span = { range, nowMs, isLive: false };
  if (rule === 'http_429') {
    const view = await readResponses429(runtime, scope, gridFor(runtime, scope, 'app', span), span, null);
    return { title: '429 responses', question: 'Is anyone being turned away?', variant: 'bars', view };
  }
  const line = lineOf(
    runtime,
    scope,
    rule === 'source_down' || rule === 'observer_paused' ? subjectOf(id) : null,
  );
  if (line === null) return null;
  const { title, question, ...asked } = line;
  const grid = gridFor(runtime, scope, asked.kind, span);
  const view = await readChart(runtime, { scope, label: title, line: asked }, grid, span, null);
  return { title, question, variant: 'line', view };
}

function gridFor(runtime: Runtime, scope: Scope, kind: SourceKind, { range, nowMs }: Span) {
  const statuses = targetIdsOf(runtime, scope, kind).flatMap((id) => runtime.poller.status(id, nowMs) ?? []);
  return chooseGrid(range, statuses, finestStepMs(runtime.config.retention, range.startMs, nowMs));
}

type NamedLine = Extract<LineQuestion, { metric: unknown }> & { title: string; question: string };

/** For a source what it tells itself, for everything else how hard Redis is asked. */
function lineOf(runtime: Runtime, scope: Scope, source: TargetId | null): NamedLine | null {
  const status = source === null ? null : runtime.poller.status(source, runtime.clock.wallMs());
  const kind = status?.target.kind ?? 'redis';
  const targetIds = source === null ? null : [source];
  switch (kind) {
    case 'redis': {
      const rung = redisGetsRung(runtime, scope);
      const isOwn = targetIds !== null && rung.kind === 'redis';
      return {
        kind: rung.kind,
        targetIds: isOwn ? targetIds : targetIdsOf(runtime, scope, rung.kind),
        metric: rung.metric,
        labels: rung.labels,
        as: 'rate',
        title: rung.title,
        question: 'How hard is Redis asked?',
      };
    }
    case 'postgres':
      return {
        kind,
        targetIds: targetIds ?? [],
        metric: 'db_queries_total',
        labels: {},
        as: 'rate',
        title: 'Database queries',
        question: 'Is the database quiet?',
      };
    case 'app':
      return {
        kind,
        targetIds: targetIds ?? [],
        metric: 'http_responses_total',
        labels: {},
        as: 'rate',
        title: 'Responses',
        question: 'Does it answer?',
      };
    default:
      return null;
  }
}

function subjectOf(id: string): string {
  return id.slice(id.indexOf(':') + 1);
}
