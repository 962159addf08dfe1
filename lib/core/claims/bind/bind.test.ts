import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findMetric } from '../../metrics/catalogue/index.ts';
import { findDerived } from '../../metrics/derived/index.ts';
import { baseSpan, windowSeconds } from './base-units.ts';
import { BINDING_LINE, bindMetric } from './bind.ts';
import { OTHER_THINGS, SENSES } from './senses/index.ts';
import { plainWords } from './words.ts';

type Row = [words: string, unit: string | null, window: string | null, metric: string];

const BOUND: readonly Row[] = [
  ['Redis GETs', 'GETs', 'h', 'redis_commands_total'],
  ['Redis Operations Before: 733K GETs/hour', 'GETs', 'h', 'redis_commands_total'],
  ['Upstash GET requests', 'requests', 'day', 'redis_commands_total'],
  ['GET requests should drop to 0', 'requests', null, 'redis_commands_total'],
  ['90% reduction in circuit breaker GETs', null, null, 'redis_commands_total'],
  ['INCR commands per minute', 'commands', 'min', 'redis_commands_total'],
  ['96% fewer Redis ops', '%', null, 'redis_commands_processed_total'],
  ['Upstash commands', 'commands', 'day', 'redis_commands_processed_total'],
  ['Los comandos de Redis bajan', null, 'day', 'redis_commands_processed_total'],
  ['Redis connections', 'connections', null, 'redis_connected_clients'],
  ['Redis memory usage', 'MB', null, 'redis_memory_used_bytes'],
  ['evicted keys', 'keys', 'h', 'redis_evicted_keys_total'],
  ['Cache hit rate', '%', null, 'redis_hit_ratio'],
  ['Upstash bandwidth', 'GB', 'month', 'upstash_bandwidth_bytes_total'],
  ['Redis command cost', 'USD', 'day', 'redis_commands_cost_usd_per_day'],
  ['Upstash bill', 'USD', 'month', 'upstash_commands_cost_usd_per_day'],
  ['Database queries', 'queries', 'day', 'db_queries_total'],
  ['SlotWorker polling: 1,440 queries/day', 'queries', 'day', 'db_queries_total'],
  ['Consultas a la base de datos', null, 'day', 'db_queries_total'],
  ['Postgres load reduced', null, null, 'db_queries_total'],
  ['Connection pool: 15 → 12 per machine', 'connections', null, 'app_db_pool_max'],
  ['Neon connections', 'connections', null, 'db_connections'],
  ['DB queries/request', 'queries', null, 'app_db_queries_per_request'],
  ['Queries', null, 'day', 'db_queries_total'],
  ['longest query', 's', null, 'db_longest_query_seconds'],
  ['mean query time', 'ms', null, 'db_statement_mean_seconds'],
  ['deadlocks', 'deadlocks', 'day', 'db_deadlocks_total'],
  ['rows scanned', 'rows', 'h', 'db_rows_total'],
  ['Neon compute hours', 'h', 'month', 'neon_active_seconds_total'],
  ['Neon data transfer', 'GB', 'month', 'neon_transfer_bytes_total'],
  ['Watch for 429 errors (should not increase)', null, null, 'http_responses_total'],
  ['Errores 429 por hora', null, 'h', 'http_responses_total'],
  ['5xx rate', '%', null, 'http_responses_total'],
  ['API error rate', '%', null, 'http_responses_total'],
  ['requests to the API', 'requests', 's', 'http_responses_total'],
  ['Throughput', 'requests', 's', 'http_responses_total'],
  ['Request rate drops Monitor Upstash Dashboard', null, 'min', 'redis_commands_processed_total'],
  ['API latency should improve (fewer Redis calls)', null, null, 'http_app_latency_p95_seconds'],
  ['p99 latency', 'ms', null, 'http_app_latency_p99_seconds'],
  ['Tiempo de respuesta (p95)', 'ms', null, 'http_app_latency_p95_seconds'],
  ['Memory per machine', 'MB', null, 'app_resident_memory_bytes'],
  ['event loop lag', 'ms', null, 'app_event_loop_lag_seconds'],
  ['machine restarts', 'restarts', 'day', 'fly_machine_exits_total'],
  ['OOM kills', null, 'day', 'fly_machine_exits_total'],
  ['Rate limiting should still enforce limits', null, null, 'app_limiter_decisions_total'],
  ['local cache evictions', null, 'h', 'app_local_cache_evictions_total'],
];

/** Things that people promise, count or measure, and that no metric here is. */
const UNBOUND: readonly (readonly [words: string, unit: string | null, window: string | null])[] = [
  ['Build time', 's', null],
  ['CI pipeline run', 's', null],
  ['bundle size', 'KB', null],
  ['Docker image', 'MB', null],
  ['page weight', 'KB', null],
  ['API payload per request', 'KB', null],
  ['Lighthouse score', null, null],
  ['Test coverage', '%', null],
  ['LCP', 's', null],
  ['Time to interactive', 's', null],
  ['Polling interval', 's', null],
  ['Cache TTL', 's', null],
  ['connection timeout', 's', null],
  ['cold start', 's', null],
  ['Deploy time', 's', null],
  ['lines of code', 'lines', null],
  ['Redis config files', 'files', null],
  ['database migrations', 'migrations', null],
  ['emails sent', 'emails', 'h'],
  ['input tokens', 'tokens', 'day'],
  ['support tickets on errors', 'tickets', 'week'],
  ['signups', 'users', 'day'],
  ['Sign-up conversion', '%', null],
  ['Crash-free users', '%', null],
  ['monthly revenue', 'USD', 'month'],
  ['OpenAI bill', 'USD', 'month'],
  ['database storage cost on Neon', 'USD', 'month'],
  ['average API latency', 'ms', null],
  ['cost us database queries each visit', 'queries', null],
  ['Database queries / report', 'queries', null],
  ['2 GETs per operation instead of 1', 'GETs', 'operation'],
  ['GPU memory', 'GB', null],
  ['battery drain', '%', null],
  ['Slack API calls', 'calls', 'h'],
  ['Everyone gets faster results', null, null],
  ['The set of rules was changed', null, null],
  ['pull requests merged', 'requests', 'week'],
  ['websocket connections', 'connections', null],
  ['Request rate drops', null, 'min'],
  ['', null, null],
];

describe('binding words to metrics', () => {
  it.each(BOUND)('%s (%s per %s) is %s', (words, unit, window, metric) => {
    const binding = bindMetric(words, unit, window);
    expect(binding.metric).toBe(metric);
    expect(binding.confidence).toBeGreaterThanOrEqual(BINDING_LINE);
  });

  it.each(UNBOUND)('%s (%s per %s) binds to nothing', (words, unit, window) => {
    expect(bindMetric(words, unit, window)).toEqual({ metric: null, confidence: 0, labels: {} });
  });

  it('says which part of a metric was meant', () => {
    expect(bindMetric('Redis GETs', null, 'h').labels).toEqual({ cmd: 'get' });
    expect(bindMetric('429 errors', null, null).labels).toEqual({ status: '429' });
    expect(bindMetric('OOM kills', null, 'day').labels).toEqual({ reason: 'oom' });
  });

  it('is surer of more telling words', () => {
    const sure = bindMetric('Upstash Redis GETs', 'GETs', 'h').confidence;
    expect(sure).toBeGreaterThan(bindMetric('incoming requests', 'requests', 'h').confidence);
  });

  it('gives the same for words in capitals, with marks, and with accents left out', () => {
    const plain = bindMetric('Database queries', 'queries', 'day');
    for (const words of [
      '**Database Queries**',
      'DATABASE QUERIES:',
      '`database` queries',
      '🐘 Database queries',
    ])
      expect(bindMetric(words, 'queries', 'day')).toEqual(plain);
    expect(bindMetric('conexion de la base de datos', null, null)).toEqual(
      bindMetric('conexión de la base de datos', null, null),
    );
  });

  it('names only metrics that there are, with their labels, in words that can be found', () => {
    for (const { metric, labels = {} } of SENSES) {
      if (metric !== null) {
        const entry = findMetric(metric) ?? findDerived(metric);
        expect(entry, metric).not.toBeNull();
        for (const label of Object.keys(labels)) expect(entry?.labels, metric).toContain(label);
      }
    }
    const phrases = [
      ...SENSES.flatMap(({ all, not = [] }) => [...all.flat(), ...not]),
      ...Object.values(OTHER_THINGS).flat(),
    ];
    const written = (phrase: string) => phrase.replace(/^#(\w+)/, (_, name: string) => name.toUpperCase());
    expect(phrases.filter((phrase) => plainWords(written(phrase)).trim() !== phrase)).toEqual([]);
  });

  it('survives any words', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 60 }),
        fc.option(fc.string({ maxLength: 8 })),
        fc.option(fc.string({ maxLength: 8 })),
        (words, unit, window) => {
          const { metric, confidence } = bindMetric(words, unit, window);
          expect(confidence >= 0 && confidence <= 1 && (metric === null) === (confidence === 0)).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('takes no longer for a megabyte than for a line', () => {
    const startMs = performance.now();
    bindMetric('( '.repeat(500_000), null, null);
    bindMetric('per '.repeat(250_000), null, null);
    for (let i = 0; i < 200; i += 1) bindMetric('Database queries of the limiter fell to', 'queries', 'day');
    expect(performance.now() - startMs).toBeLessThan(2_000);
  });
});

describe('base units', () => {
  it('brings numbers of any unit and window to one, and leaves what has none alone', () => {
    expect(baseSpan(733_000, 'GETs', 'h')).toMatchObject({
      low: expect.closeTo(203.61, 2),
      family: 'count',
      perSecond: true,
    });
    expect(baseSpan(2_200_000, 'GETs', '3h')?.low).toBeCloseTo(203.7, 2);
    expect(baseSpan([180, 240], 'ms', null)).toEqual({
      low: expect.closeTo(0.18),
      high: expect.closeTo(0.24),
      family: 'time',
      perSecond: false,
    });
    expect(baseSpan(94.8, '%', null)).toMatchObject({ low: expect.closeTo(0.948), family: 'percent' });
    expect(baseSpan(1.5, 'GB', null)).toMatchObject({ low: 1.5e9, family: 'bytes' });
    expect(baseSpan(11.52, 'USD', 'day')).toMatchObject({ family: 'money', perSecond: true });
    expect(baseSpan(2, 'GETs', 'operation')).toMatchObject({ low: 2, perSecond: false });
    expect(baseSpan(null, 'ms', null)).toBeNull();
  });

  it('reads a window with a number before it, and no other words', () => {
    expect(windowSeconds('3h')).toBe(10_800);
    expect(windowSeconds('20min')).toBe(1_200);
    expect(windowSeconds('month')).toBe(2_628_000);
    for (const none of [null, '', 'order', '0h', 'constructor', 'h h'])
      expect(windowSeconds(none)).toBeNull();
  });
});
