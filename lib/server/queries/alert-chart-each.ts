import 'server-only';
import { findMetric, type MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import { findDerived } from '@/lib/core/metrics/derived/index.ts';
import type { Labels } from '@/lib/core/model/sample.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import type { LineView } from '@/lib/core/model/view.ts';
import { sumRates } from '@/lib/core/series/combine.ts';
import { type ChartPlace, type DrawnChart, lineChart } from './alert-chart-line.ts';
import { linesView } from './alert-chart-view.ts';
import { readLine } from './chart-line.ts';
import { readFlows } from './flows.ts';
import { targetIdsOf } from './scope.ts';
import { readSeries, type SeriesAnswer } from './series.ts';

interface Told {
  title: string;
  question: string;
}

/** A counter of the machines as a line for each of them, or for each value of a label; null where none counts it. */
export async function byMachine(
  place: ChartPlace,
  asked: Told & { metric: MetricName; by?: string },
): Promise<DrawnChart | null> {
  const { runtime, scope } = place;
  const { metric, by, title, question } = asked;
  const targetIds = targetIdsOf(runtime, scope, 'app');
  const known = runtime.store.findSeries({ metric, targetIds });
  if (targetIds.length === 0 || known.length === 0) return null;
  const lines =
    by === undefined
      ? await machineLines(place, metric, targetIds)
      : await labelLines(place, metric, targetIds, by, [
          ...new Set(known.flatMap(({ labels }) => labels[by] ?? [])),
        ]);
  const view = await linesView(place, {
    lines,
    unit: findMetric(metric)?.unit ?? 'events',
    as: 'rate',
    targetIds,
    otherwise: 'partly covered',
    noun: by === undefined ? 'machines' : `${by}s`,
  });
  return { title, question, variant: 'line', view };
}

async function machineLines(
  { runtime, grid }: ChartPlace,
  metric: MetricName,
  targetIds: readonly TargetId[],
): Promise<LineView[]> {
  const { byTarget, quality } = await readFlows(runtime, { metric, labels: {}, targetIds }, grid);
  return [...byTarget].map(([id, flow]) => ({
    key: id,
    label: nameOf(id),
    quality,
    points: sumRates([flow], grid.starts, grid.stepMs),
  }));
}

function labelLines(
  { runtime, grid, span }: ChartPlace,
  metric: MetricName,
  targetIds: readonly TargetId[],
  by: string,
  values: readonly string[],
): Promise<LineView[]> {
  return Promise.all(
    [...values].sort().map(async (value) => {
      const line = { kind: 'app', targetIds, metric, labels: { [by]: value }, as: 'rate' } as const;
      const { points, quality } = await readLine(runtime, line, grid, span.nowMs);
      return { key: value, label: value.replaceAll('_', ' '), quality, points };
    }),
  );
}

/** A gauge, or what is worked out from others, as a line for each that has it: of the subject where it names one. */
export async function stateChart(
  place: ChartPlace,
  asked: Told & { metric: string; otherwise: string; subject: string; labels?: Labels },
): Promise<DrawnChart | null> {
  const { metric, title, question, otherwise, subject, labels = {} } = asked;
  const { runtime, scope, grid } = place;
  const entry = findMetric(metric) ?? findDerived(metric);
  const { range, stepMs } = grid;
  const answer = await readSeries(runtime, { ...scope, metric, labels, as: 'value', range, stepMs });
  if (entry === null || 'code' in answer || answer.series.length === 0) return null;
  const lines = answer.series.map((one) => ({ target: one.target, line: toLine(one) }));
  const own = lines.filter(({ target, line }) => isOf(subject, target, line.label));
  const shown = own.length > 0 ? own : lines;
  const targets = new Set(shown.map(({ target }) => target));
  const view = await linesView(place, {
    lines: shown.map(({ line }) => line),
    unit: entry.unit,
    as: 'value',
    // A line over all of an app belongs to no source of its own.
    targetIds: targetIdsOf(runtime, scope).filter((id) => targets.has(id)),
    otherwise,
    noun: 'lines',
  });
  return { title, question, variant: 'line', view };
}

/** How long requests take: as the machines measured it, else the platform in front of them. */
export async function latencyChart(place: ChartPlace): Promise<DrawnChart | null> {
  const told = {
    title: 'p95 latency',
    question: 'Do people wait?',
    otherwise: 'too few requests',
    subject: '',
  };
  return (
    (await stateChart(place, { ...told, metric: 'http_app_latency_p95_seconds' })) ??
    (await stateChart(place, { ...told, metric: 'fly_http_latency_p95_seconds' }))
  );
}

/** How fast a quota is used up, by its id (`upstash/cache/commands`); null where nothing shows it. */
export async function quotaChart(place: ChartPlace, quota: string): Promise<DrawnChart | null> {
  const { runtime, scope } = place;
  const [kind = '', name = '', what = ''] = quota.split('/');
  if (kind === 'upstash') {
    const targetIds = targetIdsOf(runtime, scope, kind).filter((id) => nameOf(id) === name);
    const isTraffic = what === 'bandwidth';
    const metric = isTraffic ? 'upstash_month_bandwidth_bytes_total' : 'upstash_month_requests_total';
    return lineChart(
      place,
      { kind, targetIds, metric, labels: {}, as: 'rate' },
      isTraffic ? 'Upstash traffic' : 'Upstash commands',
      isTraffic ? 'How fast is it used up?' : 'How fast are they used up?',
    );
  }
  if (kind !== 'neon') return null;
  return stateChart(place, {
    metric: 'neon_quota_used_ratio',
    labels: { kind: what },
    title: 'Quota used',
    question: 'How much is left?',
    otherwise: 'not told',
    subject: name,
  });
}

function toLine({ labels, target, quality, points }: SeriesAnswer['series'][number]): LineView {
  const own = Object.values(labels).join(' · ');
  const label = own === '' ? nameOf(target) : own;
  return { key: `${target} ${own}`, label, quality, points };
}

/** Whether a line is about the subject of an alert: a source's name, with or without more after it, or what a label says. */
function isOf(subject: string, target: string, label: string): boolean {
  return subject.split('/')[0] === nameOf(target) || label.split(' · ').includes(subject);
}

function nameOf(target: string): string {
  return target.slice(target.lastIndexOf('/') + 1);
}
