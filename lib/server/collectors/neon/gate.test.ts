import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type NeonServer, startNeonServer } from '@/lib/demo/neon/server.ts';
import { type StillParts, stillWorld } from '@/lib/demo/neon/still-world.ts';
import type { EndpointState, NeonWorld } from '@/lib/demo/neon/world.ts';
import { Secret } from '@/lib/server/config/secret.ts';
import type { PostgresTarget } from '@/lib/server/config/types.ts';
import { sleepyCompute, startSleepyPostgres } from '@/test/neon-day/day.ts';
import type { CollectorSession, ObserverAct } from '../collector.ts';
import { postgres } from '../postgres/index.ts';
import { HELD_BACK, type VisitGate } from '../postgres/visit-gate.ts';
import { gateFor, KeylessGate, NeonWakeGate, OwnVisits } from './gate.ts';
import { API_KEY, failureOf, NOW_MS, neonTarget, PROJECT } from './test-world.ts';

const MINUTE_MS = 60_000;
const EP = 'ep-calm-lake-1';
const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A fake API whose one compute is as `state` says at each moment. */
async function startApi(
  state: (atMs: number) => Partial<EndpointState>,
  more: StillParts = {},
): Promise<{ api: NeonServer; clock: { nowMs: number } }> {
  const clock = { nowMs: NOW_MS };
  const whole: NeonWorld = {
    ...stillWorld(NOW_MS, more),
    endpoints: (atMs) => stillWorld(atMs, { endpoints: [state(atMs)] }).endpoints(atMs),
  };
  const api = await startNeonServer(whole, { nowMs: () => clock.nowMs, apiKey: API_KEY });
  closers.push(() => api.close());
  return { api, clock };
}

/** A gate that has watched for an hour without a visit of ours. */
async function watching(state: (atMs: number) => Partial<EndpointState>, endpointId = EP) {
  const { api, clock } = await startApi(state);
  const gate = new NeonWakeGate(neonTarget(api.url, { project: PROJECT }), endpointId, {
    count: () => undefined,
  });
  closers.push(() => gate.close());
  const ask = (nowMs: number) => {
    clock.nowMs = nowMs;
    return gate.mayVisit({ signal: new AbortController().signal, nowMs });
  };
  await ask(NOW_MS - 60 * MINUTE_MS);
  return { api, gate, ask };
}

const busy = (atMs: number): Partial<EndpointState> => ({ lastActiveMs: atMs - 4_000 });

describe('the gate asks Neon before each visit', () => {
  test('and opens while somebody else is busy, at most every six minutes', async () => {
    const { api, gate, ask } = await watching(busy);
    expect(gate.paceSeconds()).toBe(60);
    expect(await ask(NOW_MS)).toEqual({ open: true, notices: [] });
    gate.noteVisit({ startMs: NOW_MS, endMs: NOW_MS + 300, sawOthers: null });
    expect(gate.paceSeconds()).toBe(360);
    expect((await ask(NOW_MS + 5 * MINUTE_MS)).open).toBe(false);
    expect((await ask(NOW_MS + 6 * MINUTE_MS)).open).toBe(true);
    const paths = new Set(api.ledger.map(({ method, path }) => `${method} ${path}`));
    expect([...paths]).toEqual([`GET /projects/${PROJECT}/endpoints/${EP}`]);
  });

  test('and says that it sleeps, since when, and that this is no fault', async () => {
    const { ask } = await watching((atMs) => ({ current: 'idle', suspendedMs: atMs - 5 * MINUTE_MS }));
    expect(await ask(NOW_MS)).toEqual({
      open: false,
      facts: { state: 'asleep', endpoint: EP, since: '2026-11-03T09:45:00Z' },
      notices: [{ code: HELD_BACK, text: expect.stringContaining('healthy and free') }],
    });
  });

  test('and stays away for an hour when the key is refused: the key is asked 24 times a day at most', async () => {
    const { api, ask } = await watching(busy);
    api.setFault({ kind: 'status', status: 401, message: `no ${API_KEY}` });
    const before = api.ledger.length;
    for (let minute = 0; minute < 24 * 60; minute += 6) {
      const answer = await ask(NOW_MS + minute * MINUTE_MS);
      expect(answer.open).toBe(false);
      expect(JSON.stringify(answer)).not.toContain(API_KEY);
    }
    expect(api.ledger.length - before).toBeLessThanOrEqual(24);
    api.setFault(null);
    expect((await ask(NOW_MS + 26 * 60 * MINUTE_MS)).open).toBe(true);
  });

  test('and obeys Retry-After, but asks again at once after a fault that pays nothing', async () => {
    const { api, ask } = await watching(busy);
    api.setFault({ kind: 'status', status: 429, message: 'slow', retryAfter: '600' });
    expect((await ask(NOW_MS)).open).toBe(false);
    api.setFault(null);
    expect((await ask(NOW_MS + 9 * MINUTE_MS)).open).toBe(false);
    expect((await ask(NOW_MS + 10 * MINUTE_MS)).open).toBe(true);
    for (const fault of [{ kind: 'reset' }, { kind: 'html' }, { kind: 'cut' }] as const) {
      api.setFault(fault);
      const closed = await ask(NOW_MS + 11 * MINUTE_MS);
      expect(closed).toMatchObject({ open: false, facts: { state: 'unknown' } });
      api.setFault(null);
      expect((await ask(NOW_MS + 11 * MINUTE_MS)).open).toBe(true);
    }
  });

  test('and never waits long for an answer', async () => {
    const { api, ask } = await watching(busy);
    api.setFault({ kind: 'silent' });
    const beganMs = performance.now();
    const answer = await ask(NOW_MS);
    expect(performance.now() - beganMs).toBeLessThan(3_250);
    expect(answer).toMatchObject({ open: false, notices: [{ text: expect.stringContaining('3 s') }] });
  });

  test('and names a compute that the key does not see', async () => {
    const { ask } = await watching(busy, 'ep-of-somebody-else-1');
    const text = JSON.stringify(await ask(NOW_MS + 2 * 60 * MINUTE_MS));
    expect(text).toContain('404');
    expect(text).toContain('endpoint ep-of-somebody-else-1');
  });

  test('and does not take the visits of a sister gate for somebody else', async () => {
    /** Awake time in the hour after the app stopped, beside three databases of ours on the same compute. */
    const awakeMinutes = async (shared: OwnVisits | null): Promise<number> => {
      const clock = { nowMs: NOW_MS };
      const at = Array.from({ length: 120 }, (_, n) => NOW_MS - 10 * MINUTE_MS + n * 5_000);
      const compute = sleepyCompute(at, { id: EP, createdMs: NOW_MS - 20 * MINUTE_MS });
      const whole: NeonWorld = { ...stillWorld(NOW_MS), endpoints: (ms) => [compute.endpoint(ms)] };
      const api = await startNeonServer(whole, { nowMs: () => clock.nowMs, apiKey: API_KEY });
      closers.push(() => api.close());
      const gates = [0, 1, 2].map(() => {
        const deps = { count: () => undefined, ...(shared !== null && { visits: shared }) };
        const gate = new NeonWakeGate(neonTarget(api.url, { project: PROJECT }), EP, deps);
        closers.push(() => gate.close());
        return gate;
      });
      for (let turn = -5; turn < 30; turn += 1) {
        clock.nowMs = NOW_MS + turn * 2 * MINUTE_MS;
        const { nowMs } = clock;
        const gate = gates[(turn + 6) % 3];
        const permit = await gate?.mayVisit({ signal: new AbortController().signal, nowMs });
        if (permit?.open !== true) continue;
        compute.use(nowMs + 500, 'watcher');
        gate?.noteVisit({ startMs: nowMs, endMs: nowMs + 500, sawOthers: null });
      }
      expect(compute.wakeUps.watcher).toBe(0);
      compute.advance(NOW_MS + 60 * MINUTE_MS);
      return compute.awakeMs() / MINUTE_MS - 10;
    };
    expect(await awakeMinutes(new OwnVisits())).toBeLessThan(7.1);
    // Each for itself, they would take turns.
    expect(await awakeMinutes(null)).toBeGreaterThan(55);
  });

  test('and owns up to a start that fell into a visit', async () => {
    const startedMs = NOW_MS + 200;
    const { gate, ask } = await watching((atMs) =>
      atMs > startedMs ? { ...busy(atMs), startedMs } : busy(atMs),
    );
    await ask(NOW_MS);
    gate.noteVisit({ startMs: NOW_MS, endMs: NOW_MS + 900, sawOthers: null });
    const later = await ask(NOW_MS + 6 * MINUTE_MS);
    expect(later.notices.map(({ code }) => code)).toEqual(['woke_compute']);
  });
});

function databaseTarget(url: string, more: Partial<PostgresTarget> = {}): PostgresTarget {
  return {
    app: 'shop',
    environment: 'production',
    kind: 'postgres',
    name: 'shop-db',
    url: new Secret(url),
    address: new URL(url).host,
    intervalSeconds: null,
    timeoutSeconds: 3,
    ...more,
  };
}

function openDatabase(url: string, gate: VisitGate | null, more: Partial<PostgresTarget> = {}) {
  const acts: ObserverAct[] = [];
  const session: CollectorSession = postgres.open(databaseTarget(url, more), {
    count: (act) => acts.push(act),
    gate,
  });
  closers.push(() => session.close());
  const visit = (nowMs: number) => session.collect({ signal: AbortSignal.timeout(3_000), nowMs });
  return { session, acts, visit };
}

describe('postgres behind the gate', () => {
  const at = Array.from({ length: 720 }, (_, n) => NOW_MS - 30 * MINUTE_MS + n * 5_000);

  async function together() {
    let nowMs = NOW_MS;
    const compute = sleepyCompute(at, { id: EP, createdMs: NOW_MS - 60 * MINUTE_MS });
    const world: NeonWorld = { ...stillWorld(NOW_MS), endpoints: (ms) => [compute.endpoint(ms)] };
    const api = await startNeonServer(world, { nowMs: () => nowMs, apiKey: API_KEY });
    closers.push(() => api.close());
    const server = await startSleepyPostgres(compute, at, () => nowMs);
    closers.push(() => server.close());
    const gate = new NeonWakeGate(neonTarget(api.url, { project: PROJECT }), EP, { count: () => undefined });
    const database = openDatabase(`postgres://watcher@127.0.0.1:${server.port}/shop`, gate);
    const visit = (ms: number) => {
      nowMs = ms;
      return database.visit(ms);
    };
    return { ...database, visit, compute, server, api };
  }

  test('reads while others are busy, over a connection of its own each time, and nothing afterwards', async () => {
    const { visit, acts, server, compute, session } = await together();
    expect((await visit(NOW_MS)).samples).toEqual([]);
    expect(acts).toEqual([]);
    expect(session.pace().normalSeconds).toBe(60);
    const first = await visit(NOW_MS + MINUTE_MS);
    const second = await visit(NOW_MS + 7 * MINUTE_MS);
    expect(first.samples.length).toBeGreaterThan(15);
    expect(session.pace()).toMatchObject({ normalSeconds: 360, denseSeconds: 360 });
    const queries = [first, second].map(
      ({ samples }) => samples.find(({ metric }) => metric === 'db_queries_total')?.value ?? 0,
    );
    expect((queries[1] ?? 0) - (queries[0] ?? 0)).toBe(72);
    expect(acts.filter((act) => act === 'connect')).toHaveLength(2);
    expect(acts.filter((act) => act === 'query')).toHaveLength(8);
    expect(server.connections()).toBe(2);
    // The app stops after half an hour more; from then on nobody connects, and the compute sleeps.
    const quiet = await visit(NOW_MS + 40 * MINUTE_MS);
    expect(quiet).toMatchObject({ samples: [], start: null, facts: { state: 'asleep' } });
    expect(quiet.notices.map(({ code }) => code)).toEqual([HELD_BACK]);
    expect(server.connections()).toBe(2);
    expect(compute.wakeUps.watcher).toBe(0);
    // While it sleeps we ask each minute, so that the next visit comes soon after somebody wakes it.
    expect(session.pace().normalSeconds).toBe(60);
  });

  test('a visit that fails counts as ours all the same', async () => {
    const { visit, server } = await together();
    await visit(NOW_MS);
    await server.close();
    expect((await failureOf(visit(NOW_MS + MINUTE_MS))).kind).toBe('network');
    const next = await visit(NOW_MS + 3 * MINUTE_MS);
    expect(next.notices[0]?.text).toContain('less than six minutes ago');
  });
});

describe('postgres on Neon without a key', () => {
  const NEON_URL = 'postgres://watcher:pw@ep-calm-lake-1-pooler.eu-central-1.aws.neon.tech/shop';

  test('is never connected to, and what is lost is said', async () => {
    const { visit, acts, session } = openDatabase(NEON_URL, null);
    for (let hour = 0; hour < 24; hour += 1) {
      const result = await visit(NOW_MS + hour * 60 * MINUTE_MS);
      expect(result).toMatchObject({ samples: [], facts: { state: 'unknown' } });
      expect(result.notices.map(({ code }) => code)).toEqual([HELD_BACK]);
      expect(result.notices[0]?.text).toMatch(/queries, connections and locks are not known.*NEON_API_KEY/);
    }
    expect(acts).toEqual([]);
    expect(session.pace().normalSeconds).toBe(360);
  });

  test('an interval set by hand accepts the wake-ups, at most every six minutes, and says so', async () => {
    const { session } = openDatabase(NEON_URL, null, { intervalSeconds: 15 });
    expect(session.pace()).toMatchObject({ normalSeconds: 360, denseSeconds: 360 });
    const permit = await new KeylessGate(true).mayVisit();
    expect(permit.open).toBe(true);
    expect(permit.notices.map(({ code }) => code)).toEqual(['wakes_compute']);
  });

  test('another database has no gate', async () => {
    const silent = net.createServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .end(),
    );
    closers.push(() => new Promise((resolve) => silent.close(resolve)));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const { session, acts, visit } = openDatabase(`postgres://a:b@127.0.0.1:${port}/app`, null);
    expect(session.pace().normalSeconds).toBe(30);
    await failureOf(visit(NOW_MS));
    expect(acts).toContain('connect');
  });
});

describe('gateFor', () => {
  const deps = { count: () => undefined };
  const url = (host: string) => ({ ...databaseTarget(`postgres://a:b@${host}/app`) });
  const neon = (more: object = {}) => neonTarget('http://127.0.0.1:1/api/v2', more);

  test('is there for a database at Neon with a Neon source in its scope, pooled or not', async () => {
    for (const host of ['ep-calm-lake-1.eu.aws.neon.tech', 'ep-calm-lake-1-pooler.eu.aws.neon.tech']) {
      const gate = gateFor(url(host), [neon()], deps);
      expect(gate).toBeInstanceOf(NeonWakeGate);
      await gate?.close();
    }
  });

  test('is none for other hosts, other scopes and hosts that name no compute', () => {
    expect(gateFor(url('db.example.test'), [neon()], deps)).toBeNull();
    expect(gateFor(url('ep-calm-lake-1.eu.aws.neon.tech'), [], deps)).toBeNull();
    expect(
      gateFor(url('ep-calm-lake-1.eu.aws.neon.tech'), [neon({ environment: 'staging' })], deps),
    ).toBeNull();
    expect(gateFor(url('eu.aws.neon.tech'), [neon()], deps)).toBeNull();
  });
});
