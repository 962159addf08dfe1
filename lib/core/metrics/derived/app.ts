import { type DerivedEntry, fromTerms, term } from './entry.ts';
import { perEach, shareOf } from './formulas.ts';

const GETS = { where: { cmd: 'get' } };
const HIT = { where: { result: 'hit' } };

/** What follows from what machines say of their caches, limiters, breakers and Redis clients. */
export const derivedApp = {
  app_redis_commands_per_request: fromTerms(
    {
      unit: 'commands',
      good: 'down',
      formula: 'app_redis_commands_total ÷ http_responses_total',
      help: 'What an HTTP request costs in Redis commands, on average; nothing while there were no requests.',
    },
    { commands: term('app_redis_commands_total'), requests: term('http_responses_total') },
    ({ commands, requests }) => perEach(commands, requests),
  ),
  app_redis_gets_per_cache_operation: fromTerms(
    {
      unit: 'commands',
      good: 'down',
      formula: 'app_redis_commands_total{cmd="get"} ÷ app_cache_operations_total',
      help: 'Redis GETs for each call of the app’s cache; below 1 where some are answered without Redis.',
    },
    { gets: term('app_redis_commands_total', GETS), operations: term('app_cache_operations_total') },
    ({ gets, operations }) => perEach(gets, operations),
  ),
  app_quota_gets_per_cache_operation: fromTerms(
    {
      unit: 'commands',
      good: 'down',
      formula: 'app_redis_commands_total{cmd="get", component="quota"} ÷ app_cache_operations_total',
      help: 'Redis GETs that the quota check sends for each call of the app’s cache; nothing where commands have no component.',
    },
    {
      gets: term('app_redis_commands_total', {
        where: { cmd: 'get', component: 'quota' },
        // Without components the quota's GETs are among all others, and not 0.
        onlyWith: ({ component }) => component !== undefined,
      }),
      operations: term('app_cache_operations_total'),
    },
    ({ gets, operations }) => perEach(gets, operations),
  ),
  app_redis_connects_failed_ratio: fromTerms(
    {
      unit: 'ratio',
      good: 'down',
      formula: 'app_redis_connects_total{result="failed"} ÷ app_redis_connects_total',
      help: 'Share of the app’s attempts to connect to Redis that failed; nothing while there were none.',
    },
    {
      failed: term('app_redis_connects_total', { where: { result: 'failed' } }),
      all: term('app_redis_connects_total'),
    },
    ({ failed, all }) => shareOf(failed, all),
  ),

  app_cache_hit_ratio: fromTerms(
    {
      unit: 'ratio',
      good: 'up',
      formula: 'app_cache_lookups_total{result="hit"} ÷ app_cache_lookups_total',
      help: 'Share of the app’s cache lookups that were answered from the cache; nothing while there were none.',
    },
    { hits: term('app_cache_lookups_total', HIT), all: term('app_cache_lookups_total') },
    ({ hits, all }) => shareOf(hits, all),
  ),
  app_local_cache_hit_ratio: fromTerms(
    {
      unit: 'ratio',
      good: 'up',
      formula:
        'app_local_cache_hits_total ÷ (app_local_cache_hits_total + app_local_cache_misses_total), by machine',
      help: 'How warm a machine’s own cache is: the share of lookups that it answers. Low after a start, until it has filled.',
    },
    { hits: term('app_local_cache_hits_total'), misses: term('app_local_cache_misses_total') },
    ({ hits, misses }) => shareOf(hits, hits + misses),
  ),
  app_local_cache_full_ratio: fromTerms(
    {
      unit: 'ratio',
      good: 'neutral',
      formula: 'app_local_cache_bytes ÷ app_local_cache_max_bytes, by machine',
      help: 'How full a machine’s own cache is; nothing where its limit is not told.',
    },
    { used: term('app_local_cache_bytes'), max: term('app_local_cache_max_bytes') },
    ({ used, max }) => (max > 0 ? used / max : null),
  ),
  app_endpoint_cache_hit_ratio: fromTerms(
    {
      unit: 'ratio',
      good: 'up',
      labels: ['endpoint'],
      formula:
        'app_endpoint_cache_lookups_total{result="hit"} ÷ app_endpoint_cache_lookups_total, by endpoint',
      help: 'Share of lookups that the cache of one endpoint answered; nothing while there were none.',
    },
    {
      hits: term('app_endpoint_cache_lookups_total', HIT),
      all: term('app_endpoint_cache_lookups_total'),
    },
    ({ hits, all }) => shareOf(hits, all),
  ),
  app_record_hit_ratio: fromTerms(
    {
      unit: 'ratio',
      good: 'up',
      labels: ['kind'],
      formula: 'app_record_lookups_total{result="hit"} ÷ app_record_lookups_total, by kind',
      help: 'Share of lookups of one kind of record, such as tenant or webhook, that a cache answered.',
    },
    { hits: term('app_record_lookups_total', HIT), all: term('app_record_lookups_total') },
    ({ hits, all }) => shareOf(hits, all),
  ),

  app_limiter_limited_ratio: fromTerms(
    {
      unit: 'ratio',
      good: 'neutral',
      formula: 'app_limiter_decisions_total{decision="limited"} ÷ app_limiter_decisions_total',
      help: 'Share of the rate limiter’s decisions that turned a request away.',
    },
    {
      limited: term('app_limiter_decisions_total', { where: { decision: 'limited' } }),
      all: term('app_limiter_decisions_total'),
    },
    ({ limited, all }) => shareOf(limited, all),
  ),
  app_limiter_failed_open_ratio: fromTerms(
    {
      unit: 'ratio',
      good: 'down',
      formula: 'app_limiter_decisions_total{decision="failed_open"} ÷ app_limiter_decisions_total',
      help: 'Share of the rate limiter’s decisions that let a request pass because it could not ask. Above 0 it does not enforce.',
    },
    {
      open: term('app_limiter_decisions_total', { where: { decision: 'failed_open' } }),
      all: term('app_limiter_decisions_total'),
    },
    ({ open, all }) => shareOf(open, all),
  ),
  app_breaker_redis_reads_per_request: fromTerms(
    {
      unit: 'events',
      good: 'down',
      labels: ['integration'],
      formula: 'app_breaker_reads_total{from="redis"} ÷ http_responses_total, by integration',
      help: 'Times that a breaker’s state was read from Redis for each HTTP request, by integration.',
    },
    {
      reads: term('app_breaker_reads_total', { where: { from: 'redis' } }),
      requests: term('http_responses_total'),
    },
    ({ reads, requests }) => perEach(reads, requests),
  ),
} satisfies Record<string, DerivedEntry>;
