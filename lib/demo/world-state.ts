/** One machine at one moment. Counters are those of its present process: they began at 0 with it. */
export interface MachineState {
  name: string;
  region: string;
  release: string;
  /** Start of the present process. */
  startedMs: number;
  /** False while it is replaced, and during its outage. */
  reachable: boolean;
  /** Redis commands that it sent, by command. */
  redisCommands: Readonly<Record<string, number>>;
  redisHits: number;
  redisMisses: number;
  /** The cache inside the process; the old release has none. */
  local: { hits: number; bytes: number } | null;
  /** Responses by exact status. A status appears with its first response. */
  responses: Readonly<Record<string, number>>;
  /** How many of the 200s were slow. */
  slowOk: number;
  dbQueries: number;
  dbPoolUsed: number;
  dbPoolMax: number;
  residentBytes: number;
  cpuSeconds: number;
  eventLoopLagSeconds: number;
}

/** The Redis server at one moment; counters since its last start. */
export interface RedisState {
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
