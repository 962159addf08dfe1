import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GuardSpan } from '../model/verdict.ts';
import { BLOCK_MS } from '../time/range.ts';
import type { GuardFacts } from './guard-types.ts';
import { spansOf } from './guards.ts';
import { subjectOf } from './subject.ts';
import {
  at,
  block,
  blocks,
  DAY_BLOCKS,
  decided,
  guardFacts,
  later,
  machine,
  mode,
  T0,
} from './test-facts.ts';

/** A span as a table says it: reason, from and to in minutes after T₀ (null while it lasts), final. */
type Told = readonly [reason: string, from: number, to: number | null, final?: 'final'];
const told = ({ reason, fromMs, toMs, final }: GuardSpan): Told => {
  const minutes = (ms: number) => (ms - T0) / 60_000;
  const span = [reason, minutes(fromMs), toMs === null ? null : minutes(toMs)] as const;
  return final ? [...span, 'final'] : span;
};
type Row = [what: string, facts: Partial<GuardFacts>, spans: readonly Told[], evidence?: RegExp];
const subject = (metric: string, labels = {}) => ({ subject: subjectOf({ metric, labels }) });
const v8 = { deployId: 'd2', release: 'v8', kind: 'secret', startMs: at(60) } as const;

const MODES: readonly Row[] = [
  ['a calm watch has no span', {}, []],
  [
    'Redis suspended by nobody that is known ends it',
    { modes: [mode(-600, 'active'), mode(60, 'suspended_by_us')] },
    [['redis_suspended', 60, null, 'final']],
    /Redis suspended at 19:00Z/,
  ],
  [
    'Redis suspended by a later deploy ends it when that deploy begins, and is no interruption beside it',
    {
      modes: [mode(-600, 'active'), mode(62, 'suspended_by_us', { by: v8 })],
      later: [later(60, { claimsSame: true, kind: 'secret' })],
    },
    [['redis_suspended', 60, null, 'final']],
    /Redis suspended by v8/,
  ],
  [
    'suspended again and again is told once',
    {
      modes: [
        mode(0, 'active'),
        mode(60, 'suspended_by_us'),
        mode(70, 'active'),
        mode(80, 'suspended_by_us'),
      ],
    },
    [['redis_suspended', 60, null, 'final']],
  ],
  [
    'a used-up quota is no success',
    { modes: [mode(0, 'active'), mode(30, 'quota_exhausted')] },
    [['redis_suspended', 30, null, 'final']],
    /quota/,
  ],
  [
    'a part of the machines suspended ends it too',
    { modes: [mode(0, 'active'), mode(30, 'mixed', { machines: { a: 'active', b: 'suspended_by_us' } })] },
    [['redis_suspended', 30, null, 'final']],
    /1 of 2 machines/,
  ],
  [
    'a machine aside that is suspended moves nothing',
    {
      modes: [mode(0, 'active'), mode(30, 'mixed', { machines: { a: 'active', b: 'suspended_by_us' } })],
      machines: [machine('a', [[0, 120, 'v7']], 0.98), machine('b', [[0, 120, 'v7']], 0.02)],
    },
    [],
  ],
  [
    'suspended at T₀ it may still be the release that ends it, for half an hour',
    { asOfMs: at(25), modes: [mode(-60, 'suspended_by_us')] },
    [['redis_suspended', 0, null]],
  ],
  [
    'suspended at T₀ it cannot be told at all',
    { modes: [mode(-60, 'suspended_by_us')] },
    [['redis_suspended', 0, null, 'final']],
  ],
  [
    'Redis that nobody reaches is out while that lasts',
    { modes: [mode(0, 'active'), mode(30, 'unreachable'), mode(50, 'active'), mode(110, 'unreachable')] },
    [
      ['source_down', 30, 50],
      ['source_down', 110, null],
    ],
  ],
  [
    'machine counts do not depend on it',
    { ...subject('fly_machines'), modes: [mode(0, 'suspended_by_us')] },
    [],
  ],
  [
    'nor do awake hours of Neon',
    { ...subject('neon_compute_cost_usd_per_day'), modes: [mode(0, 'suspended_by_us')] },
    [],
  ],
  [
    'database queries do: caches spare them',
    { ...subject('db_queries_total'), modes: [mode(60, 'suspended_by_us')] },
    [['redis_suspended', 60, null, 'final']],
  ],
  [
    'a suspension is judged on its own claims',
    { kind: 'suspend', modes: [mode(-600, 'active'), mode(1, 'suspended_by_us')] },
    [],
  ],
  [
    'so is a secret that was followed by one',
    { kind: 'secret', modes: [mode(-600, 'active'), mode(10, 'suspended_by_us')] },
    [],
  ],
  [
    'a release is not: it did not promise it',
    { modes: [mode(-600, 'active'), mode(10, 'suspended_by_us')] },
    [['redis_suspended', 10, null, 'final']],
  ],
  [
    'nor a secret of an hour ago',
    { kind: 'secret', modes: [mode(-600, 'active'), mode(70, 'suspended_by_us')] },
    [['redis_suspended', 70, null, 'final']],
  ],
  [
    'a suspension ends with Redis in use again',
    { kind: 'suspend', modes: [mode(-600, 'active'), mode(1, 'suspended_by_us'), mode(60, 'active')] },
    [['interrupted', 60, null, 'final']],
    /taken into use again at 19:00Z/,
  ],
  [
    'a suspension that never came is judged by its claims',
    { kind: 'suspend', modes: [mode(-600, 'active')] },
    [],
  ],
  [
    'the end of a suspension is judged on its own claims',
    { kind: 'resume', modes: [mode(-600, 'suspended_by_us'), mode(1, 'active')] },
    [],
  ],
  [
    'and so is a release that takes Redis into use',
    { modes: [mode(-600, 'suspended_by_us'), mode(1, 'active')] },
    [],
  ],
  [
    'machine by machine it is waited for',
    {
      kind: 'resume',
      modes: [
        mode(-600, 'suspended_by_us'),
        mode(1, 'mixed', { machines: { a: 'active', b: 'suspended_by_us' } }),
        mode(40, 'active', { machines: { a: 'active', b: 'active' } }),
      ],
    },
    [['machines_not_converged', 8, 40]],
    /still suspended on b/,
  ],
  [
    'zeros from before it did are not its doing',
    { kind: 'resume', modes: [mode(-600, 'suspended_by_us'), mode(25, 'active')] },
    [['redis_suspended', 8, 25]],
  ],
  [
    'suspended again after it was in use ends it',
    {
      kind: 'resume',
      modes: [mode(-600, 'suspended_by_us'), mode(1, 'active'), mode(90, 'suspended_by_us')],
    },
    [['redis_suspended', 90, null, 'final']],
  ],
  [
    'one that has not taken Redis into use once it settled can’t be told',
    { kind: 'resume', modes: [mode(-600, 'suspended_by_us')] },
    [['redis_suspended', 8, null]],
    /still not in use at 18:08Z/,
  ],
];

const OTHERS: readonly Row[] = [
  ['a later deploy is a mark', { later: [later(60)] }, []],
  [
    'one that claims the same ends it',
    { later: [later(60, { claimsSame: true })] },
    [['interrupted', 60, null, 'final']],
    /v8 of 19:00Z claims the same/,
  ],
  [
    'a step near one ends it',
    { later: [later(60, { step: { atMs: at(65) } })] },
    [['interrupted', 60, null, 'final']],
    /a step at 19:05Z, near v8/,
  ],
  [
    'from the step on where that came first',
    { later: [later(60, { step: { atMs: at(50) } })] },
    [['interrupted', 50, null, 'final']],
  ],
  [
    'a step between two deploys is the nearer one’s',
    {
      later: [
        later(60, { step: { atMs: at(85) } }),
        later(90, { deployId: 'd3', release: 'v9', step: { atMs: at(85) } }),
      ],
    },
    [['interrupted', 85, null, 'final']],
    /near v9/,
  ],
  [
    'the same deploy, noticed once more, is none',
    { later: [later(2, { isSame: true, claimsSame: true })] },
    [],
  ],
  ['one of later than the look is none yet', { later: [later(130, { claimsSame: true })] }, []],
  [
    'what is after the end counts no more, and what was before it stays',
    {
      later: [later(60, { claimsSame: true })],
      modes: [mode(0, 'active'), mode(20, 'unreachable'), mode(30, 'active'), mode(80, 'suspended_by_us')],
    },
    [
      ['source_down', 20, 30],
      ['interrupted', 60, null, 'final'],
    ],
  ],
  [
    'at one time the suspension is named first',
    { later: [later(60, { claimsSame: true })], modes: [mode(0, 'active'), mode(60, 'suspended_by_us')] },
    [['redis_suspended', 60, null, 'final']],
  ],
  [
    'machines that converge while it settles hold nothing up',
    {
      machines: [
        machine('a', [
          [0, 5, 'v6'],
          [5, 120, 'v7'],
        ]),
      ],
    },
    [],
  ],
  [
    'one that comes late holds up until it does',
    {
      machines: [
        machine('a', [[0, 120, 'v7']]),
        machine('b', [
          [0, 40, 'v6'],
          [40, 120, 'v7'],
        ]),
      ],
    },
    [['machines_not_converged', 8, 40]],
    /1 of 2 machines run v7, not b/,
  ],
  [
    'one that goes back holds up again',
    {
      machines: [
        machine('a', [
          [0, 60, 'v7'],
          [60, 120, 'v6'],
        ]),
      ],
    },
    [['machines_not_converged', 60, null]],
  ],
  [
    'one with next to no requests is only said',
    { machines: [machine('a', [[0, 120, 'v7']], 0.98), machine('b', [[0, 120, 'v6']], 0.02)] },
    [],
  ],
  [
    'a roll that does not end is not waited for beyond half an hour',
    {
      settledMs: null,
      endMs: null,
      machines: [machine('a', [[0, 120, 'v7']]), machine('b', [[0, 120, 'v6']])],
    },
    [['machines_not_converged', 30, null]],
  ],
  [
    'without their word the platform’s counts',
    { machines: null, rolled: { done: 1, of: 2 } },
    [['machines_not_converged', 8, null]],
    /1 of 2 machines run v7/,
  ],
  [
    'ten silent minutes are told once they are over, and while they last',
    {
      measured: [...Array(4).fill(true), ...Array(4).fill(false), ...Array(16).fill(true)],
      gaps: [{ source: 'cache', startMs: at(21), endMs: at(39), reason: 'network' }],
    },
    [['source_down', 30, 40]],
    /cache is unreachable since 18:20Z/,
  ],
  ['one missing block is none', { measured: [...Array(4).fill(true), false, ...Array(19).fill(true)] }, []],
  [
    'our own limit is said',
    {
      measured: [...Array(20).fill(true), ...Array(4).fill(false)],
      gaps: [{ source: 'cache', startMs: at(100), endMs: at(120), reason: 'budget' }],
    },
    [['source_down', 110, null]],
    /our own limit/,
  ],
  [
    'a sleeping database is no fault',
    {
      measured: [...Array(20).fill(true), ...Array(4).fill(false)],
      gaps: [{ source: 'db', startMs: at(100), endMs: at(120), reason: 'asleep' }],
    },
    [],
  ],
  [
    'time in which nobody watched is no data',
    {
      measured: [...Array(20).fill(true), ...Array(4).fill(false)],
      gaps: [{ source: 'cache', startMs: at(100), endMs: at(120), reason: 'not_watched' }],
    },
    [['no_data', 110, null]],
    /nobody watched cache/,
  ],
  [
    'missing numbers of a source that answers are no data',
    { measured: [...Array(20).fill(true), ...Array(4).fill(false)] },
    [['no_data', 110, null]],
  ],
  [
    'traffic lost is told by the hour, and back when it is back',
    {
      asOfMs: at(240),
      measured: Array(48).fill(true),
      requests: {
        before: blocks(14 * DAY_BLOCKS, 3_000),
        after: [...blocks(12, 3_000), ...blocks(12, 300), ...blocks(24, 3_000)],
      },
    },
    // Five blocks of the hour that lost 90 % make −38 %, and three of them −23 %.
    [['traffic_lost', 80, 160]],
    /requests 3\d % below what is usual/,
  ],
  [
    'a quarter less is not lost',
    { requests: { before: blocks(14 * DAY_BLOCKS, 3_000), after: blocks(24, 2_250) } },
    [],
  ],
  [
    'few requests stray by themselves',
    { requests: { before: blocks(14 * DAY_BLOCKS, 0.5), after: blocks(24, 0.25) } },
    [],
  ],
  [
    'settings do not follow traffic',
    {
      ...subject('app_db_pool_max'),
      requests: { before: blocks(14 * DAY_BLOCKS, 3_000), after: blocks(24, 0) },
    },
    [],
  ],
  [
    'requests do not follow themselves',
    {
      ...subject('http_responses_total'),
      requests: { before: blocks(14 * DAY_BLOCKS, 3_000), after: blocks(24, 0) },
    },
    [],
  ],
  [
    'a limiter that lets pass unasked ends what is said of it',
    {
      ...subject('app_limiter_decisions_total', { decision: 'limited' }),
      limiter: {
        dayBefore: 28_800,
        after: [...Array(10).fill(decided(100, 1)), decided(90, 0, 10), ...Array(13).fill(decided(100, 1))],
      },
    },
    [['limiter_off', 50, null, 'final']],
    /let 10 requests pass from 18:50Z/,
  ],
  [
    '429s count again once it decides again',
    {
      ...subject('http_responses_total', { status: '429' }),
      limiter: {
        dayBefore: 28_800,
        after: [...Array(10).fill(decided(100, 1)), decided(90, 0, 10), ...Array(13).fill(decided(100, 1))],
      },
    },
    [['limiter_off', 50, 55]],
  ],
  [
    'while it restarts nothing is held against it',
    {
      ...subject('app_limiter_decisions_total'),
      limiter: { dayBefore: 28_800, after: [decided(90, 0, 10), ...Array(23).fill(decided(100, 1))] },
    },
    [],
  ],
  [
    'a limiter that falls silent is off',
    {
      ...subject('app_limiter_decisions_total'),
      limiter: { dayBefore: 28_800, after: [...Array(10).fill(decided(100)), ...Array(14).fill(decided(0))] },
    },
    [['limiter_off', 60, null, 'final']],
    /decided nothing since 18:50Z/,
  ],
  [
    'one that never decided anything is not',
    {
      ...subject('app_limiter_decisions_total'),
      limiter: { dayBefore: 0, after: Array(24).fill(decided(0)) },
    },
    [],
  ],
  [
    'one that decides seldom is not held against a quiet quarter of an hour',
    {
      ...subject('app_limiter_decisions_total'),
      limiter: { dayBefore: 100, after: Array(24).fill(decided(0)) },
    },
    [],
  ],
  [
    'a limiter that comes and goes is told each time',
    {
      ...subject('http_responses_total', { status: '429' }),
      limiter: {
        dayBefore: 28_800,
        after: Array.from({ length: 24 }, (_, i) => decided(100, 1, i === 10 || i === 15 ? 3 : 0)),
      },
    },
    [
      ['limiter_off', 50, 55],
      ['limiter_off', 75, 80],
    ],
  ],
  ['GETs do not ask the limiter', { limiter: null }, []],
];

describe('guards', () => {
  it.each([...MODES, ...OTHERS])('%s', (_what, facts, spans, evidence) => {
    const found = spansOf(guardFacts(facts)).spans;
    expect(found.map(told)).toEqual(spans);
    if (evidence !== undefined) expect(found.at(-1)?.evidence).toMatch(evidence);
  });

  it.each<[string, Partial<GuardFacts>, string, RegExp]>([
    [
      'the mode of Redis',
      { modes: [mode(-10, 'unknown')] },
      'redis_mode',
      /nothing tells whether Redis is in use/,
    ],
    ['a mode that nobody watches', { modes: null }, 'redis_mode', /nothing tells/],
    [
      'a later deploy that came too early',
      { later: [later(10, { step: null })] },
      'interruption',
      /whether v8 moved it/,
    ],
    [
      'machines without a word',
      { machines: null, rolled: null },
      'machines',
      /no machine tells which release/,
    ],
    [
      'machines that name it otherwise',
      { rolled: null, machines: [machine('a', [[0, 120, 'v6']])] },
      'machines',
      /no machine calls what it runs v7, they say v6/,
    ],
    ['requests that nobody counts', { requests: null }, 'traffic', /nobody counts requests/],
    [
      'traffic of a new app',
      { requests: { before: blocks(DAY_BLOCKS, 3_000), after: blocks(24, 3_000) } },
      'traffic',
      /too few days/,
    ],
    [
      'a limiter that is not exported',
      { ...subject('app_limiter_decisions_total'), limiter: null },
      'limiter',
      /app_limiter_decisions_total/,
    ],
  ])('%s is listed as not checked, and keeps the verdict provisional', (_what, facts, guard, why) => {
    const { notChecked, caps } = spansOf(guardFacts(facts));
    expect(notChecked).toEqual([{ guard, why: expect.stringMatching(why) }]);
    expect(caps).toHaveLength(1);
  });

  it('a database that sleeps makes a silence that is no fault', () => {
    const facts = guardFacts({
      measured: [...Array(20).fill(true), ...Array(4).fill(false)],
      gaps: [{ source: 'db', startMs: at(100), endMs: at(120), reason: 'asleep' }],
    });
    expect(spansOf(facts)).toMatchObject({ spans: [], quiet: [{ startMs: at(100), endMs: at(120) }] });
  });

  it('caps nothing where everything was looked at', () => {
    expect(spansOf(guardFacts())).toEqual({
      spans: [],
      quiet: [],
      notChecked: [],
      caps: [],
      noMet: null,
      interruption: null,
    });
  });

  it('allows no met where a tenth of the awake time was not counted, on either side', () => {
    expect(spansOf(guardFacts({ uncovered: { before: 0.02, after: 0.14 } })).noMet).toMatch(
      /14 % .* after the deploy/,
    );
    expect(spansOf(guardFacts({ uncovered: { before: 0.2, after: null } })).noMet).toMatch(/20 % .* before/);
    expect(spansOf(guardFacts({ uncovered: { before: 0.1, after: 0.1 } })).noMet).toBeNull();
  });

  it('says that words of a part are held against the number of all', () => {
    expect(spansOf(guardFacts({ part: 'app_breaker_reads_total' })).caps).toEqual([
      expect.stringMatching(/a part .* app_breaker_reads_total/),
    ]);
  });

  it('names the deploy that cut it short, and none where a change of mode came first', () => {
    const cut = spansOf(guardFacts({ later: [later(60, { claimsSame: true })] }));
    expect(cut.interruption).toEqual({ atMs: at(60), release: 'v8', deployId: 'd2', kind: 'code' });
    const modes = [mode(0, 'active'), mode(30, 'suspended_by_us')];
    expect(spansOf(guardFacts({ later: [later(60, { claimsSame: true })], modes })).interruption).toBeNull();
  });

  it('a look of the past gives what it gave then: nothing that came later changes a span that had begun', () => {
    const facts = guardFacts({
      measured: [...Array(6).fill(true), ...Array(5).fill(false), ...Array(13).fill(true)],
      gaps: [{ source: 'cache', startMs: at(30), endMs: at(55), reason: 'timeout' }],
      requests: {
        before: blocks(14 * DAY_BLOCKS, 3_000),
        after: Array.from({ length: 24 }, (_, i) => block(i > 14 && i < 20 ? 100 : 3_000)),
      },
      modes: [mode(-600, 'active'), mode(100, 'suspended_by_us')],
    });
    const cut = (blocksOver: number): GuardFacts => ({
      ...facts,
      asOfMs: T0 + blocksOver * BLOCK_MS,
      measured: facts.measured.slice(0, blocksOver),
      requests: facts.requests && { ...facts.requests, after: facts.requests.after.slice(0, blocksOver) },
      modes: facts.modes?.filter(({ atMs }) => atMs <= T0 + blocksOver * BLOCK_MS) ?? null,
    });
    const whole = spansOf(facts).spans;
    expect(whole.map(({ reason }) => reason)).toEqual(['source_down', 'traffic_lost', 'redis_suspended']);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 }), (over) => {
        const nowMs = T0 + over * BLOCK_MS;
        const open = (spans: readonly GuardSpan[]) =>
          spans
            .filter(
              ({ fromMs, toMs }) => fromMs < nowMs && (toMs ?? Number.POSITIVE_INFINITY) > nowMs - BLOCK_MS,
            )
            .map(({ reason, fromMs, final }) => [reason, fromMs, final]);
        expect(open(spansOf(cut(over)).spans)).toEqual(open(whole));
      }),
    );
  });
});
