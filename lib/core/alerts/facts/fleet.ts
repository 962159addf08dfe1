/** One machine now. */
export interface MachineFact {
  name: string;
  /** `v1206`; null where it does not tell. */
  release: string | null;
  /** Its health endpoint or the checks of its platform; null where nothing tells. */
  healthy: boolean | null;
  /** The check that fails and what it said, fit to be shown; null where none does. */
  failing: string | null;
  /** Starts of its process in the last ten minutes, without one for each known deploy; null where it does not tell them. */
  restarts: number | null;
  /** Stopped on purpose by its platform: not down. */
  parked: boolean;
  /** Tells nothing now: it gives no answer, or has not been asked yet. What is not known of it may be anything. */
  silent: boolean;
}

/** A circuit breaker on one machine. */
export interface BreakerFact {
  integration: string;
  machine: string;
  /** `unknown` while its machine is silent. */
  state: 'closed' | 'half_open' | 'open' | 'unknown';
}

/** Decisions of the rate limiter in the last five minutes. */
export interface LimiterFact {
  failedOpen: number;
  limited: number;
  allowed: number;
  /** True while a machine that counted them is missing. */
  isPartial: boolean;
}

/** The same commands seen by Redis and by the machines, over the same last minutes, per minute. */
export interface UnaccountedFact {
  /** `GETs`, or `commands` where only their sum is known. */
  what: 'GETs' | 'commands';
  atServer: number;
  fromMachines: number;
  machines: number;
  /** Over how long both were counted, ms. */
  windowMs: number;
  /** How far the difference may be off, per minute. */
  bound: number;
  /** True while a machine that should count is silent: then the rest may be its. */
  isPartial: boolean;
}

/** Commands that are billed though Redis is suspended on purpose, per minute; null where it is not suspended. */
export interface BilledFact {
  perMinute: number;
  /** What they are, as far as anything tells: `failed connects 41/min, unknown 3/min`. */
  parts: string;
  usdPerDay: number | null;
}

/** A stream of log lines that has fallen silent. */
export interface QuietLogFact {
  /** Id of its source. */
  id: string;
  /** Since its last line, ms. */
  ageMs: number;
  /** The longest that it was silent in the day before its last line, ms; null where too little of that day is known. */
  usualMs: number | null;
}

/** What machines and their guards do. Empty or null where nothing tells. */
export interface FleetFacts {
  machines: readonly MachineFact[];
  breakers: readonly BreakerFact[];
  limiter: LimiterFact | null;
  /** True where Redis refused us in the last minutes for a limit or quota: limiters could not ask it then either. */
  redisRefused: boolean;
  unaccounted: UnaccountedFact | null;
  billed: BilledFact | null;
  /** Only streams that are far longer silent than is usual, and those of which that can’t be told. */
  quietLogs: readonly QuietLogFact[];
}

export const NO_FLEET: FleetFacts = {
  machines: [],
  breakers: [],
  limiter: null,
  redisRefused: false,
  unaccounted: null,
  billed: null,
  quietLogs: [],
};
