import 'server-only';
import { z } from 'zod';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';

/** Any JSON number, `1e999` (which is read as infinity) too: whether it can be used is decided one by one. */
const numberSchema = z.custom<number>((value) => typeof value === 'number', 'expected a number');
/** Some 64-bit numbers of the API are written as text in places. */
const wideSchema = z.union([numberSchema, z.string()]);
/** `"true"` and `"false"` as text in some fields, true booleans in others. */
const flagSchema = z.union([z.boolean(), z.string()]);

/** One point; `y` of the newest may be null or missing. */
const pointSchema = z.object({ x: z.string(), y: numberSchema.nullish() });
export type RawPoint = z.infer<typeof pointSchema>;
const seriesSchema = z.array(pointSchema).nullish();

/** What we rely on in a database; what is not named here, the address of its owner among it, is dropped. */
export const databaseSchema = z.object({
  database_id: z.string().min(1),
  database_name: z.string(),
  state: z.string().nullish(),
  modifying_state: z.string().nullish(),
  type: z.string().nullish(),
  budget: numberSchema.nullish(),
  endpoint: z.string().nullish(),
  primary_region: z.string().nullish(),
  read_regions: z.array(z.string()).nullish(),
  replicas: numberSchema.nullish(),
  creation_time: numberSchema.nullish(),
  last_plan_upgrade_time: numberSchema.nullish(),
  eviction: flagSchema.nullish(),
  auto_upgrade: flagSchema.nullish(),
  prod_pack_enabled: flagSchema.nullish(),
  tls: flagSchema.nullish(),
  db_acl_enabled: flagSchema.nullish(),
  prometheus_enabled: flagSchema.nullish(),
  db_request_limit: wideSchema.nullish(),
  db_max_commands_per_second: wideSchema.nullish(),
  db_max_clients: wideSchema.nullish(),
  db_max_request_size: wideSchema.nullish(),
  db_max_entry_size: wideSchema.nullish(),
  db_disk_threshold: wideSchema.nullish(),
  db_memory_threshold: wideSchema.nullish(),
  db_conn_idle_timeout: wideSchema.nullish(),
  db_lua_timeout: wideSchema.nullish(),
  db_store_max_idle: wideSchema.nullish(),
});
export type Database = z.infer<typeof databaseSchema>;
export const databasesSchema = z.array(databaseSchema);

/** What we rely on in the statistics. Every field may be absent; one that is there has this type. */
export const statsSchema = z.object({
  throughput: seriesSchema,
  read: seriesSchema,
  write: seriesSchema,
  hits: seriesSchema,
  misses: seriesSchema,
  connection_count: seriesSchema,
  keyspace: seriesSchema,
  diskusage: seriesSchema,
  latencymean: seriesSchema,
  latency_99: seriesSchema,
  read_latency_mean: seriesSchema,
  read_latency_99: seriesSchema,
  write_latency_mean: seriesSchema,
  write_latency_99: seriesSchema,
  command_counts: z.array(z.object({ metric_identifier: z.string(), data_points: seriesSchema })).nullish(),
  dailyrequests: seriesSchema,
  bandwidths: seriesSchema,
  dailybilling: seriesSchema,
  daily_net_commands: numberSchema.nullish(),
  daily_read_requests: numberSchema.nullish(),
  daily_write_requests: numberSchema.nullish(),
  dailybandwidth: numberSchema.nullish(),
  total_monthly_requests: numberSchema.nullish(),
  total_monthly_read_requests: numberSchema.nullish(),
  total_monthly_write_requests: numberSchema.nullish(),
  total_monthly_script_requests: numberSchema.nullish(),
  total_monthly_bandwidth: numberSchema.nullish(),
  total_monthly_storage: numberSchema.nullish(),
  total_monthly_billing: numberSchema.nullish(),
  current_storage: numberSchema.nullish(),
  // A point by the description, a list of them or a plain count by its text.
  monitor_count: z.union([pointSchema, z.array(pointSchema), numberSchema]).nullish(),
});
export type Stats = z.infer<typeof statsSchema>;

/** What the API says of a refusal: the documented shapes and the one that the vendor’s own client reads. */
export const errorBodySchema = z.object({ error: z.string().optional(), message: z.string().optional() });

type SeriesField =
  | 'throughput'
  | 'read'
  | 'write'
  | 'hits'
  | 'misses'
  | 'connection_count'
  | 'keyspace'
  | 'diskusage'
  | 'latencymean'
  | 'latency_99'
  | 'read_latency_mean'
  | 'read_latency_99'
  | 'write_latency_mean'
  | 'write_latency_99';

/** One sampled series and the metric that it is. */
export interface SeriesRule {
  field: SeriesField;
  metric: MetricName;
  labels: Readonly<Record<string, string>>;
  /** Turns the raw value into the base unit. */
  scale: number;
  /** `mean`: a sampled rate, averaged over the points since the last visit, inferred. `newest`: a level. */
  read: 'mean' | 'newest';
}

const MS = 0.001;
const rate = (field: SeriesField, metric: MetricName): SeriesRule => ({
  field,
  metric,
  labels: {},
  scale: 1,
  read: 'mean',
});
const level = (field: SeriesField, metric: MetricName): SeriesRule => ({
  field,
  metric,
  labels: {},
  scale: 1,
  read: 'newest',
});
const latency = (field: SeriesField, metric: MetricName, op: string): SeriesRule => ({
  field,
  metric,
  labels: { op },
  scale: MS,
  read: 'newest',
});

export const SERIES_RULES: readonly SeriesRule[] = [
  rate('throughput', 'upstash_commands_per_second'),
  rate('read', 'upstash_reads_per_second'),
  rate('write', 'upstash_writes_per_second'),
  rate('hits', 'upstash_hits_per_second'),
  rate('misses', 'upstash_misses_per_second'),
  level('connection_count', 'upstash_connections'),
  level('keyspace', 'upstash_keys'),
  level('diskusage', 'upstash_disk_bytes'),
  latency('latencymean', 'upstash_latency_mean_seconds', 'all'),
  latency('latency_99', 'upstash_latency_p99_seconds', 'all'),
  latency('read_latency_mean', 'upstash_latency_mean_seconds', 'read'),
  latency('read_latency_99', 'upstash_latency_p99_seconds', 'read'),
  latency('write_latency_mean', 'upstash_latency_mean_seconds', 'write'),
  latency('write_latency_99', 'upstash_latency_p99_seconds', 'write'),
];

type TotalField =
  | 'daily_net_commands'
  | 'daily_read_requests'
  | 'daily_write_requests'
  | 'dailybandwidth'
  | 'total_monthly_requests'
  | 'total_monthly_read_requests'
  | 'total_monthly_write_requests'
  | 'total_monthly_script_requests'
  | 'total_monthly_bandwidth';

/** A total that begins again with each UTC day or month. */
export const TOTAL_RULES: readonly { field: TotalField; metric: MetricName; period: 'day' | 'month' }[] = [
  { field: 'daily_net_commands', metric: 'upstash_net_commands_total', period: 'day' },
  { field: 'daily_read_requests', metric: 'upstash_read_requests_total', period: 'day' },
  { field: 'daily_write_requests', metric: 'upstash_write_requests_total', period: 'day' },
  { field: 'dailybandwidth', metric: 'upstash_bandwidth_bytes_total', period: 'day' },
  { field: 'total_monthly_requests', metric: 'upstash_month_requests_total', period: 'month' },
  { field: 'total_monthly_read_requests', metric: 'upstash_month_read_requests_total', period: 'month' },
  { field: 'total_monthly_write_requests', metric: 'upstash_month_write_requests_total', period: 'month' },
  { field: 'total_monthly_script_requests', metric: 'upstash_month_script_requests_total', period: 'month' },
  { field: 'total_monthly_bandwidth', metric: 'upstash_month_bandwidth_bytes_total', period: 'month' },
];

/** Lists of finished days and the metric that each is; the last point is the day that runs. */
export const DAY_RULES: readonly { field: 'dailyrequests' | 'bandwidths'; metric: MetricName }[] = [
  { field: 'dailyrequests', metric: 'upstash_day_requests_total' },
  { field: 'bandwidths', metric: 'upstash_bandwidth_bytes_total' },
];

type LimitField =
  | 'db_request_limit'
  | 'db_max_commands_per_second'
  | 'db_max_clients'
  | 'db_max_request_size'
  | 'db_max_entry_size'
  | 'db_disk_threshold'
  | 'db_memory_threshold'
  | 'db_conn_idle_timeout'
  | 'db_lua_timeout'
  | 'db_store_max_idle';
const NANOSECOND = 1e-9;

/** Limits of the plan; a scale turns nanoseconds into seconds. */
export const LIMIT_RULES: readonly { field: LimitField; metric: MetricName; scale: number }[] = [
  { field: 'db_request_limit', metric: 'upstash_requests_limit', scale: 1 },
  { field: 'db_max_commands_per_second', metric: 'upstash_commands_per_second_limit', scale: 1 },
  { field: 'db_max_clients', metric: 'upstash_connections_limit', scale: 1 },
  { field: 'db_max_request_size', metric: 'upstash_request_limit_bytes', scale: 1 },
  { field: 'db_max_entry_size', metric: 'upstash_entry_limit_bytes', scale: 1 },
  { field: 'db_disk_threshold', metric: 'upstash_disk_limit_bytes', scale: 1 },
  { field: 'db_memory_threshold', metric: 'upstash_memory_limit_bytes', scale: 1 },
  { field: 'db_conn_idle_timeout', metric: 'upstash_connection_idle_timeout_seconds', scale: NANOSECOND },
  { field: 'db_lua_timeout', metric: 'upstash_lua_timeout_seconds', scale: NANOSECOND },
  { field: 'db_store_max_idle', metric: 'upstash_store_idle_timeout_seconds', scale: NANOSECOND },
];
