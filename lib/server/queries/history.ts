import 'server-only';
import { findMetric, type MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import { type Labels, processOf } from '@/lib/core/model/sample.ts';
import { type SourceKind, type TargetId, targetId } from '@/lib/core/model/target.ts';
import { type Flow, familyFlow } from '@/lib/core/series/family-sum.ts';
import { bucketsToFill, IMPORTED, isUntouched } from '@/lib/core/series/history.ts';
import { alignDown, alignUp, DAY_MS, HOUR_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { REACH_MS } from '../poller/backfill.ts';
import type { Reading } from '../runtime.ts';
import type { LineQuestion } from './chart-line.ts';
import { type Grid, gridOf } from './grid.ts';
import { remember } from './remember.ts';

/** What a provider remembers does not change: it is read anew only when its memory was. */
const LIFE_MS = HOUR_MS;
const MEMORY = { name: 'history', most: 96 };

const PROVIDERS: Partial<Record<SourceKind, string>> = {
  upstash: 'Upstash',
  neon: 'Neon',
  fly: 'Fly',
  prometheus: 'Prometheus',
};

/** Metrics under which another kind of source counts the same events, where it has no name of ours for them. */
const SAME_EVENTS: Partial<Record<MetricName, { kind: SourceKind; metric: MetricName }>> = {
  redis_commands_total: { kind: 'upstash', metric: 'upstash_commands_total' },
  http_responses_total: { kind: 'fly', metric: 'fly_http_responses_total' },
};

/** Kinds of which an engine may watch others than ours: it stands in only when it tells of as many. */
const ONE_TO_ONE: ReadonlySet<SourceKind> = new Set(['redis', 'postgres']);

/** A provider whose memory can stand in for a question. */
interface HistorySource {
  kind: SourceKind;
  provider: string;
  targetIds: readonly TargetId[];
  metrics: readonly MetricName[];
  resolutionMs: number;
  /** Time that its memory reaches over. */
  range: TimeRange;
  /** More processes than this are not the ones that the question asks for; null for any number. */
  mostProcesses: number | null;
}

/** What a provider remembers of a question, on its grid. */
export interface LineHistory {
  provider: string;
  resolutionMs: number;
  /** Buckets that it may tell. */
  fill: readonly boolean[];
  part: Flow;
  /** Of the second metric of a ratio; null for sums. */
  rest: Flow | null;
}

/** Changes when a provider's memory was read: what was made before it does not hold any more. */
export function historyRevision(runtime: Reading): number {
  return runtime.config.targets.reduce((sum, target) => {
    const status = runtime.poller.backfill(targetId(target));
    return status?.kind === 'done' ? sum + status.atMs : sum;
  }, 0);
}

/**
 * What a provider remembers of the buckets in which none of `measured` tells anything; null where nobody does. One
 * provider speaks for a question, since two would count the same events twice. `rest`: flows of a ratio's second metric.
 */
export async function readLineHistory(
  runtime: Reading,
  question: LineQuestion,
  grid: Grid,
  measured: { part: readonly Flow[]; rest: readonly Flow[] },
): Promise<LineHistory | null> {
  const all = [...measured.part, ...measured.rest];
  for (const source of sourcesOf(runtime, question)) {
    const holes = holesOf(all, grid, source.range);
    if (holes === null) continue;
    const labels = question.as === 'value' ? {} : question.labels;
    const [part = null, rest = null] = await Promise.all(
      source.metrics.map((metric) => readFlow(runtime, source, { metric, labels }, grid, holes)),
    );
    if (part === null || (question.as === 'value' && rest === null)) continue;
    const canFill = bucketsToFill(all, part, grid.stepMs);
    const canFillRest = rest === null ? null : bucketsToFill(all, rest, grid.stepMs);
    const fill = canFill.map((yes, i) => yes && (canFillRest === null || canFillRest[i] === true));
    if (!fill.includes(true)) continue;
    return { provider: source.provider, resolutionMs: source.resolutionMs, fill, part, rest };
  }
  return null;
}

/** The memory of a question that is being read now; null when none is. `share` 0–1. */
export function readingOf(
  runtime: Reading,
  question: LineQuestion,
): { provider: string; days: number; share: number } | null {
  for (const { kind, targetIds } of candidatesOf(runtime, question)) {
    for (const id of targetIds) {
      const status = runtime.poller.backfill(id);
      if (status?.kind !== 'running') continue;
      return { provider: PROVIDERS[kind] ?? kind, days: REACH_MS / DAY_MS, share: status.share };
    }
  }
  return null;
}

type Candidate = Pick<HistorySource, 'kind' | 'targetIds' | 'metrics' | 'mostProcesses'>;

/** Who may remember a question, the best first: the asked targets, an engine that scrapes the same, who counts the same. */
function candidatesOf(runtime: Reading, question: LineQuestion): Candidate[] {
  const { kind, targetIds } = question;
  const metrics = question.as === 'value' ? [question.part, question.rest] : [question.metric];
  const own: Candidate = { kind, targetIds, metrics, mostProcesses: null };
  const scoped = scopedTargets(runtime, targetIds);
  const ofKind = (wanted: SourceKind) => scoped.filter((one) => one.kind === wanted).map(({ id }) => id);
  // Whoever stands in tells of all of them; of one machine alone it would tell too much.
  if (kind === 'prometheus' || ofKind(kind).length !== targetIds.length) return [own];
  const engine: Candidate = {
    kind: 'prometheus',
    targetIds: ofKind('prometheus'),
    metrics,
    mostProcesses: ONE_TO_ONE.has(kind) ? targetIds.length : null,
  };
  const [metric] = metrics;
  const same = metric === undefined || metrics.length > 1 ? undefined : SAME_EVENTS[metric];
  if (same === undefined) return [own, engine];
  const sameIds = ofKind(same.kind);
  const fits = !ONE_TO_ONE.has(kind) || sameIds.length === targetIds.length;
  const other: Candidate = {
    kind: same.kind,
    targetIds: fits ? sameIds : [],
    metrics: [same.metric],
    mostProcesses: null,
  };
  return [own, engine, other];
}

function scopedTargets(
  runtime: Reading,
  targetIds: readonly TargetId[],
): readonly { id: TargetId; kind: SourceKind }[] {
  const all = runtime.config.targets.map((target) => ({ target, id: targetId(target) }));
  const asked = new Set(targetIds);
  const scopes = new Set(
    all.flatMap(({ target, id }) => (asked.has(id) ? [`${target.app}/${target.environment}`] : [])),
  );
  return all
    .filter(({ target }) => scopes.has(`${target.app}/${target.environment}`))
    .map(({ target, id }) => ({ id, kind: target.kind }));
}

function sourcesOf(runtime: Reading, question: LineQuestion): HistorySource[] {
  return candidatesOf(runtime, question).flatMap((candidate): HistorySource[] => {
    const known = candidate.targetIds.flatMap((id) => {
      const status = runtime.poller.backfill(id);
      if (status?.kind !== 'done' || status.fromMs === null) return [];
      const resolutions = candidate.metrics.map((metric) => status.resolutionsMs[metric]);
      const widest = resolutions.reduce((a, b) =>
        a === undefined || b === undefined ? undefined : Math.max(a, b),
      );
      return widest === undefined ? [] : [{ id, startMs: status.fromMs, endMs: status.atMs, widest }];
    });
    // Some of several that count together would be a part, drawn as the whole.
    if (known.length === 0 || (ONE_TO_ONE.has(question.kind) && known.length < candidate.targetIds.length))
      return [];
    return [
      {
        ...candidate,
        // A source without a memory of its own can only have been given one.
        provider: PROVIDERS[candidate.kind] ?? IMPORTED,
        targetIds: known.map(({ id }) => id),
        resolutionMs: Math.max(...known.map(({ widest }) => widest)),
        range: {
          startMs: Math.min(...known.map(({ startMs }) => startMs)),
          endMs: Math.max(...known.map(({ endMs }) => endMs)),
        },
      },
    ];
  });
}

/** From the first to the last bucket without anything measured that the memory reaches over; null without any. */
function holesOf(measured: readonly Flow[], { starts, stepMs }: Grid, known: TimeRange): TimeRange | null {
  let startMs: number | null = null;
  let endMs = 0;
  for (const [i, atMs] of starts.entries()) {
    if (atMs + stepMs <= known.startMs || atMs >= known.endMs) continue;
    if (!measured.every((flow) => isUntouched(flow[i] ?? null))) continue;
    startMs ??= atMs;
    endMs = atMs + stepMs;
  }
  return startMs === null ? null : { startMs, endMs };
}

/** The flow on the grid, known in `holes` only; null when the provider's processes are not the asked ones. */
async function readFlow(
  runtime: Reading,
  source: HistorySource,
  selection: { metric: MetricName; labels: Labels },
  { starts, stepMs }: Grid,
  holes: TimeRange,
): Promise<Flow | null> {
  // On whole hours, so that a window that moves on reads the same again.
  const roundMs = Math.max(stepMs, HOUR_MS);
  const part = gridOf(
    { startMs: alignDown(holes.startMs, roundMs), endMs: alignUp(holes.endMs, roundMs) },
    stepMs,
  );
  const { targetIds, mostProcesses } = source;
  const key = JSON.stringify([
    targetIds,
    selection,
    mostProcesses,
    stepMs,
    part.range,
    historyRevision(runtime),
  ]);
  const flow = await remember(runtime, MEMORY, key, LIFE_MS, () =>
    readPart(runtime, source, selection, part),
  );
  if (flow === null) return null;
  const offset = (part.range.startMs - (starts[0] ?? 0)) / stepMs;
  return starts.map((startMs, i) =>
    startMs >= holes.startMs && startMs < holes.endMs ? (flow[i - offset] ?? null) : null,
  );
}

async function readPart(
  runtime: Reading,
  { targetIds, mostProcesses }: HistorySource,
  { metric, labels }: { metric: MetricName; labels: Labels },
  { range, starts, stepMs }: Grid,
): Promise<Flow | null> {
  const absentIsZero = findMetric(metric)?.absentIsZero ?? false;
  const found = await runtime.store.readHistory(
    { metric, labels: absentIsZero ? {} : labels, targetIds },
    range,
    stepMs,
  );
  const processes = new Set(found.map(({ series }) => `${series.targetId} ${processOf(series.labels)}`));
  if (found.length === 0 || (mostProcesses !== null && processes.size > mostProcesses)) return null;
  // Of several targets each tells of processes of its own; the target's name keeps their names apart.
  const family = found.map(({ series, buckets }) => ({
    labels: { ...series.labels, machine: `${series.targetId} ${processOf(series.labels)}` },
    buckets,
  }));
  return familyFlow(family, labels, absentIsZero, starts.length);
}
