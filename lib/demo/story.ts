/**
 * The evening of the app `harbor`, and how it runs since. Times are ms relative to the start of the fleet; rates are
 * events per second over all machines.
 */
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Name of the made-up app. */
export const APP = 'harbor';
/** Slug of its organisation. */
export const ORGANIZATION = 'harbor-crew';

/**
 * Visits that read the past come at whole minutes before the start, or a few seconds later. What lasts only seconds
 * happens between two of them, so that it shows as a restart and not as a failed visit.
 */
const at = (hours: number, minutes: number) => -(hours * HOUR_MS + minutes * MINUTE_MS) - 20 * SECOND_MS;

/** The limiter keeps its counts on the machine, the worker asks every 5 min instead of every minute, pools are 12. */
export const V1203_MS = at(6, 55);
/** `SUSPEND_REDIS` is set to a digest that was taken for a value: the app reads it as false. */
export const V1204_MS = at(5, 28);
/** `SUSPEND_REDIS` is set to `true`, and this time Redis is suspended. */
export const V1205_MS = at(4, 16);
/** Quota, limiter and breaker are read from the machine first, and Redis is used again: on one machine, to begin with. */
export const V1206_MS = at(2, 40);

/** How the app behaves in a release. */
export const MANNERS = ['old', 'v1203', 'suspended', 'v1206'] as const;
export type Manner = (typeof MANNERS)[number];

/** A start of a machine with a release. */
export interface Era {
  fromMs: number;
  release: number;
  manner: Manner;
}

/** One machine, told. */
export interface MachineStory {
  name: string;
  region: string;
  /** Part of all traffic from `fromMs` on. */
  shares: readonly { fromMs: number; share: number }[];
  /** The first one also holds for all time before it. */
  eras: readonly Era[];
  /** Its local cache, once it is full. */
  cacheBytes: number;
  /** It cannot be reached from here for a while; it goes on serving its users. */
  outage: boolean;
}

/** A machine counts and answers nothing for this long while it is replaced. */
export const REPLACE_DOWN_MS = 2_400;
/** A new process fills its local cache first: more reads than later. */
export const WARM_UP_MS = 50_000;
/** A new process asks this much more while its local cache fills. */
export const WARM_UP_FACTOR = 2.4;

export const OUTAGE_FROM_MS = at(0, 16);
/** How long that lasts. */
export const OUTAGE_MS = 3 * MINUTE_MS;

const MB = 1_048_576;
const V1201_MS = at(24 * 11, 193);
const V1202_MS = at(24 * 4, 447);

/** Two machines, where the summary of v1203 counted on three. The second one was left on v1205, and kept aside. */
export const MACHINES: readonly [MachineStory, MachineStory] = [
  {
    name: '3d8dd7a1',
    region: 'ams',
    shares: [
      { fromMs: Number.NEGATIVE_INFINITY, share: 0.52 },
      { fromMs: V1206_MS, share: 0.984 },
    ],
    eras: [
      { fromMs: -26 * DAY_MS, release: 1200, manner: 'old' },
      { fromMs: V1201_MS, release: 1201, manner: 'old' },
      { fromMs: V1202_MS, release: 1202, manner: 'old' },
      { fromMs: V1203_MS, release: 1203, manner: 'v1203' },
      { fromMs: V1204_MS, release: 1204, manner: 'v1203' },
      { fromMs: V1205_MS, release: 1205, manner: 'suspended' },
      { fromMs: V1206_MS, release: 1206, manner: 'v1206' },
    ],
    cacheBytes: 36.4 * MB,
    outage: false,
  },
  {
    name: '9185e2bc',
    region: 'ams',
    shares: [
      { fromMs: Number.NEGATIVE_INFINITY, share: 0.48 },
      { fromMs: V1206_MS, share: 0.016 },
    ],
    eras: [
      { fromMs: -26 * DAY_MS + 71_300, release: 1200, manner: 'old' },
      { fromMs: V1201_MS + 2 * MINUTE_MS, release: 1201, manner: 'old' },
      { fromMs: V1202_MS + 2 * MINUTE_MS, release: 1202, manner: 'old' },
      // The second machine follows 2 min 44 s after the first one began.
      { fromMs: V1203_MS + 164 * SECOND_MS, release: 1203, manner: 'v1203' },
      { fromMs: V1204_MS + MINUTE_MS, release: 1204, manner: 'v1203' },
      { fromMs: V1205_MS + MINUTE_MS, release: 1205, manner: 'suspended' },
    ],
    cacheBytes: 11.2 * MB,
    outage: true,
  },
];

/** What a release is to the ones who list releases. */
export interface ReleaseStory {
  version: number;
  atMs: number;
  /** As the deploying client words it. */
  description: string;
  /** Each release of code has an image of its own; a change of secrets keeps the one before. */
  image: string;
}

/** Oldest first. */
export const RELEASES: readonly ReleaseStory[] = [
  { version: 1200, atMs: -26 * DAY_MS, description: 'Release', image: '01JPC8' },
  { version: 1201, atMs: V1201_MS, description: 'Release', image: '01JQF2' },
  { version: 1202, atMs: V1202_MS, description: 'Release', image: '01JRE4' },
  { version: 1203, atMs: V1203_MS, description: 'Release', image: '01JRE9' },
  { version: 1204, atMs: V1204_MS, description: 'Update secrets', image: '01JRE9' },
  { version: 1205, atMs: V1205_MS, description: 'Update secrets', image: '01JRE9' },
  { version: 1206, atMs: V1206_MS, description: 'Release', image: '01JRF3' },
];

/** The switch, and the values that it was set to, oldest first. Only `true` suspends. */
export const SWITCH = 'SUSPEND_REDIS';
export const BAD_VALUE = 'fa61a13817d73a23';
export const SWITCH_VALUES: readonly { atMs: number; value: string }[] = [
  { atMs: V1204_MS - 30 * SECOND_MS, value: BAD_VALUE },
  { atMs: V1205_MS - 30 * SECOND_MS, value: 'true' },
  { atMs: V1206_MS - 30 * SECOND_MS, value: 'false' },
];
/** Secrets that never change, with their age. */
export const OTHER_SECRETS = [
  { name: 'DATABASE_URL', atMs: -212 * DAY_MS },
  { name: 'REDIS_URL', atMs: -212 * DAY_MS },
  { name: 'SESSION_SECRET', atMs: -140 * DAY_MS },
] as const;

/** Starts that lie before the evening. */
export const REDIS_FIRST_START_MS = -41 * DAY_MS - 4_123_000;
/** The provider moved the cache to another host. */
export const REDIS_RESTART_MS = at(24 * 9 + 4, 11);
/** It could not be reached for this long. */
export const REDIS_DOWN_MS = 1_200;
export const POSTGRES_START_MS = -23 * DAY_MS - 7_431_000;

/** Events per second by manner, and how strongly chance moves them (0–0.7). */
export interface RateStory {
  perSecond: Readonly<Record<Manner, number>>;
  noise: Readonly<Record<Manner, number>>;
  /** How far the day moves it. */
  dayShare: number;
}

const perHour = (count: number) => count / 3600;

/**
 * 733K reads an hour, flat as a plateau, and after v1203 still; none while Redis is suspended; then 24K. They are those
 * of the machines that use Redis: after v1206 one of the two, with nearly all traffic.
 */
export const GETS = rate(
  [perHour(733_000), perHour(731_000), 0, perHour(24_000 / 0.984)],
  [0.06, 0.06, 0, 0.3],
  0.01,
);
/** Part of the reads that finds its key, 0–1. */
export const HIT_RATIO: Readonly<Record<Manner, number>> = {
  old: 0.614,
  v1203: 0.617,
  suspended: 0,
  v1206: 0.948,
};
/** Parts of 1000 reads by the part of the app that sends them. Before v1206 each cache read asks for its quota first. */
export const COMPONENTS: Readonly<Record<Manner, Readonly<Record<string, number>>>> = {
  old: { limiter: 352, breaker: 208, quota: 205, cache: 205, tenants: 30 },
  v1203: { limiter: 346, breaker: 212, quota: 206, cache: 206, tenants: 30 },
  suspended: {},
  v1206: { limiter: 262, breaker: 148, quota: 60, cache: 468, tenants: 62 },
};

/** Redis commands beside GET. */
export const OTHER_COMMANDS: Readonly<Record<string, RateStory>> = {
  set: rate([31.2, 31, 0, 0.62], [0.12, 0.12, 0, 0.45]),
  incr: rate([24.1, 23.6, 0, 0.41], [0.15, 0.15, 0, 0.4]),
  expire: rate([12.3, 12.1, 0, 0.38], [0.15, 0.15, 0, 0.4]),
  hgetall: rate([0.84, 0.84, 0, 0.8], [0.4, 0.4, 0, 0.4]),
  del: rate([0.052, 0.055, 0, 0.05], [0.5, 0.5, 0, 0.5]),
  ping: rate([0.1, 0.1, 0, 0.1], [0.05, 0.05, 0, 0.05]),
};
/** Which part of the app sends them. */
export const COMPONENT_OF: Readonly<Record<string, string>> = {
  set: 'cache',
  incr: 'limiter',
  expire: 'limiter',
  hgetall: 'tenants',
  del: 'cache',
  ping: 'cache',
};

/** HTTP responses by exact status: 17.5 a second. Few are turned away, and none more because of the evening. */
export const RESPONSES: Readonly<Record<string, RateStory>> = {
  '200': same(16.38, 0.4),
  '201': same(0.9, 0.5),
  '404': same(0.2, 0.5),
  '429': rate([perHour(2.88), perHour(2.8), perHour(3), perHour(2.62)], [0.5, 0.5, 0.5, 0.5]),
  '500': same(perHour(1.9), 0.5),
};
/** Parts of 1000 of the 200s that were slow: these took more than one trip to Redis or the database. */
export const SLOW_PARTS: Readonly<Record<Manner, number>> = { old: 43, v1203: 42, suspended: 31, v1206: 19 };

/** Reads that are answered from the machine's own memory; before v1205 there was no such cache. */
export const LOCAL_HITS = rate([0, 0, 96, 95], [0, 0, 0.35, 0.35]);

/** One kind of database work. */
export interface StatementStory {
  /** Normalised text, as the server would show it. */
  query: string;
  rate: RateStory;
  meanMs: number;
  rowsPerCall: number;
}

const quiet: [number, number, number, number] = [0.3, 0.3, 0.4, 0.4];

/** Database work by statement family: 8.1K an hour before, 3.9K after v1203, more while caches are cold, then 1.93K. */
export const STATEMENTS: readonly StatementStory[] = [
  {
    query: 'SELECT id, name, logo_url, theme FROM tenants WHERE id = $1',
    rate: rate([0.8, 0.03, 0.25, 0.012], quiet, 0.06),
    meanMs: 0.41,
    rowsPerCall: 1,
  },
  {
    query: 'SELECT id, starts_at, ends_at FROM slots WHERE starts_at < $1 AND ends_at > $2',
    rate: rate([0.5, 0.1, 0.1, 0.1], [0.12, 0.2, 0.2, 0.2], 0),
    meanMs: 3.8,
    rowsPerCall: 14,
  },
  {
    query: 'SELECT user_id, expires_at FROM sessions WHERE token_hash = $1',
    rate: rate([0.45, 0.45, 0.47, 0.166], quiet, 0.06),
    meanMs: 0.22,
    rowsPerCall: 1,
  },
  {
    query: 'UPDATE usage_counters SET used = used + $1 WHERE tenant_id = $2 AND day = $3',
    rate: rate([0.3, 0.3, 0.3, 0.108], quiet, 0.06),
    meanMs: 0.9,
    rowsPerCall: 1,
  },
  {
    query: 'INSERT INTO bookings (tenant_id, slot_id, user_id, created_at) VALUES ($1, $2, $3, $4)',
    rate: rate([0.12, 0.12, 0.12, 0.09], quiet, 0.06),
    meanMs: 1.6,
    rowsPerCall: 1,
  },
  {
    query: 'UPDATE jobs SET locked_at = $1, locked_by = $2 WHERE id = $3 AND locked_at IS NULL',
    rate: rate([0.08, 0.08, 0.08, 0.057], quiet, 0.06),
    meanMs: 2.3,
    rowsPerCall: 1,
  },
];

/** New connections to Redis: few, but a suspended app goes on trying, and every try counts. */
export const CONNECTS = rate([1 / 171, 1 / 171, 0.62, 1 / 171], [0.3, 0.3, 0.3, 0.3], 0);

function rate(
  [old, v1203, suspended, v1206]: readonly [number, number, number, number],
  [n1, n2, n3, n4]: readonly [number, number, number, number],
  dayShare = 0.12,
): RateStory {
  return {
    perSecond: { old, v1203, suspended, v1206 },
    noise: { old: n1, v1203: n2, suspended: n3, v1206: n4 },
    dayShare,
  };
}

function same(perSecond: number, noise: number): RateStory {
  return rate([perSecond, perSecond, perSecond, perSecond], [noise, noise, noise, noise]);
}
