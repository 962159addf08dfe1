import { counter, gauge, type MetricEntry } from './entry.ts';

/**
 * What Upstash’s Developer API tells about one database. Totals of a day or a month begin again with their UTC period;
 * series that Upstash samples every 10 s are read as levels, and only the counts by command are added up.
 */
export const upstashMetrics = {
  upstash_up: gauge({
    unit: 'state',
    good: 'up',
    source: 'every scrape',
    help: '1 when the last visit to the Developer API told something of the database, else 0; it says nothing of whether the database answers.',
  }),
  upstash_active: gauge({
    unit: 'state',
    good: 'up',
    source: 'database state',
    help: '1 while Upstash calls the database active, 0 while suspended or passive; nothing for a state that we do not know.',
  }),
  upstash_stats_age_seconds: gauge({
    unit: 'seconds',
    good: 'down',
    source: 'newest point of any sampled series',
    help: 'How old the newest point of the sampled series was at the visit.',
  }),

  upstash_commands_total: counter({
    unit: 'commands',
    good: 'neutral',
    source: 'stats command_counts',
    help: 'Commands by command in lower case, added up from the sampled points, each once; inferred.',
    labels: ['cmd'],
    absentIsZero: true,
  }),
  upstash_net_commands_total: counter({
    unit: 'commands',
    good: 'neutral',
    source: 'stats daily_net_commands',
    help: 'Commands of the UTC day so far.',
  }),
  upstash_read_requests_total: counter({
    unit: 'requests',
    good: 'neutral',
    source: 'stats daily_read_requests',
    help: 'Read requests of the UTC day so far.',
  }),
  upstash_write_requests_total: counter({
    unit: 'requests',
    good: 'neutral',
    source: 'stats daily_write_requests',
    help: 'Write requests of the UTC day so far.',
  }),
  upstash_bandwidth_bytes_total: counter({
    unit: 'bytes',
    good: 'neutral',
    source: 'stats dailybandwidth; finished days from bandwidths',
    help: 'Traffic of the UTC day so far.',
  }),
  upstash_day_requests_total: counter({
    unit: 'requests',
    good: 'neutral',
    source: 'stats dailyrequests',
    help: 'Requests of the UTC day in the list of days that Upstash calls exact.',
  }),
  upstash_month_requests_total: counter({
    unit: 'requests',
    good: 'neutral',
    source: 'stats total_monthly_requests',
    help: 'Requests of the month so far.',
  }),
  upstash_month_read_requests_total: counter({
    unit: 'requests',
    good: 'neutral',
    source: 'stats total_monthly_read_requests',
    help: 'Read requests of the month so far.',
  }),
  upstash_month_write_requests_total: counter({
    unit: 'requests',
    good: 'neutral',
    source: 'stats total_monthly_write_requests',
    help: 'Write requests of the month so far.',
  }),
  upstash_month_script_requests_total: counter({
    unit: 'requests',
    good: 'neutral',
    source: 'stats total_monthly_script_requests',
    help: 'Requests made by scripts in the month so far.',
  }),
  upstash_month_bandwidth_bytes_total: counter({
    unit: 'bytes',
    good: 'neutral',
    source: 'stats total_monthly_bandwidth',
    help: 'Traffic of the month so far.',
  }),

  upstash_commands_per_second: gauge({
    unit: 'commands',
    good: 'neutral',
    source: 'stats throughput',
    help: 'Commands per second, mean of the points since the last visit; sampled, so inferred.',
  }),
  upstash_reads_per_second: gauge({
    unit: 'requests',
    good: 'neutral',
    source: 'stats read',
    help: 'Read requests per second, mean of the points since the last visit; sampled, so inferred.',
  }),
  upstash_writes_per_second: gauge({
    unit: 'requests',
    good: 'neutral',
    source: 'stats write',
    help: 'Write requests per second, mean of the points since the last visit; sampled, so inferred.',
  }),
  upstash_hits_per_second: gauge({
    unit: 'lookups',
    good: 'up',
    source: 'stats hits',
    help: 'Lookups per second that found their key, mean of the points since the last visit; sampled, so inferred.',
  }),
  upstash_misses_per_second: gauge({
    unit: 'lookups',
    good: 'down',
    source: 'stats misses',
    help: 'Lookups per second that found no key, mean of the points since the last visit; sampled, so inferred.',
  }),
  upstash_latency_mean_seconds: gauge({
    unit: 'seconds',
    good: 'down',
    source: 'stats latencymean, read_latency_mean, write_latency_mean',
    help: 'Mean time in the server from receipt to reply, without the network; op is all, read or write.',
    labels: ['op'],
  }),
  upstash_latency_p99_seconds: gauge({
    unit: 'seconds',
    good: 'down',
    source: 'stats latency_99, read_latency_99, write_latency_99',
    help: '99th percentile of the time in the server from receipt to reply, without the network; op is all, read or write.',
    labels: ['op'],
  }),

  upstash_connections: gauge({
    unit: 'connections',
    good: 'neutral',
    source: 'stats connection_count',
    help: 'Open connections, with those that were opened and closed inside the sample of 10 s.',
  }),
  upstash_monitor_clients: gauge({
    unit: 'connections',
    good: 'down',
    source: 'stats monitor_count',
    help: 'Clients that run MONITOR, which slows the database down.',
  }),
  upstash_keys: gauge({
    unit: 'keys',
    good: 'neutral',
    source: 'stats keyspace',
    help: 'Keys held.',
  }),
  upstash_disk_bytes: gauge({
    unit: 'bytes',
    good: 'neutral',
    source: 'stats diskusage',
    help: 'Disk used, by the sampled series.',
  }),
  upstash_storage_bytes: gauge({
    unit: 'bytes',
    good: 'neutral',
    source: 'stats current_storage',
    help: 'Storage used now, as it is billed.',
  }),
  upstash_month_storage_bytes: gauge({
    unit: 'bytes',
    good: 'neutral',
    source: 'stats total_monthly_storage',
    help: 'Storage of the month, as it is billed.',
  }),
  upstash_month_requests_used: gauge({
    unit: 'requests',
    good: 'neutral',
    source: 'stats total_monthly_requests',
    help: 'Requests of the month so far as a level, to hold against upstash_requests_limit.',
  }),
  upstash_month_cost_usd: gauge({
    unit: 'usd',
    good: 'down',
    source: 'stats total_monthly_billing',
    help: 'What Upstash will charge for the database in this month so far, by its own count.',
  }),

  upstash_requests_limit: gauge({
    unit: 'requests',
    good: 'neutral',
    source: 'database db_request_limit',
    help: 'Commands that the plan allows in a period; no sample where there is no limit.',
  }),
  upstash_commands_per_second_limit: gauge({
    unit: 'commands',
    good: 'neutral',
    source: 'database db_max_commands_per_second',
    help: 'Commands per second that the plan allows; more have to wait.',
  }),
  upstash_connections_limit: gauge({
    unit: 'connections',
    good: 'neutral',
    source: 'database db_max_clients',
    help: 'Connections that the plan allows.',
  }),
  upstash_disk_limit_bytes: gauge({
    unit: 'bytes',
    good: 'neutral',
    source: 'database db_disk_threshold',
    help: 'Data that the plan allows.',
  }),
  upstash_memory_limit_bytes: gauge({
    unit: 'bytes',
    good: 'neutral',
    source: 'database db_memory_threshold',
    help: 'Memory that the database may use.',
  }),
  upstash_request_limit_bytes: gauge({
    unit: 'bytes',
    good: 'neutral',
    source: 'database db_max_request_size',
    help: 'Largest request that the database takes.',
  }),
  upstash_entry_limit_bytes: gauge({
    unit: 'bytes',
    good: 'neutral',
    source: 'database db_max_entry_size',
    help: 'Largest record that the database keeps.',
  }),
  upstash_connection_idle_timeout_seconds: gauge({
    unit: 'seconds',
    good: 'neutral',
    source: 'database db_conn_idle_timeout',
    help: 'Idle connections are closed after this.',
  }),
  upstash_lua_timeout_seconds: gauge({
    unit: 'seconds',
    good: 'neutral',
    source: 'database db_lua_timeout',
    help: 'Scripts are ended after this.',
  }),
  upstash_store_idle_timeout_seconds: gauge({
    unit: 'seconds',
    good: 'neutral',
    source: 'database db_store_max_idle',
    help: 'Idle connections of the database to its store are closed after this.',
  }),
} satisfies Record<string, MetricEntry>;
