import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParsedClaim } from '../claims/document.ts';
import { limitsOf } from '../verdict/limits.ts';
import { targetOf } from './claim-target.ts';
import { getsClaim } from './test-claims.ts';

const GETS = { unit: 'GETs', window: 'h' } as const;
const level = (value: number, direction: 'down' | 'up') => ({
  promise: null,
  level: { value: expect.closeTo(value, 9), direction },
});
const change = (ratio: number) => ({
  promise: { kind: 'change', ratio: expect.closeTo(ratio, 12) },
  level: null,
});
const guard = (against: 'rise' | 'fall', margin = 0.1) => ({
  promise: { kind: 'guard', against, margin, floorRatio: null },
  level: null,
});
const LATENCY = { metric: 'http_app_latency_p95_seconds', labels: {} };
const HITS = { metric: 'redis_hit_ratio', labels: {} };
const LIMITED = { metric: 'http_responses_total', labels: { status: '429' } };
const POOL = { metric: 'app_db_pool_max', labels: {} };
const COST = { metric: 'redis_commands_cost_usd_per_day', labels: {}, unit: 'USD' };

type Row = [what: string, claim: Partial<ParsedClaim>, target: object];
const TARGETS: readonly Row[] = [
  [
    'a level with its window is the promise, per second, whatever percentage stands beside it',
    { ...GETS, before: 733_000, after: 24_000, direction: 'down', changePct: -96.7 },
    { ...level(24_000 / 3600, 'down'), statedBefore: expect.closeTo(733_000 / 3600, 9) },
  ],
  [
    'a window of three hours counts three',
    { unit: 'GETs', window: '3h', after: 72_000, direction: 'down' },
    level(24_000 / 3600, 'down'),
  ],
  [
    'a level without its window is told by its ratio',
    { unit: 'GETs', before: 733, after: 24, direction: 'down' },
    change(24 / 733),
  ],
  ['a 0 needs no window', { after: 0, direction: 'down' }, level(0, 'down')],
  ['a 0 as a limit is come down to', { limit: 0, limitOp: '=', guard: true }, level(0, 'down')],
  ['a percentage', { changePct: -96.7, direction: 'down' }, change(0.033)],
  ['a rise', { changePct: 20, direction: 'up' }, change(1.2)],
  ['a fall of all of it', { changePct: -100, direction: 'down' }, change(0)],
  ['a fall of 95 to 99 % is kept by 95', { changePct: [-99, -95], direction: 'down' }, change(0.05)],
  ['a rise of 20 to 60 % is kept by 20', { changePct: [20, 60], direction: 'up' }, change(1.2)],
  ['10 to 50 times faster is kept by 10', { ...LATENCY, factor: [10, 50] }, change(0.1)],
  ['10 to 50 times more is kept by 10', { factor: [10, 50], direction: 'up' }, change(10)],
  [
    'a range down is kept by its upper end',
    { ...GETS, after: [20_000, 30_000], direction: 'down' },
    level(30_000 / 3600, 'down'),
  ],
  [
    'a range up is kept by its lower end',
    { ...HITS, unit: '%', after: [90, 95], direction: 'up' },
    level(0.9, 'up'),
  ],
  [
    'two ranges without a window are kept by their nearest ends',
    { before: [40, 45], after: [30, 36], direction: 'down' },
    change(0.9),
  ],
  [
    'milliseconds become seconds',
    { ...LATENCY, unit: 'ms', before: 500, after: 200, direction: 'down' },
    { ...level(0.2, 'down'), statedBefore: 0.5 },
  ],
  ['a time to stay below', { ...LATENCY, unit: 'ms', limit: 250, limitOp: '<' }, level(0.25, 'down')],
  ['a share to stay above', { ...HITS, unit: '%', limit: 95, limitOp: '>' }, level(0.95, 'up')],
  ['an hourly limit', { ...LIMITED, window: 'h', limit: 5, limitOp: '<=' }, level(5 / 3600, 'down')],
  [
    'a limit on what must not rise is a level',
    { ...LIMITED, window: 'h', limit: 5, limitOp: '<', guard: true },
    level(5 / 3600, 'down'),
  ],
  [
    'percentage points on a stated level',
    { ...HITS, unit: '%', before: 60, changePp: 20, direction: 'up' },
    change(0.8 / 0.6),
  ],
  [
    'a difference from a stated level',
    { ...GETS, before: 733_000, delta: -709_000, direction: 'down' },
    change(24 / 733),
  ],
  [
    'dollars a day',
    { ...COST, window: 'day', before: 35.2, after: 1.15, direction: 'down' },
    level(1.15, 'down'),
  ],
  [
    'dollars a month are told a day',
    { ...COST, window: 'month', after: 365 / 12, direction: 'down' },
    level(1, 'down'),
  ],
  [
    'dollars without a time are told by their ratio',
    { ...COST, before: 352, after: 11.52, direction: 'down' },
    change(11.52 / 352),
  ],
  ['no bill at all', { ...COST, limit: 0, limitOp: '=', after: 0 }, level(0, 'down')],
  [
    'connections are a level',
    { ...POOL, unit: 'connections', before: 45, after: 36, direction: 'down', text: 'Total 36 connections' },
    { ...level(36, 'down'), statedBefore: 45 },
  ],
  [
    'what is told per machine is a ratio',
    {
      ...POOL,
      unit: 'connections',
      before: 15,
      after: 12,
      direction: 'down',
      text: '15 → 12 connections per machine',
    },
    { ...change(0.8), statedBefore: null },
  ],
  [
    'what is told for three machines is a ratio: two may run',
    {
      ...POOL,
      unit: 'connections',
      before: 45,
      after: 36,
      direction: 'down',
      text: 'Total: 36 (was 45) for 3 machines',
    },
    change(0.8),
  ],
  ['must not increase', { ...LIMITED, guard: true, direction: 'unchanged' }, guard('rise')],
  [
    'must not rise by more than a quarter',
    { ...LIMITED, guard: true, direction: 'unchanged', changePct: 25 },
    guard('rise', 0.25),
  ],
  ['a hit ratio must not fall', { ...HITS, guard: true, direction: 'unchanged' }, guard('fall')],
  ['unchanged', { ...GETS, direction: 'unchanged' }, guard('rise')],
  ['the same before and after', { ...GETS, window: null, before: 45, after: 45 }, guard('rise')],
  [
    'should improve, by what is better for the metric',
    { ...LATENCY },
    { promise: { kind: 'improve', toward: 'down' }, level: null },
  ],
  ['should fall', { direction: 'down' }, { promise: { kind: 'improve', toward: 'down' }, level: null }],
];

const FAULTS: readonly [what: string, claim: Partial<ParsedClaim>, why: RegExp][] = [
  ['no metric', { metric: null }, /No metric is bound/],
  ['a metric that is not known', { metric: 'redis_moods' }, /no metric redis_moods/],
  ['only a before', { ...GETS, before: 733_000 }, /what was before/],
  [
    'a level of a rate without its time',
    { ...LIMITED, limit: 5, limitOp: '<' },
    /no time that it is counted in/,
  ],
  ['a share of a count', { ...LIMITED, unit: '%', limit: 1, limitOp: '<' }, /http_limited_ratio/],
  ['a fallen share of a count', { ...LIMITED, unit: '%', before: 2, after: 1, direction: 'down' }, /share/],
  ['time for a count', { ...GETS, unit: 'ms', window: null, limit: 5, limitOp: '<' }, /another unit/],
  ['a rate for a level', { ...POOL, unit: 'connections', window: 'h', limit: 5, limitOp: '<' }, /is a level/],
  ['a difference from nobody knows what', { ...GETS, delta: -250_000 }, /what is usual is not known/],
  ['more taken away than there is', { ...GETS, before: 100, delta: -250 }, /more than there usually is/],
  ['a ratio to nothing', { before: 0, after: 5, direction: 'up' }, /before is 0/],
  ['ranges that overlap', { before: [10, 20], after: [9, 15], direction: 'down' }, /overlap/],
  ['words against their percentage', { changePct: 20, direction: 'down' }, /contrary/],
  ['a factor without a way', { factor: 10 }, /up or down/],
  ['a level without a way', { ...GETS, after: 5 }, /at most or at least/],
  [
    'a total that grows all month',
    { metric: 'upstash_month_cost_usd', labels: {}, unit: 'USD', limit: 5, limitOp: '<' },
    /upstash_commands_cost_usd_per_day/,
  ],
  ['nothing at all', {}, /neither a number nor a direction/],
];

describe('what a claim promises', () => {
  it.each(TARGETS)('%s', (_what, claim, target) => {
    expect(targetOf(getsClaim(claim))).toMatchObject(target);
  });

  it.each(FAULTS)('%s is no promise, and it is said why', (_what, claim, why) => {
    expect(targetOf(getsClaim(claim))).toEqual({ why: expect.stringMatching(why) });
  });

  it('holds a difference against what is usual where that is known', () => {
    const saves = getsClaim({ ...GETS, delta: -250_000, direction: 'down' });
    expect(targetOf(saves, { usual: 500_000 / 3600 })).toMatchObject(change(0.5));
    expect(targetOf(getsClaim({ ...HITS, changePp: 20 }), { usual: 0.5 })).toMatchObject(change(1.4));
  });

  it('levels that are off by a mistaken unit leave their ratio, whichever way they are off', () => {
    const gets = getsClaim({ unit: 'GETs', window: 'day', before: 2.2e6, after: 110_000, direction: 'down' });
    const perSecond = (perDay: number) => ({ usual: perDay / 86_400 });
    expect(targetOf(gets, perSecond(17.6e6))).toMatchObject(change(0.05));
    expect(targetOf(gets, perSecond(2.9e6))).toMatchObject(level(110_000 / 86_400, 'down'));
    const cost = getsClaim({ ...COST, window: 'day', before: 352, after: 11.52, direction: 'down' });
    expect(targetOf(cost, { usual: 35.2 })).toMatchObject(change(11.52 / 352));
    // To nothing is nothing in any unit.
    expect(targetOf({ ...gets, after: 0 }, perSecond(17.6e6))).toMatchObject(level(0, 'down'));
  });

  it('a level of a part is not held against the whole', () => {
    const polls = getsClaim({
      ...{ metric: 'db_queries_total', labels: {}, unit: 'queries', window: 'day' },
      ...{ before: 1_440, after: 288, direction: 'down' },
    });
    expect(targetOf(polls)).toMatchObject(level(288 / 86_400, 'down'));
    expect(targetOf(polls, { usual: 195_680 / 86_400 })).toEqual({
      why: expect.stringMatching(/1,440\/day .* a part/),
    });
  });

  it('never promises more than the weakest end of what was written', () => {
    const percents = fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 99 }));
    fc.assert(
      fc.property(percents, fc.boolean(), ([a, b], isDown) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const claim = getsClaim({
          changePct: isDown ? [-high, -low] : [low, high],
          direction: isDown ? 'down' : 'up',
        });
        const target = targetOf(claim);
        if ('why' in target || target.promise?.kind !== 'change') throw new Error('a percentage is a change');
        expect(target.promise.ratio).toBeCloseTo(isDown ? 1 - low / 100 : 1 + low / 100, 9);
        // What was promised as a change is never kept by none.
        const limits = limitsOf(target.promise);
        expect(limits !== null && (isDown ? limits.met < 0 : limits.met > 0)).toBe(true);
      }),
    );
  });
});
