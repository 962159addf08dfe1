import { describe, expect, test } from 'vitest';
import type { SafeResponse } from '@/lib/server/http/safe-fetch.ts';
import { ScrapeError } from '../collector.ts';
import { parseAnswers } from './parse.ts';
import { answer, machine } from './test-answers.ts';
import { WorkerWatch } from './workers.ts';

const NOW_MS = 1_795_310_000_000;
const PAGE = 'http_requests_total{code="200"} 5\n';

function read(
  metrics: Partial<SafeResponse> | null,
  health: Partial<SafeResponse> | null = null,
  watch = new WorkerWatch(),
  nowMs = NOW_MS,
) {
  return parseAnswers(
    {
      metrics: metrics === null ? null : answer(metrics),
      health: health === null ? null : answer({ contentType: 'application/json', ...health }),
      healthError: null,
    },
    machine(),
    watch,
    nowMs,
  );
}
function refusal(metrics: Partial<SafeResponse>): ScrapeError {
  try {
    read(metrics);
  } catch (error) {
    if (error instanceof ScrapeError) return error;
    throw error;
  }
  throw new Error('expected a ScrapeError');
}
const codes = (result: ReturnType<typeof read>) => result.notices.map(({ code }) => code);

describe('pages that cannot be used', () => {
  test.each([
    [
      'HTML with 200',
      { text: '<!doctype html><title>Sign in</title>', contentType: 'text/html' },
      'answered HTML, not metrics (a login page or SPA fallback?)',
    ],
    ['HTML that says it is text', { text: '\n <html>', contentType: 'text/plain' }, 'HTML'],
    ['an empty body', { text: '' }, 'empty'],
    ['blank lines only', { text: '\n\n' }, 'empty'],
    ['an empty JSON object', { text: '{}', contentType: 'application/json' }, 'empty'],
    ['a broken line', { text: 'a 1\nb one\n' }, 'line 2'],
    ['JSON that was cut', { text: '{"a": 1', contentType: 'application/json' }, 'JSON'],
    [
      'OpenMetrics that was cut',
      { text: '# TYPE a counter\na_total 1\n', contentType: 'application/openmetrics-text' },
      '# EOF',
    ],
    ['a page without length, cut in a number', { text: 'a 1\nb 12', framed: false }, 'cut'],
    [
      'protobuf',
      { text: '\u0001\u0002', contentType: 'application/vnd.google.protobuf; proto=x' },
      'protobuf',
    ],
  ])('%s is a parse error that says so', (_name, given, words) => {
    const error = refusal(given);
    expect(error.kind).toBe('parse');
    expect(error.message).toContain('app: web-1');
    expect(error.message).toContain(words);
  });

  test('more than 10,000 series are a limit error', () => {
    const text = Array.from({ length: 10_001 }, (_, i) => `a{x="${i}"} 1\n`).join('');
    const error = refusal({ text });
    expect(error.kind).toBe('limit');
    expect(error.message).toContain('10,000');
  });
});

describe('content types', () => {
  test('missing or unknown: read as text, and said', () => {
    for (const contentType of [null, '', 'application/octet-stream', 'text/html; charset=utf-8']) {
      const result = read({ text: PAGE, contentType });
      expect(result.samples).toHaveLength(1);
      expect(codes(result)).toEqual(['content_type']);
    }
  });

  test('OpenMetrics without its content type is recognised by its end', () => {
    const text = '# TYPE http_requests counter\nhttp_requests_total{code="200"} 5 1700000000.5\n# EOF\n';
    expect(read({ text, contentType: null }).samples[0]?.value).toBe(5);
  });

  test('text 1.0.0 and text without a version are text', () => {
    for (const contentType of ['text/plain; version=1.0.0; escaping=allow-utf-8', 'TEXT/PLAIN']) {
      expect(codes(read({ text: PAGE, contentType }))).toEqual([]);
    }
  });

  test('a duplicate is counted and said', () => {
    const result = read({ text: `${PAGE}http_requests_total{code="200"} 6\n` });
    expect(result.samples[0]?.value).toBe(6);
    expect(codes(result)).toEqual(['duplicate_series']);
  });
});

describe('clocks', () => {
  test.each([
    [600_000, 'Its clock is 10 min ahead'],
    [-45_000, 'Its clock is 45 s behind'],
  ])('%i ms off is said', (skewMs, words) => {
    const result = read({ text: PAGE, dateHeaderMs: NOW_MS + skewMs });
    expect(codes(result)).toEqual(['clock_skew']);
    expect(result.notices[0]?.text).toContain(words);
  });

  test('within 30 s nothing is said, and without a Date header nothing is known', () => {
    expect(codes(read({ text: PAGE, dateHeaderMs: NOW_MS - 30_000 }))).toEqual([]);
    expect(codes(read({ text: PAGE }))).toEqual([]);
  });

  test('the start is told in our time, its marker in the machine’s own', () => {
    const text = `process_start_time_seconds ${(NOW_MS + 500_000) / 1_000}\n`;
    const result = read({ text, dateHeaderMs: NOW_MS + 600_000 });
    expect(result.start).toEqual({ marker: `start:${NOW_MS + 500_000}`, atMs: NOW_MS - 100_000 });
  });
});

describe('several processes at one address', () => {
  const page = (startMs: number, count: number) =>
    `process_start_time_seconds ${startMs / 1_000}\nprocess_resident_memory_bytes 7\nhttp_requests_total{code="200"} ${count}\n`;
  const A = NOW_MS - 3_600_000;
  const B = NOW_MS - 3_000_000;

  test('counters of the other one are left out, gauges stay, and all is inferred', () => {
    const watch = new WorkerWatch();
    const visits = [page(A, 1_000), page(B, 40), page(A, 1_010), page(B, 50)];
    const results = visits.map((text, i) => read({ text }, null, watch, NOW_MS + i * 15_000));
    const counts = results.map(
      ({ samples }) => samples.find(({ metric }) => metric === 'http_responses_total')?.value,
    );
    expect(counts).toEqual([1_000, undefined, 1_010, undefined]);
    expect(results.map(codes)).toEqual([[], ['handover'], ['multi_worker'], ['multi_worker']]);
    expect(results[0]?.samples.every(({ quality }) => quality === undefined)).toBe(true);
    expect(results[3]?.samples.map(({ metric, quality }) => [metric, quality])).toContainEqual([
      'app_resident_memory_bytes',
      'inferred',
    ]);
    expect(results[3]?.notices[0]?.text).toContain('PROMETHEUS_MULTIPROC_DIR');
  });

  test('a counter that goes backwards without a restart is handed on as it is: the store knows what to do', () => {
    const watch = new WorkerWatch();
    const counts = [1_000, 990].map(
      (count, i) =>
        read({ text: page(A, count) }, null, watch, NOW_MS + i * 15_000).samples.find(
          ({ metric }) => metric === 'http_responses_total',
        )?.value,
    );
    expect(counts).toEqual([1_000, 990]);
  });
});

describe('health', () => {
  const text = JSON.stringify({
    status: 'pass',
    releaseId: 'v1203',
    region: 'ams',
    env: { FLY_MACHINE_ID: '148ed', FLY_REGION: 'fra' },
  });

  test('gives a state, facts and a sample, with metrics or alone', () => {
    const both = read({ text: PAGE }, { text });
    expect(both.facts).toMatchObject({
      health: 'passing',
      version: 'v1203',
      region: 'ams',
      machine: '148ed',
    });
    expect(both.samples).toContainEqual({ metric: 'app_health_ok', labels: {}, value: 1 });
    expect(read(null, { text }).samples).toEqual([
      { metric: 'app_health_ok', labels: {}, value: 1 },
      { metric: 'app_machine_info', labels: { version: 'v1203', region: 'ams' }, value: 1 },
    ]);
  });

  test('503 with a body that says so is a reading, not a failure', () => {
    const result = read(null, { status: 503, text: '{"status":"fail"}' });
    expect(result.samples).toEqual([{ metric: 'app_health_ok', labels: {}, value: 0 }]);
    expect(result.facts.health).toBe('failing');
  });

  test('a body that says nothing gives no sample', () => {
    const result = read(null, { text: '{"uptime": 3}' });
    expect(result.samples).toEqual([]);
    expect(result.facts.health).toBe('unknown');
    expect(codes(result)).toEqual(['health_unknown']);
  });

  test('a path that is not there is an error alone, and a notice beside metrics', () => {
    expect(() => read(null, { status: 404, text: 'nope' })).toThrow(
      /answered 404; check its path under health/,
    );
    const result = read({ text: PAGE }, { status: 404, text: 'nope' });
    expect(codes(result)).toEqual(['health_unreachable']);
    expect(result.facts.health).toBeUndefined();
    expect(result.samples).toHaveLength(1);
  });

  test('a body with too many numbers still tells its state', () => {
    const result = read(null, {
      text: JSON.stringify({ status: 'pass', list: Array.from({ length: 10_001 }, (_, i) => i) }),
    });
    expect(result.facts.health).toBe('passing');
    expect(codes(result)).toEqual(['health_too_large']);
  });

  test('facts are plain words only: no sentence, no markup, no secret-like text, nothing long', () => {
    const odd = {
      status: 'pass',
      version: '<b>1</b>',
      region: 'postgres://u:p@h/db?x=1',
      machine: 'x'.repeat(65),
      release: '  v7\u0000 ',
    };
    expect(read(null, { text: JSON.stringify(odd) }).facts).toEqual({ health: 'passing', version: 'v7' });
  });
});

test('the version of an info metric is used when health has none, that of a runtime never', () => {
  expect(
    read({ text: 'python_info{version="3.12"} 1\ntarget_info{service_version="v9"} 1\n' }).facts.version,
  ).toBe('v9');
  expect(read({ text: 'python_info{version="3.12"} 1\nshop_info{version="v8"} 1\n' }).facts.version).toBe(
    'v8',
  );
  expect(read({ text: 'go_info{version="go1.23"} 1\n' }).facts.version).toBeUndefined();
});
