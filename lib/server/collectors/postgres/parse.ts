import 'server-only';
import type { Sample, StartMarker } from '@/lib/core/model/sample.ts';
import type { CollectResult, Notice } from '@/lib/core/model/scrape.ts';
import { clockSkewNotice } from '@/lib/server/collectors/clock-skew.ts';
import { countQueries, type QueryCounter } from './counting.ts';
import { familyOf } from './family.ts';
import {
  DATABASE_COUNTERS,
  type DatabaseRow,
  type PostgresReading,
  SESSION_STATES,
  type SettingsRow,
  type StatementRow,
} from './schema.ts';

/** Families that are taken up, by calls; once taken up a family is reported as long as it is listed. */
const TOP_FAMILIES = 20;
const MAX_FAMILIES = 60;

/** What a session remembers between visits. Plain data. */
export interface PostgresMemory {
  queries: QueryCounter | null;
  families: ReadonlySet<string>;
}

export const EMPTY_MEMORY: PostgresMemory = { queries: null, families: new Set() };

export interface PostgresContext {
  nowMs: number;
  /** True where a stop of the server loses its statistics (Neon): then each start is a new count. */
  forgetsOnStop: boolean;
  /** Why pg_stat_statements was not read although it is installed; null when it was, or is not there. */
  statementsFault: 'not_loaded' | 'denied' | 'too_old' | null;
  memory: PostgresMemory;
}

/** Samples of one visit, and what to remember for the next. A field that was not there makes no sample. */
export function parseReading(
  reading: PostgresReading,
  context: PostgresContext,
): { result: CollectResult; memory: PostgresMemory } {
  const { settings, database } = reading;
  const samples: Sample[] = [];
  const notices: Notice[] = [];
  const start = databaseStart(reading, context);

  samples.push({ metric: 'db_connections_max', labels: {}, value: settings.max_connections });
  samples.push({ metric: 'db_connections_reserved', labels: {}, value: settings.reserved_connections });
  const upSeconds = (settings.now_ms - settings.started_ms) / 1000;
  if (upSeconds >= 0) samples.push({ metric: 'db_uptime_seconds', labels: {}, value: upSeconds });
  if (reading.size !== null)
    samples.push({ metric: 'db_size_bytes', labels: {}, value: reading.size.size_bytes });

  addDatabase(samples, database);
  const hiddenSessions = addActivity(samples, reading);
  const { memory, hiddenCalls } = addQueries(samples, notices, reading, context);

  if ((hiddenSessions > 0 || hiddenCalls > 0 || reading.activity === null) && !settings.sees_all) {
    notices.push({
      code: 'no_pg_monitor',
      text: `its role may not see the sessions and statements of others; as an admin run: GRANT pg_monitor TO ${quoteName(settings.role)}`,
    });
  }
  const skew = clockSkewNotice(settings.now_ms - context.nowMs);
  if (skew !== null) notices.push(skew);

  return { result: { samples, start, facts: factsOf(reading), notices }, memory };
}

/**
 * When the counters of pg_stat_database began. They outlive a clean restart, so the server's start is no marker for
 * them (its use would count the whole past again); what a crash loses shows as a fall. Where every stop loses them the
 * start does count.
 */
function databaseStart(
  { settings, database }: PostgresReading,
  { forgetsOnStop }: PostgresContext,
): StartMarker {
  const resetMs = database.stats_reset_ms === null ? null : Math.floor(database.stats_reset_ms);
  const since = `since ${resetMs ?? 'ever'}`;
  if (!forgetsOnStop) return { marker: since, atMs: resetMs };
  const startedMs = Math.floor(settings.started_ms);
  return { marker: `${since}, started ${startedMs}`, atMs: Math.max(startedMs, resetMs ?? 0) };
}

function addDatabase(samples: Sample[], database: DatabaseRow): void {
  const transactions = database.xact_commit + database.xact_rollback;
  samples.push({ metric: 'db_transactions_total', labels: {}, value: transactions });
  for (const { column, metric, kind } of DATABASE_COUNTERS) {
    const value = database[column];
    if (value !== null) samples.push({ metric, labels: kind === undefined ? {} : { kind }, value });
  }
}

/** Gives the number of sessions whose state the role may not see. */
function addActivity(samples: Sample[], { activity }: PostgresReading): number {
  if (activity === null) return 0;
  const byState = new Map<string, number>(SESSION_STATES.map((state) => [state, 0]));
  let hidden = 0;
  const queryAges: number[] = [];
  const transactionAges: number[] = [];
  for (const row of activity) {
    hidden += row.hidden;
    // The row that is there even when no session is.
    if (row.state === 'none') continue;
    const state = byState.has(row.state) ? row.state : 'unknown';
    byState.set(state, (byState.get(state) ?? 0) + row.connections);
    if (row.longest_query_seconds !== null) queryAges.push(row.longest_query_seconds);
    if (row.longest_transaction_seconds !== null) transactionAges.push(row.longest_transaction_seconds);
  }
  for (const [state, value] of byState) samples.push({ metric: 'db_connections', labels: { state }, value });
  addAge(samples, 'db_longest_query_seconds', queryAges, hidden);
  addAge(samples, 'db_longest_transaction_seconds', transactionAges, hidden);
  const waiting = activity[0]?.locks_waiting;
  if (waiting !== undefined) samples.push({ metric: 'db_locks_waiting', labels: {}, value: waiting });
  return hidden;
}

/** Nothing running is a measured 0 only for a role that sees everybody; else it sees at least this much. */
function addAge(samples: Sample[], metric: string, ages: readonly number[], hidden: number): void {
  if (ages.length === 0 && hidden > 0) return;
  const value = Math.max(0, ...ages);
  samples.push({ metric, labels: {}, value, ...(hidden > 0 && { quality: 'inferred' as const }) });
}

function addQueries(
  samples: Sample[],
  notices: Notice[],
  reading: PostgresReading,
  context: PostgresContext,
): { memory: PostgresMemory; hiddenCalls: number } {
  const total = reading.statements?.find((row) => row.kind === 'total');
  if (reading.statements === null || total === undefined) {
    // Another rung of the ladder is another series: a change of rung is no rise.
    samples.push({
      metric: 'db_queries_total',
      labels: { from: 'transactions' },
      value: reading.database.xact_commit + reading.database.xact_rollback,
      quality: 'inferred',
    });
    notices.push(statementsNotice(context.statementsFault, reading.settings));
    return { memory: { ...context.memory, queries: null }, hiddenCalls: 0 };
  }
  const resetMs = total.reset_ms === null ? null : Math.floor(total.reset_ms);
  const counted = countQueries(context.memory.queries, {
    atMs: context.nowMs,
    calls: total.calls,
    dealloc: total.dealloc,
    resetMs,
  });
  const { start, quality, value } = counted;
  samples.push({
    metric: 'db_queries_total',
    labels: {},
    value,
    ...(start !== null && { start }),
    ...(quality === 'inferred' && { quality }),
  });
  if (quality === 'inferred') {
    notices.push({
      code: 'statements_evicted',
      text: 'it runs more different statements than pg_stat_statements keeps, so some calls are lost and counts come out low; raise pg_stat_statements.max',
    });
  }
  const statementsStart = resetMs === null ? null : { marker: `statements ${resetMs}`, atMs: resetMs };
  const families = addFamilies(samples, reading.statements, statementsStart, context.memory.families);
  return { memory: { queries: counted.counter, families }, hiddenCalls: total.hidden ?? 0 };
}

/** Adds what is reported by family and gives the families known now. */
function addFamilies(
  samples: Sample[],
  rows: readonly StatementRow[],
  start: StartMarker | null,
  known: ReadonlySet<string>,
): ReadonlySet<string> {
  // Two texts may differ only in what was taken out: they are one family.
  const sums = new Map<string, { calls: number; seconds: number | null; rows: number | null }>();
  for (const row of rows) {
    const family = row.kind === 'family' && row.query !== null ? familyOf(row.query) : null;
    if (family === null) continue;
    const sum = sums.get(family) ?? { calls: 0, seconds: null, rows: null };
    sums.set(family, {
      calls: sum.calls + row.calls,
      seconds: row.total_ms === null ? sum.seconds : (sum.seconds ?? 0) + row.total_ms / 1000,
      rows: row.rows === null ? sum.rows : (sum.rows ?? 0) + row.rows,
    });
  }
  const byCalls = [...sums].sort((a, b) => b[1].calls - a[1].calls);
  const families = new Set(known);
  for (const [family] of byCalls.slice(0, TOP_FAMILIES)) {
    if (families.size < MAX_FAMILIES) families.add(family);
  }
  const own = start === null ? {} : { start };
  for (const [family, sum] of byCalls) {
    if (!families.has(family)) continue;
    const labels = { family };
    samples.push({ metric: 'db_statements_total', labels, value: sum.calls, ...own });
    if (sum.seconds !== null)
      samples.push({ metric: 'db_statement_seconds_total', labels, value: sum.seconds, ...own });
    if (sum.rows !== null)
      samples.push({ metric: 'db_statement_rows_total', labels, value: sum.rows, ...own });
  }
  return families;
}

function statementsNotice(
  fault: PostgresContext['statementsFault'],
  { role, statements_schema: schema }: SettingsRow,
): Notice {
  const counted = 'queries are inferred from transactions, ours included';
  switch (fault) {
    case null:
      return {
        code: 'no_pg_stat_statements',
        text: `pg_stat_statements is not installed in this database, so ${counted}; as an admin run: CREATE EXTENSION pg_stat_statements (with it in shared_preload_libraries)`,
      };
    case 'not_loaded':
      return {
        code: 'no_pg_stat_statements',
        text: `pg_stat_statements is not loaded, so ${counted}; add it to shared_preload_libraries and restart Postgres`,
      };
    case 'denied':
      return {
        code: 'no_pg_stat_statements',
        text: `its role may not read pg_stat_statements, so ${counted}; as an admin run: GRANT SELECT ON ${schema ?? 'public'}.pg_stat_statements TO ${quoteName(role)}`,
      };
    case 'too_old':
      return {
        code: 'no_pg_stat_statements',
        text: `pg_stat_statements here is older than 1.8, so ${counted}; as an admin run: ALTER EXTENSION pg_stat_statements UPDATE`,
      };
    default:
      return fault satisfies never;
  }
}

function factsOf({ settings }: PostgresReading): Record<string, string> {
  // Debian and others add their own version in brackets.
  const version =
    settings.version
      .split(/\s/)[0]
      ?.replace(/\p{Cc}/gu, '')
      .slice(0, 40) ?? '';
  const extension = settings.statements_version?.replace(/\p{Cc}/gu, '').slice(0, 20);
  return {
    version: version === '' ? 'postgres' : `postgres ${version}`,
    role: settings.in_recovery ? 'replica' : 'primary',
    startedAt: new Date(Math.min(settings.started_ms, 8.64e15)).toISOString(),
    ...(extension !== undefined && { pgStatStatements: extension }),
  };
}

/** A name as it may stand in a command that people paste. */
function quoteName(name: string): string {
  return `"${name
    .replace(/\p{Cc}/gu, '')
    .slice(0, 63)
    .replaceAll('"', '""')}"`;
}
