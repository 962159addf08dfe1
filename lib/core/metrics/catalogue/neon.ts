import { counter, gauge, type MetricEntry } from './entry.ts';

/** What Neon's API tells about one project: its computes, what they use, and what they may use. */
export const neonMetrics = {
  neon_up: gauge({
    unit: 'state',
    good: 'up',
    source: 'every scrape',
    help: '1 when the last visit to Neon’s API gave anything about the project, else 0. A sleeping compute is no failure.',
  }),
  neon_compute_state: gauge({
    unit: 'state',
    good: 'neutral',
    source: 'endpoints current_state, pending_state, disabled',
    help: '1 for the state that a compute is in, 0 for the others: starting, active, stopping, asleep, disabled, unknown. Asleep is healthy and costs nothing.',
    labels: ['endpoint', 'state'],
  }),
  neon_compute_awake_seconds_total: counter({
    unit: 'seconds',
    good: 'down',
    source:
      'operations start_compute and suspend_compute, endpoints started_at and suspended_at; since 00:00 UTC',
    help: 'Time that a compute was awake, counted from the log of operations.',
    labels: ['endpoint'],
  }),
  neon_compute_starts_total: counter({
    unit: 'events',
    good: 'down',
    source: 'operations start_compute; since 00:00 UTC',
    help: 'Times that a compute was started, by whoever connected first.',
    labels: ['endpoint'],
  }),
  neon_compute_suspends_total: counter({
    unit: 'events',
    good: 'neutral',
    source: 'operations suspend_compute; since 00:00 UTC',
    help: 'Times that a compute was put to sleep. Its Postgres statistics end there.',
    labels: ['endpoint'],
  }),
  neon_compute_suspend_after_seconds: gauge({
    unit: 'seconds',
    good: 'neutral',
    source: 'endpoints suspend_timeout_seconds (0 is the default of 300)',
    help: 'Time without activity after which a compute is put to sleep; absent when it never is.',
    labels: ['endpoint'],
  }),
  neon_compute_connections_max: gauge({
    unit: 'connections',
    good: 'neutral',
    source: 'endpoints autoscaling_limit_min_cu and _max_cu, by Neon’s table of sizes',
    help: 'Most connections of a compute at its smallest and at its largest size (at="min", at="max"), 7 reserved ones included.',
    labels: ['endpoint', 'at'],
  }),
  neon_compute_memory_bytes: gauge({
    unit: 'bytes',
    good: 'neutral',
    source: 'endpoints autoscaling_limit_min_cu and _max_cu, 4 GiB a unit',
    help: 'Memory of a compute at its smallest and at its largest size (at="min", at="max").',
    labels: ['endpoint', 'at'],
  }),
  neon_operations_failed_total: counter({
    unit: 'events',
    good: 'down',
    source: 'operations with status failed or error; since 00:00 UTC',
    help: 'Operations of Neon on the project that failed, by action.',
    labels: ['action'],
    absentIsZero: true,
  }),

  neon_compute_unit_seconds_total: counter({
    unit: 'seconds',
    good: 'down',
    source: 'project compute_time_seconds, else consumption history compute_unit_seconds',
    help: 'Compute that the project used, in CU seconds: one unit for one second. Bigger computes use several at once. Behind by up to an hour.',
  }),
  neon_active_seconds_total: counter({
    unit: 'seconds',
    good: 'down',
    source: 'project active_time_seconds',
    help: 'Time that any compute of the project was active, as Neon bills it. Behind by up to an hour.',
  }),
  neon_written_bytes_total: counter({
    unit: 'bytes',
    good: 'neutral',
    source: 'project written_data_bytes',
    help: 'Write-ahead log that all branches of the project wrote.',
  }),
  neon_transfer_bytes_total: counter({
    unit: 'bytes',
    good: 'down',
    source: 'project data_transfer_bytes, else consumption history public and private network transfer',
    help: 'Data that left Neon for clients of the project.',
  }),
  neon_storage_bytes: gauge({
    unit: 'bytes',
    good: 'down',
    source: 'project synthetic_storage_size',
    help: 'Storage of the project: data and kept history of all branches.',
  }),
  neon_storage_period_mean_bytes: gauge({
    unit: 'bytes',
    good: 'down',
    source: 'project data_storage_bytes_hour over the hours of the billing period',
    help: 'Storage of the project on average over the billing period, as it is billed.',
  }),
  neon_quota_seconds: gauge({
    unit: 'seconds',
    good: 'neutral',
    source:
      'project settings.quota active_time_seconds, compute_time_seconds; compute of the Free plan (kind="plan_compute")',
    help: 'Limit of a billing period: active time, or compute in CU seconds. Over it every compute stops and none can be started.',
    labels: ['kind'],
  }),
  neon_quota_bytes: gauge({
    unit: 'bytes',
    good: 'neutral',
    source: 'project settings.quota written_data_bytes, data_transfer_bytes, logical_size_bytes',
    help: 'Limit of a billing period by kind; logical_size is the limit of each branch, over it writes fail.',
    labels: ['kind'],
  }),
  neon_quota_used_ratio: gauge({
    unit: 'ratio',
    good: 'down',
    source: 'project usage over its quota',
    help: 'Share of a limit that is used. At 100 % computes stop and cannot be started until the next period.',
    labels: ['kind'],
  }),
  neon_branch_size_bytes: gauge({
    unit: 'bytes',
    good: 'neutral',
    source: 'branches logical_size',
    help: 'Data of a branch, without history.',
    labels: ['branch'],
  }),
  neon_branch_compute_unit_seconds_total: counter({
    unit: 'seconds',
    good: 'down',
    source: 'branches compute_time_seconds',
    help: 'Compute that a branch used, in CU seconds. Behind by up to an hour.',
    labels: ['branch'],
  }),
  neon_branch_written_bytes_total: counter({
    unit: 'bytes',
    good: 'neutral',
    source: 'branches written_data_bytes',
    help: 'Write-ahead log that a branch wrote.',
    labels: ['branch'],
  }),
} satisfies Record<string, MetricEntry>;
