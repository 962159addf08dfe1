import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { effectivePrices } from '@/lib/core/budget/effective-prices.ts';
import { type BudgetView, isCompute } from '@/lib/core/model/budget.ts';
import type { HeldClaim } from '@/lib/core/model/deploy.ts';
import { targetId } from '@/lib/core/model/target.ts';
import { alignDown, DAY_MS, HOUR_MS, MINUTE_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { getsClaim } from '@/lib/core/watch/test-claims.ts';
import { verdictOf } from '@/lib/core/watch/test-facts.ts';
import { Secret } from '../config/secret.ts';
import type { NeonTarget, Target, UpstashTarget } from '../config/types.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import type { Runtime } from '../runtime.ts';
import { readBudget, readBudgetParts } from './budget.ts';
import type { RedisBilling } from './budget-billing.ts';
import { trafficPace } from './budget-bills.ts';
import { paceOf } from './budget-history.ts';
import { budgetUsd } from './budget-limits.ts';
import { readObserverCosts } from './budget-observer.ts';
import { toMoneyView } from './money.ts';
import { good, machine, openWorld, postgres, redis, START_MS, sample, type World } from './test-world.ts';

// A world whose every number can be reckoned by hand. Visits from 17:00 to 18:50 UTC on 9 April 2026.

const SCOPE = { app: 'harbor', environment: 'production' };
const WATCHED_MIN = 110;
const NOW_MS = START_MS + WATCHED_MIN * MINUTE_MS;
const APRIL_MS = Date.UTC(2026, 3, 1);
/** To 1 May: 21 d 5 h 10 m = 1,833,000 s. */
const REST_SECONDS = (Date.UTC(2026, 4, 1) - NOW_MS) / 1_000;
const api = { ...SCOPE, address: 'x', intervalSeconds: null, timeoutSeconds: null };
const upstash: UpstashTarget = {
  ...api,
  kind: 'upstash',
  name: 'bill',
  apiUrl: 'http://x',
  email: 'a@example.test',
  apiKey: new Secret('k'),
  database: null,
};
const neon: NeonTarget = {
  ...api,
  kind: 'neon',
  name: 'project',
  apiUrl: 'http://x',
  apiKey: new Secret('k'),
  project: null,
};
const TARGETS: readonly Target[] = [redis, upstash, postgres, neon, machine('m1'), machine('m2')];

/** What each source says at `atMs`. GETs 200/s, SETEX 1/s, PING 2/s; a compute of a quarter of a unit that never sleeps. */
function answer(target: Target, atMs: number) {
  const since = (fromMs: number) => (atMs - fromMs) / 1_000;
  const month = { start: { marker: 'month', atMs: APRIL_MS } };
  switch (target.kind) {
    case 'redis':
      return good([
        sample('redis_commands_total', 200 * since(0), { cmd: 'get' }),
        sample('redis_commands_total', since(0), { cmd: 'setex' }),
        sample('redis_commands_total', 2 * since(0), { cmd: 'ping' }),
      ]);
    case 'upstash':
      return good(
        [
          sample('upstash_month_requests_used', 60_000_000),
          { ...sample('upstash_month_requests_total', 201 * since(APRIL_MS)), ...month },
          { ...sample('upstash_month_bandwidth_bytes_total', 1_000 * since(APRIL_MS)), ...month },
          sample('upstash_month_cost_usd', 120),
          sample('upstash_storage_bytes', 3_000_000_000),
        ],
        { plan: 'pay as you go', budget: '$500 a month' },
      );
    case 'postgres':
      return good([
        sample('db_connections', 19, { state: 'active' }),
        sample('db_connections_max', 104),
        sample('db_connections_reserved', 7),
        sample('db_statements_total', 3 * since(0), { family: 'SELECT slots' }),
        sample('db_statements_total', since(0), { family: 'UPDATE slots' }),
      ]);
    case 'neon':
      return good(
        [
          { ...sample('neon_compute_unit_seconds_total', 0.25 * since(APRIL_MS)), ...month },
          { ...sample('neon_active_seconds_total', since(APRIL_MS)), ...month },
          { ...sample('neon_transfer_bytes_total', 0), ...month },
          sample('neon_compute_awake_seconds_total', since(Date.UTC(2026, 3, 9)), { endpoint: 'ep-1' }),
          sample('neon_compute_suspend_after_seconds', 300, { endpoint: 'ep-1' }),
          sample('neon_storage_bytes', 10_000_000_000),
          sample('neon_quota_seconds', 2_160_000, { kind: 'compute_time' }),
          sample('neon_quota_used_ratio', (0.25 * since(APRIL_MS)) / 2_160_000, { kind: 'compute_time' }),
        ],
        { plan: 'Launch', endpoint: 'ep-1', state: 'active', periodEnds: '2026-05-01T00:00:00Z' },
      );
    default:
      return good([
        sample('app_db_pool_max', 12),
        sample('app_worker_polls_total', 0.1 * since(0), { family: 'due slots' }),
      ]);
  }
}

const held = (over: Partial<HeldClaim>): HeldClaim => ({
  ...getsClaim(),
  standing: 'confirmed',
  edited: false,
  ...over,
});
const CLAIMS = [
  held({ id: 'gets', unit: 'GETs', window: 'h', before: 733_000, after: 24_000, direction: 'down' }),
  held({ id: 'cost', metric: null, unit: 'USD', window: 'day', before: 352, after: 11.52 }),
];
/** Measured: 733K an hour before it, 36K since. */
const DEPLOYS = {
  watches: {
    linesNow: () => new Map([['d1', {}]]),
    get: async () => ({ claims: { gets: verdictOf({ before: 733_000 / 3_600, after: 10 }) } }),
  },
  deploys: {
    listNow: () => [{ id: 'd1', startMs: START_MS - DAY_MS, endMs: null, release: 'v1' }],
    get: async () => ({ id: 'd1', release: 'v1', claims: CLAIMS, ...SCOPE }),
  },
} as unknown as Pick<Runtime, 'watches' | 'deploys'>;

let world: World;
let view: BudgetView;
beforeAll(async () => {
  world = await openWorld(TARGETS, answer);
  await world.watch(WATCHED_MIN, MINUTE_MS);
  view = await readBudget({ ...world.runtime, ...DEPLOYS }, SCOPE);
}, 60_000);
afterAll(() => world.close());

const cost = (id: string) => view.costs.find((row) => row.id === id);
const limit = (id: string) => view.limits.find((row) => row.id === id);

describe('the figures of the Budget page agree with a reckoning by hand', () => {
  it('commands: what is billed by command, and what is not', () => {
    const get = view.costs.find(({ what }) => what === 'GET');
    // 200 × 86,400 = 17,280,000 a day; ÷ 100,000 × $0.20 = $34.56.
    expect(get?.perDay).toBeCloseTo(17_280_000, 0);
    expect(get?.usdPerDay).toBeCloseTo(34.56, 4);
    // Watched from the 9th on: what was sent since the 1st is not known, and no zero stands for it.
    expect(get?.usdPerMonth).toBeNull();
    expect(view.costs.find(({ what }) => what === 'SETEX')?.usdPerDay).toBeCloseTo(0.1728, 6);
    expect(view.costs.find(({ what }) => what.startsWith('PING'))?.usdPerDay).toBe(0);
    expect(view.costsNote).toContain('this month is not known');
  });

  it('the month, as the provider counts it: 60M so far and the rest at the rate of now', () => {
    const all = cost('upstash/bill/commands');
    // 201 × 86,400 ÷ 100,000 × 0.2
    expect(all?.usdPerDay).toBeCloseTo(34.7328, 4);
    // 60,000,000 + 201 × 1,833,000 = 428,433,000; ÷ 100,000 × $0.20 = $856.87.
    expect(REST_SECONDS).toBe(1_833_000);
    expect(all?.usdPerMonth).toBeCloseTo(856.866, 2);
  });

  it('storage over the free gigabyte, and traffic within what is free', () => {
    // (3 − 1) GB × $0.25 a month; 30 days.
    expect(cost('upstash/bill/storage')?.usdPerMonth).toBeCloseTo(0.5, 6);
    expect(cost('upstash/bill/storage')?.usdPerDay).toBeCloseTo(0.5 / 30, 6);
    expect(cost('upstash/bill/traffic')).toMatchObject({
      usdPerDay: 0,
      usdPerMonth: 0,
      why: '200 GB a month are free',
    });
  });

  it('compute: a quarter of a unit all day', () => {
    // 6 CU-hours a day × $0.106; 180 in April.
    expect(cost('neon/project/compute')?.usdPerDay).toBeCloseTo(0.636, 6);
    expect(cost('neon/project/compute')?.usdPerMonth).toBeCloseTo(19.08, 3);
    // 10 GB × $0.35.
    expect(cost('neon/project/storage')?.usdPerMonth).toBeCloseTo(3.5, 6);
  });

  it('the sum holds the bill once: commands are parts of what the provider counts', () => {
    // 34.7328 + 0.5 ÷ 30 + 0 + 0.636 + 3.5 ÷ 30 + 0
    expect(view.total?.usdPerDay).toBeCloseTo(35.5021, 3);
    // 856.866 + 0.5 + 0 + 19.08 + 3.5 + 0
    expect(view.total?.usdPerMonth).toBeCloseTo(879.946, 2);
  });

  it('the budget that ends first stands first, and when', () => {
    expect(view.limits.map(({ id }) => id)).toEqual(['upstash/bill/budget', 'neon/project/compute_time']);
    const budget = limit('upstash/bill/budget');
    expect(budget).toMatchObject({ used: 120, allowed: 500, unit: 'usd' });
    // $380 left at 201 × $0.000002 a second: 945,274 s.
    const likelyMs = budget?.forecast?.likelyMs ?? 0;
    expect((likelyMs - NOW_MS) / 1_000 / 945_274).toBeCloseTo(1, 2);
    expect(budget?.forecast?.earliestMs).toBeLessThanOrEqual(likelyMs);
    expect(view.sentence.verdict).toMatch(/^The Redis budget ends in 10\s?d\s22\s?h at this rate/);
    // A quarter of 8 d 18 h 49 m, as the last visit found it.
    expect(limit('neon/project/compute_time')?.used).toBeCloseTo(0.25 * 758_940, 6);
  });

  it('another plan: $100 a month against what is paid by use, at 2,592,000 seconds of April', () => {
    const plan = (id: string) => view.plans.find((one) => one.id === id);
    // 201 × 2,592,000 ÷ 100,000 × $0.20, and $0.50 of storage.
    expect(plan('upstash/payg')).toMatchObject({ isNow: true, usdPerMonth: expect.closeTo(1_042.484, 2) });
    // ($100 − $0.50) ÷ $0.000002 ÷ 2,592,000 s.
    expect(plan('upstash/fixed_5gb')).toMatchObject({ usdPerMonth: 100, against: null });
    expect(plan('upstash/fixed_5gb')?.breakEvenPerSecond).toBeCloseTo(19.194, 3);
    // It could not hold the 3 GB.
    expect(plan('upstash/fixed_250mb')?.against).not.toBeNull();
    // 0.25 × 720 h × $0.222 + 10 GB × $0.35
    expect(plan('neon/scale')?.usdPerMonth).toBeCloseTo(43.46, 2);
    expect(plan('neon/launch')?.isNow).toBe(true);
  });

  it('connections: 2 × 12 against 104 − 7', () => {
    expect(view.pools).toEqual([
      expect.objectContaining({ allowed: 97, usedNow: 19, steady: 24, rollingPeak: 36, deployPeak: 48 }),
    ]);
  });

  it('hours awake today and in this period, what they cost, and who keeps it so', () => {
    const [awake] = view.awake;
    // The last visit was at 18:49.
    expect(awake?.awakeMsToday).toBe(18 * HOUR_MS + 49 * MINUTE_MS);
    expect(awake?.awakeMsPeriod).toBe(NOW_MS - MINUTE_MS - APRIL_MS);
    // 18:49 of 18:50 hours, a quarter of a unit, 24 × $0.106.
    expect(awake?.usdPerDay).toBeCloseTo(((1_129 / 1_130) * 6 * 106) / 1_000, 6);
    expect(awake?.keptBy.map(({ what }) => what)).toEqual(['SELECT slots', 'UPDATE slots', 'due slots']);
    expect(awake?.keptBy[0]?.perSecond).toBeCloseTo(3, 6);
    expect(awake?.keptBy[2]?.perSecond).toBeCloseTo(0.2, 6);
  });

  it('what a deploy’s target costs: $35.18 a day before it, and not the $352 of its summary', () => {
    expect(view.targets).toHaveLength(1);
    const [target] = view.targets;
    // 733,000 × 24 ÷ 100,000 × 0.2; 24,000 × …; 36,000 × …
    expect(target?.before?.usdPerDay).toBeCloseTo(35.184, 4);
    expect(target?.promised?.usdPerDay).toBeCloseTo(1.152, 4);
    expect(target?.measured?.usdPerDay).toBeCloseTo(1.728, 4);
    expect(target?.stated?.beforeUsdPerDay).toBeCloseTo(352, 6);
    expect(target?.stated?.afterUsdPerDay).toBeCloseTo(11.52, 6);
  });

  it('the Now page says the same in few rows', () => {
    const money = toMoneyView(view);
    expect(money?.rows.map(({ kind }) => kind)).toEqual(['limit', 'limit', 'price', 'plan', 'pool']);
    const likelyMs = limit('upstash/bill/budget')?.forecast?.likelyMs ?? 0;
    expect(money?.rows[0]).toMatchObject({ endsAtMs: alignDown(likelyMs, MINUTE_MS) });
    // 2,160,000 ÷ 3,600 CU-hours; a quarter of 758,940 s is 52.70 of them.
    expect(money?.rows[1]).toMatchObject({ name: 'Compute quota in CU-hours', allowed: 600, used: 52.7 });
    expect(money?.rows[2]).toMatchObject({ name: 'Redis GETs', beforeUsd: 35.18, afterUsd: 1.728 });
    expect(money?.priceNote).toMatch(/^list prices of 20\d\d-\d\d/);
  });

  it('what is read is remembered for a minute, however many look', async () => {
    let reads = 0;
    const { store } = world.runtime;
    const counting = new Proxy(store, {
      get: (own, name) => {
        if (name === 'readBuckets' || name === 'scanBuckets') reads += 1;
        const value = Reflect.get(own, name);
        return typeof value === 'function' ? value.bind(own) : value;
      },
    });
    const runtime = { ...world.runtime, ...DEPLOYS, store: counting };
    // Nothing is remembered yet in this one.
    Reflect.deleteProperty(runtime, Symbol.for('afterwatch.remembered'));
    await readBudget(runtime, SCOPE);
    const first = reads;
    expect(first).toBeGreaterThan(5);
    await Promise.all(Array.from({ length: 50 }, () => readBudget(runtime, SCOPE)));
    expect(reads).toBe(first);
  });
});

describe('before an hour was watched', () => {
  // 100 commands a second and a quarter of a unit, as the providers remember it; watched at 17:00 and 17:01, read at 17:02.
  const steps = (range: TimeRange, stepMs: number, value: number) => {
    const startMs = Math.max(alignDown(range.startMs, stepMs), START_MS - 3 * DAY_MS);
    const length = Math.floor((Math.min(range.endMs, START_MS) - startMs) / stepMs);
    return Array.from({ length }, (_, i) => ({
      startMs: startMs + i * stepMs,
      endMs: startMs + (i + 1) * stepMs,
      value,
    }));
  };
  /** Neon tells two hours late. */
  const late = ({ startMs, endMs }: TimeRange) => ({
    startMs,
    endMs: Math.min(endMs, START_MS - 2 * HOUR_MS),
  });
  const series = (metric: string, labels: Record<string, string>, stretches: ReturnType<typeof steps>) => [
    { metric, labels, quality: 'measured' as const, stretches },
  ];
  let fresh: World;
  beforeAll(async () => {
    fresh = await openWorld([upstash, neon], answer, {
      memory: {
        bill: (range) =>
          series('upstash_commands_total', { cmd: 'get' }, steps(range, 5 * MINUTE_MS, 30_000)),
        project: (range) => series('neon_compute_unit_seconds_total', {}, steps(late(range), HOUR_MS, 900)),
      },
    });
    await fresh.watch(2, MINUTE_MS);
  });
  afterAll(() => fresh.close());

  it('nothing is told of a rate until the providers’ memory came, and then at once', async () => {
    const runtime = { ...fresh.runtime };
    const before = await readBudgetParts(runtime, SCOPE);
    expect(before.limits.map(({ forecast, perSecond }) => [forecast, perSecond])).toEqual([
      [null, null],
      [null, null],
    ]);
    expect(before.total).toEqual({ usdPerDay: null, usdPerMonth: null });
    await fresh.runtime.poller.readHistory();
    const after = await readBudgetParts(runtime, SCOPE);
    expect(after.limits.every(({ forecast }) => forecast !== null)).toBe(true);
    expect(after.total?.usdPerDay).not.toBeNull();
  });

  it('what the providers remember stands in, and says so', async () => {
    const seen = await readBudget({ ...fresh.runtime }, SCOPE);
    const row = (id: string) => seen.costs.find((one) => one.id === id);
    // 100 × 86,400 ÷ 100,000 × $0.20; 60,000,000 + 100 × 1,839,480 s to 1 May.
    expect(row('upstash/bill/commands')).toMatchObject({
      usdPerDay: expect.closeTo(17.28, 6),
      usdPerMonth: expect.closeTo(487.896, 3),
      quality: 'inferred',
      why: expect.stringMatching(/^at the mean of the last 1\s?h, as the provider remembers it$/),
    });
    // The quota has a forecast out of what Neon remembers: a quarter of a unit to 1 May leaves it whole.
    const quota = seen.limits.find(({ id }) => id === 'neon/project/compute_time');
    expect(quota).toMatchObject({ perSecond: expect.closeTo(0.25, 6), lasts: true, quality: 'inferred' });
    // 17:01 of 17:02 hours today at 188,115 ÷ 752,460 units, × 24 × $0.106.
    expect(seen.awake[0]?.usdPerDay).toBeCloseTo(((1_021 / 1_022) * 0.25 * 24 * 106) / 1_000, 6);
    // 6 CU-hours × $0.106.
    expect(row('neon/project/compute')).toMatchObject({
      usdPerDay: expect.closeTo(0.636, 6),
      quality: 'inferred',
    });
    // 1,000 B a second up to 17:01, told over the 752,520 s up to 17:02.
    expect(row('upstash/bill/traffic')).toMatchObject({
      perDay: expect.closeTo(86_393_111, -1),
      usdPerDay: 0,
      quality: 'inferred',
    });
    // 17.28 + 0.5 ÷ 30 + 0 + 0.636 + 3.5 ÷ 30 + 0
    expect(seen.total?.usdPerDay).toBeCloseTo(18.0493, 4);
    // 100 × 2,592,000 ÷ 100,000 × $0.20, and $0.50 of storage.
    expect(seen.plans.find(({ isNow }) => isNow)?.usdPerMonth).toBeCloseTo(518.9, 3);
  });

  it('a budget of one’s own is a limit, and prices of one’s own are reckoned with', async () => {
    const { config } = fresh.runtime;
    const own = { ...config, budget: { usdPerMonth: 400, maxMachines: null } };
    const seen = await readBudget({ ...fresh.runtime, config: own }, SCOPE);
    const limit = seen.limits.find(({ id }) => id === 'own/budget');
    // $120 + ($0.50 + $3.50) × 752,520 ÷ 2,592,000 + 188,115 ÷ 3,600 × $0.106
    expect(limit?.used).toBeCloseTo(126.7, 2);
    // $273.30 left at $18.0493 a day: 1,308,248 s.
    expect(((limit?.forecast?.likelyMs ?? 0) - fresh.nowMs()) / 1_000 / 1_308_248).toBeCloseTo(1, 2);
    expect(limit?.quality).toBe('inferred');

    const cheap = { ...config, prices: { upstash_command: { usd: 0.1 } } };
    const priced = await readBudget({ ...fresh.runtime, config: cheap }, SCOPE);
    expect(priced.costs.find(({ id }) => id === 'upstash/bill/commands')?.usdPerDay).toBeCloseTo(8.64, 6);
    expect(priced.prices.filter((price) => price.own).map(({ id }) => id)).toEqual(['upstash_command']);
  });

  it.each([
    // Six steps of 30 in the last hour: half of it is known.
    ['half an hour of the last', [...Array(6).fill(null), ...Array(6).fill(30)], 0.1],
    [
      'five steps of it, and seven before',
      [...Array(17).fill(30), ...Array(7).fill(null), ...Array(5).fill(30)],
      0.1,
    ],
    ['two hours of a day', [...Array(24).fill(30), ...Array(264).fill(null)], null],
    ['nothing', [], null],
  ])('a rate out of %s', (_, increments, perSecond) => {
    const pace = paceOf({ startMs: 0, stepMs: 5 * MINUTE_MS, increments });
    if (perSecond === null) expect(pace).toMatchObject({ perSecond: null, overMs: null, why: null });
    else expect(pace.perSecond).toBeCloseTo(perSecond, 9);
  });

  it('traffic of a month that has just begun has no mean yet', () => {
    expect(trafficPace(null, 5_000, APRIL_MS + HOUR_MS).perSecond).toBeNull();
    expect(trafficPace(null, null, NOW_MS).perSecond).toBeNull();
    // 864,000 B in 10 days.
    expect(trafficPace(null, 864_000, APRIL_MS + 10 * DAY_MS).perSecond).toBeCloseTo(1, 9);
    expect(trafficPace(7, 864_000, APRIL_MS + 10 * DAY_MS)).toMatchObject({
      perSecond: 7,
      quality: 'measured',
    });
  });
});

describe('a free quota', () => {
  it('of which 100K are left ends in 20 h 50 m at 4,800 an hour', async () => {
    const free = await openWorld([upstash], (_, atMs) =>
      good(
        [
          sample('upstash_month_requests_used', 400_000),
          sample('upstash_requests_limit', 500_000),
          {
            ...sample('upstash_month_requests_total', (4_800 * (atMs - APRIL_MS)) / HOUR_MS),
            start: { marker: 'month', atMs: APRIL_MS },
          },
        ],
        { plan: 'free' },
      ),
    );
    try {
      await free.watch(60, MINUTE_MS);
      const seen = await readBudget(free.runtime, SCOPE);
      const [quota] = seen.limits;
      expect(quota).toMatchObject({ name: 'Free quota', used: 400_000, allowed: 500_000 });
      expect(((quota?.forecast?.likelyMs ?? 0) - free.nowMs()) / 75_000_000).toBeCloseTo(1, 2);
      expect(seen.sentence.verdict).toMatch(/^The free quota ends in 20\s?h\s\d+\s?m at this rate/);
      expect(seen.total).toBeNull();
      expect(seen.whys?.targets?.reason).toContain('not known to be billed');
    } finally {
      await free.close();
    }
  });
});

describe('our own bill', () => {
  const status = (target: Target, commands: number | null) =>
    ({
      id: targetId(target),
      target,
      budget: target.kind === 'redis' ? { contactsPerDay: 500 } : null,
      pausedUntilMs: null,
      facts: {},
      costADay: commands === null ? null : { commands, connects: 1, queries: 0, requests: 1_440 },
    }) as unknown as TargetStatus;
  const ledger = { yesterday: () => null, today: () => ({ commands: 0 }) };
  const bill = (statuses: readonly TargetStatus[], billing: RedisBilling) =>
    readObserverCosts({ ledger } as unknown as Runtime, statuses, billing, NOW_MS);
  const hosted = { ...redis, metered: 'auto', address: 'calm-cat.upstash.io:6379' } as const;
  const counted = { kind: 'counted', price: effectivePrices({}).upstash_command } as const;

  it('288 commands a day are $0.000576, and $0.01728 in April; asking an API is free', () => {
    const [first, second] = bill([status(hosted, 288), status(upstash, 0)], counted);
    expect(first).toMatchObject({
      perDay: 288,
      usdPerDay: expect.closeTo(0.000576, 9),
      usdPerMonth: expect.closeTo(0.01728, 9),
      why: 'at most 500 a day; every command of ours taken as billed',
    });
    expect(second).toMatchObject({ perDay: 1_440, unit: 'requests', usdPerDay: 0, priceId: null });
  });

  it('a source that was not visited yet has no amount, and a plan by the month none by the command', () => {
    expect(bill([status(hosted, null)], counted)[0]).toMatchObject({
      perDay: null,
      usdPerDay: null,
      usdPerMonth: null,
      why: 'not visited yet',
    });
    const flat = { kind: 'flat', why: 'not billed by the command on this plan' } as const;
    expect(bill([status(hosted, 288)], flat)[0]).toMatchObject({ usdPerDay: 0, priceId: null });
  });
});

describe('what is missing looks missing', () => {
  it('without a provider there is no limit, no price and no zero, and each part says why', async () => {
    const bare = await openWorld([redis], answer);
    try {
      await bare.watch(5, MINUTE_MS);
      const seen = await readBudget(bare.runtime, SCOPE);
      expect(seen.limits).toEqual([]);
      expect(seen.total).toBeNull();
      expect(
        seen.costs.every(({ usdPerDay, usdPerMonth }) => usdPerDay === null && usdPerMonth === null),
      ).toBe(true);
      expect(seen.sentence.verdict).toBe('No limit is known, so none can be told to run out.');
      expect(seen.whys?.limits?.reason).toBe('Nobody tells a limit here.');
      expect(seen.whys?.pools?.fix).toContain('DATABASE_URL');
      expect(toMoneyView(seen)).toBeNull();
    } finally {
      await bare.close();
    }
  });

  it('a source that fell silent gives no level of now', async () => {
    const silent = await openWorld([neon], (target, atMs) => {
      if (atMs > START_MS + 5 * MINUTE_MS) throw new Error('down');
      return answer(target, atMs);
    });
    try {
      await silent.watch(30, MINUTE_MS);
      const seen = await readBudget(silent.runtime, SCOPE);
      expect(seen.limits).toEqual([]);
      expect(seen.awake[0]).toMatchObject({ awakeMsToday: null, awakeMsPeriod: null, usdPerDay: null });
    } finally {
      await silent.close();
    }
  });

  it.each([
    ['$1,200 a month', 1_200],
    ['$35.50 a month', 35.5],
    ['none', null],
    [undefined, null],
    ['$0.00 a month', null],
  ])('a budget told as %s is %s', (fact, usd) => {
    expect(budgetUsd(fact)).toBe(usd);
  });

  it('time awake is no compute, however its project is called', () => {
    expect(isCompute({ id: 'neon/my-compute/active_time', unit: 'seconds' })).toBe(false);
    expect(isCompute({ id: 'neon/main/compute_time', unit: 'seconds' })).toBe(true);
  });

  it('ids of targets are those of the poller', () => {
    expect(view.observer.map(({ id }) => id)).toEqual(TARGETS.map(targetId));
  });
});
