import 'server-only';
import type { HistorySeries, HistoryStretch } from '@/lib/core/model/history.ts';
import { awakeSpans } from '@/lib/core/neon/awake.ts';
import { effectOf, type NeonOperation } from '@/lib/core/neon/operations.ts';
import { alignDown, alignUp, DAY_MS, HOUR_MS, overlapMs, type TimeRange } from '@/lib/core/time/range.ts';
import { ScrapeError } from '../collector.ts';
import { readOperationsSince } from './operations-log.ts';
import { type Compute, MAX_ENDPOINTS, sortComputes, toCompute } from './parse.ts';
import type { AskOptions, NeonApi } from './read.ts';
import type { ConsumptionAnswer } from './schema.ts';

/** Neon keeps operations for six months. */
const LOG_KEPT_MS = 180 * DAY_MS;
/** Hourly consumption is kept for 168 hours, and the newest hour may still grow. */
const CONSUMPTION_KEPT_MS = 167 * HOUR_MS;
const CONSUMPTION_LAG_MS = HOUR_MS;
const MAX_CONSUMPTION_PAGES = 5;

const METRICS = [
  'compute_unit_seconds',
  'public_network_transfer_bytes',
  'private_network_transfer_bytes',
] as const;

interface Asked {
  range: TimeRange;
  nowMs: number;
  onProgress: (share: number) => void;
}

/**
 * What Neon knows of the time before our first visit, by hour: awake time and starts from the log of operations (all
 * plans), and where the plan has it the consumption history. Throws `ScrapeError` when something failed that may work
 * at the next try; what the plan or key does not give is absent.
 */
export async function readHistory(
  api: NeonApi,
  asked: Asked,
  options: AskOptions,
): Promise<readonly HistorySeries[]> {
  const projectId = await api.projectId(options);
  const { value: rows, skewMs } = await api.endpoints(projectId, options);
  const { value: project } = await api.project(projectId, options);
  const computes = sortComputes(
    rows.map((row) => toCompute(row, skewMs)),
    null,
  ).slice(0, MAX_ENDPOINTS);

  const range = clip(asked.range, asked.nowMs - LOG_KEPT_MS, asked.nowMs);
  if (range === null) return [];
  const spanMs = range.endMs - range.startMs;
  const log = await readOperationsSince(api, projectId, range.startMs, options, (oldestMs) => {
    const doneMs = Math.min(spanMs, Math.max(0, range.endMs - oldestMs));
    asked.onProgress(0.8 * (doneMs / spanMs));
  });
  const fromLog = log.complete
    ? computes.flatMap((compute) => logSeries(compute, log.operations, range, asked.nowMs))
    : [];
  asked.onProgress(0.8);
  const orgId = project.org_id ?? null;
  const fromConsumption =
    orgId === null ? [] : await readConsumption(api, projectId, orgId, range, asked.nowMs, options);
  asked.onProgress(1);
  return [...fromLog, ...fromConsumption].filter(({ stretches }) => stretches.length > 0);
}

function clip(range: TimeRange, startMs: number, endMs: number): TimeRange | null {
  const clipped = { startMs: Math.max(range.startMs, startMs), endMs: Math.min(range.endMs, endMs) };
  return clipped.endMs > clipped.startMs ? clipped : null;
}

/** Awake seconds and starts of one compute by hour. An hour that it slept through is a measured 0. */
function logSeries(
  compute: Compute,
  operations: readonly NeonOperation[],
  asked: TimeRange,
  nowMs: number,
): HistorySeries[] {
  const range = clip(asked, compute.createdMs ?? asked.startMs, asked.endMs);
  if (range === null) return [];
  const own = operations.filter(({ endpointId }) => endpointId === compute.id);
  const spans = awakeSpans(own, compute, { startMs: range.startMs, endMs: nowMs });
  if (spans === null) return [];
  const starts = own.filter((one) => effectOf(one) === 'start');
  const labels = { endpoint: compute.id };
  const hours = hoursOf(range);
  const awakeMs = hours.map(() => 0);
  const started = hours.map(() => 0);
  const at = (ms: number) => Math.floor((ms - alignDown(range.startMs, HOUR_MS)) / HOUR_MS);
  for (const span of spans) {
    for (let hour = Math.max(0, at(span.startMs)); hour <= at(span.endMs) && hour < hours.length; hour += 1) {
      const within = hours[hour];
      if (within !== undefined) awakeMs[hour] = (awakeMs[hour] ?? 0) + overlapMs(span, within);
    }
  }
  for (const { updatedMs } of starts) {
    const hour = at(updatedMs);
    if (updatedMs >= range.startMs && updatedMs < range.endMs) started[hour] = (started[hour] ?? 0) + 1;
  }
  const series = (metric: string, values: readonly number[]): HistorySeries => ({
    metric,
    labels,
    quality: 'measured',
    stretches: hours.map((hour, n) => ({ ...hour, value: values[n] ?? 0 })),
  });
  return [
    series(
      'neon_compute_awake_seconds_total',
      awakeMs.map((ms) => ms / 1000),
    ),
    series('neon_compute_starts_total', started),
  ];
}

/** Hours of the UTC clock, the first and last one cut to the range. */
function hoursOf(range: TimeRange): TimeRange[] {
  const hours: TimeRange[] = [];
  for (let atMs = alignDown(range.startMs, HOUR_MS); atMs < range.endMs; atMs += HOUR_MS) {
    hours.push({
      startMs: Math.max(atMs, range.startMs),
      endMs: Math.min(atMs + HOUR_MS, range.endMs),
    });
  }
  return hours;
}

async function readConsumption(
  api: NeonApi,
  projectId: string,
  orgId: string,
  range: TimeRange,
  nowMs: number,
  options: AskOptions,
): Promise<HistorySeries[]> {
  const fromMs = alignUp(Math.max(range.startMs, nowMs - CONSUMPTION_KEPT_MS), HOUR_MS);
  const toMs = alignDown(Math.min(range.endMs, nowMs - CONSUMPTION_LAG_MS), HOUR_MS);
  if (toMs <= fromMs) return [];
  const frames = new Map<number, Frame>();
  let cursor: string | null = null;
  try {
    for (let page = 0; page < MAX_CONSUMPTION_PAGES; page += 1) {
      const asked = { orgId, fromMs, toMs, metrics: METRICS, cursor };
      const answer: ConsumptionAnswer = await api.consumption(projectId, asked, options);
      for (const frame of framesOf(answer, projectId)) frames.set(frame.startMs, frame);
      const next = answer.pagination?.cursor ?? null;
      if (next === null || next === cursor || answer.projects.length === 0) break;
      cursor = next;
    }
  } catch (error) {
    // The plan has no history, the key is for one project only, or Neon does not keep that time: it is not known.
    const unknown = error instanceof ScrapeError && (error.kind === 'grant' || /\(406\)/.test(error.message));
    if (unknown) return [];
    throw error;
  }
  const inRange = [...frames.values()]
    .filter(({ startMs, endMs }) => startMs >= fromMs && endMs <= toMs)
    .toSorted((a, b) => a.startMs - b.startMs);
  return [
    {
      metric: 'neon_compute_unit_seconds_total',
      labels: {},
      quality: 'measured',
      stretches: stretchesOf(inRange, ({ compute }) => compute),
    },
    {
      metric: 'neon_transfer_bytes_total',
      labels: {},
      quality: 'inferred',
      stretches: stretchesOf(inRange, ({ publicBytes, privateBytes }) =>
        publicBytes === null ? null : publicBytes + (privateBytes ?? 0),
      ),
    },
  ];
}

/** One hour of usage; null where Neon gave no number. */
interface Frame extends TimeRange {
  compute: number | null;
  publicBytes: number | null;
  privateBytes: number | null;
}

function framesOf(answer: ConsumptionAnswer, projectId: string): Frame[] {
  return answer.projects
    .filter((project) => project.project_id === projectId)
    .flatMap(({ periods }) => periods)
    .flatMap(({ consumption }) => consumption)
    .filter(({ timeframe_start, timeframe_end }) => timeframe_end > timeframe_start)
    .map(({ timeframe_start, timeframe_end, metrics }) => {
      const value = (name: string) => metrics.find((one) => one.metric_name === name)?.value ?? null;
      return {
        startMs: timeframe_start,
        endMs: timeframe_end,
        compute: value('compute_unit_seconds'),
        publicBytes: value('public_network_transfer_bytes'),
        privateBytes: value('private_network_transfer_bytes'),
      };
    });
}

function stretchesOf(frames: readonly Frame[], pick: (frame: Frame) => number | null): HistoryStretch[] {
  const stretches: HistoryStretch[] = [];
  for (const frame of frames) {
    const value = pick(frame);
    // A change of plan cuts an hour in two, each told for itself: they never overlap what came before.
    const overlaps = frame.startMs < (stretches.at(-1)?.endMs ?? Number.NEGATIVE_INFINITY);
    if (value !== null && value >= 0 && !overlaps) {
      stretches.push({ startMs: frame.startMs, endMs: frame.endMs, value });
    }
  }
  return stretches;
}
