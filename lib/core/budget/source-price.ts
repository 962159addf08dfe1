import { PRICES, type Price } from './prices.ts';

/** What is known of a Redis that bills its commands. */
export interface BilledRedis {
  /** Without port. */
  host: string;
  /** As INFO told it: `upstash`, `redis` …; null before its first answer. */
  flavour: string | null;
}

/** The list price of a command to a Redis that bills them; null where the vendor, and so the price, is not known. */
export function commandPrice({ host, flavour }: BilledRedis): Price | null {
  const isUpstash = flavour === 'upstash' || /(^|\.)upstash\.io\.?$/i.test(host);
  return isUpstash ? PRICES.upstash_command : null;
}
