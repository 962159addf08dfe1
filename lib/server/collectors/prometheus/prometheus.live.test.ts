import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Redis from 'ioredis';
import { Client } from 'pg';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CollectResult } from '@/lib/core/model/scrape.ts';
import { HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { openSafeHttp } from '@/lib/server/http/safe-fetch.ts';
import {
  type Peer,
  type PostgresPeer,
  startPostgres,
  startPostgresExporter,
  startPrometheus,
  startRedis,
  startRedisExporter,
} from '@/test/peers.ts';
import type { HistorySeries } from '../collector.ts';
import { HistoryBuilder } from '../promql/history.ts';
import { groupReading } from './history.ts';
import { prometheus } from './index.ts';
import { openClient } from './read.ts';
import { groupQuery, namesOf } from './schema.ts';
import { engine } from './test-target.ts';

/** The columns of pg_stat_statements since Postgres 13, as teams write them for this exporter. */
const STATEMENT_QUERIES = `
pg_stat_statements:
  query: "SELECT t3.datname, queryid::text, left(query, 200) AS query, calls, total_exec_time / 1000 AS total_time_seconds, rows FROM pg_stat_statements t1 JOIN pg_database t3 ON (t1.dbid = t3.oid)"
  metrics:
    - datname: {usage: "LABEL", description: "Database"}
    - queryid: {usage: "LABEL", description: "Id"}
    - query: {usage: "LABEL", description: "Text"}
    - calls: {usage: "COUNTER", description: "Calls"}
    - total_time_seconds: {usage: "COUNTER", description: "Time"}
    - rows: {usage: "COUNTER", description: "Rows"}
`;

const GETS = 3_000;
const HITS = 1_200;
const SETS = 700;
const QUERIES = 2_400;
const OK = 1_500;
const LIMITED = 42;
const DRIFT = 0.05;

let redis: Peer;
let postgres: PostgresPeer;
let engineOfAll: Peer;
let machine: Machine;
const peers: Peer[] = [];

beforeAll(async () => {
  [redis, postgres, machine] = await Promise.all([startRedis(), startPostgres(), startMachine()]);
  const [redisExporter, postgresExporter] = await Promise.all([
    startRedisExporter(redis.url),
    startPostgresExporter(postgres.urlFor('postgres'), { queries: STATEMENT_QUERIES }),
  ]);
  engineOfAll = await startPrometheus({
    jobs: {
      redis: [`127.0.0.1:${redisExporter.port}`],
      postgres: [`127.0.0.1:${postgresExporter.port}`],
      web: [`127.0.0.1:${machine.port}`],
    },
  });
  peers.push(redis, postgres, redisExporter, postgresExporter, engineOfAll);
});
afterAll(async () => {
  await Promise.all(peers.map((peer) => peer.stop()));
  await machine.close();
});

interface Machine {
  port: number;
  responses: Counter;
  latency: Histogram;
  close(): Promise<unknown>;
}

/** A machine of the app, with the names that client libraries use. */
async function startMachine(): Promise<Machine> {
  const registry = new Registry();
  const registers = [registry];
  const labelNames = ['status', 'route'];
  const responses = new Counter({ name: 'http_requests_total', help: 'x', labelNames, registers });
  const latency = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'x',
    buckets: [0.1, 1],
    registers,
  });
  responses.inc({ status: '200', route: '/a' });
  new Gauge({ name: 'process_start_time_seconds', help: 'x', registers }).set(1_795_000_000);
  const server: Server = createServer((_request, response) => {
    void registry
      .metrics()
      .then((text) => response.setHeader('content-type', registry.contentType).end(text));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { port: (server.address() as AddressInfo).port, responses, latency, close };
}

async function query(times: number): Promise<void> {
  const sql = new Client({ connectionString: postgres.url });
  await sql.connect();
  for (let i = 0; i < times; i++) await sql.query('SELECT $1::int + 1', [i]);
  await sql.end();
}

/** Real work of a known size. */
async function load(): Promise<void> {
  const client = new Redis(redis.url, { lazyConnect: true });
  await client.connect();
  for (let i = 0; i < SETS; i++) await client.set(`k${i % 50}`, 'v');
  for (let i = 0; i < GETS; i++) await client.get(i < HITS ? `k${i % 50}` : `missing${i}`);
  client.disconnect();
  await query(QUERIES);
  machine.responses.inc({ status: '200', route: '/a' }, OK - 100);
  machine.responses.inc({ status: '200', route: '/b' }, 100);
  machine.responses.inc({ status: '429', route: '/a' }, LIMITED);
  for (let i = 0; i < 10; i++) machine.latency.observe(i < 7 ? 0.05 : 0.5);
}

async function ask(query: string): Promise<number> {
  const answer = await fetch(`${engineOfAll.url}/api/v1/query?query=${encodeURIComponent(query)}`);
  const body = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
  return Number(body.data.result[0]?.value[1] ?? Number.NaN);
}

/** Waits until every target was scraped after now, and so many answered. */
async function scrapedAgain(targets = 3): Promise<void> {
  const sinceSeconds = Date.now() / 1000;
  const text = `min(timestamp(up)) * (count(up == 1) == bool ${targets})`;
  const deadline = performance.now() + 20_000;
  while (!((await ask(text)) > sinceSeconds)) {
    if (performance.now() > deadline) throw new Error('Prometheus did not scrape all targets');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function targetsUp(count: number): Promise<void> {
  const deadline = performance.now() + 20_000;
  while ((await ask('count(up == 1)')) !== count) {
    if (performance.now() > deadline) throw new Error(`Prometheus never saw ${count} targets up`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function sampleOf(result: CollectResult, metric: string, labels: Record<string, string> = {}): number {
  const fitting = result.samples.filter(
    (sample) =>
      sample.metric === metric &&
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  );
  if (fitting.length === 0) return Number.NaN;
  return fitting.reduce((sum, { value }) => sum + value, 0);
}

function near(value: number, truth: number): void {
  expect(value).toBeGreaterThanOrEqual(truth * (1 - DRIFT));
  expect(value).toBeLessThanOrEqual(truth * (1 + DRIFT));
}

describe('a real Prometheus over the real exporters', () => {
  test('as the only source tells what really happened, within 5 %', async () => {
    let requests = 0;
    const session = prometheus.open(engine({ apiUrl: engineOfAll.url }), {
      count: (act) => {
        if (act === 'request') requests += 1;
      },
    });
    const visit = () => session.collect({ signal: AbortSignal.timeout(10_000), nowMs: Date.now() });
    try {
      await scrapedAgain();
      const first = await visit();
      expect(first.notices).toEqual([]);
      expect(first.facts).toMatchObject({
        redis: '1 by redis_exporter',
        postgres: '1 by postgres_exporter',
        machines: '1',
        queries: 'by statements',
      });
      // A statement counts from the visit at which it is first listed.
      await query(10);
      await scrapedAgain();
      const before = await visit();
      const startMs = Date.now();
      await load();
      await scrapedAgain();
      const after = await visit();
      const rise = (metric: string, labels: Record<string, string> = {}) => {
        const earlier = sampleOf(before, metric, labels);
        return sampleOf(after, metric, labels) - (Number.isNaN(earlier) ? 0 : earlier);
      };

      expect(sampleOf(after, 'redis_up')).toBe(1);
      near(rise('redis_commands_total', { cmd: 'get' }), GETS);
      near(rise('redis_commands_total', { cmd: 'set' }), SETS);
      near(rise('redis_keyspace_hits_total'), HITS);
      near(rise('redis_keyspace_misses_total'), GETS - HITS);
      expect(after.samples.filter(({ metric }) => metric === 'redis_memory_max_bytes')).toEqual([]);
      const runId = after.samples.find(({ metric }) => metric === 'redis_commands_total')?.start;
      expect(runId?.marker).toMatch(/^[0-9a-f]{40}$/);
      expect(runId?.atMs).toBeGreaterThan(Date.now() - 10 * MINUTE_MS);

      expect(sampleOf(after, 'db_up')).toBe(1);
      near(rise('db_queries_total'), QUERIES);
      near(rise('db_statements_total', { family: 'SELECT $1::int + $2' }), QUERIES);
      near(rise('db_transactions_total', { database: 'app' }), QUERIES);
      expect(sampleOf(after, 'db_connections_max')).toBe(100);
      expect(sampleOf(after, 'db_connections_reserved')).toBe(3);
      expect(sampleOf(after, 'db_size_bytes', { database: 'app' })).toBeGreaterThan(1e6);

      expect(rise('http_responses_total', { status: '200' })).toBe(OK);
      expect(rise('http_responses_total', { status: '429' })).toBe(LIMITED);
      expect(rise('http_request_seconds_bucket_total', { le: '0.1' })).toBe(7);
      expect(rise('http_request_seconds_bucket_total', { le: '+Inf' })).toBe(10);
      expect(sampleOf(after, 'app_up', { machine: `127.0.0.1:${machine.port}` })).toBe(1);
      // Names once, then scrapes and four groups at each of three visits.
      expect(requests).toBe(1 + 3 * 5);

      const history = await readHistory(startMs, Date.now());
      const total = (metric: string, labels: Record<string, string>) => sumOf(history, metric, labels);
      near(total('redis_commands_total', { cmd: 'get' }), GETS);
      near(total('redis_keyspace_hits_total', {}), HITS);
      near(total('db_transactions_total', { database: 'app' }), QUERIES);
      near(total('db_queries_total', {}), QUERIES);
      expect(total('http_responses_total', { status: '429' })).toBe(LIMITED);
      expect(total('http_responses_total', { status: '200' })).toBe(OK);
    } finally {
      await session.close();
    }
  });

  test('gives nothing of an exporter that died, and all of the others', async () => {
    const session = prometheus.open(engine({ apiUrl: engineOfAll.url }), { count: () => {} });
    const visit = () => session.collect({ signal: AbortSignal.timeout(10_000), nowMs: Date.now() });
    try {
      await scrapedAgain();
      expect(sampleOf(await visit(), 'redis_up')).toBe(1);
      const redisExporter = peers[2];
      await redisExporter?.kill();
      // Prometheus ends the series of a target that does not answer at its next scrape.
      await targetsUp(2);
      await scrapedAgain(2);
      const after = await visit();
      expect(after.samples.filter(({ metric }) => metric.startsWith('redis_'))).toEqual([]);
      expect(sampleOf(after, 'db_up')).toBe(1);
    } finally {
      await session.close();
    }
  });
});

/** The groups' history over the load, on a grid of three points: finer than a session would ask for. */
async function readHistory(startMs: number, endMs: number): Promise<HistorySeries[]> {
  const http = openSafeHttp({ trust: 'config' });
  const client = openClient(engine({ apiUrl: engineOfAll.url }), http, () => {});
  const stepMs = Math.floor((endMs - startMs) / 2);
  const grid = { startMs: endMs - 2 * stepMs, endMs, stepMs };
  const options = { signal: AbortSignal.timeout(10_000), deadlineMs: 10_000 };
  const series: HistorySeries[] = [];
  try {
    for (const group of ['redis', 'postgres', 'statements', 'machines'] as const) {
      const answer = await client.queryRange(groupQuery(group, namesOf(group, null), []), grid, options);
      const builder = new HistoryBuilder(grid);
      await builder.add(answer, groupReading(group, answer, new Set(), false));
      series.push(...builder.finish());
    }
  } finally {
    await http.close();
  }
  return series;
}

function sumOf(history: readonly HistorySeries[], metric: string, labels: Record<string, string>): number {
  return history
    .filter(
      (series) =>
        series.metric === metric &&
        Object.entries(labels).every(([label, value]) => series.labels[label] === value),
    )
    .flatMap(({ stretches }) => stretches)
    .reduce((sum, { value }) => sum + value, 0);
}

describe('a past in a real Prometheus', () => {
  const STEP_SECONDS = 15;
  const PER_STEP = 30;
  const endMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const startMs = endMs - 30 * HOUR_MS;
  /** Restarts here: what it had counted since its last scrape is lost, at most one interval. */
  const restartMs = startMs + 11 * HOUR_MS;
  /** Nothing is known from here for two hours. */
  const gapMs = startMs + 20 * HOUR_MS;

  function past(): string {
    const gets: string[] = ['# TYPE redis_commands counter'];
    const starts: string[] = ['# TYPE redis_start_time_seconds gauge'];
    for (let atMs = startMs; atMs < endMs; atMs += STEP_SECONDS * 1_000) {
      if (atMs >= gapMs && atMs < gapMs + 2 * HOUR_MS) continue;
      const bornMs = atMs < restartMs ? startMs : restartMs;
      const value = ((atMs - bornMs) / 1_000 / STEP_SECONDS) * PER_STEP;
      const who = 'job="redis",instance="cache:6379"';
      gets.push(`redis_commands_total{cmd="get",${who}} ${value} ${atMs / 1_000}`);
      starts.push(`redis_start_time_seconds{${who}} ${bornMs / 1_000} ${atMs / 1_000}`);
    }
    return `${[...gets, ...starts].join('\n')}\n# EOF\n`;
  }

  test('comes back whole but for its gap, through a restart, in pieces, the same each time', async () => {
    const peer = await startPrometheus({ jobs: {}, past: past() });
    peers.push(peer);
    const query = 'sum by (__name__, job, instance, cmd) (redis_commands_total)';
    const session = prometheus.open(
      engine({
        apiUrl: `${peer.url}/api/v1/`,
        queries: [{ metric: 'redis_commands_total', query, labels: { cmd: 'cmd' }, scale: 1 }],
      }),
      { count: () => {} },
    );
    try {
      const range = { startMs: startMs + 1, endMs };
      const shares: number[] = [];
      const read = () =>
        session.history({
          signal: AbortSignal.timeout(30_000),
          nowMs: Date.now(),
          range,
          onProgress: (share) => shares.push(share),
        });
      const history = await read();
      // Nothing of it is there now, so only a range can find it.
      const gets = history.find(({ metric }) => metric === 'redis_commands_total');
      const knownHours = 28;
      near(
        gets?.stretches.reduce((sum, { value }) => sum + value, 0) ?? 0,
        ((knownHours * HOUR_MS) / 1_000 / STEP_SECONDS) * PER_STEP,
      );
      const inGap = gets?.stretches.filter(
        (one) => one.startMs > gapMs + 6 * MINUTE_MS && one.endMs < gapMs + 2 * HOUR_MS,
      );
      expect(inGap).toEqual([]);
      expect(Math.max(...(gets?.stretches.map(({ value }) => value) ?? []))).toBeLessThanOrEqual(
        (PER_STEP * 60) / STEP_SECONDS,
      );
      expect(shares.at(-1)).toBe(1);
      expect(await read()).toEqual(history);
    } finally {
      await session.close();
    }
  });
});
