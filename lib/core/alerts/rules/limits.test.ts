import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../time/range.ts';
import {
  type AwakeFact,
  type CostFact,
  type KnownCost,
  NO_LIMITS,
  type PlanFact,
  type PoolFact,
  type QuotaFact,
} from '../facts/limits.ts';
import { RULES } from './index.ts';
import { findAll, findOne, NOW_MS } from './test-find.ts';

describe('quota', () => {
  const QUOTA: QuotaFact = {
    ...{ id: 'upstash/bill/commands', title: 'Upstash commands a month', source: 'bill', unit: 'commands' },
    ...{ used: 140_000, limit: 500_000, perSecond: 24_000 / 3_600, renewsMs: NOW_MS + 10 * DAY_MS },
    forecast: null,
  };
  const hours = (count: number | null) => (count === null ? null : NOW_MS + count * HOUR_MS);
  const ends = (earliest: number | null, likely: number | null, latest: number | null) => ({
    forecast: {
      ...{ earliestMs: hours(earliest), likelyMs: hours(likely), latestMs: hours(latest) },
      fromMs: 9 * DAY_MS,
    },
  });
  const found = (over: Partial<QuotaFact> = {}) =>
    findOne('quota', { limits: { ...NO_LIMITS, quotas: [{ ...QUOTA, ...over }] } });

  it('says when it likely ends and in which band, of how many and at which rate, and when it begins anew', () => {
    const { value, title, detail, means } = found(ends(11, 15, 22));
    expect(title).toBe('Quota likely ends in 15 h: 500K Upstash commands a month, now at 24.0K/h');
    expect(detail).toBe('It begins anew at 19 Apr 22:00Z.');
    expect(value).toBeCloseTo(20 / 15);
    expect(means).toEqual([
      { what: 'Used', text: '140K of 500K, 28.0 %' },
      { what: 'Likely ends', text: '10 Apr 13:00Z' },
      { what: 'Nine times of ten', text: 'between 10 Apr 09:00Z and 10 Apr 20:00Z' },
      { what: 'Then', text: 'commands are refused' },
    ]);
  });

  it('fires from 20 h on, and is over once 25 h are left', () => {
    const hoursLeft = (likely: number) => found(ends(1, likely, 99));
    expect(hoursLeft(20).value).toBeGreaterThanOrEqual(1 - 1e-9);
    expect(hoursLeft(20.1).value).toBeLessThan(1);
    expect(hoursLeft(24.9).value).toBeGreaterThan(hoursLeft(20).levels.clear);
    expect(hoursLeft(25.1).value).toBeLessThan(hoursLeft(20).levels.clear);
  });

  it('does not by the edge of the band alone, which is said; nor where it lasts until it begins anew', () => {
    expect(found(ends(11, null, null))).toMatchObject({
      value: 0,
      title: 'Quota lasts: 500K Upstash commands a month, now at 24.0K/h',
      means: [
        { what: 'Used' },
        { what: 'Nine times of ten', text: '10 Apr 09:00Z at the earliest; it may last' },
        { what: 'Then' },
      ],
    });
    expect(found(ends(null, null, null))).toMatchObject({ value: 0, means: [{}, { what: 'Then' }] });
    // A period that should be over by now is not told.
    expect(found({ ...ends(11, 15, 22), renewsMs: NOW_MS - HOUR_MS })).toMatchObject({ detail: null });
  });

  it('one that is used up fires whatever is known; one that cannot be told is not known', () => {
    expect(found({ used: 500_000, perSecond: null })).toMatchObject({
      value: 1_000,
      title: 'Quota is used up: 500K Upstash commands a month',
    });
    expect(found({ ...ends(1, 2, 3), used: 500_001, renewsMs: NOW_MS + 1 }).value).toBe(1_000);
    expect(found().value).toBeNull();
    // Told a quarter of an hour ago, and not used up all the same: it ends any moment.
    expect(found(ends(-0.2, -0.1, 1)).title).toMatch(/^Quota likely ends in 1 m:/);
  });

  it('speaks of time and bytes where those are limited', () => {
    const compute = {
      ...{ id: 'neon/p/compute_time', title: 'Neon compute a period' },
      unit: 'seconds',
      ...{ used: 0, limit: 360_000, perSecond: 2 },
    } as const;
    expect(found({ ...compute, ...ends(40, 50, 60) }).title).toBe(
      'Quota likely ends in 2 d 2 h: 4 d 4 h of Neon compute a period, now at 2 h/h',
    );
    expect(found(compute).means.at(-1)?.text).toBe('the database stops and can’t be started');
    const traffic = {
      ...{ id: 'upstash/bill/bandwidth', title: 'Upstash traffic a month' },
      unit: 'bytes',
      ...{ used: 0, limit: 5e9, perSecond: 1e5 },
    } as const;
    expect(found({ ...traffic, ...ends(9, 13, 20) })).toMatchObject({
      title: 'Quota likely ends in 13 h: 5.00 GB of Upstash traffic a month, now at 360 MB/h',
      means: [{}, {}, {}, { text: 'Upstash slows the traffic down' }],
    });
  });
});

describe('cost', () => {
  const day: KnownCost = { usd: 12.5, isWhole: true, most: 'Redis commands, $11.00' };
  const month: KnownCost = { usd: 300, isWhole: true, most: 'Neon compute, $200.00' };
  const found = (cost: CostFact | null, settings: { costPerDay?: number; costPerMonth?: number }) =>
    findAll('cost', { limits: { ...NO_LIMITS, cost } }, settings);

  it('is not judged without a budget', () => {
    expect(found({ day, month }, {})).toEqual([]);
  });

  it('is told in dollars a day beside the budget, and is over below nine tenths of it', () => {
    expect(found({ day, month }, { costPerDay: 10 })).toMatchObject([
      {
        ...{ subject: '', value: 12.5, levels: { trigger: 10, clear: 9 } },
        title: 'Cost at $12.50/day, $10.00/day is the budget',
        detail: 'Most of it: Redis commands, $11.00/day.',
        means: [
          { what: 'Of the budget', text: '125 %' },
          { what: 'In 30 days', text: '$375.00' },
        ],
      },
    ]);
    expect(found(null, { costPerDay: 10 })[0]?.value).toBeNull();
  });

  it('of a month is an alert of its own', () => {
    expect(found({ day, month }, { costPerDay: 10, costPerMonth: 250 })[1]).toMatchObject({
      ...{ subject: 'month', value: 300, levels: { trigger: 250, clear: 225 } },
      title: 'This month comes to $300.00, $250.00 is the budget',
      detail: 'Most of it: Neon compute, $200.00.',
    });
    expect(found({ day, month: null }, { costPerMonth: 250 })).toMatchObject([{ value: null }]);
  });

  it('with a part not known fires if the rest is too much by itself, and is never little enough', () => {
    const part = { day: { ...day, isWhole: false }, month };
    expect(found(part, { costPerDay: 10 })[0]).toMatchObject({
      value: 12.5,
      title: 'Cost of at least $12.50/day, $10.00/day is the budget',
    });
    expect(found(part, { costPerDay: 13 })[0]?.value).toBeNull();
    expect(found({ day, month }, { costPerDay: 13 })[0]?.value).toBe(12.5);
  });
});

describe('plan_cheaper', () => {
  const PLAN: PlanFact = {
    ...{ source: 'bill', now: 'Upstash Pay as you go', usdNow: 40 },
    cheaper: { name: 'Upstash Fixed 1 GB', usd: 20 },
  };
  const found = (over: Partial<PlanFact> = {}) =>
    findOne('plan_cheaper', { limits: { ...NO_LIMITS, plans: [{ ...PLAN, ...over }] } });
  const saving = (usdNow: number, usd: number) => found({ usdNow, cheaper: { name: 'x', usd } }).value ?? 0;

  it('says which plan, and how much less it would cost', () => {
    expect(found()).toMatchObject({
      ...{ subject: 'bill', value: 2.5 },
      title: 'Upstash Fixed 1 GB would cost $20.00 a month less than Upstash Pay as you go for bill',
      means: [
        { what: 'Upstash Pay as you go', text: '$40.00 a month' },
        { what: 'Upstash Fixed 1 GB', text: '$20.00 a month' },
      ],
    });
  });

  it('fires from a fifth and $5 on, both', () => {
    expect(saving(25, 20)).toBeCloseTo(1, 9);
    // $4.99 of $10, and $10 of $100: neither is worth a change.
    expect(saving(10, 5.01)).toBeLessThan(1);
    expect(saving(100, 90)).toBeLessThan(1);
    expect(found({ cheaper: null })).toMatchObject({
      value: 0,
      title: 'Upstash Pay as you go is the cheapest plan for bill',
    });
    expect(found({ usdNow: 0, cheaper: null }).value).toBe(0);
  });
});

describe('pool', () => {
  const POOL: PoolFact = {
    used: 80,
    possible: { machines: 4, perMachine: 20 },
    maxMachines: null,
    limit: 97,
    source: 'main-db',
  };
  const found = (over: Partial<PoolFact> = {}) =>
    findAll('pool', { limits: { ...NO_LIMITS, pools: [{ ...POOL, ...over }] } });

  it('tells what is open and what a rolling deploy could open, each for itself', () => {
    const [used, peak] = found();
    expect(used).toMatchObject({
      ...{ subject: 'main-db', value: 80 / 97, levels: { trigger: 0.8, clear: 0.8 * 0.9 } },
      title: '80 of 97 connections of main-db are open, 82.5 %',
    });
    expect(peak).toMatchObject({
      ...{ subject: 'main-db/deploy', value: 100 / 97 },
      title: 'Pools could open 100 of 97 connections of main-db during a rolling deploy, 103 %',
    });
    expect(used?.means).toEqual([
      { what: 'Open now', text: '80 of 97, 82.5 %' },
      { what: 'Pools, steady', text: '20 × 4 = 80 of 97, 82.5 %' },
      { what: 'Rolling deploy', text: '100 of 97, 103 %' },
      { what: 'Blue-green deploy', text: '160 of 97, 165 %' },
    ]);
  });

  it('tells what the most machines could open, where the team says how many may run', () => {
    const [, , most] = found({ maxMachines: 6 });
    expect(most).toMatchObject({
      ...{ subject: 'main-db/max-scale', value: 120 / 97 },
      title: 'Pools could open 120 of 97 connections of main-db with 6 machines, 124 %',
    });
    expect(most?.means.at(-1)).toEqual({ what: '6 machines', text: '120 of 97, 124 %' });
    expect(found({ maxMachines: 6, possible: null })[2]?.value).toBeNull();
  });

  it('what is not told is not known: neither is 0', () => {
    expect(found({ used: null }).map(({ value }) => value)).toEqual([null, 100 / 97]);
    expect(found({ possible: null }).map(({ value }) => value)).toEqual([80 / 97, null]);
    expect(found({ limit: 0 }).map(({ value }) => value)).toEqual([null, null]);
    expect(findAll('pool', {})).toEqual([]);
  });
});

describe('never_asleep', () => {
  const AWAKE: AwakeFact = {
    ...{ source: 'main', awakeForMs: 26 * HOUR_MS, suspendAfterMs: 5 * MINUTE_MS },
    ...{ keptBy: 'open jobs 12.0/min', isBusy: false },
  };
  const found = (over: Partial<AwakeFact> = {}) =>
    findOne('never_asleep', { limits: { ...NO_LIMITS, awake: [{ ...AWAKE, ...over }] } });

  it('says for how long, and who keeps it awake', () => {
    expect(found()).toMatchObject({
      value: 1,
      title: 'main has not slept for 1 d 2 h',
      detail:
        'It would sleep after 5 m without activity: open jobs 12.0/min keep it awake. Every hour awake is billed.',
    });
    expect(found({ keptBy: null }).detail).toBe(
      'It would sleep after 5 m without activity. Every hour awake is billed.',
    );
  });

  it('one that sleeps now and then, or that callers ask all the time, is well; not told is not known', () => {
    expect(found({ awakeForMs: 24 * HOUR_MS }).value).toBe(1);
    expect(found({ awakeForMs: 24 * HOUR_MS - 1 }).value).toBe(0);
    expect(found({ isBusy: true, awakeForMs: null }).value).toBe(0);
    expect(found({ awakeForMs: null }).value).toBeNull();
  });
});

it('every command is complete: it holds nothing to be filled in', () => {
  for (const rule of Object.values(RULES)) {
    const scope = { app: 'harbor', environment: 'production' };
    for (const { command } of rule.runbook({ scope, subject: 'upstash/bill/commands', flyApp: 'harbor' }))
      expect(command ?? '', rule.id).not.toMatch(/<|>|\.\.\.|…/);
  }
});
