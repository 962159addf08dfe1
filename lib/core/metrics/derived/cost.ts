import { costUsd, PRICES } from '../../budget/prices.ts';
import { type DerivedEntry, fromTerms, term } from './entry.ts';

const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3_600;

/** What it costs, at list prices and as if it went on for a day. */
export const derivedCost = {
  redis_commands_cost_usd_per_day: fromTerms(
    {
      unit: 'usd',
      good: 'down',
      formula: 'redis_commands_processed_total per day × list price of Upstash pay as you go',
      help: 'What the commands that Redis executes would cost for a day at this rate, were each of them paid for.',
    },
    { commands: term('redis_commands_processed_total') },
    ({ commands }) => costUsd(commands * DAY_SECONDS, PRICES.upstash_command),
  ),
  upstash_commands_cost_usd_per_day: fromTerms(
    {
      unit: 'usd',
      good: 'down',
      formula: 'upstash_net_commands_total per day × list price of Upstash pay as you go',
      help: 'What the commands that Upstash counts cost for a day at this rate; nothing is taken off for a plan or an allowance.',
    },
    { commands: term('upstash_net_commands_total') },
    ({ commands }) => costUsd(commands * DAY_SECONDS, PRICES.upstash_command),
  ),
  neon_compute_cost_usd_per_day: fromTerms(
    {
      unit: 'usd',
      good: 'down',
      formula: 'neon_compute_unit_seconds_total per day × list price of a CU hour on Launch',
      help: 'What the compute costs for a day at this rate on Neon’s Launch plan; nothing is taken off for an allowance.',
    },
    { unitSeconds: term('neon_compute_unit_seconds_total') },
    ({ unitSeconds }) => costUsd((unitSeconds * DAY_SECONDS) / HOUR_SECONDS, PRICES.neon_compute_launch),
  ),
} satisfies Record<string, DerivedEntry>;
