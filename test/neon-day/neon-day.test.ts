import { afterEach, describe, expect, test } from 'vitest';
import { type CounterState, type Increment, stepCounter } from '@/lib/core/metrics/increments.ts';
import { awakeSpans, withoutQuietTails } from '@/lib/core/neon/awake.ts';
import { computeState, suspendAfterSeconds } from '@/lib/core/neon/compute-state.ts';
import { startsDuring } from '@/lib/core/neon/own-starts.ts';
import { uncoveredShare } from '@/lib/core/neon/uncovered.ts';
import { judgeVisit, noteFacts, noteVisit, startGate } from '@/lib/core/neon/wake-gate.ts';
import type { ComputeOptions, ScaleToZeroCompute } from '@/lib/demo/neon/compute.ts';
import { startNeonServer } from '@/lib/demo/neon/server.ts';
import { NeonWakeGate } from '@/lib/server/collectors/neon/gate.ts';
import { neon } from '@/lib/server/collectors/neon/index.ts';
import { postgres } from '@/lib/server/collectors/postgres/index.ts';
import { Secret } from '@/lib/server/config/secret.ts';
import type { NeonTarget, PostgresTarget } from '@/lib/server/config/types.ts';
import { appDay, DAY_MS, DAY_START_MS, sleepyCompute, startSleepyPostgres, worldOf } from './day.ts';

const MINUTE_MS = 60_000;
const DAY_END_MS = DAY_START_MS + DAY_MS;
const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Row {
  who: string;
  wokenByUs: number;
  wokenByApp: number;
  awakeSeconds: number;
  sqlVisits: number;
  apiCalls: number;
}

function rowOf(who: string, compute: ScaleToZeroCompute, sqlVisits: number, apiCalls: number): Row {
  compute.advance(DAY_END_MS);
  const { app, watcher } = compute.wakeUps;
  const awakeSeconds = Math.round(compute.awakeMs() / 1000);
  return { who, wokenByUs: watcher, wokenByApp: app, awakeSeconds, sqlVisits, apiCalls };
}

/** Nobody watches. */
function nobody(instants: readonly number[], more: Partial<ComputeOptions> = {}): Row {
  return rowOf('nobody watches', sleepyCompute(instants, more), 0, 0);
}

/** Connects on a fixed beat, whatever the compute does. */
function poller(who: string, instants: readonly number[], everyMs: number): Row {
  const compute = sleepyCompute(instants);
  let visits = 0;
  for (let atMs = DAY_START_MS; atMs < DAY_END_MS; atMs += everyMs) {
    compute.use(atMs, 'watcher');
    visits += 1;
  }
  return rowOf(who, compute, visits, 0);
}

/** The rules of the gate alone, on a beat of six minutes; its visits take 200 ms. */
function gateAlone(who: string, instants: readonly number[], more: Partial<ComputeOptions> = {}): Row {
  const compute = sleepyCompute(instants, more);
  let memory = startGate(DAY_START_MS);
  let visits = 0;
  let questions = 0;
  let countedTo = DAY_START_MS;
  for (
    let atMs = DAY_START_MS + 17_000;
    atMs < DAY_END_MS;
    atMs += memory.visitEndMs !== null ? 360_000 : MINUTE_MS
  ) {
    const endpoint = compute.endpoint(atMs);
    const facts = {
      state: computeState({ current: endpoint.current, pending: endpoint.pending, disabled: false }),
      lastActiveMs: endpoint.lastActiveMs,
      startedMs: endpoint.startedMs,
      suspendSeconds: suspendAfterSeconds(endpoint.suspendTimeoutSeconds, endpoint.maxCu),
    };
    questions += 1;
    memory = noteFacts(memory, facts);
    if (!judgeVisit(memory, facts, atMs).open) continue;
    compute.use(atMs, 'watcher');
    compute.use(atMs + 200, 'watcher');
    const sawOthers = instants.some((ms) => ms > countedTo && ms <= atMs);
    countedTo = atMs;
    memory = noteVisit(memory, { endMs: atMs + 200, sawOthers });
    visits += 1;
  }
  return rowOf(who, compute, visits, questions);
}

const NEON_KEY = 'napi_test_key_of_the_day';

function neonTarget(apiUrl: string): NeonTarget {
  return {
    app: 'shop',
    environment: 'production',
    kind: 'neon',
    name: 'shop-db',
    apiUrl,
    address: new URL(apiUrl).host,
    apiKey: new Secret(NEON_KEY),
    project: null,
    intervalSeconds: null,
    timeoutSeconds: null,
  };
}

function postgresTarget(port: number): PostgresTarget {
  return {
    app: 'shop',
    environment: 'production',
    kind: 'postgres',
    name: 'shop-db',
    url: new Secret(`postgres://watcher@127.0.0.1:${port}/shop`),
    address: `127.0.0.1:${port}`,
    intervalSeconds: null,
    timeoutSeconds: null,
  };
}

/** Our own collectors and gate, over the network, through a day that passes as fast as they answer. */
async function afterwatchDay(instants: readonly number[]) {
  let nowMs = DAY_START_MS;
  const compute = sleepyCompute(instants);
  const api = await startNeonServer(worldOf(compute), { nowMs: () => nowMs, apiKey: NEON_KEY });
  closers.push(() => api.close());
  const database = await startSleepyPostgres(compute, instants, () => nowMs);
  closers.push(() => database.close());

  let queries = 0;
  const apiSession = neon.open(neonTarget(api.url), { count: () => undefined });
  const gate = new NeonWakeGate(neonTarget(api.url), 'ep-calm-lake-123456', { count: () => undefined });
  const dbSession = postgres.open(postgresTarget(database.port), {
    count: (act) => {
      if (act === 'query') queries += 1;
    },
    gate,
  });
  closers.push(
    () => apiSession.close(),
    () => dbSession.close(),
  );

  const visits: { startMs: number; endMs: number }[] = [];
  const increments: Increment[] = [];
  let counter: { state: CounterState | null; visitMs: number | null } = { state: null, visitMs: null };
  let awakeTold = 0;
  const states = new Set<string>();
  let dueMs = DAY_START_MS + 17_000;
  for (let minute = 0; minute < 1440; minute += 1) {
    nowMs = DAY_START_MS + minute * MINUTE_MS + 5_000;
    const seen = await apiSession.collect({ signal: new AbortController().signal, nowMs });
    awakeTold = seen.samples.find((s) => s.metric === 'neon_compute_awake_seconds_total')?.value ?? awakeTold;
    states.add(seen.facts.state ?? '');
    expect(seen.notices).toEqual([]);

    if (nowMs + MINUTE_MS <= dueMs) continue;
    nowMs = dueMs;
    const intervalMs = dbSession.pace().normalSeconds * 1000;
    const result = await dbSession.collect({ signal: new AbortController().signal, nowMs });
    dueMs += dbSession.pace().normalSeconds * 1000;
    const sample = result.samples.find((s) => s.metric === 'db_transactions_total');
    if (sample === undefined) continue;
    visits.push({ startMs: nowMs, endMs: nowMs + 1_000 });
    const step = stepCounter(counter.state, {
      atMs: nowMs,
      value: sample.value,
      intervalMs,
      start: result.start,
      previousVisitMs: counter.visitMs,
      absentThen: false,
    });
    counter = { state: step.state, visitMs: nowMs };
    if (step.increment !== null) increments.push(step.increment);
  }
  compute.advance(DAY_END_MS);
  return { compute, api, database, visits, increments, awakeTold, states, queries };
}

function print(rows: readonly Row[]): string {
  const head = ['', 'woken by us', 'woken by app', 'awake s', 'share', 'SQL visits', 'API calls'];
  const lines = rows.map((row) => [
    row.who,
    String(row.wokenByUs),
    String(row.wokenByApp),
    String(row.awakeSeconds),
    `${((row.awakeSeconds / 86_400) * 100).toFixed(1)} %`,
    String(row.sqlVisits),
    String(row.apiCalls),
  ]);
  const widths = head.map((_, at) => Math.max(...[head, ...lines].map((line) => line[at]?.length ?? 0)));
  return [head, ...lines]
    .map((line) =>
      line
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('  '),
    )
    .join('\n');
}

describe('24 hours beside a compute that sleeps after 300 s', () => {
  test('our collectors wake it 0 times and let it sleep; pollers do not', { timeout: 300_000 }, async () => {
    const instants = appDay(7);
    const alone = nobody(instants);
    const day = await afterwatchDay(instants);
    const ours = rowOf('Afterwatch', day.compute, day.visits.length, day.api.ledger.length);
    const naive = poller('a query every 30 s', instants, 30_000);
    const slow = poller('a query every 6 min, no gate', instants, 360_000);
    console.log(`\n${print([alone, ours, slow, naive])}\n`);

    expect(ours.wokenByUs).toBe(0);
    expect(ours.sqlVisits).toBeGreaterThan(90);
    // Each sleep may come later by what our visit prolonged: at most two minutes and the visit itself.
    const sleeps = alone.wokenByApp;
    const longerSeconds = ours.awakeSeconds - alone.awakeSeconds;
    expect(longerSeconds).toBeGreaterThanOrEqual(0);
    expect(longerSeconds).toBeLessThanOrEqual(sleeps * 121);
    expect(longerSeconds / alone.awakeSeconds).toBeLessThan(0.02);
    // By the log that Neon keeps, no start was asked for while a visit of ours ran.
    const log = day.compute.operations(DAY_END_MS);
    expect(startsDuring(log, day.visits)).toEqual([]);
    // What we told of its awake time is what it was, to the minute of the last visit.
    expect(Math.abs(day.awakeTold - ours.awakeSeconds)).toBeLessThanOrEqual(60);
    expect([...day.states].toSorted()).toEqual(['active', 'asleep']);
    // Connections of ours end with each visit, and only reading calls were sent.
    expect(day.database.connections()).toBe(ours.sqlVisits);
    expect(new Set(day.api.ledger.map(({ method }) => method))).toEqual(new Set(['GET']));
    expect(day.api.ledger.every(({ status }) => status === 200)).toBe(true);

    // The others, so that the test can fail.
    expect(naive.wokenByUs).toBe(1);
    expect(naive.awakeSeconds).toBeGreaterThan(86_300);
    expect(slow.wokenByUs).toBeGreaterThan(50);
    expect(slow.awakeSeconds).toBeGreaterThan(alone.awakeSeconds * 1.3);

    const range = { startMs: DAY_START_MS, endMs: DAY_END_MS };
    const endpoint = day.compute.endpoint(DAY_END_MS);
    const now = {
      state: 'asleep' as const,
      startedMs: endpoint.startedMs,
      suspendedMs: endpoint.suspendedMs,
    };
    const awake = awakeSpans(log, now, range) ?? [];
    const all = uncoveredShare(awake, day.increments, range);
    const busy = uncoveredShare(withoutQuietTails(awake, 300, DAY_END_MS), day.increments, range);
    const percent = (share: number | null) => `${((share ?? 1) * 100).toFixed(1)} %`;
    console.log(
      `not covered by increments: ${percent(all.share)} of all awake time, ${percent(busy.share)} without the quiet time before each suspend`,
    );
    // Most of what is not covered is the time in which nothing happened any more.
    expect(all.share).toBeGreaterThan(busy.share ?? 1);
    expect(busy.share).toBeLessThan(0.1);
  });

  test.each([1, 2, 3, 4, 5, 6])('the rules hold for other days (%i)', (seed) => {
    const instants = appDay(seed);
    const alone = nobody(instants);
    const ours = gateAlone('gate', instants);
    expect(ours.wokenByUs).toBe(0);
    expect(ours.sqlVisits).toBeGreaterThan(90);
    expect(ours.awakeSeconds - alone.awakeSeconds).toBeLessThanOrEqual(alone.wokenByApp * 121);
  });

  const REPORTS: [string, NonNullable<ComputeOptions['report']>][] = [
    ['is 90 s behind', (ms, atMs) => Math.min(ms, atMs - 90_000)],
    ['is told in steps of a minute', (ms) => Math.floor(ms / 60_000) * 60_000],
    ['is told by the hour', (ms) => Math.floor(ms / 3_600_000) * 3_600_000],
    ['is not told', () => null],
    ['is always the year 2000', () => Date.UTC(2000, 0, 1)],
    ['lies in the future', (_ms, atMs) => atMs + 3_600_000],
  ];
  test.each(REPORTS)('0 wake-ups and tails under one timeout when last_active %s', (_what, report) => {
    for (const suspendLateMs of [0, 90_000]) {
      const instants = appDay(11);
      const alone = nobody(instants, { suspendLateMs });
      const ours = gateAlone('gate', instants, { report, suspendLateMs });
      expect(ours.wokenByUs).toBe(0);
      expect(ours.sqlVisits).toBeGreaterThan(40);
      const perSleep = (300_000 + suspendLateMs + 1_000) / 1000;
      expect(ours.awakeSeconds - alone.awakeSeconds).toBeLessThanOrEqual(alone.wokenByApp * perSleep);
    }
  });

  test.each([60, 120, 900, 3600])('a sleep timeout of %i s is respected', (suspendTimeoutSeconds) => {
    const instants = appDay(13);
    const alone = nobody(instants, { suspendTimeoutSeconds });
    const ours = gateAlone('gate', instants, { suspendTimeoutSeconds });
    expect(ours.wokenByUs).toBe(0);
    const recent = Math.min(0.4 * suspendTimeoutSeconds, 120) + 1;
    expect(ours.awakeSeconds - alone.awakeSeconds).toBeLessThanOrEqual(alone.wokenByApp * recent);
  });

  test('one that nobody uses is left asleep all day, and one that never sleeps is visited all day', () => {
    const unused = gateAlone('gate', []);
    expect(unused).toMatchObject({ wokenByUs: 0, awakeSeconds: 0, sqlVisits: 0 });
    const always = gateAlone('gate', [DAY_START_MS + 1_000], { suspendTimeoutSeconds: -1 });
    expect(always.sqlVisits).toBeGreaterThan(235);
  });

  test('with no activity but ours it falls asleep: we never hold it awake by ourselves', () => {
    // A compute that was started by somebody who left at once, and suspends later than it should.
    const instants = [DAY_START_MS + 100_000];
    for (const suspendLateMs of [0, 60_000, 110_000, 600_000]) {
      const ours = gateAlone('gate', instants, { suspendLateMs, report: () => null });
      expect(ours.wokenByUs).toBe(0);
      expect(ours.awakeSeconds).toBeLessThan(86_400 / 4);
    }
  });
});
