/** A quota that is being used up. */
export interface QuotaFact {
  /** Stable: `upstash/cache/commands`. */
  id: string;
  /** What it is of: `Upstash commands a month`, `Neon compute a period`. */
  title: string;
  used: number;
  limit: number;
  /** Of the last hour, per second; null where it cannot be told. */
  perSecond: number | null;
  /** Where the window of the quota begins anew, ms; null where it never does. */
  renewsMs: number | null;
  /** Name of the source that told it. */
  source: string;
}

/** What a day costs at the rate of the last hour; null where nothing tells. */
export interface CostFact {
  usdPerDay: number;
  /** Its largest part: `Redis commands, $8.10/day`. */
  most: string;
}

/** Connections to one database. */
export interface PoolFact {
  /** In use now, of all clients; null where the database does not tell. */
  used: number | null;
  /** What machines could open: pool size × machines; null where no machine tells its pool. */
  possible: { machines: number; perMachine: number } | null;
  /** What the database takes, without what it keeps for its owner. */
  limit: number;
  source: string;
}

/** A database that could sleep. */
export interface AwakeFact {
  source: string;
  /** Awake without a break for so long, ms; null where it cannot be told. */
  awakeForMs: number | null;
  /** After so much idleness it would fall asleep, ms. */
  suspendAfterMs: number;
  /** What keeps it awake where that is known, most first: `due slots 12/min, open jobs 1/min`, `requests 30.1/s`. */
  keptBy: string | null;
  /** True while callers alone keep it awake: then it could not sleep, whatever else asks. */
  isBusy: boolean;
}

/** What runs out or costs; null or empty where nothing tells. */
export interface LimitFacts {
  quotas: readonly QuotaFact[];
  cost: CostFact | null;
  pools: readonly PoolFact[];
  awake: readonly AwakeFact[];
}

export const NO_LIMITS: LimitFacts = { quotas: [], cost: null, pools: [], awake: [] };
