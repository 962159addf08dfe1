import type { Manner } from './story.ts';

/** One machine at one moment. Counters are those of its present process: they began at 0 with it. */
export interface MachineState {
  name: string;
  region: string;
  /** `v1206`. */
  release: string;
  /** How the app behaves in it. */
  manner: Manner;
  /** What its switch was set to when it started; null before there was one. Only `true` suspends. */
  switchValue: string | null;
  /** Start of the present process. */
  startedMs: number;
  /** False while it is replaced, and during its outage. */
  reachable: boolean;
  /** Redis commands that it sent, by command. */
  redisCommands: Readonly<Record<string, number>>;
  /** Its GETs by the part of the app that sent them. */
  getsByComponent: Readonly<Record<string, number>>;
  redisHits: number;
  redisMisses: number;
  /** The cache inside the process; before v1205 there was none. */
  local: { hits: number; bytes: number; maxBytes: number } | null;
  /** Responses by exact status. A status appears with its first response. */
  responses: Readonly<Record<string, number>>;
  /** How many of the 200s were slow, and how many were very slow. */
  slowOk: number;
  stalledOk: number;
  dbQueries: number;
  /** Executions of each statement, in the order of `story.STATEMENTS`. */
  statements: readonly number[];
  /** Requests that its limiter let pass because Redis refused to answer. */
  failedOpen: number;
  /** Connections to Redis that it tried to open, by how that ended. */
  connects: { ok: number; failed: number };
  dbPoolUsed: number;
  dbPoolMax: number;
  residentBytes: number;
  cpuSeconds: number;
  eventLoopLagSeconds: number;
}

/** One process of a machine, by how the one before it ended. */
export interface ProcessState {
  endedMs: number;
  /** May lie ahead while the machine is down. */
  startedMs: number;
  /** True when nobody asked for the end. */
  crashed: boolean;
}

/** The Redis server at one moment; counters since its last start. */
export interface RedisState {
  /** Set while the plan's limit is reached: then commands are refused, most of the time. */
  quota: { limit: number; usage: number } | null;
  runId: string;
  startedMs: number;
  reachable: boolean;
  /** Calls by command. */
  commands: Readonly<Record<string, number>>;
  hits: number;
  misses: number;
  connectionsReceived: number;
  expiredKeys: number;
  connectedClients: number;
  keys: number;
  keysExpiring: number;
  usedBytes: number;
  /** The most that was used since the start. */
  peakBytes: number;
}

/** Counted since a fixed origin: nothing here ever falls. */
export type BilledState = Pick<RedisState, 'commands' | 'hits' | 'misses'>;

/** One statement family, as pg_stat_statements counts it. */
export interface StatementState {
  query: string;
  calls: number;
  totalMs: number;
  rows: number;
}

/** The database at one moment; counters since its last start. */
export interface PostgresState {
  startedMs: number;
  statements: readonly StatementState[];
  connections: { active: number; idle: number; longestQuerySeconds: number };
  sessions: number;
  sizeBytes: number;
}

/** Everything at one moment. */
export interface WorldState {
  atMs: number;
  redis: RedisState;
  postgres: PostgresState;
  machines: readonly MachineState[];
}
