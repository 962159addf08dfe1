import { type DerivedEntry, fromTerms, term } from './entry.ts';
import { perEach, shareOf } from './formulas.ts';

/** What follows from the numbers of the database, of its provider and of the pools in front of it. */
export const derivedDb = {
  app_db_queries_per_request: fromTerms(
    {
      unit: 'queries',
      good: 'down',
      formula: 'app_db_queries_total ÷ http_responses_total',
      help: 'What an HTTP request costs in database statements, on average; nothing while there were no requests.',
    },
    { queries: term('app_db_queries_total'), requests: term('http_responses_total') },
    ({ queries, requests }) => perEach(queries, requests),
  ),
  app_db_pool_used_ratio: fromTerms(
    {
      unit: 'ratio',
      good: 'down',
      formula: 'app_db_pool_used ÷ app_db_pool_max, by machine',
      help: 'Share of a machine’s pool that is in use. At 100 % requests wait for a connection.',
    },
    { used: term('app_db_pool_used'), max: term('app_db_pool_max') },
    ({ used, max }) => shareOf(used, max),
  ),
  app_db_pools_max: fromTerms(
    {
      unit: 'connections',
      good: 'neutral',
      over: 'app',
      formula: 'app_db_pool_max added up over the machines',
      help: 'Pool size × machines: connections that all machines together may open to the database.',
    },
    { max: term('app_db_pool_max') },
    ({ max }) => max,
  ),
  app_db_pools_of_limit_ratio: fromTerms(
    {
      unit: 'ratio',
      good: 'down',
      over: 'app',
      formula: 'Σ app_db_pool_max ÷ (db_connections_max − db_connections_reserved)',
      help: 'What all pools may open together against what the database accepts; over 100 % a busy hour fails to connect.',
    },
    {
      pools: term('app_db_pool_max'),
      max: term('db_connections_max'),
      reserved: term('db_connections_reserved'),
    },
    ({ pools, max, reserved }) => (max > reserved ? pools / (max - reserved) : null),
  ),

  db_connections_used_ratio: fromTerms(
    {
      unit: 'ratio',
      good: 'down',
      formula: 'db_connections, all states ÷ (db_connections_max − db_connections_reserved)',
      help: 'Share of the connections for ordinary roles that are open, ours excluded.',
    },
    {
      open: term('db_connections'),
      max: term('db_connections_max'),
      reserved: term('db_connections_reserved'),
    },
    ({ open, max, reserved }) => shareOf(open, max - reserved),
  ),
  db_buffer_hit_ratio: fromTerms(
    {
      unit: 'ratio',
      good: 'up',
      formula: 'db_blocks_hit_total ÷ (db_blocks_hit_total + db_blocks_read_total)',
      help: 'Share of blocks that Postgres found in its buffer cache; nothing while none was asked for.',
    },
    { hit: term('db_blocks_hit_total'), read: term('db_blocks_read_total') },
    ({ hit, read }) => shareOf(hit, hit + read),
  ),
  db_statement_mean_seconds: fromTerms(
    {
      unit: 'seconds',
      good: 'down',
      labels: ['family'],
      formula: 'db_statement_seconds_total ÷ db_statements_total, by family',
      help: 'Mean time of an execution, by normalised text of the statement; nothing while it did not run.',
    },
    { seconds: term('db_statement_seconds_total'), calls: term('db_statements_total') },
    ({ seconds, calls }) => perEach(seconds, calls),
  ),

  neon_compute_awake_ratio: fromTerms(
    {
      unit: 'ratio',
      good: 'down',
      labels: ['endpoint'],
      formula: 'neon_compute_awake_seconds_total per second',
      help: 'Share of the time for which a compute was awake.',
    },
    { awake: term('neon_compute_awake_seconds_total') },
    ({ awake }) => Math.min(1, awake),
  ),
  neon_quota_left_ratio: fromTerms(
    {
      unit: 'ratio',
      good: 'up',
      labels: ['kind'],
      formula: '1 − neon_quota_used_ratio, not below 0',
      help: 'Share of a limit of the billing period that is left, by kind. At 0 computes stop.',
    },
    { used: term('neon_quota_used_ratio') },
    ({ used }) => Math.max(0, 1 - used),
  ),
} satisfies Record<string, DerivedEntry>;
