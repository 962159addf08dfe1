import { describe, expect, it, test } from 'vitest';
import type { RedisMode } from '../../model/redis-mode.ts';
import { type BreakerFact, type LimiterFact, NO_FLEET } from '../facts/fleet.ts';
import type { ModeFact, SourceFact } from '../facts.ts';
import { findAll, findOne, NOW_MS } from './test-find.ts';

const modeOf = (mode: RedisMode, sinceMs: number | null = NOW_MS - 3_600_000): ModeFact => ({
  ...{ mode, sinceMs, evidence: '', machines: [], askedInVain: [], isPartial: false },
});

describe('limiter_open', () => {
  const found = (over: Partial<LimiterFact> | null, mode: ModeFact | null = null) => {
    const limiter = { failedOpen: 42, limited: 8, allowed: 950, isPartial: false, ...over };
    return findOne('limiter_open', { mode, fleet: { ...NO_FLEET, limiter: over === null ? null : limiter } });
  };

  it('fires at the first request that passed unasked, and says how many of all', () => {
    const { value, levels, title, means } = found({});
    expect(title).toBe('42 requests passed the rate limiter in 5 min because it could not ask');
    expect(value).toBe(42);
    expect(levels).toMatchObject({ trigger: 1, clear: 0.5, holdMs: 60_000 });
    expect(means).toEqual([
      { what: 'Passed unasked', text: '42 in 5 min, 4.20 % of all decisions' },
      { what: 'Still turned away', text: '8 in 5 min' },
    ]);
    expect(found({ failedOpen: 1 }).title).toMatch(/^1 request passed/);
  });

  it('with a machine silent it may fire and is never over; where nobody counts it is not known', () => {
    expect(found({ isPartial: true }).value).toBe(42);
    expect(found({ isPartial: true, failedOpen: 0 }).value).toBeNull();
    expect(found({ failedOpen: 0 }).value).toBe(0);
    expect(found(null).value).toBeNull();
  });

  it.each([
    [modeOf('quota_exhausted'), 'the Redis quota is used up'],
    [modeOf('suspended_by_provider'), 'Redis is suspended by its provider'],
    [modeOf('throttled'), 'Redis is throttled'],
    [modeOf('active', NOW_MS - 120_000), 'Redis is in use again since 21:58Z, the 5 min before still count'],
    [modeOf('active', NOW_MS - 361_000), null],
    [modeOf('active', null), null],
    // Nobody may think that limits hold while Redis is off on purpose or can't be reached.
    [modeOf('suspended_by_us'), null],
    [modeOf('unreachable'), null],
    [null, null],
  ])('is held back only while Redis refuses commands, and for the window after it', (mode, reason) => {
    expect(found({}, mode).inhibitedBy).toBe(reason);
  });
});

describe('a Redis that refuses', () => {
  const redis = {
    id: 'x',
    kind: 'redis',
    name: 'cache',
    state: 'limited',
    failures: 2,
    error: null,
  } as const;
  const held = (over: Partial<SourceFact>) => {
    const sources: SourceFact[] = [{ ...redis, errorKind: 'quota', ...over }];
    const limiter = { failedOpen: 42, limited: 8, allowed: 950, isPartial: false };
    const mode = modeOf('mixed');
    const [down] = findAll('source_down', { mode, sources });
    const open = findOne('limiter_open', { mode, sources, fleet: { ...NO_FLEET, limiter } });
    return [down?.inhibitedBy, open.inhibitedBy];
  };

  it('explains both itself and the limiter, also while machines are in different modes', () => {
    expect(held({})).toEqual(['the Redis quota is used up', 'the Redis quota is used up']);
  });

  it.each<Partial<SourceFact>>([
    { errorKind: 'limit' },
    { failures: 0 },
    { state: 'down' },
    { kind: 'upstash' },
  ])('%j explains nothing', (over) => {
    expect(held(over)).toEqual([null, null]);
  });
});

test('a limiter is held back while a refusal of Redis may be in the window', () => {
  const limiter = { failedOpen: 42, limited: 8, allowed: 950, isPartial: false };
  const found = findOne('limiter_open', { fleet: { ...NO_FLEET, limiter, redisRefused: true } });
  expect(found).toMatchObject({ value: 42, inhibitedBy: 'Redis has refused commands in these minutes' });
});

describe('breaker_open', () => {
  const breakers = (...states: BreakerFact['state'][]): BreakerFact[] =>
    states.map((state, i) => ({ integration: 'billing', machine: `m${i + 1}`, state }));
  const found = (...states: BreakerFact['state'][]) =>
    findOne('breaker_open', { fleet: { ...NO_FLEET, breakers: breakers(...states) } });

  it.each([
    [['closed', 'closed'], 0],
    [['closed', 'half_open'], 0.5],
    [['closed', 'open'], 1],
    [['unknown', 'open'], 1],
    [['closed', 'unknown'], null],
    [['half_open', 'unknown'], null],
  ] as const)('of %j the value is %j: half open neither fires nor clears', (states, value) => {
    const { levels, ...finding } = found(...states);
    expect(finding.value).toBe(value);
    expect(levels).toMatchObject({ trigger: 1, clear: 0.5 });
  });

  it('says what is not called any more, and from where', () => {
    expect(found('open', 'open')).toMatchObject({
      subject: 'billing',
      title: 'Circuit breaker open: billing is not called any more',
      source: 'm1, m2',
    });
    const some = found('open', 'closed', 'half_open', 'unknown');
    expect(some.title).toBe('Circuit breaker open: billing is not called from 1 of 4 machines');
    expect(some.means).toEqual([
      { what: 'Open', text: '1 of 4 machines' },
      { what: 'Trying again', text: 'm3' },
      { what: 'Not known', text: 'm4' },
    ]);
    expect(found('open', 'open', 'open', 'open', 'open').source).toBe('m1, m2, m3 and 2 more');
  });

  it('watches each integration for itself, and none where none is told', () => {
    const two = [...breakers('closed'), { integration: 'calendar', machine: 'm1', state: 'open' as const }];
    const all = findAll('breaker_open', { fleet: { ...NO_FLEET, breakers: two } });
    expect(all.map(({ subject, value }) => [subject, value])).toEqual([
      ['billing', 0],
      ['calendar', 1],
    ]);
    expect(findAll('breaker_open', {})).toEqual([]);
  });
});
