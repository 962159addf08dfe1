import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CollectResult } from '@/lib/core/model/scrape.ts';
import type { CollectorSession } from '@/lib/server/collectors/collector.ts';
import { ScrapeError } from '@/lib/server/collectors/collector.ts';
import { sessionOpener } from '@/lib/server/collectors/index.ts';
import { Secret } from '@/lib/server/config/secret.ts';
import type { Target } from '@/lib/server/config/types.ts';
import { type Fleet, startFleet } from './fleet.ts';

const START_MS = Date.UTC(2026, 3, 9, 21, 0, 0);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const STEP_MS = 30_000;

let fleet: Fleet;
let sessions: { name: string; session: CollectorSession }[];

beforeEach(async () => {
  fleet = await startFleet({ seed: 7, startMs: START_MS });
  sessions = targets().map((target) => ({
    name: target.name,
    session: sessionOpener([])(target, { count: () => {} }),
  }));
});
afterEach(async () => {
  await Promise.all(sessions.map(({ session }) => session.close()));
  await fleet.close();
});

function targets(): Target[] {
  const scope = { app: 'harbor', environment: 'production', intervalSeconds: 15, timeoutSeconds: 2 };
  const { host: redisAddress } = new URL(fleet.redisUrl);
  const { host: postgresAddress } = new URL(fleet.postgresUrl);
  const redisUrl = new Secret(fleet.redisUrl);
  const postgresUrl = new Secret(fleet.postgresUrl);
  return [
    {
      ...scope,
      kind: 'redis',
      name: 'cache',
      url: redisUrl,
      address: redisAddress,
      metered: false,
      plan: null,
    },
    { ...scope, kind: 'postgres', name: 'main-db', url: postgresUrl, address: postgresAddress },
    ...fleet.machines.map((machine) => ({
      ...scope,
      kind: 'app' as const,
      name: machine.name,
      group: 'web',
      metricsUrl: machine.metricsUrl,
      healthUrl: machine.healthUrl,
      address: new URL(machine.metricsUrl).host,
      bearer: null,
      mapping: [],
    })),
  ];
}

interface Visit {
  atMs: number;
  name: string;
  result: CollectResult | null;
  fault: ScrapeError | null;
}

async function visitAll(atMs: number): Promise<Visit[]> {
  await fleet.setClock(atMs);
  return Promise.all(
    sessions.map(async ({ name, session }): Promise<Visit> => {
      const context = { signal: AbortSignal.timeout(5_000), nowMs: atMs };
      try {
        return { atMs, name, result: await session.collect(context), fault: null };
      } catch (error) {
        if (!(error instanceof ScrapeError)) throw error;
        return { atMs, name, result: null, fault: error };
      }
    }),
  );
}

function value(
  visit: Visit | undefined,
  metric: string,
  labels: Record<string, string> = {},
): number | undefined {
  return visit?.result?.samples.find(
    (sample) =>
      sample.metric === metric &&
      Object.entries(labels).every(([name, wanted]) => sample.labels[name] === wanted),
  )?.value;
}

describe('demo fleet, read by the collectors of the product', () => {
  it('tells one hour without a fault or a notice that the story does not hold', async () => {
    const visits: Visit[] = [];
    for (let atMs = START_MS - HOUR_MS; atMs <= START_MS; atMs += STEP_MS)
      visits.push(...(await visitAll(atMs)));

    const faults = visits.filter(({ fault }) => fault !== null);
    const outage = faults.filter(({ name }) => name === '9185e2bc');
    expect(outage).toHaveLength(6);
    expect(outage.every(({ fault }) => fault?.kind === 'network')).toBe(true);
    // Restarts fall between two visits.
    expect(faults).toEqual(outage);
    const notices = visits.flatMap(({ name, result }) =>
      (result?.notices ?? []).map(({ text }) => `${name}: ${text}`),
    );
    expect(notices).toEqual([]);

    const of = (name: string) => visits.filter((visit) => visit.name === name && visit.result !== null);
    const starts = (name: string) => new Set(of(name).map(({ result }) => result?.start?.marker));
    expect(starts('cache').size).toBe(2);
    expect(starts('main-db').size).toBe(1);
    expect(starts('3d8dd7a1').size).toBe(2);
    expect(starts('9185e2bc').size).toBe(2);
    expect(starts('e2865f71').size).toBe(1);
    expect(of('3d8dd7a1')[0]?.result?.facts).toMatchObject({ version: 'v1205', region: 'ams' });
    expect(of('3d8dd7a1').at(-1)?.result?.facts).toMatchObject({ version: 'v1206', region: 'ams' });

    const hourly = (
      name: string,
      metric: string,
      labels: Record<string, string>,
      fromMin: number,
      toMin: number,
    ) => {
      const at = (minute: number) => of(name).find(({ atMs }) => atMs === START_MS + minute * MINUTE_MS);
      const from = value(at(fromMin), metric, labels);
      const to = value(at(toMin), metric, labels);
      return (((to ?? Number.NaN) - (from ?? Number.NaN)) * 60) / (toMin - fromMin);
    };
    const get = { cmd: 'get' };
    expect(hourly('cache', 'redis_commands_total', get, -48, -36) / 733_000).toBeCloseTo(1, 1);
    expect(hourly('cache', 'redis_commands_total', get, -30, 0) / 24_000).toBeCloseTo(1, 1);
    expect(hourly('main-db', 'db_queries_total', {}, -60, -36) / 8_150).toBeCloseTo(1, 1);
    expect(hourly('main-db', 'db_queries_total', {}, -30, 0)).toBeLessThan(2_120);
    const responses = hourly('3d8dd7a1', 'http_responses_total', { status: '200' }, -30, 0);
    expect(responses / 3600).toBeGreaterThan(4);
    expect(hourly('3d8dd7a1', 'app_redis_commands_total', get, -30, 0)).toBeGreaterThan(10_000);
  }, 60_000);

  it('after its own start the world goes on seamlessly on the real clock', async () => {
    await fleet.close();
    await Promise.all(sessions.map(({ session }) => session.close()));
    const startMs = Date.now();
    fleet = await startFleet({ seed: 7, startMs });
    sessions = targets().map((target) => ({
      name: target.name,
      session: sessionOpener([])(target, { count: () => {} }),
    }));
    const fixed = await visitAll(startMs - STEP_MS);
    await fleet.setClock(null);
    const nowMs = Date.now();
    for (const { name, session } of sessions) {
      const result = await session.collect({ signal: AbortSignal.timeout(5_000), nowMs });
      const before = fixed.find((visit) => visit.name === name)?.result;
      expect(result.start?.marker).toBe(before?.start?.marker);
      for (const sample of before?.samples.filter(({ metric }) => metric.endsWith('_total')) ?? []) {
        const after = result.samples.find(
          (one) =>
            one.metric === sample.metric && JSON.stringify(one.labels) === JSON.stringify(sample.labels),
        );
        expect(after?.value, `${name} ${sample.metric}`).toBeGreaterThanOrEqual(sample.value);
      }
      expect(result.notices).toEqual([]);
    }
  });
});
