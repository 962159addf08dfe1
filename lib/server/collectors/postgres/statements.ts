import 'server-only';

/** What one visit may ask. Each statement begins with its topic, so that logs and statistics can tell it from the app's. */
export const TOPICS = ['settings', 'database', 'activity', 'statements', 'size'] as const;
export type Topic = (typeof TOPICS)[number];

/** Where pg_stat_statements lives and which columns it has. */
export interface StatementsView {
  /** Schema of the extension, quoted for SQL by the server itself. */
  schema: string;
  /** Version of the extension, such as `[1, 9]`. */
  version: readonly [number, number];
}

/** How every statement of ours begins; pg_stat_statements keeps leading comments, so ours are left out by it. */
export const MARKER = '/* afterwatch:';

/** Most families that one answer holds; the session reports fewer. */
export const FAMILY_ROWS = 60;

// Numbers are cast to float8: the driver hands bigint and numeric out as text. Instants are Unix ms.
const TEXTS = {
  settings: `SELECT current_setting('server_version') AS version,
  current_setting('max_connections')::float8 AS max_connections,
  current_setting('superuser_reserved_connections')::float8
    + coalesce(current_setting('reserved_connections', true)::float8, 0) AS reserved_connections,
  extract(epoch FROM pg_postmaster_start_time())::float8 * 1000 AS started_ms,
  extract(epoch FROM clock_timestamp())::float8 * 1000 AS now_ms,
  current_user::text AS role,
  pg_is_in_recovery() AS in_recovery,
  pg_has_role(current_user, 'pg_read_all_stats', 'usage') AS sees_all,
  (SELECT extversion FROM pg_extension WHERE extname = 'pg_stat_statements') AS statements_version,
  (SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname = 'pg_stat_statements') AS statements_schema`,

  // "sessions" came with 14: read through JSON, a missing column is null and no error.
  database: `SELECT xact_commit::float8, xact_rollback::float8, deadlocks::float8, temp_bytes::float8,
  blks_hit::float8, blks_read::float8, tup_returned::float8, tup_fetched::float8,
  tup_inserted::float8, tup_updated::float8, tup_deleted::float8,
  (to_jsonb(d) ->> 'sessions')::float8 AS sessions,
  extract(epoch FROM stats_reset)::float8 * 1000 AS stats_reset_ms
FROM pg_stat_database d WHERE datname = current_database()`,

  // A role that may not see a session gets it without state and backend_type.
  activity: `SELECT coalesce(state, 'unknown') AS state, count(*)::float8 AS connections,
  (count(*) FILTER (WHERE backend_type IS NULL))::float8 AS hidden,
  extract(epoch FROM max(clock_timestamp() - query_start) FILTER (WHERE state = 'active'))::float8 AS longest_query_seconds,
  extract(epoch FROM max(clock_timestamp() - xact_start) FILTER (WHERE state <> 'idle'))::float8 AS longest_transaction_seconds,
  (SELECT count(*) FROM pg_locks WHERE NOT granted)::float8 AS locks_waiting
FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND (backend_type = 'client backend' OR (backend_type IS NULL AND datid IS NOT NULL))
GROUP BY 1
UNION ALL SELECT 'none', 0, 0, NULL, NULL, (SELECT count(*) FROM pg_locks WHERE NOT granted)::float8`,

  size: 'SELECT pg_database_size(current_database())::float8 AS size_bytes',
} as const;

/** The statement of a topic that needs nothing but a connection. */
export function statementText(topic: Exclude<Topic, 'statements'>): string {
  return mark(topic, TEXTS[topic]);
}

/**
 * Calls of this database's statements: one row of kind `total` and up to `FAMILY_ROWS` of kind `family`, by calls.
 * Statements inside functions are left out where the server can tell (1.9): they are no queries of the app.
 */
export function statementsText({ schema, version }: StatementsView): string {
  const hasInfo = isAtLeast(version, [1, 9]);
  const info = hasInfo
    ? `(SELECT dealloc::float8 FROM ${schema}.pg_stat_statements_info) AS dealloc,
  (SELECT extract(epoch FROM stats_reset)::float8 * 1000 FROM ${schema}.pg_stat_statements_info) AS reset_ms`
    : 'NULL::float8 AS dealloc, NULL::float8 AS reset_ms';
  return mark(
    'statements',
    `WITH s AS MATERIALIZED (
  SELECT left(query, 2000) AS query, sum(calls)::float8 AS calls, sum(total_exec_time)::float8 AS total_ms, sum(rows)::float8 AS rows
  FROM ${schema}.pg_stat_statements
  WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())${hasInfo ? ' AND toplevel' : ''}
    AND coalesce(query, '') NOT LIKE '${MARKER}%'
  GROUP BY 1)
SELECT 'total' AS kind, NULL AS query, coalesce(sum(calls), 0) AS calls, NULL AS total_ms, NULL AS rows,
  coalesce(sum(calls) FILTER (WHERE query = '<insufficient privilege>'), 0) AS hidden,
  ${info}
FROM s
UNION ALL (SELECT 'family', query, calls, total_ms, rows, NULL, NULL, NULL FROM s
  WHERE query <> '<insufficient privilege>' ORDER BY calls DESC, query LIMIT ${FAMILY_ROWS})`,
  );
}

/** Oldest extension whose columns we read; it came with Postgres 13. */
export const OLDEST_STATEMENTS = [1, 8] as const;

export function isAtLeast(version: readonly [number, number], least: readonly [number, number]): boolean {
  return version[0] > least[0] || (version[0] === least[0] && version[1] >= least[1]);
}

function mark(topic: Topic, text: string): string {
  return `${MARKER}${topic} */ ${text}`;
}
