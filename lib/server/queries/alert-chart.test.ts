import { afterEach, describe, expect, it } from 'vitest';
import { ALERT_CHARTS, type AlertChartName } from '@/lib/core/alerts/rules/rule.ts';
import { newTrack } from '@/lib/core/alerts/step-alert.ts';
import type { Sample } from '@/lib/core/model/sample.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import { ScrapeError } from '../collectors/collector.ts';
import { Secret } from '../config/secret.ts';
import type { NeonTarget, Target, UpstashTarget } from '../config/types.ts';
import { readAlertChart, readNamedChart } from './alert-chart.ts';
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

const SCOPE = { app: 'harbor', environment: 'production' };
const FAULT_MS = START_MS + 10 * MINUTE_MS;

/** A world of so many minutes, and its charts over all of them. */
async function watched(targets: readonly Target[], answer: Answer, minutes = 20) {
  const { runtime, watch, nowMs, close } = await openWorld(targets, answer);
  closers.push(close);
  await watch(minutes);
  return (name: AlertChartName, subject = '') =>
    readNamedChart(runtime, SCOPE, name, subject, { startMs: START_MS, endMs: nowMs() }, nowMs());
}

type Chart = NonNullable<Awaited<ReturnType<typeof readNamedChart>>>;
const linesOf = (chart: Chart | null) =>
  Object.fromEntries(
    (chart?.view.lines ?? []).map(({ label, points }) => [
      label,
      points.flatMap(([, value]) => (value === null ? [] : [value])),
    ]),
  );
const lastOf = (chart: Chart | null) =>
  Object.fromEntries(Object.entries(linesOf(chart)).map(([label, values]) => [label, values.at(-1)]));

const responses = (atMs: number): Sample => sample('http_responses_total', grown(5, atMs), { status: '200' });

const upstash = (name: string): UpstashTarget => ({
  ...redis,
  kind: 'upstash',
  name,
  apiUrl: 'https://x',
  email: 'x',
  apiKey: new Secret('x'),
  database: null,
});
const neon: NeonTarget = {
  ...redis,
  kind: 'neon',
  name: 'project',
  apiUrl: 'https://x',
  apiKey: new Secret('x'),
  project: null,
};

describe('charts of what rules look at', () => {
  it('server errors of all codes are one count, and none of them is a measured zero', async () => {
    const errors = (atMs: number, status: string, count: number): Sample[] =>
      atMs >= FAULT_MS ? [sample('http_responses_total', count, { status })] : [];
    const chart = await watched([machine('a'), machine('b')], ({ name }, atMs) =>
      good([responses(atMs), ...errors(atMs, '500', 7), ...(name === 'b' ? errors(atMs, '503', 2) : [])]),
    );
    const found = await chart('responses_5xx');
    expect(found).toMatchObject({ variant: 'bars', view: { overall: 16, missing: null } });
    expect(linesOf(found)['5xx responses']?.filter((value) => value === 0).length).toBeGreaterThan(8);
  });

  it('server errors of a time in which a machine was silent are not known, and not fewer', async () => {
    const chart = await watched([machine('a'), machine('b')], ({ name }, atMs) => {
      if (name === 'b' && atMs >= FAULT_MS) throw new ScrapeError('network', 'refused');
      const errors = ['500', '503'].map((status) =>
        sample('http_responses_total', grown(1, atMs), { status }),
      );
      return good([responses(atMs), ...errors]);
    });
    const [line] = (await chart('responses_5xx'))?.view.lines ?? [];
    const valueAt = (minute: number) =>
      line?.points.find(([atMs]) => atMs === START_MS + minute * MINUTE_MS)?.[1];
    expect(valueAt(5)).toBeCloseTo(240, 6);
    expect(valueAt(15)).toBeNull();
  });

  it('an alert of the first half minute has a chart that holds it, and says how long was watched', async () => {
    const { runtime, watch, nowMs, close } = await openWorld([machine('a')], (_target, atMs) =>
      good([
        responses(atMs),
        sample('http_responses_total', atMs > START_MS + 5_000 ? 61 : 1, { status: '429' }),
      ]),
    );
    closers.push(close);
    await watch(0.25, 5_000);
    const firedMs = nowMs() - 5_000;
    const track = { ...newTrack(firedMs), fired: { atMs: firedMs, peak: 60 } };
    const chart = await readAlertChart(runtime, SCOPE, { id: 'http_429', rule: 'http_429', track }, nowMs());
    expect(chart?.view.missing?.reason).toBe(
      'Watched for only 15\u00a0s of this time, too little for a point',
    );
    expect(chart?.view.range.endMs).toBe(nowMs());
    expect(chart?.view.range.startMs).toBeLessThan(firedMs);
  });

  it('server errors by class count where machines tell no more', async () => {
    const chart = await watched([machine('a')], (_target, atMs) =>
      good([
        responses(atMs),
        ...(atMs >= FAULT_MS ? [sample('http_responses_total', 4, { status: '5xx' })] : []),
      ]),
    );
    expect((await chart('responses_5xx'))?.view.overall).toBe(4);
  });

  it('Redis by machine has a line for each machine, and falls back to all together where none counts', async () => {
    const counted = await watched([redis, machine('a'), machine('b')], (target, atMs) =>
      target.kind === 'redis'
        ? good([sample('redis_commands_total', grown(30, atMs), { cmd: 'get' })])
        : good([
            sample('app_redis_commands_total', grown(target.name === 'a' ? 20 : 10, atMs), { cmd: 'get' }),
          ]),
    );
    const chart = await counted('redis_by_machine');
    expect(lastOf(chart)).toEqual({ a: expect.closeTo(20, 6), b: expect.closeTo(10, 6) });
    // One of several lines must not stand for all of them.
    expect(chart?.view.latest).toBeNull();
    const alone = await watched([redis], (_target, atMs) =>
      good([sample('redis_commands_total', grown(30, atMs), { cmd: 'get' })]),
    );
    expect(lastOf(await alone('redis_by_machine'))).toEqual({ 'Redis GETs': expect.closeTo(30, 6) });
  });

  it('a limiter that fails open is a line of its own', async () => {
    const chart = await watched([machine('a')], (_target, atMs) =>
      good([
        sample('app_limiter_decisions_total', grown(8, atMs), { decision: 'allowed' }),
        sample('app_limiter_decisions_total', atMs < FAULT_MS ? 0 : (atMs - FAULT_MS) / 500, {
          decision: 'failed_open',
        }),
      ]),
    );
    expect(lastOf(await chart('limiter'))).toEqual({
      allowed: expect.closeTo(8, 6),
      'failed open': expect.closeTo(2, 6),
    });
  });

  it('breakers are drawn for the one that an alert is about, and for all where it names none', async () => {
    const chart = await watched([machine('a')], () =>
      good([
        sample('app_breaker_state', 1, { integration: 'stripe' }),
        sample('app_breaker_state', 0, { integration: 'mail' }),
      ]),
    );
    expect(lastOf(await chart('breaker', 'stripe'))).toEqual({ stripe: 1 });
    expect(lastOf(await chart('breaker'))).toEqual({ mail: 0, stripe: 1 });
  });

  it('connections are a share of what the database takes', async () => {
    const chart = await watched([postgres], () =>
      good([
        sample('db_connections', 30, { state: 'active' }),
        sample('db_connections', 50, { state: 'idle' }),
        sample('db_connections_max', 103),
        sample('db_connections_reserved', 3),
      ]),
    );
    const found = await chart('db_connections');
    expect(found?.view.unit).toBe('ratio');
    expect(lastOf(found)).toEqual({ db: expect.closeTo(0.8, 6) });
  });

  it('restarts of all machines are counts', async () => {
    const chart = await watched([machine('a'), machine('b')], ({ name }, atMs) => {
      const isNew = name === 'a' && atMs >= FAULT_MS;
      const startMs = isNew ? FAULT_MS - 5_000 : START_MS - 60 * MINUTE_MS;
      return {
        ...good([sample('http_responses_total', ((atMs - startMs) / 1000) * 5, { status: '200' })]),
        start: { marker: isNew ? 'new' : 'old', atMs: startMs },
      };
    });
    expect(await chart('restarts')).toMatchObject({ variant: 'bars', view: { overall: 1, as: 'increase' } });
  });

  it('a quota shows how fast it is used up, or how much of it is', async () => {
    const chart = await watched([upstash('bill'), upstash('other'), neon], ({ kind, name }, atMs) =>
      kind === 'neon'
        ? good(
            ['compute_time', 'data_transfer'].map((quota, i) =>
              sample('neon_quota_used_ratio', 0.5 + i / 10, { kind: quota }),
            ),
          )
        : good([sample('upstash_month_requests_total', grown(name === 'bill' ? 7 : 1, atMs))]),
    );
    expect(lastOf(await chart('quota_used', 'upstash/bill/commands'))).toEqual({
      'Upstash commands': expect.closeTo(7, 6),
    });
    expect(lastOf(await chart('quota_used', 'neon/project/data_transfer'))).toEqual({ data_transfer: 0.6 });
    expect(await chart('quota_used', 'upstash/gone/commands')).toBeNull();
    expect(await chart('quota_used', 'else')).toBeNull();
  });

  it('a source tells its own line, with the gap that it left', async () => {
    const chart = await watched([machine('a'), machine('b')], ({ name }, atMs) => {
      if (name === 'b' && atMs >= FAULT_MS) throw new ScrapeError('network', 'refused');
      return good([responses(atMs)]);
    });
    const found = await chart('source', 'harbor/production/app/b');
    expect(found?.title).toBe('Responses');
    expect(found?.view.gaps.map(({ reason }) => reason)).toEqual([expect.any(String)]);
    expect((await chart('source', 'harbor/production/app/a'))?.view.gaps).toEqual([]);
  });

  it('responses are those of the machine that an alert is about, else of all', async () => {
    const chart = await watched([machine('a'), machine('b')], ({ name }, atMs) =>
      good([sample('http_responses_total', grown(name === 'a' ? 5 : 3, atMs), { status: '200' })]),
    );
    expect(lastOf(await chart('responses', 'b'))).toEqual({ Responses: expect.closeTo(3, 6) });
    expect(lastOf(await chart('responses', 'requests'))).toEqual({ Responses: expect.closeTo(8, 6) });
  });

  it('the 95th percentile of all machines is one line', async () => {
    const chart = await watched([machine('a')], (_target, atMs) =>
      good(
        [0.1, 0.5, Number.POSITIVE_INFINITY].map((le) =>
          sample('http_request_seconds_bucket_total', grown(le === 0.1 ? 9 : 10, atMs), {
            le: le === Number.POSITIVE_INFINITY ? '+Inf' : String(le),
          }),
        ),
      ),
    );
    const found = await chart('latency_p95');
    expect(found?.view).toMatchObject({ unit: 'seconds', lines: [expect.anything()] });
    const [value] = Object.values(lastOf(found));
    expect(value).toBeGreaterThan(0.1);
    expect(value).toBeLessThanOrEqual(0.5);
  });

  it('no chart is shown of what the app does not have', async () => {
    const chart = await watched([machine('a')], (_target, atMs) => good([responses(atMs)]), 3);
    const shown: string[] = [];
    for (const name of ALERT_CHARTS) if ((await chart(name, 'nothing')) !== null) shown.push(name);
    expect(shown).toEqual(['responses_429', 'responses_5xx', 'responses', 'restarts']);
  });
});
