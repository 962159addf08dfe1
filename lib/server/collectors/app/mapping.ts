import 'server-only';
import { appMetrics } from '@/lib/core/metrics/catalogue/app.ts';
import type { MetricMapping } from '@/lib/server/config/types.ts';
import type { Exposition, Family } from './exposition.ts';
import { isPresent, labelOf, lookUp, samplesOf } from './find-samples.ts';
import {
  type AppMetricName,
  COMMAND_LABELS,
  type MetricSource,
  PRESETS,
  type Preset,
  type SourcePart,
  STATUS_LABELS,
} from './presets.ts';
import { type StatusDetail, statusDetail } from './status-label.ts';

/** A metric of ours and where this page has it. */
export interface Binding extends Preset {
  /** True when the config says so; presets for the same metric are then not looked at. */
  configured: boolean;
  /** For `http_responses_total`: what its status label tells; null for other metrics. */
  statusDetail: StatusDetail | null;
}

export interface Discovery {
  bindings: readonly Binding[];
  /** Config mappings whose family is not on the page. */
  missing: readonly MetricMapping[];
  /** Config mappings that name a metric which the app source does not have. */
  unknown: readonly MetricMapping[];
  /** A request counter that carries no status at all; null when there is none, or a better one. */
  withoutStatus: string | null;
}

/**
 * Metrics that are never looked for on a page: they say how the visit itself went, what its answers told as words, or are
 * made from another metric's counter.
 */
const NOT_READ: ReadonlySet<AppMetricName> = new Set([
  'app_up',
  'app_health_ok',
  'app_machine_info',
  'http_route_responses_total',
]);

/** Our metrics, each looked for first under its own name. */
const OWN: readonly Preset[] = metricNames()
  .filter((metric) => !NOT_READ.has(metric))
  .map((metric) => ({
    library: 'own names',
    metric,
    sources: [
      {
        from: metric,
        part: 'plain',
        labels: defaultLabels(metric),
        where: null,
        scale: 1,
        unitDecides: false,
      },
    ],
  }));

/** The ways to each metric, in the order of preference; grouped once since every visit asks for all of them. */
const WAYS: ReadonlyMap<AppMetricName, readonly Preset[]> = new Map(
  metricNames().map((metric) => [metric, [...OWN, ...PRESETS].filter((way) => way.metric === metric)]),
);

/**
 * Which metrics of ours this page gives, and from where. Config wins over everything, own names over libraries,
 * a family with samples over one that is only declared, and exact status codes over classes. Pure.
 */
export function discoverMapping(exposition: Exposition, mapping: readonly MetricMapping[]): Discovery {
  const known = mapping.filter(({ metric }) => isAppMetric(metric));
  const configured = configuredBindings(exposition, known);
  const taken = new Set(known.map(({ metric }) => metric));
  const found: Binding[] = [...configured];
  let withoutStatus: string | null = null;
  for (const metric of metricNames()) {
    if (taken.has(metric)) continue;
    const present = (WAYS.get(metric) ?? []).flatMap((way) => gradeWay(exposition, way));
    const usable = present.filter(({ grade }) => grade > 0).sort((a, b) => b.grade - a.grade);
    const best = usable[0];
    if (best !== undefined) found.push(best.binding);
    else if (present[0] !== undefined) withoutStatus = present[0].binding.sources[0]?.from ?? null;
  }
  return {
    bindings: found.map((binding) => ({ ...binding, library: nameLibrary(exposition, binding) })),
    missing: known.filter(
      ({ metric, from }) =>
        !configured.some((one) => one.metric === metric && one.sources.some((s) => s.from === from)),
    ),
    unknown: mapping.filter(({ metric }) => !isAppMetric(metric)),
    withoutStatus,
  };
}

export function isAppMetric(name: string): name is AppMetricName {
  return Object.hasOwn(appMetrics, name) && !NOT_READ.has(name as AppMetricName);
}

function metricNames(): AppMetricName[] {
  // Object.keys loses the key type; the object is a constant.
  return Object.keys(appMetrics) as AppMetricName[];
}

function defaultLabels(metric: AppMetricName): MetricSource['labels'] {
  const own = appMetrics[metric].labels;
  // The members of a JSON object come with their name as `key`: it stands for the metric's first label.
  return Object.fromEntries(
    own.map((label, i) => [label, i === 0 ? [...theirNames(label), 'key'] : theirNames(label)]),
  );
}

function theirNames(label: string): readonly string[] {
  if (label === 'status') return STATUS_LABELS;
  return label === 'cmd' ? COMMAND_LABELS : [label];
}

function configuredBindings(exposition: Exposition, mapping: readonly MetricMapping[]): Binding[] {
  const byMetric = new Map<AppMetricName, MetricSource[]>();
  for (const { metric, from, labels, scale } of mapping) {
    if (!isAppMetric(metric) || !isPresent(exposition, from)) continue;
    const sources = byMetric.get(metric) ?? [];
    const part = partFor(metric, lookUp(exposition, from));
    sources.push({
      from,
      part,
      labels: mappedLabels(metric, labels),
      where: null,
      scale,
      unitDecides: false,
    });
    byMetric.set(metric, sources);
  }
  return [...byMetric].map(([metric, sources]) => ({
    library: 'your mapping',
    metric,
    sources,
    configured: true,
    statusDetail: detailOf(exposition, metric, sources),
  }));
}

/** Their label for each of ours: as the config says, else the usual names. A label that we do not keep is ignored. */
function mappedLabels(metric: AppMetricName, given: MetricMapping['labels']): MetricSource['labels'] {
  const labels: Record<string, MetricSource['labels'][string]> = { ...defaultLabels(metric) };
  for (const [ours, theirs] of Object.entries(given)) {
    if (Object.hasOwn(labels, ours)) labels[ours] = theirs.startsWith('=') ? `=${theirs.slice(1)}` : [theirs];
  }
  return labels;
}

/** A histogram or summary gives its count, unless the metric is about its buckets or its sum. */
function partFor(metric: AppMetricName, family: Family | null): SourcePart {
  if (family?.type !== 'histogram' && family?.type !== 'summary') return 'plain';
  if (metric === 'http_request_seconds_bucket_total') return 'bucket';
  return metric === 'http_request_seconds_total' ? 'sum' : 'count';
}

/** Empty when the way is not on the page; grade 0: there, but of no use; higher is better. */
function gradeWay(exposition: Exposition, way: Preset): { binding: Binding; grade: number }[] {
  if (!way.sources.some((source) => isPresent(exposition, source.from, source.part))) return [];
  const samples = way.sources.flatMap((source) => samplesOf(exposition, source));
  // The family is there for something else, such as database calls that are not Redis.
  if (samples.length === 0 && way.sources.some(({ where }) => where !== null)) return [];
  const detail = detailOf(exposition, way.metric, way.sources);
  return [
    { binding: { ...way, configured: false, statusDetail: detail }, grade: gradeOf(samples.length, detail) },
  ];
}

function gradeOf(samples: number, detail: StatusDetail | null): number {
  if (samples === 0) return 1;
  switch (detail) {
    case null:
    case 'exact':
      return 3;
    case 'class':
      return 2;
    case 'none':
      return 0;
    default:
      return detail satisfies never;
  }
}

function detailOf(
  exposition: Exposition,
  metric: AppMetricName,
  sources: readonly MetricSource[],
): StatusDetail | null {
  if (metric !== 'http_responses_total') return null;
  const values = new Set<string>();
  for (const source of sources) {
    const from = source.labels.status ?? STATUS_LABELS;
    if (typeof from === 'string') values.add(from.slice(1));
    else for (const sample of samplesOf(exposition, source)) values.add(labelOf(sample, from) ?? '');
  }
  return statusDetail(values);
}

/** Several libraries share a family name; what else stands on the page tells them apart. */
function nameLibrary(exposition: Exposition, binding: Binding): string {
  const [source] = binding.sources;
  if (binding.configured || source === undefined) return binding.library;
  const labels = samplesOf(exposition, source)[0]?.labels ?? {};
  switch (source.from) {
    case 'http_requests_total':
      return 'handler' in labels || lookUp(exposition, 'http_request_duration_highr_seconds') !== null
        ? 'prometheus-fastapi-instrumentator'
        : binding.library;
    case 'http_request_duration_seconds':
      if ('handler' in labels) return 'prometheus-fastapi-instrumentator';
      if (!('status_code' in labels)) return binding.library;
      return 'route' in labels ? 'fastify-metrics' : 'express-prom-bundle';
    default:
      return binding.library;
  }
}
