import 'server-only';
import { z } from 'zod';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';

/** Counts and durations as the statements cast them; anything else is a fault of the answer. */
const amount = z.number().finite().nonnegative();
const maybeAmount = amount.nullable();

/** Rows of each topic: strict on what we use, loose on the rest. */
export const settingsSchema = z.object({
  version: z.string(),
  max_connections: amount,
  reserved_connections: amount,
  started_ms: amount,
  now_ms: amount,
  role: z.string(),
  in_recovery: z.boolean(),
  sees_all: z.boolean(),
  statements_version: z.string().nullable(),
  statements_schema: z.string().nullable(),
});
export type SettingsRow = z.infer<typeof settingsSchema>;

export const databaseSchema = z.object({
  xact_commit: amount,
  xact_rollback: amount,
  deadlocks: amount,
  temp_bytes: amount,
  blks_hit: amount,
  blks_read: amount,
  tup_returned: amount,
  tup_fetched: amount,
  tup_inserted: amount,
  tup_updated: amount,
  tup_deleted: amount,
  sessions: maybeAmount,
  stats_reset_ms: maybeAmount,
});
export type DatabaseRow = z.infer<typeof databaseSchema>;

export const activitySchema = z.object({
  state: z.string(),
  connections: amount,
  hidden: amount,
  // Clocks of two sessions may differ by a hair: a little under zero is zero.
  longest_query_seconds: z.number().finite().nullable(),
  longest_transaction_seconds: z.number().finite().nullable(),
  locks_waiting: amount,
});
export type ActivityRow = z.infer<typeof activitySchema>;

export const statementSchema = z.object({
  kind: z.enum(['total', 'family']),
  query: z.string().nullable(),
  calls: amount,
  total_ms: maybeAmount,
  rows: maybeAmount,
  hidden: maybeAmount,
  dealloc: maybeAmount,
  reset_ms: maybeAmount,
});
export type StatementRow = z.infer<typeof statementSchema>;

export const sizeSchema = z.object({ size_bytes: amount });
export type SizeRow = z.infer<typeof sizeSchema>;

/** Everything that one visit read. A topic that was not asked or not allowed is null. */
export interface PostgresReading {
  settings: SettingsRow;
  database: DatabaseRow;
  activity: readonly ActivityRow[] | null;
  statements: readonly StatementRow[] | null;
  size: SizeRow | null;
}

/** One column and the counter that it is. */
export const DATABASE_COUNTERS: readonly { column: keyof DatabaseRow; metric: MetricName; kind?: string }[] =
  [
    { column: 'xact_rollback', metric: 'db_rollbacks_total' },
    { column: 'deadlocks', metric: 'db_deadlocks_total' },
    { column: 'temp_bytes', metric: 'db_temp_bytes_total' },
    { column: 'blks_hit', metric: 'db_blocks_hit_total' },
    { column: 'blks_read', metric: 'db_blocks_read_total' },
    { column: 'sessions', metric: 'db_sessions_total' },
    { column: 'tup_returned', metric: 'db_rows_total', kind: 'returned' },
    { column: 'tup_fetched', metric: 'db_rows_total', kind: 'fetched' },
    { column: 'tup_inserted', metric: 'db_rows_total', kind: 'inserted' },
    { column: 'tup_updated', metric: 'db_rows_total', kind: 'updated' },
    { column: 'tup_deleted', metric: 'db_rows_total', kind: 'deleted' },
  ];

/** States that Postgres documents; each that has no session is a measured 0. */
export const SESSION_STATES = [
  'active',
  'idle',
  'idle in transaction',
  'idle in transaction (aborted)',
] as const;
