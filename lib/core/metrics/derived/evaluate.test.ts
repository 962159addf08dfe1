import { describe, expect, test } from 'vitest';
import type { Labels } from '../../model/sample.ts';
import type { Bucket } from '../blocks.ts';
import type { MetricName } from '../catalogue/index.ts';
import { DERIVED, type DerivedName, evaluateDerived, type InputSeries } from './index.ts';

const STEP_MS = 60_000;
const GRID = { starts: [0, STEP_MS, 2 * STEP_MS], stepMs: STEP_MS };
const M1 = 'harbor/production/app/m1';
const M2 = 'harbor/production/app/m2';

const events = (increase: number | null): Bucket | null =>
  increase === null
    ? null
    : {
        startMs: 0,
        increase,
        coveredMs: STEP_MS,
        gapIncrease: 0,
        mean: null,
        min: null,
        max: null,
        last: null,
      };
const level = (mean: number | null): Bucket | null =>
  mean === null
    ? null
    : { startMs: 0, increase: 0, coveredMs: STEP_MS, gapIncrease: 0, mean, min: mean, max: mean, last: mean };

function counter(
  metric: MetricName,
  labels: Labels,
  increases: readonly (number | null)[],
  targetId = M1,
): InputSeries {
  return { metric, labels, targetId, quality: 'measured', buckets: increases.map(events) };
}
function gauge(
  metric: MetricName,
  labels: Labels,
  levels: readonly (number | null)[],
  targetId = M1,
): InputSeries {
  return { metric, labels, targetId, quality: 'measured', buckets: levels.map(level) };
}
const work = (name: DerivedName, series: readonly InputSeries[]) =>
  evaluateDerived(DERIVED[name], series, GRID);
const values = (name: DerivedName, series: readonly InputSeries[]) =>
  work(name, series).map((line) => line.values);

describe('formulas over counters', () => {
  test('a ratio is null while there was nothing, and while a part is not known', () => {
    const hits = counter('redis_keyspace_hits_total', {}, [30, 0, 30]);
    const misses = counter('redis_keyspace_misses_total', {}, [10, 0, null]);
    expect(values('redis_hit_ratio', [hits, misses])).toEqual([[0.75, null, null]]);
    expect(work('redis_hit_ratio', [hits])).toEqual([]);
  });

  test('a decision that never came is a measured 0 where the family is counted', () => {
    const allowed = counter('app_limiter_decisions_total', { decision: 'allowed' }, [10, 10, null]);
    expect(values('app_limiter_failed_open_ratio', [allowed])).toEqual([[0, 0, null]]);
  });

  test('429s among classes are unknown and not 0', () => {
    const exact = [counter('http_responses_total', { status: '200' }, [9, 10, 10])];
    expect(values('http_limited_ratio', exact)).toEqual([[0, 0, 0]]);
    const grouped = [counter('http_responses_total', { status: '4xx' }, [9, 10, 10])];
    expect(values('http_limited_ratio', grouped)).toEqual([[null, null, null]]);
    expect(values('http_server_errors_ratio', grouped)).toEqual([[0, 0, 0]]);
  });

  test('the quota’s GETs are unknown where commands have no component', () => {
    const operations = counter('app_cache_operations_total', { op: 'get' }, [10, 10, 10]);
    const plain = counter('app_redis_commands_total', { cmd: 'get' }, [40, 40, 40]);
    expect(values('app_quota_gets_per_cache_operation', [operations, plain])).toEqual([[null, null, null]]);
    expect(values('app_redis_gets_per_cache_operation', [operations, plain])).toEqual([[4, 4, 4]]);
    const quota = counter('app_redis_commands_total', { cmd: 'get', component: 'quota' }, [10, 5, 0]);
    expect(values('app_quota_gets_per_cache_operation', [operations, plain, quota])).toEqual([[1, 0.5, 0]]);
  });

  test('keeps one line for each kept label, each with its own numbers', () => {
    const lookups = (endpoint: string, result: string, n: number) =>
      counter('app_endpoint_cache_lookups_total', { endpoint, result }, [n, n, n]);
    const lines = work('app_endpoint_cache_hit_ratio', [
      lookups('/a', 'hit', 3),
      lookups('/a', 'miss', 1),
      lookups('/b', 'miss', 5),
    ]);
    expect(lines.map(({ labels, values: own }) => [labels, own[0]])).toEqual([
      [{ endpoint: '/a' }, 0.75],
      [{ endpoint: '/b' }, 0],
    ]);
  });

  test('responses by class add exact statuses up', () => {
    const lines = work('http_responses_per_second', [
      counter('http_responses_total', { status: '200' }, [60, 60, 60]),
      counter('http_responses_total', { status: '201' }, [60, 60, 60]),
      counter('http_responses_total', { status: '500' }, [6, 0, 0]),
    ]);
    expect(lines.map(({ labels, values: own }) => [labels.class, own])).toEqual([
      ['2xx', [2, 2, 2]],
      ['5xx', [0.1, 0, 0]],
    ]);
  });

  test('machines behind one target and replicas of one address each have their own line', () => {
    const of = (machine: string) => [
      counter('app_local_cache_hits_total', { machine }, [3, 3, 3]),
      counter('app_local_cache_misses_total', { machine }, [1, 1, 1]),
    ];
    const lines = work('app_local_cache_hit_ratio', [...of('a'), ...of('b')]);
    expect(lines.map(({ labels }) => labels)).toEqual([{ machine: 'a' }, { machine: 'b' }]);
  });

  test('is as good as the worst of what it was made from', () => {
    const hits = counter('redis_keyspace_hits_total', {}, [3, 3, 3]);
    const misses = { ...counter('redis_keyspace_misses_total', {}, [1, 1, 1]), quality: 'inferred' as const };
    expect(work('redis_hit_ratio', [hits, misses])[0]?.quality).toBe('inferred');
  });
});

describe('formulas over a whole app', () => {
  test('pool size × machines is null while a machine that had begun is not known', () => {
    const pools = [
      gauge('app_db_pool_max', {}, [12, 12, 12], M1),
      gauge('app_db_pool_max', {}, [null, 12, null], M2),
    ];
    const [line] = work('app_db_pools_max', pools);
    expect(line).toMatchObject({ owner: 'harbor/production', targetIds: [M1, M2], values: [12, 24, null] });
  });

  test('a machine that a Prometheus scrapes as well is not counted twice', () => {
    const pools = [
      gauge('app_db_pool_max', {}, [12, 12, 12], M1),
      gauge('app_db_pool_max', { machine: 'm1' }, [12, 12, 12], 'harbor/production/prometheus/metrics'),
    ];
    expect(values('app_db_pools_max', pools)).toEqual([[12, 12, 12]]);
    expect(values('app_db_pools_max', pools.slice(1))).toEqual([[12, 12, 12]]);
  });

  test('apps and environments are kept apart', () => {
    const pools = [
      gauge('app_db_pool_max', {}, [12, 12, 12], M1),
      gauge('app_db_pool_max', {}, [5, 5, 5], 'harbor/staging/app/m1'),
    ];
    expect(work('app_db_pools_max', pools).map(({ owner }) => owner)).toEqual([
      'harbor/production',
      'harbor/staging',
    ]);
  });

  test('pools against the limit need machines and database', () => {
    const series = [
      gauge('app_db_pool_max', {}, [12, 12, 12], M1),
      gauge('app_db_pool_max', {}, [12, 12, 12], M2),
      gauge('db_connections_max', {}, [99, 99, null], 'harbor/production/postgres/db'),
      gauge('db_connections_reserved', {}, [3, 3, 3], 'harbor/production/postgres/db'),
    ];
    expect(values('app_db_pools_of_limit_ratio', series)).toEqual([[0.25, 0.25, null]]);
    expect(work('app_db_pools_of_limit_ratio', series.slice(0, 2))).toEqual([]);
  });
});

describe('percentiles', () => {
  const histogram = (
    targetId: string,
    counts: readonly (readonly [le: string, n: number])[],
    labels: Labels = {},
  ) =>
    counts.map(([le, n]) =>
      counter('http_request_seconds_bucket_total', { ...labels, le }, [n, n, null], targetId),
    );

  test('come from the added-up buckets of all machines', () => {
    const series = [
      ...histogram(M1, [
        ['0.1', 990],
        ['1', 1000],
        ['+Inf', 1000],
      ]),
      ...histogram(M2, [
        ['0.1', 0],
        ['1.0', 20],
        ['+Inf', 20],
      ]),
    ];
    const [each1, each2] = values('http_latency_p95_seconds', series);
    expect(each1?.[0]).toBeLessThan(0.1);
    expect(each2?.[0]).toBeGreaterThan(0.9);
    const [all] = values('http_app_latency_p95_seconds', series);
    expect(all?.[0]).toBeLessThan(0.1);
    expect(all?.[2]).toBeNull();
  });

  test('of two machines with different bounds use those that both have', () => {
    const series = [
      ...histogram(M1, [
        ['0.1', 100],
        ['0.5', 100],
        ['+Inf', 100],
      ]),
      ...histogram(M2, [
        ['0.1', 100],
        ['+Inf', 100],
      ]),
    ];
    expect(values('http_app_latency_p50_seconds', series)).toEqual([[0.05, 0.05, null]]);
  });

  test('of Fly’s proxy add up the counters that take turns', () => {
    const of = (proxy: string, n: number) =>
      (['0.1', '+Inf'] as const).map((le) =>
        counter(
          'fly_http_request_seconds_bucket_total',
          { machine: 'm', proxy, le },
          [n, n, n],
          'harbor/production/fly/x',
        ),
      );
    const lines = work('fly_http_latency_p95_seconds', [...of('blue', 15), ...of('green', 15)]);
    expect(lines.map(({ labels, values: own }) => [labels, own[0]?.toFixed(3)])).toEqual([
      [{ machine: 'm' }, '0.095'],
    ]);
  });
});

describe('restarts', () => {
  test('count inside their bucket, and are unknown where nothing was counted', () => {
    const responses = counter('http_responses_total', { status: '200' }, [5, 5, null]);
    const lines = evaluateDerived(DERIVED.app_restarts, [responses], GRID, [
      { targetId: M1, atMs: 61_000 },
      { targetId: M1, atMs: 62_000 },
      { targetId: M2, atMs: 1_000 },
    ]);
    expect(lines.map((line) => line.values)).toEqual([[0, 2, null]]);
  });
});
