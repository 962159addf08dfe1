/** Where a database stands; Upstash does not say how `suspended` and `passive` differ. */
export type UpstashState = 'active' | 'suspended' | 'passive';

/** Counted since a fixed origin of the world: nothing here ever falls. */
export interface UpstashCounted {
  /** Commands by command in lower case. One appears with its first call. */
  commands: Readonly<Record<string, number>>;
  hits: number;
  misses: number;
  bytes: number;
}

/** What stands at a moment. */
export interface UpstashLevels {
  connections: number;
  keys: number;
  diskBytes: number;
  latencyMs: { mean: number; p99: number };
}

/** One database: fixed settings, and what it has done by any moment as pure functions of time. */
export interface UpstashDatabaseWorld {
  readonly id: string;
  readonly name: string;
  /** Slug or host; made of its name when left out. */
  readonly endpoint?: string;
  readonly plan: 'free' | 'payg' | 'pro' | 'paid';
  readonly createdMs: number;
  readonly region: string;
  readonly readRegions: readonly string[];
  /** Dollars a month; 0 for none. */
  readonly budgetUsd: number;
  /** Commands a month; null where the plan has no limit. */
  readonly requestLimit: number | null;
  readonly maxClients: number;
  readonly maxDiskBytes: number;
  stateAt(atMs: number): UpstashState;
  countedAt(atMs: number): UpstashCounted;
  levelsAt(atMs: number): UpstashLevels;
}

/** An account at Upstash as its Developer API shows it. */
export interface UpstashWorld {
  readonly email: string;
  readonly apiKey: string;
  readonly databases: readonly UpstashDatabaseWorld[];
}

/** How the API’s own ways are played. */
export interface UpstashHabits {
  /** How far all numbers trail the database. */
  lagMs: number;
  /** What stands behind the newest whole point: nothing, or a point without a value. */
  newest: 'missing' | 'null';
  /** Share of its final count that the newest point shows at first, 1 for all of it. */
  newestShare: number;
  /** True when the points’ times move with the moment of asking instead of standing on a grid. */
  driftingGrid: boolean;
}

export const USUAL_HABITS: UpstashHabits = {
  lagMs: 60_000,
  newest: 'null',
  newestShare: 1,
  driftingGrid: false,
};
