import 'server-only';
import type { appMetrics } from '@/lib/core/metrics/catalogue/app.ts';

export type AppMetricName = keyof typeof appMetrics;

/** Which part of their family is read: its plain samples, or one part of a histogram or summary. */
export type SourcePart = 'plain' | 'bucket' | 'sum' | 'count';

/** Where a number of ours is found on their page. */
export interface MetricSource {
  /** Family name in the text format; dots and underscores are the same. */
  from: string;
  part: SourcePart;
  /** Our label → their labels, the first that a sample has; or a constant written as `=value`. */
  labels: Readonly<Record<string, readonly string[] | `=${string}`>>;
  /** Only samples where one of these labels has one of these values; null for all. */
  where: { labels: readonly string[]; oneOf: readonly string[] } | null;
  /** Multiplies the raw value (and `le`). */
  scale: number;
  /** True when the name does not tell ms from s: then a `# UNIT` line overrides `scale`. */
  unitDecides: boolean;
}

/** One way in which a metric of ours is known to appear. Earlier ways win; the sources of one way belong together. */
export interface Preset {
  library: string;
  metric: AppMetricName;
  sources: readonly MetricSource[];
}

/** Tried in this order: new OpenTelemetry, exporters with `status_code`, `status`, Go's `code`, old OpenTelemetry. */
export const STATUS_LABELS = [
  'http_response_status_code',
  'status_code',
  'status',
  'code',
  'http_status_code',
] as const;

export const COMMAND_LABELS = ['cmd', 'command', 'db_operation_name', 'db_operation', 'operation'] as const;

const OTEL = 'OpenTelemetry';
const OTEL_OLD = 'OpenTelemetry (old names)';
const MICROMETER = 'Micrometer';
const STARLETTE = 'starlette_exporter';
const DJANGO = 'django-prometheus';
const FLASK = 'prometheus_flask_exporter';
const FASTAPI = 'prometheus-fastapi-instrumentator';
const CLIENT = 'a Prometheus client library';
const PRISMA = 'Prisma';

const status = { status: STATUS_LABELS };
const DB_SYSTEM = ['db_system_name', 'db_system'];
const REDIS = { labels: DB_SYSTEM, oneOf: ['redis', 'valkey', 'keydb'] };
const SQL = {
  labels: DB_SYSTEM,
  oneOf: [
    'postgresql',
    'mysql',
    'mariadb',
    'sqlite',
    'cockroachdb',
    'mssql',
    'microsoft.sql_server',
    'oracle',
    'oracle.db',
  ],
};
const USED = { labels: ['db_client_connection_state', 'state'], oneOf: ['used'] };

function source(from: string, part: SourcePart = 'plain', rest: Partial<MetricSource> = {}): MetricSource {
  return { from, part, labels: {}, where: null, scale: 1, unitDecides: false, ...rest };
}

function preset(library: string, metric: AppMetricName, ...sources: MetricSource[]): Preset {
  return { library, metric, sources };
}

/** A request duration: buckets, sum and count, each a counter of ours. */
function duration(library: string, from: string, rest: Partial<MetricSource> = {}): Preset[] {
  return [
    preset(
      library,
      'http_request_seconds_bucket_total',
      source(from, 'bucket', { ...rest, labels: { le: ['le'] } }),
    ),
    preset(library, 'http_request_seconds_total', source(from, 'sum', rest)),
    preset(library, 'http_timed_requests_total', source(from, 'count', rest)),
  ];
}

const MS = { scale: 0.001 };
const S_UNLESS_SAID = { unitDecides: true };
const MS_UNLESS_SAID = { scale: 0.001, unitDecides: true };

/** Response counters, most telling first. A count of a duration histogram is as good when it carries the status. */
const responses: readonly Preset[] = [
  [OTEL, 'http_server_request_duration_seconds', 'count'],
  [OTEL, 'http_server_request_duration', 'count'],
  [OTEL_OLD, 'http_server_duration_milliseconds', 'count'],
  [OTEL_OLD, 'http_server_duration_seconds', 'count'],
  [OTEL_OLD, 'http_server_duration', 'count'],
  [MICROMETER, 'http_server_requests_seconds', 'count'],
  [STARLETTE, 'starlette_requests_total', 'plain'],
  [DJANGO, 'django_http_responses_total_by_status_total', 'plain'],
  [DJANGO, 'django_http_responses_total_by_status_view_method_total', 'plain'],
  [FLASK, 'flask_http_request_total', 'plain'],
  [CLIENT, 'http_requests_total', 'plain'],
  [CLIENT, 'http_request_duration_seconds', 'count'],
  ['fastify-metrics', 'http_request_summary_seconds', 'count'],
  [FLASK, 'flask_http_request_duration_seconds', 'count'],
].map(([library = '', from = '', part]) =>
  preset(
    library,
    'http_responses_total',
    source(from, part === 'count' ? 'count' : 'plain', { labels: status }),
  ),
);

/** Every way that is recognised without a word of config. The product's own names are tried before all of these. */
export const PRESETS: readonly Preset[] = [
  ...responses,

  ...duration(OTEL, 'http_server_request_duration_seconds'),
  ...duration(OTEL, 'http_server_request_duration', S_UNLESS_SAID),
  ...duration(OTEL_OLD, 'http_server_duration_milliseconds', MS),
  ...duration(OTEL_OLD, 'http_server_duration_seconds'),
  ...duration(OTEL_OLD, 'http_server_duration', MS_UNLESS_SAID),
  ...duration(MICROMETER, 'http_server_requests_seconds'),
  ...duration(STARLETTE, 'starlette_request_duration_seconds'),
  ...duration(DJANGO, 'django_http_requests_latency_including_middlewares_seconds'),
  ...duration(DJANGO, 'django_http_requests_latency_seconds_by_view_method'),
  // Of the two histograms of this library, the one with more than 20 buckets.
  ...duration(FASTAPI, 'http_request_duration_highr_seconds'),
  ...duration(CLIENT, 'http_request_duration_seconds'),
  ...duration(FLASK, 'flask_http_request_duration_seconds'),
  ...duration('fastify-metrics', 'http_request_summary_seconds'),

  preset(OTEL, 'http_requests_in_flight', source('http_server_active_requests')),
  preset(STARLETTE, 'http_requests_in_flight', source('starlette_requests_in_progress')),
  preset(FASTAPI, 'http_requests_in_flight', source('http_requests_inprogress')),

  preset(CLIENT, 'app_cpu_seconds_total', source('process_cpu_seconds_total')),
  preset(OTEL, 'app_cpu_seconds_total', source('process_cpu_time_seconds_total')),
  preset(MICROMETER, 'app_cpu_seconds_total', source('process_cpu_time_ns_total', 'plain', { scale: 1e-9 })),
  preset(CLIENT, 'app_resident_memory_bytes', source('process_resident_memory_bytes')),
  preset(OTEL, 'app_resident_memory_bytes', source('process_memory_usage_bytes')),
  preset(CLIENT, 'app_open_fds', source('process_open_fds')),
  preset(MICROMETER, 'app_open_fds', source('process_files_open_files')),
  preset(CLIENT, 'app_process_start_time_seconds', source('process_start_time_seconds')),
  preset('prom-client', 'app_event_loop_lag_seconds', source('nodejs_eventloop_lag_seconds')),
  preset(OTEL, 'app_event_loop_lag_seconds', source('nodejs_eventloop_delay_mean_seconds')),

  ...['db_client_operation_duration_seconds', 'db_client_operation_duration'].flatMap((from) => [
    preset(
      OTEL,
      'app_redis_commands_total',
      source(from, 'count', { labels: { cmd: COMMAND_LABELS }, where: REDIS }),
    ),
    preset(OTEL, 'app_db_queries_total', source(from, 'count', { where: SQL })),
  ]),
  preset(
    `${MICROMETER} (Lettuce)`,
    'app_redis_commands_total',
    source('lettuce_command_completion_seconds', 'count', { labels: { cmd: ['command'] } }),
  ),
  preset(DJANGO, 'app_db_queries_total', source('django_db_execute_total')),
  preset(PRISMA, 'app_db_queries_total', source('prisma_datasource_queries_total')),

  preset(
    MICROMETER,
    'app_cache_lookups_total',
    source('cache_gets_total', 'plain', { labels: { result: ['result'] } }),
  ),
  preset(
    DJANGO,
    'app_cache_lookups_total',
    source('django_cache_get_hits_total', 'plain', { labels: { result: '=hit' } }),
    source('django_cache_get_misses_total', 'plain', { labels: { result: '=miss' } }),
  ),

  preset(
    `${MICROMETER} (resilience4j)`,
    'app_breaker_state',
    source('resilience4j_circuitbreaker_state', 'plain', {
      labels: { integration: ['name'] },
      where: { labels: ['state'], oneOf: ['open', 'forced_open'] },
    }),
    source('resilience4j_circuitbreaker_state', 'plain', {
      labels: { integration: ['name'] },
      where: { labels: ['state'], oneOf: ['half_open'] },
      scale: 0.5,
    }),
  ),

  preset(OTEL, 'app_db_pool_used', source('db_client_connection_count', 'plain', { where: USED })),
  preset(OTEL, 'app_db_pool_size', source('db_client_connection_count')),
  preset(OTEL, 'app_db_pool_max', source('db_client_connection_max')),
  preset(OTEL_OLD, 'app_db_pool_used', source('db_client_connections_usage', 'plain', { where: USED })),
  preset(OTEL_OLD, 'app_db_pool_size', source('db_client_connections_usage')),
  preset(OTEL_OLD, 'app_db_pool_max', source('db_client_connections_max')),
  preset(`${MICROMETER} (HikariCP)`, 'app_db_pool_used', source('hikaricp_connections_active')),
  preset(`${MICROMETER} (HikariCP)`, 'app_db_pool_size', source('hikaricp_connections')),
  preset(`${MICROMETER} (HikariCP)`, 'app_db_pool_max', source('hikaricp_connections_max')),
  preset('Go database/sql', 'app_db_pool_used', source('go_sql_in_use_connections')),
  preset('Go database/sql', 'app_db_pool_size', source('go_sql_open_connections')),
  preset('Go database/sql', 'app_db_pool_max', source('go_sql_max_open_connections')),
  preset(PRISMA, 'app_db_pool_used', source('prisma_pool_connections_busy')),
  preset(PRISMA, 'app_db_pool_size', source('prisma_pool_connections_open')),
];
