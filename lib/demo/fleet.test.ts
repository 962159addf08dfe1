import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DemoFaultId } from '@/lib/core/model/demo-fault.ts';
import type { CollectResult } from '@/lib/core/model/scrape.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import type { CollectorSession, HistorySession } from '@/lib/server/collectors/collector.ts';
import { ScrapeError } from '@/lib/server/collectors/collector.ts';
import { sessionOpener } from '@/lib/server/collectors/index.ts';
import { demoTargets } from '@/lib/server/demo-link.ts';
import { type Fleet, startFleet } from './fleet.ts';
import { OUTAGE_FROM_MS, V1203_MS, V1204_MS, V1205_MS, V1206_MS } from './story.ts';

const START_MS = Date.UTC(2026, 3, 9, 21, 0, 0);
const STEP_MS = MINUTE_MS;
const PLAIN_STEP_MS = 5 * MINUTE_MS;

let fleet: Fleet;
let sessions: { name: string; session: CollectorSession }[];

beforeEach(async () => {
  fleet = await startFleet({ seed: 7, startMs: START_MS });
  sessions = openAll();
});
afterEach(async () => {
  await Promise.all(sessions.map(({ session }) => session.close()));
  await fleet.close();
});

function openAll(): { name: string; session: CollectorSession }[] {
  const targets = demoTargets({ type: 'ready', ...fleet.addresses });
  const open = sessionOpener(targets);
  return targets.map((target) => ({ name: target.name, session: open(target, { count: () => {} }) }));
}

interface Visit {
  atMs: number;
  name: string;
  result: CollectResult | null;
  fault: ScrapeError | null;
}

const LIVE = new Set(['cache', 'main-db', '3d8dd7a1', '9185e2bc']);

async function visit(atMs: number, names: ReadonlySet<string> | null = null): Promise<Visit[]> {
  await fleet.setClock(atMs);
  return Promise.all(
    sessions
      .filter(({ name }) => names === null || names.has(name))
      .map(async ({ name, session }): Promise<Visit> => {
        const context = { signal: AbortSignal.timeout(10_000), nowMs: atMs };
        try {
          return { atMs, name, result: await session.collect(context), fault: null };
        } catch (error) {
          if (!(error instanceof ScrapeError)) throw error;
          return { atMs, name, result: null, fault: error };
        }
      }),
  );
}

/** Between what happens a visit each 5 min tells as much as one each minute. */
function isEventful(atMs: number): boolean {
  return [V1203_MS, V1204_MS, V1205_MS, V1206_MS, OUTAGE_FROM_MS].some(
    (eventMs) => atMs >= eventMs - 2 * PLAIN_STEP_MS && atMs <= eventMs + 3 * PLAIN_STEP_MS,
  );
}

type Labels = Record<string, string>;

function sumOf(result: CollectResult | null | undefined, metric: string, labels: Labels = {}): number {
  const found = (result?.samples ?? []).filter(
    (sample) =>
      sample.metric === metric &&
      Object.entries(labels).every(([name, wanted]) => sample.labels[name] === wanted),
  );
  return found.length === 0 ? Number.NaN : found.reduce((sum, { value }) => sum + value, 0);
}

const GET = { cmd: 'get' };

describe('demo fleet, read by the collectors of the product', () => {
  it('tells the evening without a fault or a notice that the story does not hold', async () => {
    const visits: Visit[] = [];
    for (let atMs = START_MS - 9 * HOUR_MS; atMs <= START_MS; ) {
      visits.push(...(await visit(atMs, LIVE)));
      atMs += isEventful(atMs - START_MS) ? STEP_MS : PLAIN_STEP_MS;
    }
    const faults = visits.filter(({ fault }) => fault !== null);
    const outage = faults.filter(({ name }) => name === '9185e2bc');
    expect(outage).toHaveLength(3);
    expect(outage.every(({ fault }) => fault?.kind === 'network')).toBe(true);
    // Restarts fall between two visits.
    expect(faults).toEqual(outage);
    const notices = visits.flatMap(({ name, result }) =>
      (result?.notices ?? []).map(({ text }) => `${name}: ${text}`),
    );
    expect(notices).toEqual([]);

    const of = (name: string) => visits.filter((one) => one.name === name && one.result !== null);
    const starts = (name: string) => new Set(of(name).map(({ result }) => result?.start?.marker)).size;
    expect(['cache', 'main-db', '3d8dd7a1', '9185e2bc'].map(starts)).toEqual([1, 1, 5, 4]);
    expect(of('3d8dd7a1')[0]?.result?.facts).toMatchObject({ version: 'v1202', region: 'ams' });
    expect(of('3d8dd7a1').at(-1)?.result?.facts).toMatchObject({ version: 'v1206', region: 'ams' });
    expect(of('9185e2bc').at(-1)?.result?.facts).toMatchObject({ version: 'v1205', region: 'ams' });

    const hourly = (name: string, metric: string, labels: Labels, fromMs: number, toMs: number) => {
      const near = (wantedMs: number) =>
        of(name).find(({ atMs }) => atMs >= START_MS + wantedMs) ?? of(name).at(-1);
      const [from, to] = [near(fromMs), near(toMs)];
      const risen = sumOf(to?.result, metric, labels) - sumOf(from?.result, metric, labels);
      return (risen * HOUR_MS) / ((to?.atMs ?? 0) - (from?.atMs ?? 0));
    };
    const commands = 'redis_commands_total';
    const soon = 5 * MINUTE_MS;
    expect(hourly('cache', commands, GET, V1203_MS - HOUR_MS, V1203_MS - soon) / 733_000).toBeCloseTo(1, 1);
    expect(hourly('cache', commands, GET, V1203_MS + soon, V1205_MS - soon) / 731_000).toBeCloseTo(1, 1);
    expect(hourly('cache', commands, GET, V1205_MS + soon, V1206_MS - soon)).toBe(0);
    expect(hourly('cache', commands, GET, V1206_MS + soon, 0) / 24_000).toBeCloseTo(1, 1);
    expect(hourly('main-db', 'db_queries_total', {}, V1206_MS + soon, 0) / 1_930).toBeCloseTo(1, 0);
    expect(hourly('3d8dd7a1', 'http_responses_total', { status: '200' }, V1206_MS + soon, 0)).toBeGreaterThan(
      40_000,
    );
    const suspended = (name: string, atMs: number) =>
      sumOf(of(name).find((one) => one.atMs >= START_MS + atMs)?.result, 'app_redis_suspended');
    expect(suspended('3d8dd7a1', V1205_MS + soon)).toBe(1);
    expect([suspended('3d8dd7a1', -soon), suspended('9185e2bc', -soon)]).toEqual([0, 1]);
  }, 120_000);

  it('after its own start the world goes on seamlessly on the real clock', async () => {
    await fleet.close();
    await Promise.all(sessions.map(({ session }) => session.close()));
    const startMs = Date.now();
    fleet = await startFleet({ seed: 7, startMs });
    sessions = openAll();
    const fixed = await visit(startMs - STEP_MS, LIVE);
    await fleet.setClock(null);
    const nowMs = Date.now();
    for (const { name, session } of sessions.filter((one) => LIVE.has(one.name))) {
      const result = await session.collect({ signal: AbortSignal.timeout(5_000), nowMs });
      const before = fixed.find((one) => one.name === name)?.result;
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

  it('every API of a provider answers, and agrees with the machines about who runs what', async () => {
    const visits = await visit(START_MS);
    expect(visits.filter(({ fault }) => fault !== null)).toEqual([]);
    const facts = Object.fromEntries(visits.map(({ name, result }) => [name, result?.facts]));
    expect(facts['cache-bill']).toMatchObject({ database: 'harbor-cache', plan: 'pay as you go' });
    expect(facts['main-db-project']).toMatchObject({ project: 'harbor', state: 'active' });
    expect(facts.machines).toMatchObject({
      release: 'v1206 (complete)',
      'machine 3d8dd7a1': 'started ams v1206 app, passing',
      'machine 9185e2bc': 'started ams v1205 app, passing',
    });
    expect(facts.prometheus).toMatchObject({ machines: '2' });
  });

  it('remembers as far back as the real ones do', async () => {
    await visit(START_MS);
    await visit(START_MS + MINUTE_MS);
    const nowMs = START_MS + MINUTE_MS;
    const range = { startMs: nowMs - 15 * DAY_MS, endMs: nowMs };
    const reach = async (name: string) => {
      const session = sessions.find((one) => one.name === name)?.session as HistorySession;
      const signal = AbortSignal.timeout(60_000);
      const series = await session.history({ signal, nowMs, range, onProgress: () => {} });
      const starts = series.flatMap(({ stretches }) => stretches[0]?.startMs ?? []);
      return { days: (nowMs - Math.min(...starts)) / DAY_MS, series };
    };
    expect((await reach('cache-bill')).days).toBeCloseTo(7, 0);
    expect((await reach('main-db-project')).days).toBeCloseTo(15, 0);
    expect((await reach('machines')).days).toBeCloseTo(15, 0);
    const { days, series } = await reach('prometheus');
    expect(days).toBeCloseTo(15, 0);
    const gets = series.find(
      ({ metric, labels }) => metric === 'redis_commands_total' && labels.cmd === 'get',
    );
    const day = gets?.stretches.filter(
      ({ startMs, endMs }) => startMs >= nowMs - 3 * DAY_MS && endMs <= nowMs - 2 * DAY_MS,
    );
    const total = (day ?? []).reduce((sum, { value }) => sum + value, 0);
    expect(total / (24 * 733_000)).toBeCloseTo(1, 1);
  }, 120_000);
});

describe('each fault is seen by the collectors within two visits', () => {
  /** Visits before, starts the fault, and visits twice more, a minute apart. */
  async function play(id: DemoFaultId, names: ReadonlySet<string> | null = LIVE) {
    await fleet.setClock(null);
    await visit(START_MS, names);
    const before = await visit(START_MS + MINUTE_MS, names);
    const running = await fleet.setFault(id, true);
    expect(running.map((one) => one.id)).toEqual([id]);
    const first = await visit(START_MS + 2 * MINUTE_MS, names);
    const second = await visit(START_MS + 3 * MINUTE_MS, names);
    const of = (visits: readonly Visit[], name: string) => visits.find((one) => one.name === name);
    const risen = (name: string, metric: string, labels: Labels = {}) =>
      sumOf(of(first, name)?.result, metric, labels) - sumOf(of(before, name)?.result, metric, labels);
    return { before, first, second, of, risen };
  }

  it('429 spike', async () => {
    const { risen } = await play('limit_spike');
    expect(risen('3d8dd7a1', 'http_responses_total', { status: '429' })).toBeGreaterThan(25);
  });

  it('bad value', async () => {
    const { first, of } = await play('bad_value', null);
    expect(sumOf(of(first, '9185e2bc')?.result, 'app_redis_suspended')).toBe(0);
    expect(of(first, '9185e2bc')?.result?.facts.version).toBe('v1207');
    expect(of(first, 'machines')?.result?.facts.release).toMatch(/^v1207/);
  });

  it('quota exhausted', async () => {
    const { first, second, of } = await play('quota');
    const refused = [of(first, 'cache'), of(second, 'cache')].some(
      (one) => one?.fault?.kind === 'quota' || JSON.stringify(one?.result ?? {}).includes('quota'),
    );
    expect(refused).toBe(true);
  });

  it('leak from a stale machine', async () => {
    const { risen } = await play('leak');
    const known = ['3d8dd7a1', '9185e2bc'].reduce(
      (sum, name) => sum + (risen(name, 'app_redis_commands_total', GET) || 0),
      0,
    );
    expect(risen('cache', 'redis_commands_total', GET) - known).toBeGreaterThan(1_000);
  });

  it('kill a machine', async () => {
    const { first, of } = await play('kill', null);
    expect(of(first, '9185e2bc')?.fault?.kind).toBe('network');
    expect(of(first, 'machines')?.result?.facts['machine 9185e2bc']).toMatch(/^stopped/);
  });

  it('restart storm', async () => {
    const { before, first, second, of } = await play('storm');
    const starts = [before, first, second].map((visits) => of(visits, '3d8dd7a1')?.result?.start?.marker);
    expect(new Set(starts).size).toBeGreaterThanOrEqual(2);
  });

  it('plateau', async () => {
    const { risen } = await play('plateau');
    expect(risen('cache', 'redis_commands_total', GET)).toBeGreaterThan(9_000);
  });

  it('slow API', async () => {
    const { risen } = await play('slow');
    const within = (le: string) => risen('3d8dd7a1', 'http_request_seconds_bucket_total', { le });
    expect(within('0.3') / within('+Inf')).toBeLessThan(0.95);
  });
});
