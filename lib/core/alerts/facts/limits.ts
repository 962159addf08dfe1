import type { Unit } from '../../metrics/catalogue/entry.ts';
import type { EndForecast } from '../../model/budget.ts';

/** A quota that is being used up. */
export interface QuotaFact {
  /** Stable: `upstash/cache/commands`. */
  id: string;
  /** What it is of: `Upstash commands a month`, `Neon compute a period`. */
  title: string;
  unit: Unit;
  used: number;
  limit: number;
  /** Of the last hour, per second; null where it cannot be told. */
  perSecond: number | null;
  /** When it ends, of the last quarter of an hour; null where it cannot be told. */
  forecast: EndForecast | null;
  /** Where the window of the quota begins anew, ms; null where it never does. */
  renewsMs: number | null;
  /** Name of the source that told it. */
  source: string;
}

/** What is known of a cost. */
export interface KnownCost {
  usd: number;
  /** False while a part of it can't be told: then it is this much at least. */
  isWhole: boolean;
  /** Its largest part: `Redis commands, $8.10`. */
  most: string;
}

/** What everything that is paid by use costs; null where nothing of it is known. */
export interface CostFact {
  /** A day at the rate of the last hour. */
  day: KnownCost | null;
  /** The calendar month: what was used so far, and the rest of it at the rate of the last day. */
  month: KnownCost | null;
}

/** The plan of one Redis, and the cheapest that would do, by the use of the last 7 days in the calendar month that runs. */
export interface PlanFact {
  source: string;
  now: string;
  usdNow: number;
  /** Null where none that would do is cheaper. */
  cheaper: { name: string; usd: number } | null;
}

/** Connections to one database. */
export interface PoolFact {
  /** In use now, of all clients; null where the database does not tell. */
  used: number | null;
  /** What machines could open: pool size × machines; null where no machine tells its pool. */
  possible: { machines: number; perMachine: number } | null;
  /** That may run at most, as the config says; null where it does not. */
  maxMachines: number | null;
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
  /** Null where nothing is paid by use. */
  cost: CostFact | null;
  /** Only Redis of which the plan and all that is priced is known. */
  plans: readonly PlanFact[];
  pools: readonly PoolFact[];
  awake: readonly AwakeFact[];
}

export const NO_LIMITS: LimitFacts = { quotas: [], cost: null, plans: [], pools: [], awake: [] };
