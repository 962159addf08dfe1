import type { PostgresState } from '../world-state.ts';
import { type Answer, rows } from './answer.ts';
import type { Column, TypeName, Value } from './wire.ts';

/** What the answers are made from. */
export interface TopicInput {
  atMs: number;
  state: PostgresState;
  serverVersion: string;
  /** What was really asked of this server since it started. */
  served: { statements: number; sessions: number };
  /** Connections to this server now, the asking one among them. */
  clients: number;
}

interface Topic {
  columns: readonly Column[];
  rows: (input: TopicInput) => readonly (readonly Value[])[];
}

/** Limits that the demo database reports. */
export const MAX_CONNECTIONS = 112;
export const RESERVED_CONNECTIONS = 3;
/** The statistics of statements began when the extension was made, a little after the server. */
const EXTENSION_AFTER_MS = 311_000;

/** The statements that this product asks, by their topic. */
const TOPICS: Readonly<Record<string, Topic>> = {
  settings: {
    columns: [
      ...columns('text', 'version'),
      ...columns('float8', 'max_connections', 'reserved_connections', 'started_ms', 'now_ms'),
      ...columns('text', 'role'),
      ...columns('bool', 'in_recovery', 'sees_all'),
      ...columns('text', 'statements_version', 'statements_schema'),
    ],
    rows: ({ atMs, state, serverVersion }) => [
      [
        serverVersion,
        MAX_CONNECTIONS,
        RESERVED_CONNECTIONS,
        state.startedMs,
        atMs,
        'watcher',
        false,
        true,
        '1.10',
        'public',
      ],
    ],
  },
  database: {
    columns: columns(
      'float8',
      'xact_commit',
      'xact_rollback',
      'deadlocks',
      'temp_bytes',
      'blks_hit',
      'blks_read',
      'tup_returned',
      'tup_fetched',
      'tup_inserted',
      'tup_updated',
      'tup_deleted',
      'sessions',
      'stats_reset_ms',
    ),
    rows: (input) => [databaseRow(input)],
  },
  activity: {
    columns: [
      ...columns('text', 'state'),
      ...columns(
        'float8',
        'connections',
        'hidden',
        'longest_query_seconds',
        'longest_transaction_seconds',
        'locks_waiting',
      ),
    ],
    rows: activityRows,
  },
  statements: {
    columns: [
      ...columns('text', 'kind', 'query'),
      ...columns('float8', 'calls', 'total_ms', 'rows', 'hidden', 'dealloc', 'reset_ms'),
    ],
    rows: ({ state }) => {
      const calls = state.statements.reduce((sum, one) => sum + one.calls, 0);
      const resetMs = state.startedMs + EXTENSION_AFTER_MS;
      const families = state.statements.toSorted((a, b) => b.calls - a.calls);
      return [
        ['total', null, calls, null, null, 0, 0, resetMs],
        ...families.map((one) => ['family', one.query, one.calls, one.totalMs, one.rows, null, null, null]),
      ];
    },
  },
  size: {
    columns: columns('float8', 'size_bytes'),
    rows: ({ state }) => [[state.sizeBytes]],
  },
};

/** Answers a statement that carries our mark, `afterwatch:` and its topic in a comment; null for any other. */
export function answerTopic(sql: string, input: TopicInput): Answer | null {
  const name = /\/\*\s*afterwatch:([a-z0-9_-]+)\s*\*\//.exec(sql)?.[1];
  const topic = name !== undefined && Object.hasOwn(TOPICS, name) ? TOPICS[name] : undefined;
  return topic === undefined ? null : rows(topic.columns, topic.rows(input));
}

/** Each statement of the story is a transaction of its own; ours count as well, as they would. */
function databaseRow({ state, served }: TopicInput): Value[] {
  const calls = state.statements.reduce((sum, one) => sum + one.calls, 0);
  const touched = state.statements.reduce((sum, one) => sum + one.rows, 0);
  const callsOf = (verb: string) =>
    state.statements.filter(({ query }) => query.startsWith(verb)).reduce((sum, one) => sum + one.calls, 0);
  return [
    calls + served.statements,
    Math.floor(calls * 0.0004),
    0,
    0,
    calls * 4 + touched,
    Math.floor(calls * 0.006),
    Math.floor(touched * 1.3),
    touched,
    callsOf('INSERT'),
    callsOf('UPDATE'),
    Math.floor(callsOf('INSERT') * 0.04),
    state.sessions + served.sessions,
    null,
  ];
}

function activityRows({ state, clients }: TopicInput): Value[][] {
  const { active, idle, longestQuerySeconds } = state.connections;
  // The session that asks does not count itself.
  const byState: Value[][] = [['idle', idle + Math.max(0, clients - 1), 0, null, null, 0]];
  if (active > 0) byState.push(['active', active, 0, longestQuerySeconds, longestQuerySeconds, 0]);
  return [...byState, ['none', 0, 0, null, null, 0]];
}

function columns(type: TypeName, ...names: string[]): Column[] {
  return names.map((name) => ({ name, type }));
}
