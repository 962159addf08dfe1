import 'server-only';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { HistorySeries, HistoryStretch } from '@/lib/core/model/history.ts';
import type { Labels } from '@/lib/core/model/sample.ts';
import { alignDown, DAY_MS, STEPS_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { readCommandPoints } from './commands.ts';
import { answerRange, type StatsAnswer } from './parse.ts';
import { periodStartMs } from './period-watch.ts';
import { type Point, PointReader, unionTimes, usualStepMs } from './points.ts';
import { DAY_RULES, SERIES_RULES } from './schema.ts';

/** Stretches are never finer than what is kept of them. */
const FINEST_MS = 300_000;
/** So much of a stretch must be covered by points; a thinner one is unknown. */
const COVERED = 0.999;

/**
 * What one answer knows of `range`, on a fixed grid of UTC so that asking again gives the same stretches. Counts by
 * command and sampled levels are inferred; finished days of the exact lists are measured and stay apart from them.
 * The day that runs is in none: it is not finished.
 */
export function historyOf(answer: StatsAnswer, range: TimeRange): readonly HistorySeries[] {
  const { stats, serverMs, period } = answer;
  const reader = new PointReader();
  const reach = answerRange(serverMs, period);
  const commands = readCommandPoints(stats, reach, reader).byCommand ?? new Map<string, readonly Point[]>();
  const commandTimes = unionTimes(commands.values());
  const counts = [...commands].map(
    ([cmd, points]): HistorySeries => ({
      metric: 'upstash_commands_total',
      labels: { cmd },
      quality: 'inferred',
      stretches: countStretches(points, commandTimes, range),
    }),
  );
  const levels = SERIES_RULES.map(({ field, metric, labels, scale }) =>
    levelSeries(metric, labels, reader.read(stats[field], reach), scale, range),
  );
  const days = DAY_RULES.map(
    ({ field, metric }): HistorySeries => ({
      metric,
      labels: {},
      quality: 'measured',
      stretches: dayStretches(reader.read(stats[field], daysReach(serverMs)), serverMs, range),
    }),
  );
  return [...counts, ...levels, ...days].filter(({ stretches }) => stretches.length > 0);
}

/** Events of the points, shared out by time over the grid. A stretch that points do not cover whole is left out. */
function countStretches(
  points: readonly Point[],
  times: readonly number[],
  range: TimeRange,
): readonly HistoryStretch[] {
  const stepMs = usualStepMs(times);
  if (stepMs === null || stepMs <= 0) return [];
  const widthMs = gridWidthMs(stepMs);
  const cells = new Map<number, { value: number; coveredMs: number }>();
  const lastOf = new Map(times.map((atMs, i) => [atMs, times[i - 1]]));
  for (const { atMs, value } of points) {
    const previousMs = lastOf.get(atMs) ?? atMs - stepMs;
    const fromMs = atMs - previousMs > 1.5 * stepMs ? atMs - stepMs : previousMs;
    for (let startMs = alignDown(fromMs, widthMs); startMs < atMs; startMs += widthMs) {
      const insideMs = Math.min(atMs, startMs + widthMs) - Math.max(fromMs, startMs);
      const cell = cells.get(startMs) ?? { value: 0, coveredMs: 0 };
      cell.value += (value * insideMs) / (atMs - fromMs);
      cell.coveredMs += insideMs;
      cells.set(startMs, cell);
    }
  }
  return [...cells]
    .filter(([, { coveredMs }]) => coveredMs >= COVERED * widthMs)
    .map(([startMs, { value }]) => ({
      startMs,
      endMs: startMs + widthMs,
      value: Number(value.toPrecision(12)),
    }))
    .filter((stretch) => isInside(stretch, range))
    .sort((a, b) => a.startMs - b.startMs);
}

/** Mean of the points in each stretch of the grid; a stretch without a point is absent. */
function levelSeries(
  metric: MetricName,
  labels: Labels,
  points: readonly Point[],
  scale: number,
  range: TimeRange,
): HistorySeries {
  const stepMs = usualStepMs(points.map(({ atMs }) => atMs));
  const widthMs = gridWidthMs(stepMs ?? FINEST_MS);
  const cells = new Map<number, number[]>();
  for (const { atMs, value } of points) {
    const startMs = alignDown(atMs, widthMs);
    const values = cells.get(startMs);
    if (values === undefined) cells.set(startMs, [value]);
    else values.push(value);
  }
  const stretches = [...cells]
    .map(([startMs, values]) => ({
      startMs,
      endMs: startMs + widthMs,
      value: Number(((values.reduce((a, b) => a + b, 0) / values.length) * scale).toPrecision(12)),
    }))
    .filter((stretch) => isInside(stretch, range));
  return { metric, labels, quality: 'inferred', stretches };
}

/** Whole UTC days, each told by one point that lies somewhere in it. */
function dayStretches(
  points: readonly Point[],
  serverMs: number,
  range: TimeRange,
): readonly HistoryStretch[] {
  const byDay = new Map(points.map(({ atMs, value }) => [periodStartMs('day', atMs), value]));
  return [...byDay]
    .map(([startMs, value]) => ({ startMs, endMs: startMs + DAY_MS, value }))
    .filter((stretch) => stretch.endMs <= periodStartMs('day', serverMs) && isInside(stretch, range))
    .sort((a, b) => a.startMs - b.startMs);
}

/** The lists of days hold about five; more than this is not believed. */
function daysReach(serverMs: number): TimeRange {
  return { startMs: periodStartMs('day', serverMs) - 31 * DAY_MS, endMs: serverMs };
}

function isInside({ startMs, endMs }: HistoryStretch, range: TimeRange): boolean {
  return startMs >= range.startMs && endMs <= range.endMs;
}

function gridWidthMs(stepMs: number): number {
  return STEPS_MS.find((width) => width >= Math.max(stepMs, FINEST_MS)) ?? DAY_MS;
}
