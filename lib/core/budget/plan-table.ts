import type { NEON_PLANS } from '../neon/limits.ts';
import type { PriceId } from './prices.ts';

const MB = 1e6;
const GB = 1e9;

export const REDIS_PLAN_IDS = [
  'free',
  'payg',
  'fixed_250mb',
  'fixed_1gb',
  'fixed_5gb',
  'fixed_10gb',
  'fixed_50gb',
  'fixed_100gb',
  'fixed_500gb',
] as const;
export type RedisPlanId = (typeof REDIS_PLAN_IDS)[number];

/** A plan of Upstash Redis as its billing page published it in August 2026; null where the plan has no such limit. */
export interface RedisPlan {
  name: string;
  /** By the month; null: free, or paid by use. */
  priceId: PriceId | null;
  commandsPerMonth: number | null;
  storageBytes: number;
  /** Traffic of a month; what is over it is throttled, or paid for by use. */
  bandwidthBytes: number;
  commandsPerSecond: number;
}

const fixed = (
  size: string,
  priceId: PriceId,
  bytes: number,
  traffic: number,
  perSecond = 10_000,
): RedisPlan => ({
  name: `Fixed ${size}`,
  priceId,
  commandsPerMonth: null,
  storageBytes: bytes,
  bandwidthBytes: traffic,
  commandsPerSecond: perSecond,
});

export const REDIS_PLANS: Readonly<Record<RedisPlanId, RedisPlan>> = {
  free: {
    name: 'Free',
    priceId: null,
    commandsPerMonth: 500_000,
    storageBytes: 256 * MB,
    bandwidthBytes: 10 * GB,
    commandsPerSecond: 10_000,
  },
  payg: {
    name: 'Pay as you go',
    priceId: null,
    commandsPerMonth: null,
    storageBytes: 100 * GB,
    bandwidthBytes: 200 * GB,
    commandsPerSecond: 10_000,
  },
  fixed_250mb: fixed('250 MB', 'upstash_fixed_250mb', 250 * MB, 50 * GB),
  fixed_1gb: fixed('1 GB', 'upstash_fixed_1gb', GB, 100 * GB),
  fixed_5gb: fixed('5 GB', 'upstash_fixed_5gb', 5 * GB, 500 * GB),
  fixed_10gb: fixed('10 GB', 'upstash_fixed_10gb', 10 * GB, 1_000 * GB),
  fixed_50gb: fixed('50 GB', 'upstash_fixed_50gb', 50 * GB, 5_000 * GB),
  fixed_100gb: fixed('100 GB', 'upstash_fixed_100gb', 100 * GB, 10_000 * GB, 16_000),
  fixed_500gb: fixed('500 GB', 'upstash_fixed_500gb', 500 * GB, 20_000 * GB, 16_000),
};

/** Storage that pay as you go does not charge for. */
export const PAYG_FREE_STORAGE_BYTES = GB;
/** Each read region makes a fixed plan dearer by this share. */
export const READ_REGION_SHARE = 0.5;

/** How a database is paid, by the plan that its source tells; null for one that nobody knows. */
export function redisPlanKind(plan: string | undefined): 'free' | 'payg' | 'fixed' | null {
  switch (plan) {
    case 'free':
      return 'free';
    case 'pay as you go':
      return 'payg';
    case 'pro':
      return 'fixed';
    default:
      return null;
  }
}

/** The plan of a database, as far as its kind and its limit of data tell; null where they do not. */
export function redisPlanOf({
  kind,
  diskLimitBytes,
}: {
  kind: 'free' | 'payg' | 'fixed' | null;
  diskLimitBytes: number | null;
}): RedisPlanId | null {
  if (kind === null || kind === 'free' || kind === 'payg') return kind;
  if (diskLimitBytes === null) return null;
  const near = REDIS_PLAN_IDS.find((id) => {
    const { priceId, storageBytes } = REDIS_PLANS[id];
    // Sizes are told in powers of 1000 or of 1024.
    const times = diskLimitBytes / storageBytes;
    return priceId !== null && times > 0.95 && times < 1.1;
  });
  return near ?? null;
}

export const NEON_PLAN_IDS = [
  'free',
  'launch',
  'scale',
] as const satisfies readonly (keyof typeof NEON_PLANS)[];
export type NeonPlanId = (typeof NEON_PLAN_IDS)[number];
