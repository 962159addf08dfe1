import type { Period } from '../model/money.ts';

/** What the vendors charge for. */
export const PRICE_IDS = [
  'upstash_command',
  'upstash_storage',
  'upstash_bandwidth',
  'upstash_fixed_250mb',
  'upstash_fixed_1gb',
  'upstash_fixed_5gb',
  'upstash_fixed_10gb',
  'upstash_fixed_50gb',
  'upstash_fixed_100gb',
  'upstash_fixed_500gb',
  'upstash_prod_pack',
  'neon_compute_launch',
  'neon_compute_scale',
  'neon_storage',
  'neon_egress',
  'neon_restore',
  'neon_branch',
] as const;
export type PriceId = (typeof PRICE_IDS)[number];

/** A price as its vendor published it. */
export interface Price {
  /** What is bought, in the vendor's words. */
  what: string;
  /** US dollars for `per` units. */
  usd: number;
  per: number;
  unit: 'command' | 'GB' | 'CU-hour' | 'database' | 'branch';
  /** Due again in each; null for what is paid once, as it is used. */
  period: Period | null;
  source: string;
  /** Year and month, and the day where it is known, at which the source said so. */
  seenOn: string;
}

const UPSTASH_BILLING = 'https://upstash.com/docs/redis/overall/billing';

/** A fixed plan: commands are not counted. */
const fixed = (size: string, usd: number): Price => ({
  what: `Upstash Redis, fixed plan ${size}`,
  usd,
  per: 1,
  unit: 'database',
  period: 'month',
  source: UPSTASH_BILLING,
  seenOn: '2026-08',
});

/** The one table of prices. List prices without tax, allowances left out: what more of it costs. */
export const PRICES: Readonly<Record<PriceId, Price>> = {
  upstash_command: {
    what: 'Upstash Redis, pay as you go: commands',
    usd: 0.2,
    per: 100_000,
    unit: 'command',
    period: null,
    source: 'https://upstash.com/pricing/redis',
    seenOn: '2026-11',
  },
  upstash_storage: {
    what: 'Upstash Redis, pay as you go: storage over 1 GB',
    usd: 0.25,
    per: 1,
    unit: 'GB',
    period: 'month',
    source: 'https://upstash.com/pricing/redis',
    seenOn: '2026-11',
  },
  upstash_bandwidth: {
    what: 'Upstash Redis, pay as you go: traffic over 200 GB a month',
    usd: 0.03,
    per: 1,
    unit: 'GB',
    period: null,
    source: 'https://upstash.com/pricing/redis',
    seenOn: '2026-11',
  },
  upstash_fixed_250mb: fixed('250 MB', 10),
  upstash_fixed_1gb: fixed('1 GB', 20),
  upstash_fixed_5gb: fixed('5 GB', 100),
  upstash_fixed_10gb: fixed('10 GB', 200),
  upstash_fixed_50gb: fixed('50 GB', 400),
  upstash_fixed_100gb: fixed('100 GB', 800),
  upstash_fixed_500gb: fixed('500 GB', 1_500),
  upstash_prod_pack: {
    what: 'Upstash Redis, Prod Pack',
    usd: 200,
    per: 1,
    unit: 'database',
    period: 'month',
    source: UPSTASH_BILLING,
    seenOn: '2026-08',
  },
  neon_compute_launch: {
    what: 'Neon Launch: compute',
    usd: 0.106,
    per: 1,
    unit: 'CU-hour',
    period: null,
    source: 'https://neon.com/docs/introduction/plans',
    seenOn: '2026-11-12',
  },
  neon_compute_scale: {
    what: 'Neon Scale: compute',
    usd: 0.222,
    per: 1,
    unit: 'CU-hour',
    period: null,
    source: 'https://neon.com/docs/introduction/plans',
    seenOn: '2026-11-12',
  },
  neon_storage: {
    what: 'Neon Launch and Scale: storage',
    usd: 0.35,
    per: 1,
    unit: 'GB',
    period: 'month',
    source: 'https://neon.com/docs/introduction/plans',
    seenOn: '2026-11-12',
  },
  neon_egress: {
    what: 'Neon Launch and Scale: public traffic over 100 GB a month',
    usd: 0.1,
    per: 1,
    unit: 'GB',
    period: null,
    source: 'https://neon.com/docs/introduction/plans',
    seenOn: '2026-03',
  },
  neon_restore: {
    what: 'Neon Launch and Scale: instant restore',
    usd: 0.2,
    per: 1,
    unit: 'GB',
    period: 'month',
    source: 'https://neon.com/docs/introduction/plans',
    seenOn: '2026-03',
  },
  neon_branch: {
    what: 'Neon Launch and Scale: a branch more than the plan has',
    usd: 1.5,
    per: 1,
    unit: 'branch',
    period: 'month',
    source: 'https://neon.com/docs/introduction/plans',
    seenOn: '2026-03',
  },
};

/** Dollars for `amount` units; null for an unknown amount. */
export function costUsd(amount: number | null, { usd, per }: Pick<Price, 'usd' | 'per'>): number | null {
  return amount === null ? null : (amount / per) * usd;
}
