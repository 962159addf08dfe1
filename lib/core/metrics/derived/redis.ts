import { type DerivedEntry, fromTerms, term } from './entry.ts';
import { leftOf, leftShareOf, shareOf } from './formulas.ts';

/** What follows from the numbers of Redis and of its provider. */
export const derivedRedis = {
  redis_hit_ratio: fromTerms(
    {
      unit: 'ratio',
      good: 'up',
      formula: 'redis_keyspace_hits_total ÷ (redis_keyspace_hits_total + redis_keyspace_misses_total)',
      help: 'Share of lookups in Redis that found their key; nothing while there were none.',
    },
    { hits: term('redis_keyspace_hits_total'), misses: term('redis_keyspace_misses_total') },
    ({ hits, misses }) => shareOf(hits, hits + misses),
  ),
  redis_memory_used_ratio: fromTerms(
    {
      unit: 'ratio',
      good: 'down',
      formula: 'redis_memory_used_bytes ÷ redis_memory_max_bytes',
      help: 'Share of its memory limit that Redis uses; nothing where there is no limit.',
    },
    { used: term('redis_memory_used_bytes'), max: term('redis_memory_max_bytes') },
    ({ used, max }) => (max > 0 ? used / max : null),
  ),
  redis_clients_used_ratio: fromTerms(
    {
      unit: 'ratio',
      good: 'down',
      formula: 'redis_connected_clients ÷ redis_max_clients',
      help: 'Share of the connections that Redis accepts which are open.',
    },
    { open: term('redis_connected_clients'), max: term('redis_max_clients') },
    ({ open, max }) => shareOf(open, max),
  ),
  redis_bandwidth_bytes_per_second: fromTerms(
    {
      unit: 'bytes',
      perSecond: true,
      good: 'neutral',
      formula: 'redis_net_input_bytes_total + redis_net_output_bytes_total, per second',
      help: 'Traffic of Redis in both directions.',
    },
    { received: term('redis_net_input_bytes_total'), sent: term('redis_net_output_bytes_total') },
    ({ received, sent }) => received + sent,
  ),
  redis_evicted_keys_per_second: fromTerms(
    {
      unit: 'keys',
      perSecond: true,
      good: 'down',
      formula: 'redis_evicted_keys_total per second',
      help: 'Keys that Redis drops because its memory limit is reached.',
    },
    { evicted: term('redis_evicted_keys_total') },
    ({ evicted }) => evicted,
  ),

  upstash_hit_ratio: fromTerms(
    {
      unit: 'ratio',
      good: 'up',
      formula: 'upstash_hits_per_second ÷ (upstash_hits_per_second + upstash_misses_per_second)',
      help: 'Share of lookups that found their key, by what Upstash samples; inferred.',
    },
    { hits: term('upstash_hits_per_second'), misses: term('upstash_misses_per_second') },
    ({ hits, misses }) => shareOf(hits, hits + misses),
  ),
  upstash_requests_left: fromTerms(
    {
      unit: 'requests',
      good: 'up',
      formula: 'upstash_requests_limit − upstash_month_requests_used, not below 0',
      help: 'Commands that the plan still allows in this month; nothing where there is no limit.',
    },
    { used: term('upstash_month_requests_used'), limit: term('upstash_requests_limit') },
    ({ used, limit }) => leftOf(used, limit),
  ),
  upstash_requests_left_ratio: fromTerms(
    {
      unit: 'ratio',
      good: 'up',
      formula: '(upstash_requests_limit − upstash_month_requests_used) ÷ upstash_requests_limit',
      help: 'Share of the month’s commands that the plan still allows; nothing where there is no limit.',
    },
    { used: term('upstash_month_requests_used'), limit: term('upstash_requests_limit') },
    ({ used, limit }) => leftShareOf(used, limit),
  ),
} satisfies Record<string, DerivedEntry>;
