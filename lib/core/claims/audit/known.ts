import { PRICES } from '../../budget/prices.ts';

/** What is known of an app beyond its summary; a field that is left out is not known. */
export interface KnownFacts {
  /** US dollars for 100,000 Redis commands. */
  pricePer100kUsd?: number;
  /** Machines that really run. */
  machinesRunning?: number;
}

/** List price of 100,000 commands, where neither the app nor the summary tells another. */
export const LIST_PRICE_PER_100K_USD = (PRICES.upstash_command.usd / PRICES.upstash_command.per) * 100_000;
