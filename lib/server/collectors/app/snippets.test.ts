import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { Counter, Gauge, register } from 'prom-client';
import { afterEach, describe, expect, test } from 'vitest';
import { appMetrics } from '@/lib/core/metrics/catalogue/app.ts';
import {
  type AppMetric,
  LANGUAGES,
  missingSnippets,
  SNIPPETS,
  type SnippetGroup,
} from '@/lib/core/metrics/snippets/index.ts';
import { parseAnswers } from './parse.ts';
import { answer, machine } from './test-answers.ts';
import { WorkerWatch } from './workers.ts';

const NOW_MS = 1_795_310_000_000;
const WANTED = [...new Set(SNIPPETS.flatMap(({ metrics }) => metrics))].sort();

afterEach(() => register.clear());

function read(text: string) {
  const answers = { metrics: answer({ text }), health: null, healthError: null };
  return parseAnswers(answers, machine(), new WorkerWatch(), NOW_MS);
}

/** Names of ours that a page gives, without those of the process itself. */
function given(text: string): string[] {
  const names = read(text).samples.map(({ metric }) => metric);
  return [...new Set(names)].filter((name) => WANTED.includes(name as AppMetric)).sort();
}

const recorded = (file: string) => readFileSync(new URL(`./recorded/${file}`, import.meta.url), 'utf8');

/** What stands around the code in an app: a client, a cache, a pool and a server. */
function surroundings() {
  const redis = Object.assign(new EventEmitter(), { status: 'ready', sendCommand: () => 'sent' });
  const server = new EventEmitter();
  const cache = { get: () => undefined, calculatedSize: 2_048, maxSize: 4_096, size: 3 };
  return {
    redis,
    server,
    context: {
      Counter,
      Gauge,
      redis,
      server,
      cache,
      process: { env: { SUSPEND_REDIS: 'fa61a13817d73a23' } },
      settings: { suspendRedis: false },
      pool: { totalCount: 5, idleCount: 3, options: { max: 12 } },
      value: null,
      key: 'k',
      endpoint: '/session/:id',
      ttlSeconds: 10,
    },
  };
}

describe('the snippets', () => {
  test('for Node run together in one file, and our parser finds every metric with its labels', async () => {
    const { redis, server, context } = surroundings();
    runInNewContext(SNIPPETS.map(({ code }) => code.node).join('\n\n'), context);
    expect((redis.sendCommand as (command: { name: string }) => string)({ name: 'get' })).toBe('sent');
    redis.emit('ready');
    redis.status = 'reconnecting';
    redis.emit('error');
    (redis.sendCommand as (command: { name: string }) => string)({ name: 'set' });
    const response = Object.assign(new EventEmitter(), { statusCode: 429 });
    server.emit('request', {}, response);
    response.emit('finish');
    response.emit('close');

    const page = await register.metrics();
    expect(given(page)).toEqual(WANTED);
    const { samples, notices } = read(page);
    expect(notices).toEqual([]);
    expect(samples).toEqual(
      expect.arrayContaining([
        { metric: 'app_redis_commands_total', labels: { cmd: 'get', component: 'cache' }, value: 1 },
        { metric: 'app_redis_connects_total', labels: { result: 'failed' }, value: 1 },
        { metric: 'app_redis_suspended', labels: {}, value: 0 },
        { metric: 'app_redis_suspend_asked', labels: {}, value: 1 },
        { metric: 'app_limiter_decisions_total', labels: { decision: 'failed_open' }, value: 0 },
        { metric: 'app_db_pool_used', labels: {}, value: 2 },
        { metric: 'http_responses_total', labels: { status: '429' }, value: 1 },
        { metric: 'http_requests_in_flight', labels: {}, value: 0 },
      ]),
    );
    expect(samples.some(({ labels }) => labels.cmd === 'set')).toBe(false);
  });

  test.each(['snippets-client-python-0.26.0.txt', 'snippets-opentelemetry-js-0.223.0.txt'])(
    'of %s gave a page on which our parser finds every metric',
    (file) => {
      expect(given(recorded(file))).toEqual(WANTED);
      expect(read(recorded(file)).notices).toEqual([]);
    },
  );

  test.each(SNIPPETS.map((group) => [group.id, group] as const))(
    '%s: in every language its code names each of its metrics and the labels that matter',
    (_id, group: SnippetGroup) => {
      for (const metric of group.metrics) {
        const { kind, labels } = appMetrics[metric];
        const spelled = {
          node: `'${metric}'`,
          python: `"${kind === 'counter' ? metric.replace(/_total$/, '') : metric}"`,
          go: `"${metric}"`,
          // Its counters get their ending from the exporter, and its dots become underscores.
          otel: metric.replace(/_total$/, ''),
        };
        for (const language of LANGUAGES) {
          const code = language === 'otel' ? group.code.otel.replaceAll('.', '_') : group.code[language];
          expect(code, `${language} ${metric}`).toContain(spelled[language]);
          for (const label of labels)
            expect(code, `${language} ${metric}`).toMatch(label === 'status' ? /status|code/ : label);
        }
      }
    },
  );

  test('cover every metric of an app but those that its libraries, its process or its health give', () => {
    const others = Object.keys(appMetrics).filter((name) => !WANTED.includes(name as AppMetric));
    expect(others.sort()).toEqual(
      [
        'app_up',
        'app_health_ok',
        'app_machine_info',
        'http_route_responses_total',
        'http_request_seconds_bucket_total',
        'http_request_seconds_total',
        'http_timed_requests_total',
        'app_cpu_seconds_total',
        'app_resident_memory_bytes',
        'app_open_fds',
        'app_process_start_time_seconds',
        'app_event_loop_lag_seconds',
      ].sort(),
    );
  });
});

describe('what an app does not export', () => {
  test('is named group by group, and not at all once it is there', () => {
    expect(missingSnippets(new Set(WANTED))).toEqual([]);
    expect(missingSnippets(new Set()).map(({ group }) => group.id)).toEqual(SNIPPETS.map(({ id }) => id));
    const some = missingSnippets(new Set(WANTED.filter((name) => name !== 'app_limiter_syncs_total')));
    expect(some.map(({ group, missing }) => [group.id, missing])).toEqual([
      ['limiter', ['app_limiter_syncs_total']],
    ]);
  });
});
