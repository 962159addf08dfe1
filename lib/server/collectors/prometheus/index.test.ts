import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import type { WorldSeries } from '@/lib/demo/prometheus/promql.ts';
import { type PrometheusOptions, startPrometheusServer } from '@/lib/demo/prometheus/server.ts';
import type { PromWorld } from '@/lib/demo/prometheus/world.ts';
import { Secret } from '@/lib/server/config/secret.ts';
import { ScrapeError } from '../collector.ts';
import { FAULTS } from '../promql/test-faults.ts';
import { prometheus } from './index.ts';
import type { ScopedTarget } from './read.ts';
import { engine } from './test-target.ts';

const NOW_MS = 1_795_310_000_000;
const HOUR_MS = 3_600_000;
const TIMEOUT_SECONDS = 0.6;
const TOKEN = 't0p-secret-token';
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const one = (name: string, labels: Record<string, string>, value: number): WorldSeries => ({
  labels: { __name__: name, job: 'redis', instance: 'cache:9121', ...labels },
  value,
  atMs: NOW_MS - 5_000,
});
const WORLD: PromWorld = {
  seriesAt: () => [
    one('up', {}, 1),
    one('redis_commands_total', { cmd: 'GET' }, 10),
    one('redis_commands_total', { cmd: 'get', namespace: 'other', instance: 'other:9121' }, 99),
    one('process_cpu_seconds_total', {}, 3),
  ],
};

async function watch(
  given: Partial<ScopedTarget> = {},
  options: Partial<PrometheusOptions> = {},
  world = WORLD,
) {
  const server = await startPrometheusServer(world, { nowMs: () => NOW_MS, ...options });
  const acts: string[] = [];
  const session = prometheus.open(engine({ apiUrl: server.url, timeoutSeconds: TIMEOUT_SECONDS, ...given }), {
    count: (act) => acts.push(act),
  });
  closers.push(
    () => server.close(),
    () => session.close(),
  );
  const visit = (nowMs = NOW_MS) => session.collect({ signal: AbortSignal.timeout(5_000), nowMs });
  return { server, session, visit, acts };
}

async function failure(visit: () => Promise<unknown>): Promise<ScrapeError> {
  const error = await visit().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ScrapeError) return error;
  throw new Error(`expected a ScrapeError, got ${inspect(error)}`);
}

describe('a fault of the engine fails the visit by kind, in time, without the token, and heals', () => {
  test.each(FAULTS)('$name: $kind', async ({ fault, kind, retryAfterMs }) => {
    const { server, visit } = await watch({ bearer: new Secret(TOKEN) });
    server.setFault(fault);
    const beganMs = performance.now();
    const error = await failure(visit);
    expect(performance.now() - beganMs).toBeLessThan(TIMEOUT_SECONDS * 1_000 * 2 + 1_500);
    expect([error.kind, error.retryAfterMs]).toEqual([kind, retryAfterMs]);
    expect(error.message).toMatch(/^prometheus: main: /);
    expect(inspect(error, { depth: 9 })).not.toContain(TOKEN);
    server.setFault(null);
    expect((await visit()).samples.length).toBeGreaterThan(0);
  });

  test('a refused connection: network', async () => {
    const { visit } = await watch({ apiUrl: 'http://127.0.0.1:1' });
    expect((await failure(visit)).kind).toBe('network');
  });

  test.each([
    ['bad_data', 400, 'parse'],
    ['execution', 422, 'parse'],
    ['timeout', 503, 'timeout'],
    ['internal', 500, 'http'],
    ['too_many_requests', 422, 'limit'],
    ['unavailable', 503, 'http'],
  ])('%s with %i: %s, in its own words without the token', async (errorType, status, kind) => {
    const { server, visit } = await watch({ bearer: new Secret(TOKEN) });
    const body = JSON.stringify({ status: 'error', errorType, error: `no way, ${TOKEN}` });
    server.setFault({ kind: 'status', status, body });
    const error = await failure(visit);
    expect(error.kind).toBe(kind);
    expect(error.message).not.toContain(TOKEN);
    expect(error.message).toContain('no way, [hidden]');
  });

  test('an error beside data, with status 200, gives none of that data', async () => {
    const { server, visit } = await watch();
    const data = { resultType: 'vector', result: [] };
    const body = JSON.stringify({ status: 'error', errorType: 'execution', error: 'too many samples', data });
    server.setFault({ kind: 'status', status: 200, body });
    expect((await failure(visit)).kind).toBe('limit');
  });
});

describe('a visit', () => {
  test('asks for the groups that the engine has, and for names once in ten minutes', async () => {
    const { visit, acts, server } = await watch();
    await visit();
    // Names, scrapes, redis, machines.
    expect(acts.filter((act) => act === 'request')).toHaveLength(4);
    expect(acts[0]).toBe('request');
    await visit(NOW_MS + 60_000);
    expect(acts.filter((act) => act === 'request')).toHaveLength(7);
    await visit(NOW_MS + 600_000);
    expect(acts.filter((act) => act === 'request')).toHaveLength(11);
    expect(server.ledger.filter(({ path }) => path.includes('/label/'))).toHaveLength(2);
  });

  test('goes on with everything asked for where names may not be listed', async () => {
    const answered = { seriesAt: WORLD.seriesAt };
    const { visit, server } = await watch({}, {}, answered);
    server.setFault({ kind: 'status', status: 404 });
    expect((await failure(visit)).kind).toBe('http');
    server.setFault(null);
    // Names were not told: each group is asked for, by POST where that is long.
    const { samples } = await visit();
    expect(samples.some(({ metric }) => metric === 'redis_commands_total')).toBe(true);
    expect(server.ledger.some(({ method }) => method === 'POST')).toBe(true);
  });

  test('loses no metric of a machine that has the labels of another one', async () => {
    const web = (name: string, value: number, labels = {}) =>
      one(name, { job: 'web', instance: 'web-1', ...labels }, value);
    const series = [
      web('up', 1),
      web('process_start_time_seconds', 1_795_000_000),
      web('process_cpu_seconds_total', 3),
      web('process_open_fds', 12),
      web('http_requests_total', 5, { status: '200' }),
    ];
    const { visit } = await watch({}, {}, { seriesAt: () => series });
    const found = (await visit()).samples.map(({ metric, value }) => [metric, value]);
    expect(Object.fromEntries(found)).toMatchObject({
      app_up: 1,
      app_process_start_time_seconds: 1_795_000_000,
      app_cpu_seconds_total: 3,
      app_open_fds: 12,
    });
  });

  test('reads one app of several when the config says which labels are its own', async () => {
    const { visit } = await watch({ match: { namespace: 'other' } });
    const { samples } = await visit();
    expect(samples.filter(({ metric }) => metric === 'redis_commands_total')).toMatchObject([
      { labels: { cmd: 'get', instance: 'other:9121' }, value: 99 },
    ]);
  });

  test.each([
    ['bearer', { bearer: new Secret(TOKEN) }, `Bearer ${TOKEN}`],
    ['basic', { basic: { user: 'ada', password: new Secret('p:ss') } }, 'Basic YWRhOnA6c3M='],
  ])('shows its %s credential with every request', async (_name, given, authorization) => {
    const { visit } = await watch(given, { authorization });
    expect((await visit()).samples.length).toBeGreaterThan(0);
    const { visit: without } = await watch({}, { authorization });
    expect(await failure(without)).toMatchObject({
      kind: 'auth',
      message: expect.stringContaining('set its token'),
    });
  });

  test.each(['', '/', '/api/v1', '/api/v1/query', '/api/v1/query_range/'])(
    'finds the API when its address is written with %j at its end',
    async (end) => {
      const { server } = await watch();
      const session = prometheus.open(engine({ apiUrl: `${server.url}${end}` }), { count: () => {} });
      closers.push(() => session.close());
      const { samples } = await session.collect({ signal: AbortSignal.timeout(5_000), nowMs: NOW_MS });
      expect(samples.length).toBeGreaterThan(0);
    },
  );

  test('of an engine with parts missing takes nothing from it and says so', async () => {
    const { visit, server } = await watch();
    server.setPartial(true);
    const { samples, notices } = await visit();
    expect(samples).toEqual([]);
    expect(notices.map(({ code }) => code)).toContain('partial_response');
  });
});

describe('history', () => {
  test('is whole over two weeks, in pieces that the engine accepts, with the first 429 counted', async () => {
    const startMs = NOW_MS - 14 * 24 * HOUR_MS;
    const machine = { job: 'web', instance: 'web-1:9091' };
    const world: PromWorld = {
      seriesAt: (atMs) => [
        {
          labels: { __name__: 'http_requests_total', status: '200', ...machine },
          value: Math.floor((atMs - startMs) / 1_000),
        },
        ...(atMs < NOW_MS - HOUR_MS
          ? []
          : [{ labels: { __name__: 'http_requests_total', status: '429', ...machine }, value: 6 }]),
      ],
    };
    const { session, server } = await watch({ timeoutSeconds: 10 }, {}, world);
    const shares: number[] = [];
    const history = await session.history({
      signal: AbortSignal.timeout(30_000),
      nowMs: NOW_MS,
      range: { startMs, endMs: NOW_MS },
      onProgress: (share) => shares.push(share),
    });
    const sum = (status: string) =>
      history
        .filter(({ metric, labels }) => metric === 'http_responses_total' && labels.status === status)
        .flatMap(({ stretches }) => stretches)
        .reduce((total, { value }) => total + value, 0);
    expect(sum('429')).toBe(6);
    expect(sum('200')).toBeGreaterThan(14 * 24 * 3_600 * 0.999);
    expect(sum('200')).toBeLessThanOrEqual(14 * 24 * 3_600);
    expect([...shares].sort((a, b) => a - b)).toEqual(shares);
    expect(shares.at(-1)).toBe(1);
    expect(server.ledger.filter(({ path }) => path.endsWith('query_range')).length).toBeLessThanOrEqual(3);
  });

  test('that fails in the middle fails as a whole', async () => {
    const { session, server } = await watch();
    server.setFault({ kind: 'status', status: 503 });
    const read = () =>
      session.history({
        signal: AbortSignal.timeout(5_000),
        nowMs: NOW_MS,
        range: { startMs: NOW_MS - HOUR_MS, endMs: NOW_MS },
        onProgress: () => {},
      });
    expect((await failure(read)).kind).toBe('http');
  });
});
