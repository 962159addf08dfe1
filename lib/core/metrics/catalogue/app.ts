import { appCacheMetrics } from './app-cache.ts';
import { appDbMetrics } from './app-db.ts';
import { appGuardMetrics } from './app-guards.ts';
import { appRedisMetrics } from './app-redis.ts';
import { appRouteMetrics } from './app-routes.ts';
import { appSettingMetrics } from './app-settings.ts';
import { counter, gauge, type MetricEntry } from './entry.ts';

/**
 * What a machine says about itself. An app that exports these under their own names needs no mapping. Methods
 * and handlers are summed away at collection; what stays are the labels named here.
 */
export const appMetrics = {
  app_up: gauge({
    unit: 'state',
    good: 'up',
    standard: 'up',
    source: 'every scrape',
    help: '1 when the last visit to the machine gave metrics or health, else 0.',
  }),
  app_health_ok: gauge({
    unit: 'state',
    good: 'up',
    source: 'health endpoint, its body and HTTP status; nothing when they do not say',
    help: '1 when the health endpoint says that the machine serves (passing or warning), 0 when it says it fails.',
  }),
  app_machine_info: gauge({
    unit: 'state',
    good: 'neutral',
    source: 'health endpoint, or a family of the metrics page whose name ends in _info',
    help: 'Always 1: its labels say which version the machine runs and where; nothing when it tells neither.',
    labels: ['version', 'region'],
  }),
  http_responses_total: counter({
    unit: 'responses',
    good: 'neutral',
    source: 'the request counter of the app’s library, by mapping',
    help: 'HTTP responses by status: an exact code such as 429, or a class such as 4xx where the app groups them.',
    labels: ['status'],
    absentIsZero: true,
  }),
  ...appRouteMetrics,
  http_request_seconds_bucket_total: counter({
    unit: 'requests',
    good: 'neutral',
    source: 'buckets of the request duration histogram, by mapping',
    help: 'HTTP requests that took at most le seconds; cumulative over le, as in a Prometheus histogram.',
    labels: ['le'],
  }),
  http_request_seconds_total: counter({
    unit: 'seconds',
    good: 'neutral',
    source: 'sum of the request duration histogram or summary, by mapping',
    help: 'Time spent on HTTP requests, added up over all of them.',
  }),
  http_timed_requests_total: counter({
    unit: 'requests',
    good: 'neutral',
    source: 'count of the request duration histogram or summary, by mapping',
    help: 'HTTP requests whose duration was measured; the mean latency is the time divided by these.',
  }),
  http_requests_in_flight: gauge({
    unit: 'requests',
    good: 'neutral',
    standard: 'http_server_active_requests',
    source: 'in-progress gauge of the app’s library, by mapping',
    help: 'HTTP requests that the machine was working on at the moment of the visit.',
  }),
  app_cpu_seconds_total: counter({
    unit: 'seconds',
    good: 'neutral',
    standard: 'process_cpu_seconds_total',
    source: 'process_cpu_seconds_total',
    help: 'Processor time used by the app’s process, user and system.',
  }),
  app_resident_memory_bytes: gauge({
    unit: 'bytes',
    good: 'down',
    standard: 'process_resident_memory_bytes',
    source: 'process_resident_memory_bytes',
    help: 'Memory of the app’s process that is held in RAM.',
  }),
  app_open_fds: gauge({
    unit: 'connections',
    good: 'neutral',
    standard: 'process_open_fds',
    source: 'process_open_fds',
    help: 'Open files and sockets of the app’s process.',
  }),
  app_process_start_time_seconds: gauge({
    unit: 'seconds',
    good: 'neutral',
    standard: 'process_start_time_seconds',
    source: 'process_start_time_seconds',
    help: 'When the app’s process started, in seconds since 1970; a change is a restart.',
  }),
  app_event_loop_lag_seconds: gauge({
    unit: 'seconds',
    good: 'down',
    standard: 'nodejs_eventloop_lag_seconds',
    source: 'nodejs_eventloop_lag_seconds',
    help: 'How late the Node.js event loop was at the moment of the visit.',
  }),
  ...appRedisMetrics,
  ...appCacheMetrics,
  ...appGuardMetrics,
  ...appDbMetrics,
  ...appSettingMetrics,
} satisfies Record<string, MetricEntry>;
