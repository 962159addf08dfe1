import { describe, expect, test } from 'vitest';
import { findMetric } from '@/lib/core/metrics/catalogue/index.ts';
import { labelsKey, type Sample } from '@/lib/core/model/sample.ts';
import { ScrapeError } from '../collector.ts';
import { PrometheusMemory, parseReading } from './parse.ts';
import type { Reading } from './read.ts';
import { ASKED_MS, reading, recorded, series, vector } from './test-answers.ts';

function read(given: Reading, memory = new PrometheusMemory(), nowMs = ASKED_MS) {
  return parseReading(given, { nowMs, intervalMs: 60_000, memory });
}

function lines(samples: readonly Sample[], metric?: string): Record<string, number> {
  const own = samples.filter((sample) => metric === undefined || sample.metric === metric);
  return Object.fromEntries(
    own.map((one) => [
      metric === undefined ? `${one.metric}{${labelsKey(one.labels)}}` : labelsKey(one.labels),
      one.value,
    ]),
  );
}

const codes = ({ notices }: ReturnType<typeof read>) => notices.map(({ code }) => code);
const DB = { job: 'pg', instance: 'db:9187', server: 'db:5432', datname: 'app' };

describe('recorded answers of Prometheus 2.42', () => {
  const result = read(
    reading(
      { redis: recorded('prometheus-2.42-redis'), postgres: recorded('prometheus-2.42-postgres') },
      { scrapes: { answer: recorded('prometheus-2.42-scrapes') } },
    ),
  );

  test('redis_exporter 1.45 gives our names, by command and error, with the run as start', () => {
    expect(lines(result.samples, 'redis_commands_total')).toMatchObject({
      'cmd="get",instance="cache:9121"': 20,
      'cmd="set",instance="cache:9121"': 20,
    });
    expect(lines(result.samples, 'redis_errors_total')).toEqual({ 'err="ERR",instance="cache:9121"': 3 });
    expect(lines(result.samples, 'redis_max_clients')).toEqual({ 'instance="cache:9121"': 10_000 });
    expect(lines(result.samples, 'redis_keyspace_hits_total')).toEqual({
      'instance="cache:9121"': expect.any(Number),
    });
    // No limit is set: that is no number.
    expect(lines(result.samples, 'redis_memory_max_bytes')).toEqual({});
    const start = result.samples.find(({ metric }) => metric === 'redis_commands_total')?.start;
    expect(start?.marker).toMatch(/^[0-9a-f]{40}$/);
  });

  test('postgres_exporter 0.11 gives our names, by database, templates left out', () => {
    expect(lines(result.samples, 'db_up')).toEqual({ 'instance="db:9187"': 1 });
    expect(lines(result.samples, 'db_connections_max')).toEqual({ 'instance="db:9187"': 100 });
    expect(lines(result.samples, 'db_connections_reserved')).toEqual({ 'instance="db:9187"': 3 });
    expect(Object.keys(lines(result.samples, 'db_size_bytes'))).toEqual([
      'database="app",instance="db:9187"',
      'database="postgres",instance="db:9187"',
    ]);
    const commits = lines(result.samples, 'db_transactions_total')['database="app",instance="db:9187"'];
    expect(
      lines(result.samples, 'db_queries_total')['database="app",from="transactions",instance="db:9187"'],
    ).toBe(commits);
    expect(lines(result.samples, 'db_connections')).toMatchObject({ 'instance="db:9187",state="active"': 1 });
  });

  test('every sample is in the catalogue, finite and of its own', () => {
    for (const { metric, value } of result.samples) {
      expect(findMetric(metric), metric).not.toBeNull();
      expect(Number.isFinite(value)).toBe(true);
    }
    expect(Object.keys(lines(result.samples))).toHaveLength(result.samples.length);
    expect(result.facts).toEqual({
      redis: '1 by redis_exporter',
      postgres: '1 by postgres_exporter',
      queries: 'by transactions',
    });
    expect(result.notices).toEqual([]);
  });
});

describe('machines', () => {
  const page = (instance: string, more: Record<string, string> = {}) => [
    series('http_requests_total', { instance, status: '200', ...more }, 90),
    series('process_start_time_seconds', { instance, ...more }, 1_795_000_000),
  ];

  test('are told apart by their name, with a 429 that never happened as 0', () => {
    const { samples, facts } = read(
      reading({ machines: vector(...page('10.0.0.1:9091', { pod: 'web-a' }), ...page('10.0.0.2:9091')) }),
    );
    expect(lines(samples, 'http_responses_total')).toEqual({
      'machine="web-a",status="200"': 90,
      'machine="web-a",status="429"': 0,
      'machine="10.0.0.2:9091",status="200"': 90,
      'machine="10.0.0.2:9091",status="429"': 0,
    });
    expect(samples[0]?.start).toEqual({ marker: 'start:1795000000000', atMs: 1_795_000_000_000 });
    expect(facts.machines).toBe('2');
  });

  test('that count classes only have no exact 429, and it is said', () => {
    const { samples, notices } = read(
      reading({ machines: vector(series('http_requests_total', { status: '4xx' }, 3)) }),
    );
    expect(lines(samples, 'http_responses_total')).toEqual({ 'machine="web-1:9091",status="4xx"': 3 });
    expect(notices.map(({ code }) => code)).toEqual(['class_only_status']);
  });

  test('are no exporters, and not we ourselves', () => {
    const exporter = series('process_cpu_seconds_total', { instance: 'node:9100' }, 5);
    const ours = [
      ...page('self:3000'),
      series('afterwatch_start_time_seconds', { instance: 'self:3000' }, 1),
    ];
    const result = read(reading({ machines: vector(exporter, ...ours) }));
    expect(result.samples).toEqual([]);
    expect(codes(result)).toEqual(['nothing_recognised']);
  });

  test('that the engine cannot scrape are down by name; that it does not list any more are gone', () => {
    const memory = new PrometheusMemory();
    const up = (value: number | null) => ({
      scrapes: {
        answer: vector(...(value === null ? [] : [series('up', { instance: 'web-1:9091' }, value)])),
      },
    });
    expect(
      lines(read(reading({ machines: vector(...page('web-1:9091')) }, up(1)), memory).samples, 'app_up'),
    ).toEqual({
      'machine="web-1:9091"': 1,
    });
    expect(lines(read(reading({ machines: vector() }, up(0)), memory).samples)).toEqual({
      'app_up{machine="web-1:9091"}': 0,
    });
    expect(read(reading({ machines: vector() }, up(null)), memory).samples).toEqual([]);
  });
});

describe('numbers that are no numbers', () => {
  test('NaN, infinity and negative counters give no sample, and a sum without one of its members none either', () => {
    const holes = { ...series('redis_commands_total', { cmd: 'get' }, 1), points: [] };
    const minus = series('redis_expired_keys_total', {}, -1);
    const commit = { ...series('pg_stat_database_xact_commit', DB, 5), points: [] };
    const result = read(
      reading({
        redis: vector(holes, minus, series('redis_connected_clients', {}, 3)),
        postgres: vector(commit, series('pg_stat_database_xact_rollback', DB, 2)),
      }),
    );
    expect(lines(result.samples)).toEqual({
      'redis_connected_clients{instance="web-1:9091"}': 3,
      'db_rollbacks_total{database="app",instance="db:9187"}': 2,
    });
  });

  test('numbers beyond 2^53 stay what they are', () => {
    const { samples } = read(reading({ redis: vector(series('redis_net_input_bytes_total', {}, 2 ** 60)) }));
    expect(samples[0]?.value).toBe(2 ** 60);
  });
});

describe('an answer that is not of now', () => {
  const scrapes = (seconds: number) => {
    const { __name__, ...labels } = series('x', {}, 0).labels;
    return { scrapes: { answer: vector({ labels, points: [{ atMs: ASKED_MS, value: seconds }] }) } };
  };
  const get = (value: number) => ({ redis: vector(series('redis_commands_total', { cmd: 'get' }, value)) });

  test('is left out while the engine has not scraped again, and said; then it counts again', () => {
    const memory = new PrometheusMemory();
    expect(read(reading(get(5), scrapes(100)), memory).samples).toHaveLength(1);
    const old = read(reading(get(5), scrapes(100)), memory);
    expect(old.samples).toEqual([]);
    expect(codes(old)).toEqual(['not_scraped']);
    expect(old.notices[0]?.text).toContain('web web-1:9091');
    const again = read(reading(get(9), scrapes(130)), memory);
    expect(again.samples.map(({ value }) => value)).toEqual([9]);
    expect(again.facts.newNumbersEvery).toBe('30 s');
  });

  test('by a clock that is far from ours is said', () => {
    expect(codes(read(reading(get(5)), new PrometheusMemory(), ASKED_MS + 600_000))).toContain('clock_skew');
  });
});

describe('statements', () => {
  const calls = (queryid: string, value: number, query = `SELECT ${queryid}`) =>
    series('pg_stat_statements_calls_total', { ...DB, queryid, query }, value);
  const at = (memory: PrometheusMemory, minute: number, ...list: ReturnType<typeof calls>[]) =>
    read(
      reading({ statements: vector(...list), postgres: vector(series('pg_up', DB, 1)) }),
      memory,
      ASKED_MS + minute * 60_000,
    );
  const total = (result: ReturnType<typeof read>) =>
    lines(result.samples, 'db_queries_total')['instance="db:9187"'];

  test('are counted by what each adds; those that leave the list and come back add no burst', () => {
    const memory = new PrometheusMemory();
    expect(total(at(memory, 0, calls('1', 100), calls('2', 5_000)))).toBeUndefined();
    expect(total(at(memory, 1, calls('1', 160), calls('2', 5_040)))).toBe(100);
    expect(total(at(memory, 2, calls('1', 180)))).toBe(120);
    for (let minute = 3; minute < 8; minute++) at(memory, minute, calls('1', 180));
    const back = at(memory, 8, calls('1', 190), calls('2', 9_000));
    expect(total(back)).toBe(130);
    const sample = back.samples.find(({ metric }) => metric === 'db_queries_total');
    expect(sample?.quality).toBe('inferred');
    expect(sample?.start).toEqual({ marker: `counted ${ASKED_MS + 1}`, atMs: ASKED_MS + 1 });
  });

  test('replace transactions as the count of queries, and keep doing so through a visit without them', () => {
    const memory = new PrometheusMemory();
    const commit = series('pg_stat_database_xact_commit', DB, 7);
    at(memory, 0, calls('1', 1));
    const error = new ScrapeError('timeout', 'prometheus: main: gave up');
    const given = reading({ postgres: vector(commit) });
    const failed = read({ ...given, groups: new Map([...given.groups, ['statements', { error }]]) }, memory);
    expect(lines(failed.samples, 'db_queries_total')).toEqual({});
    expect(codes(failed)).toEqual(['part_failed']);
    expect(lines(read(given, memory).samples, 'db_queries_total')).toEqual({
      'database="app",from="transactions",instance="db:9187"': 7,
    });
  });
});

describe('queries of the config', () => {
  const query = {
    metric: 'app_cache_lookups_total',
    query: 'sum by (how) (lookups)',
    labels: { result: 'how' },
    scale: 2,
  };
  const ask = (part: Reading['queries'][number]['part'], given = query) =>
    read(reading({}, { queries: [{ query: given, part }] }));

  test('give our metric with our labels and scale, and win over what is recognised', () => {
    const found = { labels: { how: 'hit' }, points: [{ atMs: ASKED_MS, value: 21 }] };
    const result = ask({ answer: vector(found) });
    expect(lines(result.samples)).toEqual({ 'app_cache_lookups_total{result="hit"}': 42 });
  });

  test.each([
    ['query_empty', {}, vector()],
    ['query_unknown_metric', { metric: 'no_such_metric' }, vector(series('x', {}, 1))],
    ['query_is_rate', { query: 'sum(rate(lookups[5m]))' }, vector(series('x', {}, 1))],
    ['query_shape', { query: 'lookups[5m]' }, { ...vector(series('x', {}, 1)), shape: 'matrix' as const }],
  ])('that are of no use say why: %s', (code, given, answer) => {
    const result = ask({ answer }, { ...query, ...given });
    expect(result.samples).toEqual([]);
    expect(codes(result)).toEqual([code]);
  });
});

test('a part that came only partly is left out: a sum without a part looks like a drop', () => {
  const answer = {
    ...vector(series('redis_commands_total', { cmd: 'get' }, 5)),
    partial: 'one store is down',
  };
  const result = read(reading({ redis: answer }));
  expect(result.samples).toEqual([]);
  expect(codes(result)).toEqual(['partial_response']);
});
