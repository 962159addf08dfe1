import type { Period } from '../model/money.ts';

/** What the vendors charge for. */
export const PRICE_IDS = [
  'upstash_command',
  'upstash_storage',
  'upstash_bandwidth',
  'neon_compute_launch',
  'neon_compute_scale',
  'neon_storage',
  'neon_egress',
] as const;
export type PriceId = (typeof PRICE_IDS)[number];

/** A price as its vendor published it. */
export interface Price {
  /** What is bought, in the vendor's words. */
  what: string;
  /** US dollars for `per` units. */
  usd: number;
  per: number;
  unit: 'command' | 'GB' | 'CU-hour';
  /** Due again in each; null for what is paid once, as it is used. */
  period: Period | null;
  source: string;
  /** Year and month, and the day where it is known, at which the source said so. */
  seenOn: string;
}

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
};

/** Dollars for `amount` units; null for an unknown amount. */
export function costUsd(amount: number | null, { usd, per }: Pick<Price, 'usd' | 'per'>): number | null {
  return amount === null ? null : (amount / per) * usd;
}
