/**
 * What happened to the app `harbor` in the hour before the fleet starts, and how it runs since. Times are ms relative
 * to the start of the fleet; rates are events per second over all machines.
 */
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Name of the made-up app and its releases. */
export const APP = 'harbor';
export const OLD_RELEASE = 'v1205';
export const NEW_RELEASE = 'v1206';

/**
 * Visits that read the past come at whole quarters of a minute before the start, or a few seconds later. What lasts
 * only seconds happens between two of them, so that it shows as a restart and not as a failed visit.
 */
const BETWEEN_VISITS_MS = -7_000;

/** The cache server began again, and came back empty. */
export const REDIS_RESTART_MS = -50 * MINUTE_MS + BETWEEN_VISITS_MS;
/** It cannot be reached for this long. */
export const REDIS_DOWN_MS = 1_200;
/** Starts that lie before the hour. */
export const REDIS_FIRST_START_MS = -9 * DAY_MS - 4_123_000;
export const POSTGRES_START_MS = -23 * DAY_MS - 7_431_000;

/** v1206 stops asking the cache about its own quota, and keeps limiter and breaker states on the machine. */
export const DEPLOY_MS = -35 * MINUTE_MS + BETWEEN_VISITS_MS;
/** A machine counts and answers nothing for this long while it is replaced. */
export const REPLACE_DOWN_MS = 2_400;
/** A new process fills its local cache first: more reads than later. */
export const WARM_UP_MS = 50_000;

/** One machine cannot be reached from here for a while; it goes on serving its users. */
export const OUTAGE_FROM_MS = -16 * MINUTE_MS + BETWEEN_VISITS_MS;
/** How long that lasts. */
export const OUTAGE_MS = 3 * MINUTE_MS;

/** One machine, told. */
export interface MachineStory {
  name: string;
  region: string;
  /** Part of all traffic. */
  share: number;
  /** Start of the process that ran before the hour. */
  firstStartMs: number;
  /** When v1206 replaced it; null: it was left behind on v1205. */
  replacedMs: number | null;
  /** It is the one that cannot be reached for a while. */
  outage: boolean;
}

/** The third one is a standby that the roll-out missed: it still reads the old way, at a trickle. */
export const MACHINES: readonly MachineStory[] = [
  {
    name: '3d8dd7a1',
    region: 'ams',
    share: 0.5225,
    firstStartMs: -2.31 * DAY_MS,
    replacedMs: DEPLOY_MS,
    outage: false,
  },
  {
    name: '9185e2bc',
    region: 'ams',
    share: 0.476,
    firstStartMs: -2.31 * DAY_MS + 71_300,
    replacedMs: DEPLOY_MS + 75_000,
    outage: true,
  },
  {
    name: 'e2865f71',
    region: 'fra',
    share: 0.0015,
    firstStartMs: -6.02 * DAY_MS,
    replacedMs: null,
    outage: false,
  },
];

/** Events per second before and after v1206, and how strongly chance moves them (0–0.7). */
export interface RateStory {
  before: number;
  after: number;
  noiseBefore: number;
  noiseAfter: number;
}

const perHour = (count: number) => count / 3600;

/** 733K reads an hour, 61 % of them found, flat as a plateau; then 24K, 95 % found. */
const GETS_BEFORE = perHour(733_000);
const HIT_BEFORE = 0.614;
/** v1206's own part of 24K an hour: what the standby still reads the old way is taken off. */
const GETS_AFTER = perHour(24_000 - 733_000 * 0.0015);
const HIT_AFTER = 0.9645;

/** Reads by the machines. */
export const GETS = rate(GETS_BEFORE, GETS_AFTER, 0.12, 0.42);
/** Part of the reads that finds its key, 0–1. */
export const HIT_RATIO = { before: HIT_BEFORE, after: HIT_AFTER };
/** After its restart the cache is empty: the ratio climbs back in these steps, each `forMs` long. */
export const COLD_CACHE = [
  { forMs: 45_000, hitRatio: 0.21 },
  { forMs: 60_000, hitRatio: 0.43 },
  { forMs: 75_000, hitRatio: 0.55 },
] as const;
/** A new process asks this much more while its local cache fills. */
export const WARM_UP_FACTOR = 2.4;

/** Redis commands beside GET. */
export const OTHER_COMMANDS: Readonly<Record<string, RateStory>> = {
  set: rate(31.2, 0.62, 0.12, 0.45),
  incr: rate(24.1, 0.41, 0.15, 0.4),
  expire: rate(12.3, 0.38, 0.15, 0.4),
  hgetall: rate(0.84, 0.8, 0.4, 0.4),
  del: rate(0.052, 0.05, 0.5, 0.5),
  ping: rate(0.1, 0.1, 0.05, 0.05),
};

/** HTTP responses by exact status; 429 and 500 are rare and counted one by one. */
export const RESPONSES: Readonly<Record<string, RateStory>> = {
  '200': rate(10.9, 10.9, 0.4, 0.4),
  '201': rate(0.62, 0.62, 0.5, 0.5),
  '304': rate(0.31, 0.31, 0.5, 0.5),
  '404': rate(0.14, 0.14, 0.5, 0.5),
  '401': rate(0.048, 0.048, 0.5, 0.5),
};
/** Share of the 200s that were slow, by release: these took a second trip to the database. */
export const SLOW_OK_SHARE = { old: 0.043, new: 0.019 } as const;
/** Over all machines, one in each such stretch. */
export const RARE_RESPONSES_EVERY_MS: Readonly<Record<string, number>> = {
  '429': 10 * MINUTE_MS,
  '500': 21 * MINUTE_MS,
};

/** Reads that v1206 answers from its own memory; the old release had no such cache. */
export const LOCAL_HITS = rate(0, 95, 0, 0.35);

/** One kind of database work. */
export interface StatementStory {
  /** Normalised text, as the server would show it. */
  query: string;
  rate: RateStory;
  meanMs: number;
  rowsPerCall: number;
}

/** Database work by statement family: 8.1K an hour before, 2.05K after. */
export const STATEMENTS: readonly StatementStory[] = [
  {
    query: 'SELECT id, name, logo_url, theme FROM tenants WHERE id = $1',
    rate: rate(0.8, 0.012, 0.3, 0.5),
    meanMs: 0.41,
    rowsPerCall: 1,
  },
  {
    query: 'SELECT id, starts_at, ends_at FROM slots WHERE starts_at < $1 AND ends_at > $2',
    rate: rate(0.5, 0.1, 0.12, 0.2),
    meanMs: 3.8,
    rowsPerCall: 14,
  },
  {
    query: 'SELECT user_id, expires_at FROM sessions WHERE token_hash = $1',
    rate: rate(0.45, 0.19, 0.35, 0.4),
    meanMs: 0.22,
    rowsPerCall: 1,
  },
  {
    query: 'UPDATE usage_counters SET used = used + $1 WHERE tenant_id = $2 AND day = $3',
    rate: rate(0.3, 0.12, 0.3, 0.4),
    meanMs: 0.9,
    rowsPerCall: 1,
  },
  {
    query: 'INSERT INTO bookings (tenant_id, slot_id, user_id, created_at) VALUES ($1, $2, $3, $4)',
    rate: rate(0.12, 0.09, 0.4, 0.45),
    meanMs: 1.6,
    rowsPerCall: 1,
  },
  {
    query: 'UPDATE jobs SET locked_at = $1, locked_by = $2 WHERE id = $3 AND locked_at IS NULL',
    rate: rate(0.08, 0.057, 0.3, 0.35),
    meanMs: 2.3,
    rowsPerCall: 1,
  },
];

function rate(before: number, after: number, noiseBefore: number, noiseAfter: number): RateStory {
  return { before, after, noiseBefore, noiseAfter };
}
