import { afterEach, describe, expect, it } from 'vitest';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import type { Target } from '../config/types.ts';
import { readMissingExports } from './missing-exports.ts';
import { readSeries, type SeriesAnswer, type SeriesQuestion } from './series.ts';
import {
  type Answer,
  good,
  grown,
  machine,
  openWorld,
  postgres,
  redis,
  START_MS,
  sample,
} from './test-world.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function world(targets: readonly Target[], answer: Answer) {
  const opened = await openWorld(targets, answer);
  closers.push(opened.close);
  await opened.watch(10);
  return opened.runtime;
}

type Runtime = Awaited<ReturnType<typeof world>>;

async function ask(
  runtime: Runtime,
  metric: string,
  more: Partial<SeriesQuestion> = {},
): Promise<SeriesAnswer> {
  const answer = await readSeries(runtime, {
    metric,
    labels: {},
    as: 'value',
    range: { startMs: START_MS, endMs: START_MS + 10 * MINUTE_MS },
    stepMs: MINUTE_MS,
    ...more,
  });
  if ('code' in answer) throw new Error(answer.message);
  return answer;
}
/** Value of the fifth minute of each line. */
const fifth = ({ series }: SeriesAnswer) => series.map(({ points }) => points[5]?.[1] ?? null);

const histogram = (perSecond: number, fastShare: number, atMs: number) => [
  sample('http_request_seconds_bucket_total', grown(perSecond * fastShare, atMs), { le: '0.1' }),
  sample('http_request_seconds_bucket_total', grown(perSecond, atMs), { le: '1' }),
  sample('http_request_seconds_bucket_total', grown(perSecond, atMs), { le: '+Inf' }),
];

describe('metrics that are worked out', () => {
  it('are answered by name, one line a target, with unit and gaps', async () => {
    const runtime = await world([redis], (_target, atMs) =>
      good([
        sample('redis_keyspace_hits_total', grown(30, atMs)),
        sample('redis_keyspace_misses_total', grown(10, atMs)),
      ]),
    );
    const answer = await ask(runtime, 'redis_hit_ratio');
    expect(answer).toMatchObject({
      unit: 'ratio',
      as: 'value',
      series: [{ target: 'harbor/production/redis/cache', labels: {}, quality: 'measured' }],
    });
    expect(fifth(answer)[0]).toBeCloseTo(0.75, 3);
  });

  it('latency of an app comes from all its machines’ buckets together and not from their percentiles', async () => {
    const runtime = await world([machine('m1'), machine('m2')], (target, atMs) =>
      good(target.name === 'm1' ? histogram(50, 0.99, atMs) : histogram(0.5, 0, atMs)),
    );
    const [m1, m2] = fifth(await ask(runtime, 'http_latency_p95_seconds'));
    expect(m1).toBeLessThan(0.1);
    expect(m2).toBeGreaterThan(0.9);
    const app = await ask(runtime, 'http_app_latency_p95_seconds');
    expect(app.series.map(({ target }) => target)).toEqual(['harbor/production']);
    expect(fifth(app)[0]).toBeLessThan(0.1);
  });

  it('pools of all machines stand against the limit of the database', async () => {
    const runtime = await world([machine('m1'), machine('m2'), postgres], (target) =>
      good(
        target.kind === 'postgres'
          ? [sample('db_connections_max', 112), sample('db_connections_reserved', 3)]
          : [sample('app_db_pool_max', 12)],
      ),
    );
    expect(fifth(await ask(runtime, 'app_db_pools_max'))).toEqual([24]);
    expect(fifth(await ask(runtime, 'app_db_pools_of_limit_ratio'))[0]).toBeCloseTo(24 / 109, 9);
    expect((await ask(runtime, 'app_db_pools_max', { app: 'other' })).series).toEqual([]);
  });

  it('keep only lines with the asked labels', async () => {
    const runtime = await world([machine('m1')], (_target, atMs) =>
      good([
        sample('http_responses_total', grown(9, atMs), { status: '200' }),
        sample('http_responses_total', grown(1, atMs), { status: '503' }),
      ]),
    );
    const answer = await ask(runtime, 'http_responses_per_second', { labels: { class: '5xx' } });
    expect(answer.series.map(({ labels }) => labels)).toEqual([{ class: '5xx' }]);
    expect(fifth(answer)[0]).toBeCloseTo(1, 1);
    expect(fifth(await ask(runtime, 'http_server_errors_ratio'))[0]).toBeCloseTo(0.1, 2);
    expect(fifth(await ask(runtime, 'app_restarts'))).toEqual([0]);
  });

  it('429s that may be among the 4xx are no 0, neither worked out nor asked for by label', async () => {
    const runtime = await world([machine('m1')], (_target, atMs) =>
      good([sample('http_responses_total', grown(9, atMs), { status: '4xx' })]),
    );
    expect(fifth(await ask(runtime, 'http_limited_ratio'))).toEqual([null]);
    const limited = await ask(runtime, 'http_responses_total', { labels: { status: '429' }, as: 'rate' });
    expect(limited.series).toEqual([]);
  });

  it('are refused as a rate, and suggested where a name is nearly theirs', async () => {
    const runtime = await world([redis], () => good([]));
    const question: SeriesQuestion = {
      metric: 'redis_hit_ratio',
      labels: {},
      as: 'rate',
      range: { startMs: START_MS, endMs: START_MS + MINUTE_MS },
      stepMs: MINUTE_MS,
    };
    expect(await readSeries(runtime, question)).toMatchObject({
      code: 'bad_input',
      message: expect.stringContaining('as=value'),
    });
    expect(await readSeries(runtime, { ...question, metric: 'redis_hit_ration' })).toMatchObject({
      code: 'not_found',
      suggestions: expect.arrayContaining(['redis_hit_ratio']),
    });
  });
});

describe('what machines do not export', () => {
  const scope = { app: 'harbor', environment: 'production' };

  it('is named once one of them was heard, and not before', async () => {
    const runtime = await world([machine('m1')], (_target, atMs) =>
      good([
        sample('app_limiter_decisions_total', grown(1, atMs), { decision: 'allowed' }),
        sample('app_limiter_syncs_total', grown(1, atMs), { result: 'ok' }),
        sample('app_breaker_state', 0, { integration: 'billing' }),
      ]),
    );
    const missing = readMissingExports(runtime, scope) ?? [];
    expect(missing.map(({ group }) => group.id)).not.toContain('limiter');
    expect(missing.find(({ group }) => group.id === 'breaker')?.missing).toEqual(['app_breaker_reads_total']);
    expect(readMissingExports(runtime, { ...scope, app: 'other' })).toBeNull();
  });
});
