import 'server-only';
import { flyMetrics } from '@/lib/core/metrics/catalogue/fly.ts';
import type { Labels, Sample } from '@/lib/core/model/sample.ts';
import { cleanText } from '../app/clean-text.ts';
import { normaliseStatus } from '../app/status-label.ts';
import type { PromAnswer } from '../promql/answer.ts';
import type { HistoryReading, HistoryRule } from '../promql/history.ts';
import { aggregate, quoteText, selector } from '../promql/selector.ts';

type FlyMetric = keyof typeof flyMetrics;

interface MetricRule {
  metric: FlyMetric;
  /** Our label → theirs. */
  labels: Readonly<Record<string, string>>;
  scale: number;
}

const machine = { machine: 'instance' };
/** Fly's proxy keeps two sets of counters, blue and green, and changes over when it restarts: each counts for itself. */
const proxied = { ...machine, proxy: 'proxy_id' };
const rule = (metric: FlyMetric, labels: MetricRule['labels'] = machine, scale = 1): MetricRule => ({
  metric,
  labels,
  scale,
});

/** By Fly's name. CPU times come in hundredths of a second, volumes in per cent. */
const RULES: Readonly<Record<string, MetricRule>> = {
  fly_app_http_responses_count: rule('fly_http_responses_total', { ...proxied, status: 'status' }),
  fly_app_http_response_time_seconds_bucket: rule('fly_http_request_seconds_bucket_total', {
    ...proxied,
    le: 'le',
  }),
  fly_app_http_response_time_seconds_sum: rule('fly_http_request_seconds_total', proxied),
  fly_app_http_response_time_seconds_count: rule('fly_http_timed_requests_total', proxied),
  fly_app_concurrency: rule('fly_concurrency'),
  fly_instance_memory_mem_total: rule('fly_machine_memory_size_bytes'),
  fly_instance_memory_mem_available: rule('fly_machine_memory_available_bytes'),
  fly_instance_cpu: rule('fly_machine_cpu_seconds_total', { ...machine, mode: 'mode' }, 0.01),
  fly_instance_cpu_throttle: rule('fly_machine_cpu_throttled_seconds_total', machine, 0.01),
  fly_instance_net_recv_bytes: rule('fly_machine_net_received_bytes_total'),
  fly_instance_net_sent_bytes: rule('fly_machine_net_sent_bytes_total'),
  fly_volume_used_pct: rule('fly_volume_used_ratio', { volume: 'id' }, 0.01),
};

const LABELS = ['instance', 'status', 'proxy_id', 'le', 'mode', 'id'];
const MAX_LABEL_CHARS = 64;

/** Everything that is read of one app, in one request. The organisation's other apps are left out by the engine. */
export function metricsQuery(app: string): string {
  const matchers = [`app=${quoteText(app)}`, 'device=~"|eth0"'];
  return aggregate('sum', LABELS, selector({ names: Object.keys(RULES), matchers }));
}

/** The answer as samples. Levels of a machine that does not run are its last ones, and left out. */
export function metricSamples({ series }: PromAnswer, running: ReadonlySet<string> | null): Sample[] {
  return series.flatMap(({ labels, points }): Sample[] => {
    const to = ruleOf(labels);
    const value = points.at(-1)?.value;
    if (to === null || value === undefined) return [];
    const { kind } = flyMetrics[to.metric];
    if (kind === 'counter' && value < 0) return [];
    const own = ourLabels(to, labels);
    const isOver = own.machine !== undefined && running !== null && !running.has(own.machine);
    if (kind === 'gauge' && isOver) return [];
    return [{ metric: to.metric, labels: own, value: value * to.scale }];
  });
}

/** How the same query is read over a range. */
export const METRICS_HISTORY: HistoryReading = {
  rules: (labels) => {
    const to = ruleOf(labels);
    if (to === null) return [];
    const { kind, absentIsZero } = flyMetrics[to.metric];
    const own: HistoryRule = {
      metric: to.metric,
      labels: ourLabels(to, labels),
      kind,
      combine: 'sum',
      scale: to.scale,
      quality: 'measured',
      absentIsZero,
      process: `${labels.instance ?? ''}`,
    };
    return [own];
  },
  startAt: () => null,
};

function ruleOf({ __name__: name = '' }: Labels): MetricRule | null {
  return Object.hasOwn(RULES, name) ? (RULES[name] ?? null) : null;
}

function ourLabels({ labels }: MetricRule, theirs: Labels): Labels {
  const own: Record<string, string> = {};
  for (const [ours, name] of Object.entries(labels)) {
    const text = cleanText(theirs[name] ?? '', MAX_LABEL_CHARS);
    if (text !== '') own[ours] = tidy(ours, text);
  }
  return own;
}

function tidy(label: string, text: string): string {
  if (label === 'status') return normaliseStatus(text);
  if (label !== 'le' || /^\+?inf$/i.test(text)) return text;
  // `1` and `1.0` are one bound.
  return Number.isFinite(Number(text)) ? String(Number(text)) : text;
}
