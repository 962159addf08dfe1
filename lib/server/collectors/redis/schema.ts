import 'server-only';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';

/** One plain number of INFO and the metric that it is. */
interface FieldRule {
  field: string;
  metric: MetricName;
  /** Said where the name alone does not settle what is counted. */
  quality?: 'inferred';
  /** True where 0 stands for "no limit" or "not set", which is no number. */
  zeroIsAbsent?: boolean;
}

/** Fields that mean the same on every server that has them. */
export const PLAIN_FIELDS: readonly FieldRule[] = [
  { field: 'uptime_in_seconds', metric: 'redis_uptime_seconds' },
  { field: 'loading', metric: 'redis_loading' },
  { field: 'connected_clients', metric: 'redis_connected_clients' },
  { field: 'blocked_clients', metric: 'redis_blocked_clients' },
  { field: 'maxclients', metric: 'redis_max_clients' },
  { field: 'used_memory', metric: 'redis_memory_used_bytes' },
  { field: 'used_memory_rss', metric: 'redis_memory_used_rss_bytes' },
  { field: 'used_memory_peak', metric: 'redis_memory_used_peak_bytes' },
  { field: 'maxmemory', metric: 'redis_memory_max_bytes', zeroIsAbsent: true },
  { field: 'mem_not_counted_for_evict', metric: 'redis_mem_not_counted_for_eviction_bytes' },
  { field: 'total_commands_processed', metric: 'redis_commands_processed_total' },
  { field: 'total_connections_received', metric: 'redis_connections_received_total' },
  { field: 'rejected_connections', metric: 'redis_rejected_connections_total' },
  { field: 'evicted_clients', metric: 'redis_evicted_clients_total' },
  { field: 'keyspace_hits', metric: 'redis_keyspace_hits_total' },
  { field: 'keyspace_misses', metric: 'redis_keyspace_misses_total' },
  { field: 'expired_keys', metric: 'redis_expired_keys_total' },
  { field: 'evicted_keys', metric: 'redis_evicted_keys_total' },
  { field: 'total_net_input_bytes', metric: 'redis_net_input_bytes_total' },
  { field: 'total_net_output_bytes', metric: 'redis_net_output_bytes_total' },
  { field: 'total_error_replies', metric: 'redis_error_replies_total' },
  { field: 'acl_access_denied_auth', metric: 'redis_acl_access_denied_auth_total' },
  { field: 'used_cpu_sys', metric: 'redis_cpu_sys_seconds_total' },
  { field: 'used_cpu_user', metric: 'redis_cpu_user_seconds_total' },
  { field: 'used_cpu_sys_main_thread', metric: 'redis_cpu_sys_main_thread_seconds_total' },
  { field: 'used_cpu_user_main_thread', metric: 'redis_cpu_user_main_thread_seconds_total' },
  { field: 'connected_slaves', metric: 'redis_connected_replicas' },
];

/**
 * The same names mean commands at Upstash and socket events elsewhere: they never share a metric. Upstash does not
 * document what it counts, so its two are inferred.
 */
export const UPSTASH_FIELDS: readonly FieldRule[] = [
  { field: 'total_reads_processed', metric: 'redis_read_commands_total', quality: 'inferred' },
  { field: 'total_writes_processed', metric: 'redis_write_commands_total', quality: 'inferred' },
  { field: 'total_data_size', metric: 'redis_data_size_bytes' },
  { field: 'max_data_size', metric: 'redis_data_size_max_bytes', zeroIsAbsent: true },
];
export const OTHER_FIELDS: readonly FieldRule[] = [
  { field: 'total_reads_processed', metric: 'redis_socket_reads_total' },
  { field: 'total_writes_processed', metric: 'redis_socket_writes_total' },
];

/** Parts of one `cmdstat_*` line. */
export const COMMAND_PARTS: readonly { part: string; metric: MetricName; scale: number }[] = [
  { part: 'calls', metric: 'redis_commands_total', scale: 1 },
  { part: 'usec', metric: 'redis_commands_duration_seconds_total', scale: 1e-6 },
  { part: 'rejected_calls', metric: 'redis_commands_rejected_calls_total', scale: 1 },
  { part: 'failed_calls', metric: 'redis_commands_failed_calls_total', scale: 1 },
];

/** Parts of one `dbN` line; read by name, since forks add parts in other places. */
export const DATABASE_PARTS: readonly { part: string; metric: MetricName }[] = [
  { part: 'keys', metric: 'redis_db_keys' },
  { part: 'expires', metric: 'redis_db_keys_expiring' },
];

/** What a healthy server has a few hundred of; more comes from a broken or hostile one. */
export const MAX_COMMANDS = 500;
export const MAX_ERROR_KINDS = 130;
export const MAX_DATABASES = 64;

/**
 * Sections asked from servers that take several (Redis 7, Valkey). `persistence` holds `loading`.
 * Since `commandstats` is not in the default set, older servers are asked for `all`.
 */
export const SECTIONS = [
  'server',
  'clients',
  'memory',
  'persistence',
  'stats',
  'replication',
  'cpu',
  'keyspace',
  'errorstats',
  'commandstats',
  'cluster',
] as const;

/** Which software answered. Forks keep `redis_version` for old clients, so each is known by a mark of its own. */
export type Flavour = 'redis' | 'valkey' | 'keydb' | 'dragonfly' | 'upstash';
