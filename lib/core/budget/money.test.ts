import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/range.ts';
import { awakeRow } from './awake.ts';
import { commandCosts, isBilledCommand, levelCost, rateCost, usdPerDay, usdPerMonth } from './costs.ts';
import { effectivePrices } from './effective-prices.ts';
import { monthOf } from './month.ts';
import { chooseNeonPlans, chooseRedisPlans, type RedisUse, redisPlanOf } from './plans.ts';
import { poolRow } from './pools.ts';
import { PRICES } from './prices.ts';
import { rankLimits } from './rank-limits.ts';
import { targetCost } from './targets.ts';

/** Ten days of April, which has 30, are over. */
const NOW_MS = Date.UTC(2026, 3, 11);
const LIST = effectivePrices({});
const COMMAND = {
  price: PRICES.upstash_command,
  priceId: 'upstash_command',
  quality: 'measured',
  nowMs: NOW_MS,
} as const;
const perHour = (count: number) => count / 3_600;

describe('what commands cost', () => {
  it('733K an hour cost $35.18 a day and $1,055.52 in April; 24K an hour $1.15', () => {
    // 733,000 × 24 = 17,592,000 a day; / 100,000 × $0.20 = $35.184.
    expect(usdPerDay(perHour(733_000), PRICES.upstash_command)).toBeCloseTo(35.184, 9);
    expect(usdPerMonth(perHour(733_000), PRICES.upstash_command, NOW_MS)).toBeCloseTo(1_055.52, 6);
    // 24,000 × 24 = 576,000; / 100,000 × $0.20 = $1.152.
    expect(usdPerDay(perHour(24_000), PRICES.upstash_command)).toBeCloseTo(1.152, 9);
    expect(usdPerDay(null, PRICES.upstash_command)).toBeNull();
  });

  it('the month is what was used and the rest of it at the rate of now', () => {
    const [get] = commandCosts({
      ...COMMAND,
      byCommand: [{ command: 'get', perSecond: 10, soFar: 5_000_000 }],
    });
    // 20 days are left: 10 × 86,400 × 20 = 17.28M; with 5M together 22.28M × $0.20 / 100K = $44.56.
    expect(get?.usdPerMonth).toBeCloseTo(44.56, 9);
    expect(get).toMatchObject({ id: 'command/get', what: 'GET', perDay: 864_000, quality: 'measured' });
    const [unknown] = commandCosts({
      ...COMMAND,
      byCommand: [{ command: 'get', perSecond: 10, soFar: null }],
    });
    expect(unknown).toMatchObject({ usdPerDay: expect.closeTo(1.728, 9), usdPerMonth: null });
  });

  it('the dearest stands first; what is not billed costs nothing and says so; of a script more is to be said', () => {
    const rows = commandCosts({
      ...COMMAND,
      byCommand: [
        { command: 'PING', perSecond: 50, soFar: 9 },
        { command: 'set', perSecond: null, soFar: 9 },
        { command: 'evalsha', perSecond: 1, soFar: 9 },
        { command: 'get', perSecond: 2, soFar: 9 },
      ],
    });
    expect(
      rows.map(({ what, usdPerDay: usd, quality }) => [
        what,
        usd === null ? null : Number(usd.toFixed(4)),
        quality,
      ]),
    ).toEqual([
      ['GET', 0.3456, 'measured'],
      ['EVALSHA (without what its scripts run)', 0.1728, 'inferred'],
      ['PING (not billed)', 0, 'measured'],
      ['SET', null, 'unavailable'],
    ]);
    expect(['auth', 'INFO', 'ping', 'quit', 'command|docs'].map(isBilledCommand)).toEqual(
      Array(5).fill(false),
    );
    expect(['get', 'eval', 'client|list', 'infos'].map(isBilledCommand)).toEqual(Array(4).fill(true));
  });

  it('more use never costs less', () => {
    const rate = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(rate, rate, rate, (a, b, soFar) => {
        const of = (perSecond: number) =>
          rateCost({ ...COMMAND, id: 'x', what: 'x', unit: 'commands', perSecond, soFar });
        const [less, more] = [of(Math.min(a, b)), of(Math.max(a, b))];
        expect(more.usdPerDay).toBeGreaterThanOrEqual(less.usdPerDay ?? Number.NaN);
        expect(more.usdPerMonth).toBeGreaterThanOrEqual(less.usdPerMonth ?? Number.NaN);
      }),
    );
  });

  it('compute is paid by the hour of a unit, storage by the month over what is free', () => {
    const compute = {
      price: PRICES.neon_compute_launch,
      priceId: 'neon_compute_launch',
      quality: 'measured',
    } as const;
    // Half a unit all day: 12 CU-hours × $0.106 = $1.272.
    expect(
      rateCost({
        ...compute,
        id: 'n',
        what: 'Neon compute',
        unit: 'seconds',
        perSecond: 0.5,
        soFar: 0,
        nowMs: NOW_MS,
      }).usdPerDay,
    ).toBeCloseTo(1.272, 9);
    const storage = {
      price: PRICES.upstash_storage,
      priceId: 'upstash_storage',
      quality: 'measured',
    } as const;
    const held = (bytes: number | null) =>
      levelCost({ ...storage, id: 's', what: 'Storage', bytes, free: 1e9, nowMs: NOW_MS });
    // 3 GB less 1 GB at $0.25 = $0.50 a month, a thirtieth of it a day.
    expect(held(3e9)).toMatchObject({ usdPerMonth: 0.5, usdPerDay: expect.closeTo(0.5 / 30, 9) });
    expect(held(5e8).usdPerMonth).toBe(0);
    expect(held(null)).toMatchObject({ usdPerMonth: null, quality: 'unavailable' });
  });
});

describe('plans', () => {
  const USE: RedisUse = {
    ...{ now: 'payg', commandsPerMonth: 3_000_000, storageBytes: 2e8, bandwidthBytesPerMonth: 2e10 },
    ...{ mostCommandsPerSecond: 100, readRegions: 0, writesShare: null, daysInMonth: 30 },
  };
  const choose = (over: Partial<RedisUse> = {}) =>
    Object.fromEntries(
      chooseRedisPlans({ ...USE, ...over }, LIST).map((plan) => [plan.id.slice('upstash/'.length), plan]),
    );

  it('$10 fixed is cheaper than pay as you go from 5M commands a month on: 6.94K/h in 30 days, 6.72K/h in 31', () => {
    // $10 / ($0.20 / 100K) = 5,000,000; / 720 h = 6,944.4 an hour, / 744 h = 6,720.4.
    expect((choose().fixed_250mb?.breakEvenPerSecond ?? 0) * 3_600).toBeCloseTo(6_944.44, 1);
    expect((choose({ daysInMonth: 31 }).fixed_250mb?.breakEvenPerSecond ?? 0) * 3_600).toBeCloseTo(
      6_720.43,
      1,
    );
    expect(choose().payg).toMatchObject({ usdPerMonth: 6, isNow: true, breakEvenPerSecond: null });
    expect(choose({ now: 'fixed_250mb' }).payg?.cheaperBelowPerSecond).toBeCloseTo(5e6 / (30 * 86_400), 9);
  });

  it('pay as you go also pays for storage over 1 GB and traffic over 200 GB', () => {
    // 3M: $6; 4 GB over 1: $1; 300 GB over 200: $3.
    const { payg } = choose({ storageBytes: 5e9, bandwidthBytesPerMonth: 3e11 });
    expect(payg?.usdPerMonth).toBeCloseTo(10, 9);
    // So the $10 plan pays off from $6 of commands on; only that it holds 250 MB.
    const { fixed_250mb } = choose({ storageBytes: 5e9, bandwidthBytesPerMonth: 3e11 });
    expect((fixed_250mb?.breakEvenPerSecond ?? 0) * 30 * 86_400).toBeCloseTo(3e6, 3);
    expect(fixed_250mb?.against).toBe('holds 250 MB, 5.00 GB are used');
  });

  it('says why a plan would not do', () => {
    expect(choose().free?.against).toBe('takes 500K commands a month, 3.00M are sent');
    expect(choose({ bandwidthBytesPerMonth: 6e10 }).fixed_250mb?.against).toBe(
      'moves 50.0 GB a month, 60.0 GB are moved',
    );
    expect(choose({ mostCommandsPerSecond: 12_000 }).payg?.against).toBe('takes 10.0K/s, 12.0K/s were sent');
    expect(choose({ mostCommandsPerSecond: 12_000 }).fixed_100gb?.against).toBeNull();
  });

  it('a read region makes a fixed plan dearer by half, and multiplies what is written', () => {
    expect(choose({ readRegions: 2 }).fixed_1gb?.usdPerMonth).toBe(40);
    // 3M with a quarter of writes and two regions: 3M × (1 + 2 × ¼) = 4.5M = $9.
    expect(choose({ readRegions: 2, writesShare: 0.25 }).payg?.usdPerMonth).toBeCloseTo(9, 9);
  });

  it('what is not known is not 0', () => {
    expect(choose({ commandsPerMonth: null }).payg?.usdPerMonth).toBeNull();
    expect(choose({ storageBytes: null }).payg?.leftOut).toBe('without storage, which is not known');
    expect(choose().payg?.leftOut).toBeNull();
    expect(redisPlanOf({ kind: 'fixed', diskLimitBytes: 2 ** 30 })).toBe('fixed_1gb');
    expect(redisPlanOf({ kind: 'fixed', diskLimitBytes: null })).toBeNull();
    expect(redisPlanOf({ kind: 'fixed', diskLimitBytes: 3e9 })).toBeNull();
  });

  it('Neon: 182.5 CU-hours are $19.35 on Launch, $40.52 on Scale, and more than Free has', () => {
    const plans = chooseNeonPlans(
      {
        now: 'scale',
        computeUnitSecondsPerMonth: 182.5 * 3_600,
        storageBytes: 0,
        transferBytesPerMonth: 1e11,
        daysInMonth: 30,
      },
      LIST,
    );
    expect(plans.map(({ usdPerMonth: usd }) => Number(usd?.toFixed(3)))).toEqual([0, 19.345, 40.515]);
    expect(plans.map(({ against }) => against)).toEqual([
      'stops after 100 CU-hours a month, 183 are used',
      null,
      null,
    ]);
    expect(plans.map(({ breakEvenPerSecond }) => breakEvenPerSecond)).toEqual([null, 0, null]);
  });

  it('own prices move the break-even', () => {
    const own = effectivePrices({ upstash_command: { usd: 0.1 } });
    const [fixed] = chooseRedisPlans(USE, own).filter(({ id }) => id === 'upstash/fixed_250mb');
    expect((fixed?.breakEvenPerSecond ?? 0) * 720 * 3_600).toBeCloseTo(1e7, 3);
  });
});

describe('pools', () => {
  const POOL = {
    id: 'db',
    name: 'db',
    machines: 4,
    perMachine: 20,
    allowed: 97,
    usedNow: 61,
    maxMachines: 6,
  };

  it('4 machines of 20: 80 steady, 100 while a deploy rolls, 160 blue-green, 120 with 6 machines', () => {
    expect(poolRow(POOL)).toMatchObject({
      ...{ steady: 80, rollingPeak: 100, deployPeak: 160, allowed: 97 },
      maxScale: { machines: 6, connections: 120 },
    });
  });

  it('what is not known makes null what needs it, and nothing else', () => {
    expect(poolRow({ ...POOL, machines: null })).toMatchObject({
      steady: null,
      rollingPeak: null,
      deployPeak: null,
    });
    expect(poolRow({ ...POOL, machines: null }).maxScale).toEqual({ machines: 6, connections: 120 });
    expect(poolRow({ ...POOL, perMachine: null })).toMatchObject({
      steady: null,
      maxScale: null,
      usedNow: 61,
    });
    expect(poolRow({ ...POOL, maxMachines: null }).maxScale).toBeNull();
  });
});

describe('a database that is awake', () => {
  const AWAKE = {
    ...{
      id: 'p',
      name: 'project',
      awakeMsToday: 6 * HOUR_MS,
      awakeMsPeriod: 60 * HOUR_MS,
      computeUnits: 0.25,
    },
    ...{ nowMs: NOW_MS + 12 * HOUR_MS, suspendAfterMs: 5 * MINUTE_MS, price: PRICES.neon_compute_launch },
    keepers: [
      { what: 'nightly', perSecond: null, kind: 'worker' },
      { what: 'open jobs', perSecond: 0.2, kind: 'worker' },
      { what: 'select users', perSecond: 3, kind: 'statement' },
    ],
  } as const;

  it('half of the day so far, a quarter unit: 3 CU-hours a day, $0.318; the busiest keeper first', () => {
    const row = awakeRow(AWAKE);
    expect(row.usdPerDay).toBeCloseTo(0.318, 9);
    expect(row.keptBy.map(({ what }) => what)).toEqual(['select users', 'open jobs', 'nightly']);
  });

  it('no money is told of the first hour of a day, nor where compute is free or its size not known', () => {
    expect(awakeRow({ ...AWAKE, nowMs: NOW_MS + 59 * MINUTE_MS }).usdPerDay).toBeNull();
    expect(awakeRow({ ...AWAKE, price: null }).usdPerDay).toBeNull();
    expect(awakeRow({ ...AWAKE, computeUnits: null }).usdPerDay).toBeNull();
    expect(awakeRow({ ...AWAKE, awakeMsToday: null }).usdPerDay).toBeNull();
  });
});

describe('what a promise costs', () => {
  const ASKED = {
    deployId: 'd',
    release: 'v1206',
    claimId: 'c',
    title: 'GETs fall to 24K/h',
    unit: 'commands',
    rateWindow: 'h',
    ...{ before: perHour(733_000), promised: perHour(24_000), measured: null },
    ...{ stated: { beforeUsdPerDay: 352, afterUsdPerDay: 11.52 }, price: PRICES.upstash_command },
  } as const;

  it('stands beside what its summary stated: that was ten times the real price', () => {
    const { before, promised, measured, stated } = targetCost(ASKED);
    expect(before?.usdPerDay).toBeCloseTo(35.184, 9);
    expect(promised?.usdPerDay).toBeCloseTo(1.152, 9);
    expect(measured).toBeNull();
    expect((stated?.beforeUsdPerDay ?? 0) / (before?.usdPerDay ?? 1)).toBeCloseTo(10, 1);
    expect((stated?.afterUsdPerDay ?? 0) / (promised?.usdPerDay ?? 1)).toBeCloseTo(10, 1);
  });

  it('is not told where nothing of it is billed', () => {
    expect(targetCost({ ...ASKED, price: null })).toMatchObject({ before: null, promised: null });
  });
});

describe('order and months', () => {
  it('what likely ends stands first, then what may, then what nobody can tell, then what lasts', () => {
    const limit = (name: string, over: object) =>
      ({ name, lasts: false, forecast: null, ...over }) as Parameters<typeof rankLimits>[0][number];
    const end = (likelyMs: number | null, earliestMs: number | null) => ({
      forecast: { likelyMs, earliestMs, latestMs: null, fromMs: 1 },
    });
    const ranked = rankLimits([
      limit('lasts', { lasts: true, ...end(null, null) }),
      limit('unknown', {}),
      limit('may', end(null, 5)),
      limit('later', end(9, 8)),
      limit('soon', end(2, 1)),
    ]);
    expect(ranked.map(({ name }) => name)).toEqual(['soon', 'later', 'may', 'unknown', 'lasts']);
  });

  it('a month is the one of the calendar, in UTC', () => {
    expect(monthOf(NOW_MS)).toEqual({ startMs: Date.UTC(2026, 3, 1), endMs: Date.UTC(2026, 4, 1), days: 30 });
    expect(monthOf(Date.UTC(2028, 1, 29)).days).toBe(29);
    expect(monthOf(Date.UTC(2026, 11, 31, 23)).endMs - DAY_MS).toBe(Date.UTC(2026, 11, 31));
  });
});
