import { describe, expect, test } from 'vitest';
import type { MetricMapping } from '@/lib/server/config/types.ts';
import { discoverMapping } from './mapping.ts';
import { parseAnswers } from './parse.ts';
import { parsePrometheusText } from './prometheus-text.ts';
import { answer, machine } from './test-answers.ts';
import { WorkerWatch } from './workers.ts';

const NOW_MS = 1_795_310_000_000;

function map(metric: string, from: string, labels: Record<string, string> = {}, scale = 1): MetricMapping {
  return { metric, from, labels, scale };
}
function read(text: string, mapping: readonly MetricMapping[] = [], contentType = 'text/plain') {
  const answers = { metrics: answer({ text, contentType }), health: null, healthError: null };
  const result = parseAnswers(answers, machine({ mapping }), new WorkerWatch(), NOW_MS);
  return {
    samples: result.samples
      .map(({ metric, labels, value }) => `${metric}${JSON.stringify(labels)} ${value}`)
      .sort(),
    codes: result.notices.map(({ code }) => code),
  };
}

describe('what is recognised without config', () => {
  test('says where each metric comes from', () => {
    const page = parsePrometheusText(
      '# TYPE http_requests_total counter\nhttp_requests_total{code="200"} 1\n',
      10,
    );
    expect(discoverMapping(page, []).bindings).toMatchObject([
      {
        metric: 'http_responses_total',
        library: 'a Prometheus client library',
        statusDetail: 'exact',
        configured: false,
      },
    ]);
  });

  test('the product’s own names win over a library’s, exact codes win over classes', () => {
    expect(
      read('http_responses_total{status="200"} 1\nstarlette_requests_total{status_code="200"} 2\n').samples,
    ).toEqual(['http_responses_total{"status":"200"} 1']);
    const both = 'http_requests_total{status="4xx"} 7\nflask_http_request_total{status="429"} 3\n';
    expect(read(both)).toEqual({ samples: ['http_responses_total{"status":"429"} 3'], codes: [] });
  });

  test('429 absent while the family is there: nothing is made up', () => {
    expect(read('http_requests_total{status="200"} 5\n').samples).toEqual([
      'http_responses_total{"status":"200"} 5',
    ]);
    expect(read('# TYPE http_requests_total counter\n')).toEqual({ samples: [], codes: [] });
  });

  test('a counter without any status is no response counter, and that is said', () => {
    expect(read('http_requests_total{method="GET"} 5\n')).toEqual({
      samples: [],
      codes: ['no_status_label', 'nothing_recognised'],
    });
  });

  test('a status label that is not HTTP does not count as one', () => {
    expect(read('http_requests_total{status="success"} 5\n').samples).toEqual([]);
  });

  test('odd statuses among good ones still add up, as other', () => {
    const text =
      'http_requests_total{code="200"} 5\nhttp_requests_total{code="UNKNOWN"} 2\nhttp_requests_total{code=""} 1\nhttp_requests_total{code="4XX"} 3\nhttp_requests_total{code="404.0"} 4\n';
    expect(read(text).samples).toEqual([
      'http_responses_total{"status":"200"} 5',
      'http_responses_total{"status":"404"} 4',
      'http_responses_total{"status":"4xx"} 3',
      'http_responses_total{"status":"other"} 3',
    ]);
  });

  test('dotted UTF-8 names of OpenTelemetry are the same as underscored ones', () => {
    const text =
      '# TYPE "http.server.request.duration" histogram\n{"http.server.request.duration_count","http.response.status_code"="429"} 3\n';
    expect(read(text).samples).toContain('http_responses_total{"status":"429"} 3');
  });

  test('milliseconds of old names become seconds, bounds too', () => {
    const text =
      '# TYPE http_server_duration_milliseconds histogram\nhttp_server_duration_milliseconds_bucket{http_status_code="200",le="25.0"} 2\nhttp_server_duration_milliseconds_bucket{http_status_code="200",le="+Inf"} 3\nhttp_server_duration_milliseconds_sum{http_status_code="200"} 1500\nhttp_server_duration_milliseconds_count{http_status_code="200"} 3\n';
    expect(read(text).samples).toEqual([
      'http_request_seconds_bucket_total{"le":"+Inf"} 3',
      'http_request_seconds_bucket_total{"le":"0.025"} 2',
      'http_request_seconds_total{} 1.5',
      'http_responses_total{"status":"200"} 3',
      'http_timed_requests_total{} 3',
    ]);
  });

  test('a histogram without TYPE lines is read by its parts', () => {
    const text =
      'http_request_duration_seconds_count{status="200"} 3\nhttp_request_duration_seconds_bucket{le="1",status="200"} 2\n';
    expect(read(text).samples).toContain('http_responses_total{"status":"200"} 3');
  });

  test('histograms with different buckets are not added up', () => {
    const text =
      '# TYPE http_request_duration_seconds histogram\nhttp_request_duration_seconds_bucket{route="/a",le="1"} 2\nhttp_request_duration_seconds_bucket{route="/a",le="+Inf"} 3\nhttp_request_duration_seconds_bucket{route="/b",le="2"} 1\nhttp_request_duration_seconds_bucket{route="/b",le="+Inf"} 1\n';
    const result = read(text);
    expect(result.samples).toEqual([]);
    expect(result.codes).toContain('mixed_buckets');
  });
});

describe('config mapping', () => {
  test('wins over what would be recognised', () => {
    const text = 'http_requests_total{code="200"} 1\nmy_counter_total{outcome="429"} 9\n';
    expect(read(text, [map('http_responses_total', 'my_counter', { status: 'outcome' })]).samples).toEqual([
      'http_responses_total{"status":"429"} 9',
    ]);
  });

  test('takes constants, several families for one metric, and a scale', () => {
    const text = 'hits 8\nmisses 2\nlag_ms 250\n';
    const mapping = [
      map('app_cache_lookups_total', 'hits', { result: '=hit' }),
      map('app_cache_lookups_total', 'misses', { result: '=miss' }),
      map('app_event_loop_lag_seconds', 'lag_ms', {}, 0.001),
    ];
    expect(read(text, mapping).samples).toEqual([
      'app_cache_lookups_total{"result":"hit"} 8',
      'app_cache_lookups_total{"result":"miss"} 2',
      'app_event_loop_lag_seconds{} 0.25',
    ]);
  });

  test('reads the count, the sum or the buckets of a histogram, as the metric needs', () => {
    const text = '# TYPE q histogram\nq_bucket{le="1"} 4\nq_bucket{le="+Inf"} 5\nq_sum 2.5\nq_count 5\n';
    const mapping = [
      map('app_db_queries_total', 'q'),
      map('http_request_seconds_total', 'q'),
      map('http_request_seconds_bucket_total', 'q'),
    ];
    expect(read(text, mapping).samples).toEqual([
      'app_db_queries_total{} 5',
      'http_request_seconds_bucket_total{"le":"+Inf"} 5',
      'http_request_seconds_bucket_total{"le":"1"} 4',
      'http_request_seconds_total{} 2.5',
    ]);
  });

  test('reads leaves of a JSON body, one by one or all members of an object', () => {
    const json = JSON.stringify({
      redis: { GET: 5, SET: '2' },
      db: { queries: 7 },
      flags: { suspended: true },
    });
    const mapping = [
      map('app_redis_commands_total', 'redis'),
      map('app_db_queries_total', 'db.queries'),
      map('app_redis_suspended', 'flags.suspended'),
    ];
    expect(read(json, mapping, 'application/json').samples).toEqual([
      'app_db_queries_total{} 7',
      'app_redis_commands_total{"cmd":"get"} 5',
      'app_redis_commands_total{"cmd":"set"} 2',
      'app_redis_suspended{} 1',
    ]);
  });

  test('own names work in JSON without a mapping', () => {
    const json = JSON.stringify({
      app_redis_commands_total: { get: 5, set: 2 },
      http_responses_total: { 200: 9, 429: 1 },
    });
    expect(read(json, [], 'application/json').samples).toEqual([
      'app_redis_commands_total{"cmd":"get"} 5',
      'app_redis_commands_total{"cmd":"set"} 2',
      'http_responses_total{"status":"200"} 9',
      'http_responses_total{"status":"429"} 1',
    ]);
  });

  test('a family that is not there and a metric that does not exist are said', () => {
    const mapping = [map('app_db_queries_total', 'nope'), map('app_wonders_total', 'a'), map('app_up', 'a')];
    expect(read('a 1\n', mapping)).toEqual({
      samples: [],
      codes: ['mapping_not_found', 'mapping_unknown_metric', 'mapping_unknown_metric', 'nothing_recognised'],
    });
  });

  test('a label that the metric does not have is left out; one called constructor is just a label', () => {
    const text = 'a_total{constructor="x",user="7"} 1\n';
    expect(
      read(text, [map('app_redis_commands_total', 'a_total', { cmd: 'constructor', user: 'user' })]).samples,
    ).toEqual(['app_redis_commands_total{"cmd":"x"} 1']);
    expect(
      read('a_total 1\n', [map('app_redis_commands_total', 'a_total', { cmd: 'constructor' })]).samples,
    ).toEqual(['app_redis_commands_total{} 1']);
  });
});

describe('numbers that are none', () => {
  test('a counter with a member that is NaN, infinite or negative is left out whole, since an absent series means 0', () => {
    for (const bad of ['NaN', '+Inf', '-Inf', '-3']) {
      const text = `http_requests_total{code="200",route="/a"} 5\nhttp_requests_total{code="200",route="/b"} ${bad}\nhttp_requests_total{code="429"} 1\n`;
      expect(read(text)).toEqual({ samples: [], codes: ['bad_values'] });
    }
  });

  test('a gauge that is NaN has no value, which is no fault', () => {
    expect(read('process_resident_memory_bytes NaN\nprocess_open_fds +Inf\napp_db_pool_used -1\n')).toEqual({
      samples: ['app_db_pool_used{} -1'],
      codes: [],
    });
  });

  test('a sample stamped more than ten minutes ahead spoils its metric; other stamps change nothing', () => {
    const soon = `http_requests_total{code="404"} 6 ${NOW_MS + 540_000}\nhttp_requests_total{code="429"} 7 1\n`;
    expect(read(soon)).toEqual({
      samples: ['http_responses_total{"status":"404"} 6', 'http_responses_total{"status":"429"} 7'],
      codes: [],
    });
    expect(read(`${soon}http_requests_total{code="200"} 5 ${NOW_MS + 660_000}\n`)).toEqual({
      samples: [],
      codes: ['future_samples'],
    });
  });

  test('labels filled with free text do not flood the store', () => {
    const text = Array.from(
      { length: 700 },
      (_, i) => `app_redis_commands_total{cmd="get key:${i}"} 1\n`,
    ).join('');
    expect(read(text)).toEqual({ samples: [], codes: ['too_many_labels'] });
  });
});
