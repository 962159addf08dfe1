import 'server-only';
import { type ImpactSums, type Told, toImpact } from '@/lib/core/incidents/impact.ts';
import { coveredMsOf } from '@/lib/core/incidents/sum-over.ts';
import type { ImpactFigure, Incident } from '@/lib/core/model/incident.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { ChartView } from '@/lib/core/model/view.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import { readNamedChart } from '../queries/alert-chart.ts';
import { responsesLine } from '../queries/alert-chart-line.ts';
import { readLine } from '../queries/chart-line.ts';
import { chooseGrid, finestStepMs } from '../queries/grid.ts';
import { targetIdsOf } from '../queries/scope.ts';
import type { Runtime } from '../runtime.ts';
import { commandPriceOf } from './command-price.ts';
import { readCommandsOver } from './read-over.ts';
import { readVain } from './vain.ts';

const NO_COUNTER = 'Nobody counts HTTP responses here.';
const NO_NUMBERS = 'Nothing was measured in this time.';

/** What an incident did, over its own time and nothing else. */
export async function readImpact(
  runtime: Runtime,
  incident: Incident,
  nowMs: number,
): Promise<readonly ImpactFigure[]> {
  const { app, environment, startMs, endMs } = incident;
  const scope = { app, environment };
  const range = { startMs, endMs: Math.max(startMs, Math.min(endMs ?? nowMs, nowMs)) };
  const lengthMs = range.endMs - range.startMs;
  const own = { lengthMs, isOver: endMs !== null };
  if (lengthMs === 0) return toImpact({ ...own, ...begunNow() });
  const [errors, refused, over, vain] = [
    await readErrors(runtime, scope, range, nowMs),
    await readRefused(runtime, scope, range, nowMs),
    await readCommandsOver(runtime, incident, range, nowMs),
    await readVain(runtime, scope, range, nowMs),
  ];
  const wrong: ImpactSums['wrong'] =
    vain === null
      ? { why: 'No machine tells both what its settings ask for and what it does.' }
      : vain.coveredMs === 0
        ? { why: NO_NUMBERS }
        : { coveredMs: vain.coveredMs, wrongMs: vain.wrongMs };
  return toImpact({ ...own, errors, refused, over, wrong, price: commandPriceOf(runtime, scope, nowMs) });
}

function begunNow(): Pick<ImpactSums, 'errors' | 'refused' | 'over' | 'wrong' | 'price'> {
  const none = { why: 'It has only just begun.' };
  return { errors: none, refused: none, over: none, wrong: none, price: none };
}

async function readErrors(
  runtime: Runtime,
  scope: Scope,
  range: TimeRange,
  nowMs: number,
): Promise<Told<{ count: number; requests: number | null }>> {
  const chart = await readNamedChart(runtime, scope, 'responses_5xx', '', range, nowMs);
  if (chart === null) return { why: NO_COUNTER };
  const told = countOf(chart.view, range);
  return 'why' in told ? told : { ...told, requests: await readRequests(runtime, scope, range, nowMs) };
}

async function readRequests(
  runtime: Runtime,
  scope: Scope,
  range: TimeRange,
  nowMs: number,
): Promise<number | null> {
  const statuses = targetIdsOf(runtime, scope).flatMap((id) => runtime.poller.status(id, nowMs) ?? []);
  const grid = chooseGrid(range, statuses, finestStepMs(runtime.config.retention, range.startMs, nowMs));
  const line = { ...responsesLine(runtime, scope, ''), as: 'increase' as const };
  return (await readLine(runtime, line, grid, nowMs)).overall;
}

async function readRefused(
  runtime: Runtime,
  scope: Scope,
  range: TimeRange,
  nowMs: number,
): Promise<Told<{ count: number }>> {
  const chart = await readNamedChart(runtime, scope, 'responses_429', '', range, nowMs);
  return chart === null ? { why: NO_COUNTER } : countOf(chart.view, range);
}

/** The total of a chart of counts, and of how much of the range it is. */
function countOf({ lines, overall, stepMs, missing }: ChartView, range: TimeRange): Told<{ count: number }> {
  const coveredMs = coveredMsOf(lines[0]?.points ?? [], stepMs, range);
  if (missing !== null || overall === null || coveredMs === 0)
    return { why: missing === null ? NO_NUMBERS : `${missing.reason}.` };
  return { count: overall, coveredMs };
}
