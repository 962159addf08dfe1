import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Sample } from '@/lib/core/model/sample.ts';
import type { CollectResult } from '@/lib/core/model/scrape.ts';
import { parseAnswers } from './parse.ts';
import { answer, machine } from './test-answers.ts';
import { WorkerWatch } from './workers.ts';

const NOW_MS = 1_795_310_000_000;

function read(file: string, contentType = 'text/plain; version=0.0.4; charset=utf-8'): CollectResult {
  const text = readFileSync(new URL(`./recorded/${file}`, import.meta.url), 'utf8');
  const answers = { metrics: answer({ text, contentType }), health: null, healthError: null };
  return parseAnswers(answers, machine(), new WorkerWatch(), NOW_MS);
}

function values(result: CollectResult, metric: string): Record<string, number> {
  const own = result.samples.filter((sample) => sample.metric === metric);
  return Object.fromEntries(own.map(({ labels, value }) => [Object.values(labels).join(','), value]));
}

function value(result: CollectResult, metric: string): number | undefined {
  return result.samples.find((sample: Sample) => sample.metric === metric)?.value;
}

function codes(result: CollectResult): string[] {
  return result.notices.map(({ code }) => code);
}

const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

describe('pages of known libraries give exact samples', () => {
  test('prom-client, text', () => {
    const result = read('prom-client-15.1.3.txt');
    expect(values(result, 'http_responses_total')).toEqual({ '200': 150, '201': 14, '429': 7 });
    expect(values(result, 'http_request_seconds_bucket_total')).toEqual({
      '0.01': 1,
      '0.1': 3,
      '1': 4,
      '+Inf': 5,
    });
    expect(value(result, 'http_request_seconds_total')).toBeCloseTo(3.804);
    expect(value(result, 'http_timed_requests_total')).toBe(5);
    expect(values(result, 'app_redis_commands_total')).toEqual({
      'get,cache': 500,
      'get,limiter': 41,
      'set,cache': 60,
    });
    expect(value(result, 'app_db_pool_used')).toBe(3);
    expect(value(result, 'app_resident_memory_bytes')).toBeGreaterThan(1e7);
    expect(value(result, 'app_open_fds')).toBe(19);
    expect(value(result, 'app_event_loop_lag_seconds')).toBe(0);
    expect(result.start).toEqual({ marker: 'start:1795306036000', atMs: 1_795_306_036_000 });
    expect(codes(result)).toEqual([]);
  });

  test('prom-client, OpenMetrics with exemplars, gives the same names', () => {
    const result = read('prom-client-15.1.3.openmetrics.txt', OPEN_METRICS);
    expect(values(result, 'http_responses_total')).toEqual({ '200': 120, '429': 7 });
    expect(values(result, 'http_request_seconds_bucket_total')).toEqual({ '0.1': 1, '1': 1, '+Inf': 2 });
    expect(value(result, 'app_cpu_seconds_total')).toBeCloseTo(0.001119);
    expect(codes(result)).toEqual([]);
  });

  test('express-prom-bundle', () => {
    const result = read('express-prom-bundle-8.0.0.txt', 'text/plain');
    expect(values(result, 'http_responses_total')).toEqual({ '200': 5, '404': 1, '429': 3 });
    expect(result.facts.library).toBe('express-prom-bundle');
    expect(codes(result)).toEqual([]);
  });

  test('fastify-metrics, exact', () => {
    const result = read('fastify-metrics-13.2.1.txt');
    expect(values(result, 'http_responses_total')).toEqual({ '200': 5, '429': 3 });
    expect(value(result, 'http_timed_requests_total')).toBe(8);
    expect(result.facts.library).toBe('fastify-metrics');
    expect(codes(result)).toEqual([]);
  });

  test('fastify-metrics, grouped: 4xx stays 4xx, no 429 is made up, and the fix is named', () => {
    const result = read('fastify-metrics-13.2.1-grouped.txt');
    expect(values(result, 'http_responses_total')).toEqual({ '2xx': 5, '4xx': 3 });
    expect(codes(result)).toEqual(['class_only_status']);
    expect(result.notices[0]?.text).toContain('routeMetrics.groupStatusCodes');
  });

  test('OpenTelemetry: new names win over old ones, and database calls tell Redis from SQL', () => {
    const result = read('opentelemetry-js-0.223.0.txt', 'text/plain');
    expect(values(result, 'http_responses_total')).toEqual({ '200': 8, '429': 2, '500': 1 });
    expect(value(result, 'http_request_seconds_total')).toBeCloseTo(0.562);
    expect(values(result, 'http_request_seconds_bucket_total')).toMatchObject({
      '0.005': 2,
      '0.025': 10,
      '+Inf': 11,
    });
    expect(value(result, 'http_requests_in_flight')).toBe(2);
    expect(values(result, 'app_redis_commands_total')).toEqual({ get: 6 });
    expect(value(result, 'app_db_queries_total')).toBe(4);
    expect(value(result, 'app_db_pool_used')).toBe(3);
    expect(value(result, 'app_db_pool_size')).toBe(8);
    expect(result.start).toBeNull();
  });

  test('prometheus-fastapi-instrumentator by default: classes only, said with the setting that mends it', () => {
    const result = read('fastapi-instrumentator.txt');
    expect(values(result, 'http_responses_total')).toEqual({ '2xx': 2049, '4xx': 40, '5xx': 2 });
    expect(values(result, 'http_request_seconds_bucket_total')).toMatchObject({ '0.01': 1500, '1': 2091 });
    expect(codes(result)).toEqual(['class_only_status']);
    expect(result.notices[0]?.text).toContain('should_group_status_codes=False');
    expect(result.facts.library).toBe('prometheus-fastapi-instrumentator');
    expect(result.facts.version).toBeUndefined();
  });

  test('prometheus-fastapi-instrumentator with exact codes', () => {
    const result = read('fastapi-instrumentator-exact.txt');
    expect(values(result, 'http_responses_total')).toEqual({ '200': 2049, '404': 9, '429': 31, '500': 2 });
    expect(codes(result)).toEqual([]);
  });

  test('starlette_exporter', () => {
    const result = read('starlette-exporter.txt');
    expect(values(result, 'http_responses_total')).toEqual({ '200': 902, '429': 17 });
    expect(values(result, 'http_request_seconds_bucket_total')).toEqual({
      '0.1': 840,
      '1': 901,
      '+Inf': 902,
    });
    expect(value(result, 'http_requests_in_flight')).toBe(3);
  });

  test('django-prometheus: responses once, cache hits and misses, statements', () => {
    const result = read('django-prometheus.txt');
    expect(values(result, 'http_responses_total')).toEqual({ '200': 4200, '404': 102, '429': 3 });
    expect(values(result, 'app_cache_lookups_total')).toEqual({ hit: 6400, miss: 512 });
    expect(value(result, 'app_db_queries_total')).toBe(9100);
    expect(value(result, 'http_timed_requests_total')).toBe(4305);
  });

  test('prometheus_flask_exporter', () => {
    const result = read('flask-exporter.txt');
    expect(values(result, 'http_responses_total')).toEqual({ '200': 60, '429': 4 });
    expect(value(result, 'http_request_seconds_total')).toBe(3.5);
  });

  test('Micrometer: summaries without buckets, pool, Lettuce, breaker', () => {
    const result = read('micrometer-spring.txt');
    expect(values(result, 'http_responses_total')).toEqual({ '200': 15234, '429': 892 });
    expect(values(result, 'http_request_seconds_bucket_total')).toEqual({});
    expect(value(result, 'http_request_seconds_total')).toBeCloseTo(458);
    expect(values(result, 'app_redis_commands_total')).toEqual({ get: 434, setex: 21 });
    expect(values(result, 'app_breaker_state')).toEqual({ redis: 1, mail: 0.5 });
    expect([
      value(result, 'app_db_pool_used'),
      value(result, 'app_db_pool_size'),
      value(result, 'app_db_pool_max'),
    ]).toEqual([3, 10, 15]);
  });

  test('Go: requests by code, and never the counter of scrapes', () => {
    const result = read('go-promhttp.txt');
    expect(values(result, 'http_responses_total')).toEqual({ '200': 7300, '429': 12 });
    expect(value(result, 'app_db_pool_max')).toBe(20);
  });

  test('client_python OpenMetrics: _created is the start and no measure', () => {
    const result = read('client-python.openmetrics.txt', OPEN_METRICS);
    expect(values(result, 'app_redis_commands_total')).toEqual({ 'get,cache': 500, 'get,limiter': 41 });
    expect(result.start?.atMs).toBe(1_795_305_944_000);
    expect(result.facts.version).toBe('1203');
  });
});
