import { counter, gauge, type MetricEntry } from './entry.ts';

/** What an app says of its own use of the database, and of the work that it does in the background. */
export const appDbMetrics = {
  app_db_queries_total: counter({
    unit: 'queries',
    good: 'neutral',
    source: 'the app’s own counter, or the count of db_client_operation_duration',
    help: 'Database statements that the app sent.',
  }),
  app_db_pool_used: gauge({
    unit: 'connections',
    good: 'neutral',
    source: 'the app’s own gauge, or its pool library',
    help: 'Database connections of the app’s pools that are in use.',
  }),
  app_db_pool_size: gauge({
    unit: 'connections',
    good: 'neutral',
    source: 'the app’s own gauge, or its pool library',
    help: 'Database connections that the app’s pools hold open, used and idle.',
  }),
  app_db_pool_max: gauge({
    unit: 'connections',
    good: 'neutral',
    source: 'the app’s own gauge, or its pool library',
    help: 'Database connections that the app’s pools may open at most.',
  }),
  app_worker_polls_total: counter({
    unit: 'queries',
    good: 'down',
    source: 'the app’s own counter',
    help: 'Times that background workers asked the database for work, by statement family: a short name of the statement.',
    labels: ['family'],
    absentIsZero: true,
  }),
  app_jobs_dropped_total: counter({
    unit: 'events',
    good: 'down',
    source: 'the app’s own counter',
    help: 'Background jobs that were given up because they could not be queued, by queue: a short name of it.',
    labels: ['queue'],
    absentIsZero: true,
  }),
} satisfies Record<string, MetricEntry>;
