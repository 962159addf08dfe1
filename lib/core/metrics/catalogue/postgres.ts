import { counter, gauge, type MetricEntry } from './entry.ts';

export const postgresMetrics = {
  db_up: gauge({
    unit: 'state',
    good: 'up',
    standard: 'pg_up',
    source: 'every scrape',
    help: '1 when the last visit to Postgres gave its statistics, else 0.',
  }),
  db_queries_total: counter({
    unit: 'queries',
    good: 'neutral',
    source: 'pg_stat_statements calls, else pg_stat_database xact_commit + xact_rollback (inferred)',
    help: 'Statements executed in the watched database, without our own.',
  }),
} satisfies Record<string, MetricEntry>;
