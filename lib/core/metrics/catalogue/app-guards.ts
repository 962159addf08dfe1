import { counter, gauge, type MetricEntry } from './entry.ts';

/** What an app says of its rate limiter and its circuit breakers. */
export const appGuardMetrics = {
  app_limiter_decisions_total: counter({
    unit: 'events',
    good: 'neutral',
    source: 'the app’s own counter',
    help: 'Rate limiter decisions: allowed, limited, or failed_open when it let a request pass because it could not ask.',
    labels: ['decision'],
    absentIsZero: true,
  }),
  app_limiter_syncs_total: counter({
    unit: 'events',
    good: 'neutral',
    source: 'the app’s own counter',
    help: 'Times that the rate limiter on a machine brought its counts and the shared ones in Redis together, by result: ok or failed.',
    labels: ['result'],
    absentIsZero: true,
  }),
  app_breaker_state: gauge({
    unit: 'state',
    good: 'down',
    source: 'the app’s own gauge, or resilience4j_circuitbreaker_state',
    help: 'Circuit breaker by integration: 0 closed, 0.5 half open, 1 open.',
    labels: ['integration'],
  }),
  app_breaker_reads_total: counter({
    unit: 'events',
    good: 'neutral',
    source: 'the app’s own counter',
    help: 'Times that a breaker’s state was read, by integration and by where it was read from: redis or local.',
    labels: ['integration', 'from'],
    absentIsZero: true,
  }),
} satisfies Record<string, MetricEntry>;
