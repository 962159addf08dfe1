import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../time/range.ts';
import { type AwakeFact, type CostFact, NO_LIMITS, type PoolFact, type QuotaFact } from '../facts/limits.ts';
import { RULES } from './index.ts';
import { findAll, findOne, NOW_MS } from './test-find.ts';

describe('quota', () => {
  const QUOTA: QuotaFact = {
    ...{ id: 'upstash/bill/commands', title: 'Upstash commands a month', source: 'bill' },
    ...{ used: 20_000, limit: 500_000, perSecond: 24_000 / 3_600, renewsMs: NOW_MS + 10 * DAY_MS },
  };
  const found = (over: Partial<QuotaFact> = {}) =>
    findOne('quota', { limits: { ...NO_LIMITS, quotas: [{ ...QUOTA, ...over }] } });

  it('says when it ends, of how many and at which rate, and when it begins anew', () => {
    const { value, title, detail, means } = found({ used: 500_000 - 24_000 * 15 });
    expect(title).toBe('Quota ends in 15 h: 500K Upstash commands a month at 24.0K/h');
    expect(detail).toBe('It begins anew at 19 Apr 22:00Z.');
    expect(value).toBeCloseTo(20 / 15);
    expect(means).toEqual([
      { what: 'Used', text: '140K of 500K, 28.0 %' },
      { what: 'Ends', text: '10 Apr 13:00Z' },
      { what: 'Then', text: 'commands are refused' },
    ]);
    expect(found({ used: 0 }).title).toBe(
      'Quota ends in 20 h 50 m: 500K Upstash commands a month at 24.0K/h',
    );
  });

  it('fires from 20 h on, and is over once 25 h are left', () => {
    const hoursLeft = (hours: number) => found({ used: 500_000 - 24_000 * hours });
    expect(hoursLeft(20).value).toBeGreaterThanOrEqual(1 - 1e-9);
    expect(hoursLeft(20.1).value).toBeLessThan(1);
    expect(hoursLeft(24.9).value).toBeGreaterThan(hoursLeft(20).levels.clear);
    expect(hoursLeft(25.1).value).toBeLessThan(hoursLeft(20).levels.clear);
  });

  it('does not, where the period is over before the quota', () => {
    const used = 500_000 - 24_000 * 15;
    expect(found({ used, renewsMs: NOW_MS + 15 * HOUR_MS }).value).toBe(0);
    expect(found({ used, renewsMs: NOW_MS + 15.1 * HOUR_MS }).value).toBeGreaterThan(1);
    // One that never begins anew, and one whose period should be over by now, are not saved by it.
    expect(found({ used, renewsMs: null }).value).toBeGreaterThan(1);
    expect(found({ used, renewsMs: NOW_MS - HOUR_MS })).toMatchObject({ detail: null });
    expect(found({ used, renewsMs: NOW_MS - HOUR_MS }).value).toBeGreaterThan(1);
  });

  it('one that is used up fires whatever the rate; without a rate nothing else is known; at rest it lasts', () => {
    expect(found({ used: 500_000, perSecond: null })).toMatchObject({
      value: 1_000,
      title: 'Quota is used up: 500K Upstash commands a month',
    });
    expect(found({ used: 500_001, perSecond: 0, renewsMs: NOW_MS + 1 }).value).toBe(1_000);
    expect(found({ perSecond: null }).value).toBeNull();
    expect(found({ perSecond: 0 }).value).toBe(0);
  });

  it('speaks of time and bytes where those are limited', () => {
    const compute = {
      id: 'neon/p/compute_time',
      title: 'Neon compute a period',
      used: 0,
      limit: 360_000,
      perSecond: 2,
    };
    expect(found(compute).title).toBe('Quota ends in 2 d 2 h: 4 d 4 h of Neon compute a period at 2 h/h');
    expect(found(compute).means.at(-1)?.text).toBe('the database stops and can’t be started');
    const transfer = {
      id: 'neon/p/data_transfer',
      title: 'Neon transfer a period',
      used: 0,
      limit: 5e9,
      perSecond: 1e5,
    };
    expect(found(transfer).title).toBe(
      'Quota ends in 13 h 53 m: 5.00 GB of Neon transfer a period at 360 MB/h',
    );
  });
});

describe('cost', () => {
  const fact: CostFact = { usdPerDay: 12.5, most: 'Redis commands, $11.00/day' };
  const found = (cost: CostFact | null, costPerDay: number) =>
    findOne('cost', { limits: { ...NO_LIMITS, cost } }, { costPerDay });

  it('is not judged without a budget', () => {
    expect(findAll('cost', { limits: { ...NO_LIMITS, cost: fact } })).toEqual([]);
  });

  it('is told in dollars a day beside the budget, and is over below nine tenths of it', () => {
    expect(found(fact, 10)).toMatchObject({
      value: 12.5,
      levels: { trigger: 10, clear: 9 },
      title: 'Cost at $12.50/day, $10.00/day is the budget',
      detail: 'Most of it: Redis commands, $11.00/day.',
      means: [
        { what: 'Of the budget', text: '125 %' },
        { what: 'In 30 days', text: '$375.00' },
      ],
    });
    expect(found(null, 10).value).toBeNull();
  });
});

describe('pool', () => {
  const POOL: PoolFact = {
    used: 80,
    possible: { machines: 4, perMachine: 20 },
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
