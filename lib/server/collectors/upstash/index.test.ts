import { inspect } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { CounterState } from '@/lib/core/metrics/increments.ts';
import { stepCounter } from '@/lib/core/metrics/increments.ts';
import type { CollectResult } from '@/lib/core/model/scrape.ts';
import type { UpstashFault } from '@/lib/demo/upstash/faults.ts';
import { startUpstashServer, type UpstashCall, type UpstashServer } from '@/lib/demo/upstash/server.ts';
import { FREE_ID, PAID_ID, steadyDatabase, steadyWorld } from '@/lib/demo/upstash/test-world.ts';
import { type UpstashHabits, type UpstashWorld, USUAL_HABITS } from '@/lib/demo/upstash/world.ts';
import { Secret } from '@/lib/server/config/secret.ts';
import type { UpstashTarget } from '@/lib/server/config/types.ts';
import { type HistorySession, type ObserverAct, ScrapeError } from '../collector.ts';
import { upstash } from './index.ts';
import { database } from './test-target.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const START_MS = Date.parse('2026-04-09T20:40:00Z');
const SECRETS = /k3y-of-the-account|owner@harbor|demo-(password|rest|read)|b3duZXJAaGFyYm9y/;
const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

// Some tests make many visits, on machines that do other things beside.
vi.setConfig({ testTimeout: 30_000 });

/** The fake API, a session that reads it, and the one clock of both. */
async function bench(
  given: Partial<UpstashTarget> = {},
  world: UpstashWorld = steadyWorld(),
  habits: UpstashHabits = USUAL_HABITS,
) {
  const clock = { ms: START_MS };
  const server = await startUpstashServer(world, { nowMs: () => clock.ms, habits: () => habits });
  closers.push(() => server.close());
  const acts: ObserverAct[] = [];
  const session = upstash.open(database({ apiUrl: server.url, ...given }), {
    count: (act) => acts.push(act),
  });
  closers.push(() => session.close());
  return { clock, server, session, acts, visit: () => visitAt(session, clock.ms) };
}

function visitAt(
  session: HistorySession,
  nowMs: number,
  signal = new AbortController().signal,
): Promise<CollectResult> {
  return session.collect({ signal, nowMs });
}

async function failure(visit: Promise<unknown>): Promise<ScrapeError> {
  const error = await visit.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ScrapeError)) throw new Error(`expected a ScrapeError, got ${inspect(error)}`);
  expect(error.message).toMatch(/^upstash: main-cache/);
  expect(inspect(error, { depth: 10 })).not.toMatch(SECRETS);
  return error;
}

function value(
  result: CollectResult,
  metric: string,
  labels: Record<string, string> = {},
): number | undefined {
  return result.samples.find((one) => one.metric === metric && inspect(one.labels) === inspect(labels))
    ?.value;
}

const calls = (server: UpstashServer) => server.ledger.map(({ call }) => call);
const codes = ({ notices }: CollectResult) => notices.map(({ code }) => code);

describe('what is asked', () => {
  test('first the list and the statistics, then the statistics alone, every 10 minutes the database with its credentials hidden', async () => {
    const { clock, server, visit, acts } = await bench();
    await visit();
    expect(calls(server)).toEqual(['list', 'stats']);
    for (let minute = 1; minute <= 20; minute += 1) {
      clock.ms += MINUTE;
      await visit();
    }
    expect(calls(server).filter((call) => call === 'stats')).toHaveLength(21);
    const details = server.ledger.filter(({ call }) => call === 'database');
    expect(details.map(({ atMs }) => (atMs - START_MS) / MINUTE)).toEqual([10, 20]);
    expect(details.every(({ path }) => path === `/v2/redis/database/${PAID_ID}?credentials=hide`)).toBe(true);
    expect(server.ledger.every(({ method, status }) => method === 'GET' && status === 200)).toBe(true);
    expect(acts.filter((act) => act === 'request')).toHaveLength(server.ledger.length);
  });

  test('four virtual hours: 240 visits make 264 requests, a sixth of the day’s number that is said', async () => {
    const { clock, server, visit } = await bench();
    server.setFault({ type: 'body', body: '{"daily_net_commands":1}' }, 'stats');
    const first = await visit();
    for (let minute = 1; minute < 240; minute += 1) {
      clock.ms += MINUTE;
      await visit();
    }
    const count = (call: string) => calls(server).filter((one) => one === call).length;
    expect([count('list'), count('database'), count('stats')]).toEqual([1, 23, 240]);
    expect(first.facts.requestsADay).toBe((server.ledger.length * 6).toLocaleString('en-US'));
  });

  test('an id needs no list', async () => {
    const { server, visit } = await bench({ database: PAID_ID });
    await visit();
    expect(calls(server)).toEqual(['database', 'stats']);
  });

  test('says how many requests a day that makes', async () => {
    const usual = await bench();
    expect((await usual.visit()).facts.requestsADay).toBe('1,584');
    const slow = await bench({ intervalSeconds: 3_600 });
    expect((await slow.visit()).facts.requestsADay).toBe('48');
  });

  test('has the default pace, or the target’s own', () => {
    const pace = (given: Partial<UpstashTarget>) => {
      const session = upstash.open(database(given), { count: () => {} });
      closers.push(() => session.close());
      return session.pace();
    };
    expect(pace({})).toEqual({ normalSeconds: 60, denseSeconds: 60, fixedBeat: false, timeoutSeconds: 10 });
    expect(pace({ intervalSeconds: 300, timeoutSeconds: 20 })).toEqual({
      normalSeconds: 300,
      denseSeconds: 60,
      fixedBeat: false,
      timeoutSeconds: 20,
    });
  });
});

describe('which database', () => {
  const two = () =>
    steadyWorld([
      steadyDatabase({ get: 10 }),
      steadyDatabase(
        { get: 1 },
        { id: FREE_ID, name: 'staging-cache', plan: 'free', requestLimit: 500_000, budgetUsd: 0 },
      ),
    ]);

  test('by name', async () => {
    const { visit } = await bench({ database: 'staging-cache' }, two());
    const result = await visit();
    expect(result.facts).toMatchObject({
      database: 'staging-cache',
      plan: 'free',
      commandLimit: '500,000',
      budget: 'none',
    });
    expect(value(result, 'upstash_requests_limit')).toBe(500_000);
  });

  test('none named while there are several: a fault that lists them, asked again once an hour', async () => {
    const { visit } = await bench({}, two());
    const error = await failure(visit());
    expect(error.kind).toBe('grant');
    expect(error.message).toContain('2 databases (main-cache, staging-cache); set database');
    expect(error.retryAfterMs).toBe(HOUR);
  });

  test.each(['fly-harbor', '0a0b0c0d-0000-4000-8000-000000000001'])(
    '%s is not in the account: says what is, and what works for those made through Fly or Vercel',
    async (wanted) => {
      const { visit, server } = await bench({ database: wanted }, two());
      const error = await failure(visit());
      expect(error.kind).toBe('grant');
      expect(error.message).toContain('main-cache, staging-cache');
      expect(error.message).toContain(
        'made through Fly or Vercel have no Developer API: watch them by the redis source',
      );
      expect(server.ledger.length).toBeLessThanOrEqual(2);
    },
  );

  test('an account without any database says the same', async () => {
    const { visit } = await bench({}, steadyWorld([]));
    expect((await failure(visit())).message).toContain(
      'has no Redis database; databases made through Fly or Vercel',
    );
  });

  test('two of one name: the id is asked for', async () => {
    const twins = steadyWorld([steadyDatabase({ get: 1 }), steadyDatabase({ get: 1 }, { id: FREE_ID })]);
    const { visit } = await bench({ database: 'main-cache' }, twins);
    expect((await failure(visit())).message).toContain(
      '2 databases of this account are named main-cache; set database to the id',
    );
  });

  test('one that is deleted and made anew under its name is found again', async () => {
    const made: ReturnType<typeof steadyDatabase>[] = [steadyDatabase({ get: 1 })];
    const { clock, visit } = await bench({ database: 'main-cache' }, steadyWorld(made));
    await visit();
    made.splice(0, 1, steadyDatabase({ get: 1 }, { id: FREE_ID }));
    clock.ms += MINUTE;
    expect((await failure(visit())).kind).toBe('grant');
    clock.ms += MINUTE;
    expect((await visit()).facts.databaseId).toBe(FREE_ID.slice(0, 8));
  });
});

/** What the store would count of one counter over these visits. */
class Tally {
  state: CounterState | null = null;
  sum = 0;
  largest = 0;
  previousVisitMs: number | null = null;
  constructor(
    readonly metric: string,
    readonly labels: Record<string, string> = {},
  ) {}
  take(result: CollectResult, atMs: number): void {
    const sample = result.samples.find(
      (one) => one.metric === this.metric && inspect(one.labels) === inspect(this.labels),
    );
    if (sample === undefined) return;
    const step = stepCounter(this.state, {
      atMs,
      value: sample.value,
      intervalMs: MINUTE,
      start: sample.start ?? null,
      previousVisitMs: this.previousVisitMs,
      absentThen: false,
    });
    this.state = step.state;
    this.previousVisitMs = atMs;
    this.sum += step.increment?.increase ?? 0;
    this.largest = Math.max(this.largest, step.increment?.increase ?? 0);
  }
}

describe('counts over many visits', () => {
  test.each([
    ['on a grid', {}],
    ['with the newest point told short at first', { newestShare: 0.3 }],
    ['with a newest point that is missing instead of null', { newest: 'missing' as const }],
  ])('half an hour of GETs adds up exactly, %s', async (_name, habits) => {
    const { clock, visit } = await bench({}, undefined, { ...USUAL_HABITS, ...habits });
    const gets = new Tally('upstash_commands_total', { cmd: 'get' });
    const all = new Tally('upstash_net_commands_total');
    for (let minute = 0; minute <= 30; minute += 1) {
      const result = await visit();
      gets.take(result, clock.ms);
      all.take(result, clock.ms);
      clock.ms += MINUTE;
    }
    // The last point is still told short, and the first one stood where counting began.
    const untoldYet = 'newestShare' in habits ? 70 : 0;
    expect(gets.sum).toBe(30 * 600 - untoldYet);
    expect(all.sum).toBe(30 * 60 * 13);
  });

  test('a grid that moves with each answer adds up too', async () => {
    const { clock, visit } = await bench({}, undefined, { ...USUAL_HABITS, driftingGrid: true });
    const gets = new Tally('upstash_commands_total', { cmd: 'get' });
    for (let n = 0; n <= 30; n += 1) {
      gets.take(await visit(), clock.ms);
      clock.ms += 63_000;
    }
    expect(gets.sum / (30 * 63 * 10)).toBeCloseTo(1, 3);
  });

  test('visits left out for two hours are made up by a longer period; without one, counting begins anew', async () => {
    const { clock, server, visit } = await bench();
    const gets = new Tally('upstash_commands_total', { cmd: 'get' });
    gets.take(await visit(), clock.ms);
    clock.ms += 2 * HOUR;
    gets.take(await visit(), clock.ms);
    expect(server.ledger.at(-1)?.path).toContain('period=3h');
    expect(gets.sum).toBe(72_000);
    clock.ms += 9 * 24 * HOUR;
    const late = await visit();
    expect(server.ledger.at(-1)?.path).toContain('period=7d');
    expect(codes(late)).toContain('points_missed');
  });

  test('across midnight and month’s end no minute counts more than a minute', async () => {
    const { clock, visit } = await bench();
    clock.ms = Date.parse('2026-04-30T23:45:00Z');
    const tallies = [
      'upstash_net_commands_total',
      'upstash_month_requests_total',
      'upstash_day_requests_total',
      'upstash_bandwidth_bytes_total',
    ].map((metric) => new Tally(metric));
    for (let minute = 0; minute < 30; minute += 1) {
      const result = await visit();
      for (const tally of tallies) tally.take(result, clock.ms);
      clock.ms += MINUTE;
    }
    const [commands, month, day, bytes] = tallies;
    for (const tally of [commands, month, day]) {
      expect(tally?.largest, tally?.metric).toBe(60 * 13);
      // 29 minutes, and of the one in which the period ended only what came after it.
      expect(tally?.sum, tally?.metric).toBeGreaterThanOrEqual(28 * 60 * 13);
    }
    expect(bytes?.largest).toBe(60 * 4_096);
  });
});

describe('a part that is missing', () => {
  test('the statistics are refused: limits and state stand, the grant is named, and it is asked once an hour', async () => {
    const { clock, server, session, visit } = await bench();
    server.setFault({ type: 'status', code: 403, body: '{"message":"stats not allowed"}' }, 'stats');
    const result = await visit();
    expect(value(result, 'upstash_active')).toBe(1);
    expect(result.samples.some(({ metric }) => metric === 'upstash_net_commands_total')).toBe(false);
    const text = result.notices.find(({ code }) => code === 'stats_refused')?.text;
    expect(text).toContain('may not read its statistics (403); give it a key');
    expect(text).toContain('stats not allowed');
    expect(session.pace().normalSeconds).toBe(3_600);
    server.setFault(null);
    clock.ms += HOUR;
    expect(value(await visit(), 'upstash_connections')).toBe(45);
    expect(session.pace().normalSeconds).toBe(60);
  });

  test('the database cannot be read: the statistics stand, its last limits stay for half an hour and no longer', async () => {
    const { clock, server, visit } = await bench();
    await visit();
    server.setFault({ type: 'status', code: 500 }, 'database');
    clock.ms += 11 * MINUTE;
    const result = await visit();
    expect(codes(result)).toContain('details_unread');
    expect(value(result, 'upstash_connections_limit')).toBe(10_000);
    expect(value(result, 'upstash_net_commands_total')).toBeGreaterThan(0);
    clock.ms += 20 * MINUTE;
    const later = await visit();
    expect(value(later, 'upstash_connections_limit')).toBeUndefined();
    expect(value(later, 'upstash_net_commands_total')).toBeGreaterThan(0);
    server.setFault(null);
    clock.ms += 10 * MINUTE;
    expect(value(await visit(), 'upstash_connections_limit')).toBe(10_000);
  });

  test('a slow database answer leaves time for the statistics', async () => {
    const { server, visit } = await bench({ database: PAID_ID, timeoutSeconds: 2 });
    server.setFault({ type: 'silent' }, 'database');
    const result = await visit();
    expect(codes(result)).toContain('details_unread');
    expect(value(result, 'upstash_connections')).toBe(45);
  });

  test('a suspended database is told as such', async () => {
    const world = steadyWorld([steadyDatabase({ get: 1 }, { stateAt: () => 'suspended' })]);
    const { visit } = await bench({}, world);
    const result = await visit();
    expect(value(result, 'upstash_active')).toBe(0);
    expect(codes(result)).toContain('database_not_active');
  });
});

describe('a failed visit has a kind and a text that helps, and no secret in it', () => {
  const cases: [string, UpstashFault, ScrapeError['kind'], string][] = [
    ['revoked key, 401', { type: 'status', code: 401 }, 'auth', 'refused the e-mail or the API key (401)'],
    ['403', { type: 'status', code: 403 }, 'grant', '(403)'],
    ['404', { type: 'status', code: 404 }, 'grant', 'check database and apiUrl'],
    ['406', { type: 'status', code: 406 }, 'http', 'answered 406'],
    ['429', { type: 'status', code: 429 }, 'limit', 'too many requests'],
    ['500', { type: 'status', code: 500 }, 'http', 'answered 500'],
    ['503', { type: 'status', code: 503 }, 'http', 'answered 503'],
    ['HTML with 200', { type: 'html' }, 'parse', 'HTML, perhaps a login page'],
    [
      'JSON that is cut',
      { type: 'body', body: '{"database_id":"x", "password":"demo-password-1' },
      'parse',
      'no JSON, or was cut',
    ],
    ['no bytes', { type: 'body', body: '' }, 'parse', 'no JSON'],
    ['another shape', { type: 'body', body: '{"databases":[]}' }, 'parse', 'another shape'],
    ['an error under 200', { type: 'body', body: '{"error":"try later"}' }, 'parse', 'another shape'],
    ['null', { type: 'body', body: 'null' }, 'parse', 'another shape'],
    ['a body over 8 MB', { type: 'huge', bytes: 20 * 1024 * 1024 }, 'limit', '8.4 MB'],
    ['a connection that is cut in the answer', { type: 'cut' }, 'network', 'closed the connection'],
    ['a reset', { type: 'reset' }, 'network', 'closed the connection'],
    [
      'a redirect to a private address',
      { type: 'redirect', location: 'http://169.254.169.254/' },
      'http',
      'redirect',
    ],
    ['silence', { type: 'silent' }, 'timeout', 'no complete answer'],
    ['a slow drip', { type: 'drip', delayMs: 50 }, 'timeout', 'no complete answer'],
    ['an answer after the deadline', { type: 'slow', delayMs: 5_000 }, 'timeout', 'no complete answer'],
  ];
  const places: UpstashCall[] = ['list', 'stats'];
  const grid = places.flatMap((call) =>
    cases.map(([name, fault, kind, words]) => [call, name, fault, kind, words] as const),
  );

  test.each(grid)('%s: %s', async (call, _name, fault, kind, words) => {
    const timeoutSeconds = kind === 'timeout' ? 0.5 : 10;
    const { server, visit } = await bench({ timeoutSeconds });
    server.setFault(fault, call);
    // For the statistics a refusal that stays is told beside the rest, see above.
    if (call === 'stats' && kind === 'grant') {
      expect(codes(await visit())).toContain('stats_refused');
      return;
    }
    const beganMs = performance.now();
    const error = await failure(visit());
    if (kind === 'timeout') expect(performance.now() - beganMs).toBeLessThan(500 + 1_000);
    expect(error.kind).toBe(kind);
    if (kind !== 'limit' || fault.type !== 'huge') expect(error.message).toContain(words);
  });

  const retries: [string, string | undefined, number][] = [
    ['seconds', '120', 120_000],
    ['an HTTP date', new Date(START_MS + 90_000).toUTCString(), 90_000],
    ['absent', undefined, 60_000],
    ['nonsense', 'soon', 60_000],
    ['negative', '-5', 60_000],
    ['huge', '1000000000', HOUR],
    ['a date that has passed', new Date(START_MS - 90_000).toUTCString(), 1_000],
  ];
  test.each(retries)('429 with a Retry-After that is %s', async (_name, retryAfter, waitMs) => {
    const { server, visit } = await bench();
    server.setFault(
      { type: 'status', code: 429, ...(retryAfter === undefined ? {} : { retryAfter }) },
      'stats',
    );
    expect((await failure(visit())).retryAfterMs).toBe(waitMs);
  });

  test('429 for the database alone ends the visit: the statistics are not asked', async () => {
    const { server, visit } = await bench({ database: PAID_ID });
    server.setFault({ type: 'status', code: 429, retryAfter: '30' }, 'database');
    expect((await failure(visit())).retryAfterMs).toBe(30_000);
    expect(calls(server)).toEqual(['database']);
  });

  test('429 again and again without a Retry-After: the wait doubles up to 15 minutes, and starts over after a good visit', async () => {
    const { server, visit } = await bench();
    server.setFault({ type: 'status', code: 429 });
    const waits: (number | null)[] = [];
    for (let n = 0; n < 6; n += 1) waits.push((await failure(visit())).retryAfterMs);
    expect(waits).toEqual([1, 2, 4, 8, 15, 15].map((minutes) => minutes * MINUTE));
    server.setFault(null);
    await visit();
    server.setFault({ type: 'status', code: 503 });
    expect((await failure(visit())).retryAfterMs).toBe(MINUTE);
  });

  test('the API’s own words are told, but for what is ours alone', async () => {
    const { server, visit } = await bench();
    const said = `bad pair owner@harbor.example:k3y-of-the-account`;
    for (const body of [
      JSON.stringify({ error: said }),
      JSON.stringify({ code: '401', message: said }),
      said,
    ]) {
      server.setFault({ type: 'status', code: 401, body });
      const error = await failure(visit());
      expect(error.message).toContain('(it says: bad pair [hidden]:[hidden])');
    }
  });

  test('a wrong key is an auth failure with what works for databases of Fly and Vercel', async () => {
    const { visit } = await bench({ apiKey: new Secret('another') });
    const error = await failure(visit());
    expect(error.kind).toBe('auth');
    expect(error.message).toContain('made through Fly or Vercel');
  });

  test('nobody listens; a name that DNS does not know; a metadata address', async () => {
    const at = async (apiUrl: string) => (await bench({ apiUrl })).visit();
    expect((await failure(at('http://127.0.0.1:1/v2'))).message).toContain(
      '127.0.0.1:1 refused the connection',
    );
    expect((await failure(at('http://169.254.169.254/v2'))).kind).toBe('grant');
  });

  test('the poller’s signal ends a visit at once', async () => {
    const { clock, server, session } = await bench();
    server.setFault({ type: 'silent' });
    const error = await failure(visitAt(session, clock.ms, AbortSignal.timeout(100)));
    expect(error.kind).toBe('timeout');
  });

  test('after any failure the next good visit goes on counting', async () => {
    const { clock, server, visit } = await bench();
    const gets = new Tally('upstash_commands_total', { cmd: 'get' });
    gets.take(await visit(), clock.ms);
    for (const fault of [{ type: 'reset' }, { type: 'html' }, { type: 'status', code: 500 }] as const) {
      clock.ms += MINUTE;
      server.setFault(fault);
      await failure(visit());
    }
    server.setFault(null);
    clock.ms += MINUTE;
    gets.take(await visit(), clock.ms);
    expect(gets.sum).toBe(4 * 600);
  });

  test('20 MB that are refused leave no memory behind', async () => {
    const { server, visit } = await bench();
    server.setFault({ type: 'huge', bytes: 100 * 1024 * 1024 }, 'stats');
    const before = process.memoryUsage().rss;
    expect((await failure(visit())).kind).toBe('limit');
    expect(process.memoryUsage().rss - before).toBeLessThan(40 * 1024 * 1024);
  });
});

test('no credential that the API sends comes out of a visit', async () => {
  const { clock, visit } = await bench();
  const first = await visit();
  clock.ms += 11 * MINUTE;
  expect(inspect([first, await visit()], { depth: 20, maxArrayLength: null })).not.toMatch(SECRETS);
});

describe('history', () => {
  const week = { startMs: START_MS - 7 * 24 * HOUR, endMs: START_MS };

  async function read(given: Partial<UpstashTarget> = {}, range = week, habits = USUAL_HABITS) {
    const all = await bench(given, undefined, habits);
    const shares: number[] = [];
    const ask = () =>
      all.session.history({
        signal: new AbortController().signal,
        nowMs: all.clock.ms,
        range,
        onProgress: (share) => shares.push(share),
      });
    return { ...all, ask, series: await ask(), shares };
  }

  test('one request for the week, after the list; progress to the end', async () => {
    const { server, shares } = await read();
    expect(server.ledger.map(({ path }) => path)).toEqual([
      '/v2/redis/databases',
      `/v2/redis/stats/${PAID_ID}?period=7d`,
    ]);
    expect(shares).toEqual([0.2, 0.9, 1]);
  });

  test('GETs of the week on a grid of UTC, inferred; finished days beside them, measured and not mixed in', async () => {
    const { series } = await read();
    const gets = series.find(
      ({ metric, labels }) => metric === 'upstash_commands_total' && labels.cmd === 'get',
    );
    expect(gets?.quality).toBe('inferred');
    const first = gets?.stretches[0];
    expect(first && first.endMs - first.startMs).toBe(1_800_000);
    expect(
      gets?.stretches.every(
        ({ startMs, value: count }) => startMs % 1_800_000 === 0 && Math.abs(count - 18_000) < 1e-3,
      ),
    ).toBe(true);
    expect(gets?.stretches.length).toBeGreaterThan(330);
    const days = series.find(({ metric }) => metric === 'upstash_day_requests_total');
    expect(days?.quality).toBe('measured');
    expect(
      days?.stretches.map(({ startMs, endMs, value: count }) => [
        new Date(startMs).toISOString().slice(0, 10),
        endMs - startMs,
        count,
      ]),
    ).toEqual(
      ['2026-04-05', '2026-04-06', '2026-04-07', '2026-04-08'].map((day) => [day, 24 * HOUR, 86_400 * 13]),
    );
    const latency = series.find(
      ({ metric, labels }) => metric === 'upstash_latency_p99_seconds' && labels.op === 'write',
    );
    expect(latency?.stretches[0]?.value).toBe(0.003);
  });

  test('asked twice, the same stretches', async () => {
    const { series, ask } = await read();
    expect(await ask()).toEqual(series);
  });

  test('asked later, the same stretches where both know them', async () => {
    const { series, ask, clock } = await read({}, week, { ...USUAL_HABITS, driftingGrid: true });
    clock.ms += 7 * MINUTE;
    const later = await ask();
    const of = (from: typeof series) =>
      new Map(
        from
          .find(({ metric, labels }) => metric === 'upstash_commands_total' && labels.cmd === 'get')
          ?.stretches.map((one) => [one.startMs, one.value]),
      );
    const [a, b] = [of(series), of(later)];
    for (const [startMs, count] of a) if (b.has(startMs)) expect(b.get(startMs)).toBeCloseTo(count, 3);
    expect([...a.keys()].filter((startMs) => b.has(startMs)).length).toBeGreaterThan(300);
  });

  test('only what lies whole inside the range, by the shortest period that reaches it', async () => {
    const range = { startMs: START_MS - 50 * MINUTE, endMs: START_MS - 20 * MINUTE };
    const { series, server } = await read({}, range);
    expect(server.ledger.at(-1)?.path).toContain('period=1h');
    for (const { stretches } of series) {
      for (const { startMs, endMs } of stretches) {
        expect(startMs).toBeGreaterThanOrEqual(range.startMs);
        expect(endMs).toBeLessThanOrEqual(range.endMs);
      }
    }
    const gets = series.find(({ labels }) => labels.cmd === 'get');
    expect(gets?.stretches).toHaveLength(6);
    expect(gets?.stretches.every(({ value: count }) => count === 3_000)).toBe(true);
    expect(
      await read({}, { startMs: START_MS, endMs: START_MS }).then(({ server: quiet }) => quiet.ledger),
    ).toEqual([]);
  });

  test('a week that is too large is asked for in shorter periods; other failures are told', async () => {
    const { session, server, clock } = await bench();
    const ask = () =>
      session.history({
        signal: new AbortController().signal,
        nowMs: clock.ms,
        range: week,
        onProgress: () => {},
      });
    server.setFault({ type: 'huge', bytes: 20 * 1024 * 1024 }, 'stats');
    expect((await failure(ask())).kind).toBe('limit');
    expect(server.ledger.map(({ path }) => /period=(\w+)/.exec(path)?.[1]).filter(Boolean)).toEqual([
      '7d',
      '3d',
      '1d',
      '12h',
      '3h',
      '1h',
    ]);
    server.setFault({ type: 'status', code: 429, retryAfter: '9' }, 'stats');
    expect((await failure(ask())).retryAfterMs).toBe(9_000);
  });
});
