import { describe, expect, it } from 'vitest';
import type { ParsedCheck } from '../claims/document.ts';
import { parseClaims } from '../claims/index.ts';
import type { CheckState } from '../model/check.ts';
import type { WatchCheck } from '../model/verdict.ts';
import { WATCH_STOPS_MS } from '../model/watch.ts';
import { BLOCK_MS, DAY_MS, HOUR_MS, MINUTE_MS } from '../time/range.ts';
import type { CheckFacts } from './check-types.ts';
import { buildChecks, stopsOf } from './checks.ts';
import {
  at,
  block,
  blocks,
  checkedClaim,
  checkFacts,
  DAY_BLOCKS,
  decided,
  machine,
  mode,
  T0,
} from './test-facts.ts';

const none = { document: null };
const lineOf = (facts: Partial<CheckFacts>, id: string): WatchCheck | undefined =>
  buildChecks(none, checkFacts(facts)).find((check) => check.id === id);

type Row = [
  what: string,
  id: string,
  facts: Partial<CheckFacts>,
  state: CheckState,
  evidence: RegExp | null,
  block?: string,
];
const claims = (...verdicts: Parameters<typeof checkedClaim>[0][]) => ({
  claims: verdicts.map((verdict, i) => checkedClaim(verdict, `c${i + 1}`)),
});
const v8 = { deployId: 'd2', release: 'v8', kind: 'secret', startMs: at(40) } as const;
const OVER = { asOfMs: T0 + DAY_MS };

const ROWS: readonly Row[] = [
  ['machines that are all on it', 'machines', {}, 'done', /^2 of 2 on v7/],
  [
    'one that came later',
    'machines',
    {
      machines: [
        machine('a', [[0, 120, 'v7']]),
        machine('b', [
          [0, 40, 'v6'],
          [40, 120, 'v7'],
        ]),
      ],
    },
    'done',
    /2 of 2 on v7 by 18:40Z/,
  ],
  [
    'one that is missing',
    'machines',
    { machines: [machine('a', [[0, 120, 'v7']]), machine('b', [[0, 120, 'v6']])] },
    'failing',
    /1 of 2 on v7, not b/,
  ],
  [
    'one that is missing before its time',
    'machines',
    { asOfMs: at(4), machines: [machine('a', [[0, 4, 'v7']]), machine('b', [[0, 4, 'v6']])] },
    'waiting',
    /1 of 2/,
  ],
  [
    'one that was replaced and has gone',
    'machines',
    { machines: [machine('a', [[0, 120, 'v7']]), machine('b', [[0, 5, 'v6']])] },
    'done',
    /1 of 1/,
  ],
  [
    'machines by their platform',
    'machines',
    { machines: null, rolled: { done: 1, of: 2 } },
    'failing',
    /1 of 2 on v7/,
  ],
  [
    'machines that nobody knows',
    'machines',
    { machines: null, rolled: null },
    'blocked',
    /no machine tells/,
    'unmeasurable',
  ],
  [
    'Redis suspended on all machines',
    'machines',
    {
      kind: 'suspend',
      machines: null,
      modes: [
        mode(-60, 'active'),
        mode(2, 'suspended_by_us', { machines: { a: 'suspended_by_us', b: 'suspended_by_us' } }),
      ],
    },
    'done',
    /2 of 2 have it suspended since 18:02Z/,
  ],
  [
    'Redis in use on one of two',
    'machines',
    {
      kind: 'resume',
      machines: null,
      modes: [
        mode(-60, 'suspended_by_us'),
        mode(2, 'mixed', { machines: { a: 'active', b: 'suspended_by_us' } }),
      ],
    },
    'failing',
    /1 of 2 use Redis/,
  ],

  ['a claim that moves', 'early', {}, 'done', /moving, −95.0/],
  ['a claim that moves before its time', 'early', { asOfMs: at(10) }, 'waiting', null],
  [
    'a claim that does not move',
    'early',
    claims({ effectPct: -0.7, interval: [-3.1, 1.8], state: 'off_track' }),
    'failing',
    /not moved, −0.7/,
  ],
  [
    'a claim that goes the wrong way',
    'early',
    claims({ effectPct: 20, interval: [12, 29] }),
    'failing',
    /the wrong way/,
  ],
  [
    'a claim of which nothing is ruled out',
    'early',
    claims({ effectPct: -40, interval: [-97, 60] }),
    'waiting',
    /too early to see/,
  ],
  [
    'one that moves beside one too early',
    'early',
    claims({}, { effectPct: -40, interval: [-97, 60] }),
    'done',
    /moving.*; 1 too early/,
  ],
  [
    'claims that nobody can tell',
    'early',
    claims({ state: 'cant_tell', reason: 'redis_suspended', interval: null }),
    'blocked',
    /redis suspended/,
    'redis_suspended',
  ],
  ['half an hour without an alarm', 'stage', {}, 'done', /moving/],
  [
    'an alarm before the half hour',
    'stage',
    { asOfMs: at(20), ...claims({ state: 'failing', effectPct: 20, interval: [12, 29] }) },
    'failing',
    /wrong way.* at 18:20Z/,
  ],
  ['the half hour not over yet', 'stage', { asOfMs: at(20) }, 'waiting', null],

  [
    'claims at one hour',
    'claims-1h',
    claims({}, { state: 'undecided' }),
    'done',
    /1 of 2 on track or met, 1 undecided/,
  ],
  [
    'a claim off track at one hour',
    'claims-1h',
    claims({ state: 'off_track', effectPct: -0.7, interval: [-3.1, 1.8] }),
    'failing',
    /off track/,
  ],
  ['claims at six hours, at two', 'claims-6h', {}, 'waiting', null],
  [
    'the end, all met',
    'final',
    { ...OVER, ...claims({ state: 'met', provisional: false }) },
    'done',
    /1 of 1 met/,
  ],
  [
    'the end, one missed',
    'final',
    { ...OVER, ...claims({ state: 'met' }, { state: 'missed' }) },
    'failing',
    /missed/,
  ],
  [
    'the end, one that nobody can tell',
    'final',
    { ...OVER, ...claims({ state: 'met' }, { state: 'cant_tell', reason: 'interrupted' }) },
    'blocked',
    /1 of 2 met, 1 can’t tell/,
    'interrupted',
  ],
  [
    'the end, one undecided',
    'final',
    { ...OVER, ...claims({ state: 'undecided' }) },
    'failing',
    /0 of 1 met, 1 undecided/,
  ],
  ['before the end', 'final', {}, 'waiting', null],

  ['no 429 at all, where they are counted', '429-1h', {}, 'done', /^0 in 1.h, usual are 2/],
  [
    'a burst of them',
    '429-1h',
    {
      limited: {
        before: blocks(14 * DAY_BLOCKS, 1 / 6),
        after: [...blocks(6, 0), ...blocks(3, 6), ...blocks(15, 0)],
      },
    },
    'failing',
    /1[28] in 15.m up to .*Z, usual/,
  ],
  [
    'a few more than usual',
    '429-1h',
    {
      limited: {
        before: blocks(14 * DAY_BLOCKS, 1 / 6),
        after: [...blocks(6, 0), ...blocks(4, 1), ...blocks(14, 0)],
      },
    },
    'done',
    /^4 in/,
  ],
  [
    'a burst after its time is none of it',
    '429-15m',
    { limited: { before: blocks(14 * DAY_BLOCKS, 1 / 6), after: [...blocks(6, 0), ...blocks(18, 9)] } },
    'done',
    /^0 in 15.m/,
  ],
  ['429s that nobody counts', '429-1h', { limited: null }, 'blocked', /nobody counts/, 'unmeasurable'],
  [
    '429s of a new app',
    '429-1h',
    { limited: { before: blocks(12, 0), after: blocks(24, 0) } },
    'blocked',
    /less than a day/,
    'no_baseline',
  ],
  [
    '429s of silent machines',
    '429-1h',
    { limited: { before: blocks(14 * DAY_BLOCKS, 1), after: Array(24).fill(null) } },
    'blocked',
    /no responses/,
    'no_data',
  ],

  [
    'a limiter that turned somebody away',
    'limiter-6h',
    { limiter: { dayBefore: 28_800, after: [...Array(23).fill(decided(100)), decided(100, 2)] } },
    'passing',
    /2 requests turned away/,
  ],
  [
    'at its time',
    'limiter-6h',
    { asOfMs: at(400), limiter: { dayBefore: 28_800, after: Array(80).fill(decided(100, 1)) } },
    'done',
    /turned away/,
  ],
  [
    'one that let somebody pass unasked',
    'limiter-6h',
    {
      limiter: {
        dayBefore: 28_800,
        after: [...Array(10).fill(decided(100, 5)), decided(100, 0, 1), ...Array(13).fill(decided(100, 5))],
      },
    },
    'failing',
    /1 request passed from 18:50Z/,
  ],
  [
    'one that nobody came near: no 429 is no evidence',
    'limiter-6h',
    { limiter: { dayBefore: 28_800, after: Array(24).fill(decided(100)) } },
    'waiting',
    /no demand reached the limit/,
  ],
  [
    'and at its time',
    'limiter-6h',
    { asOfMs: at(400), limiter: { dayBefore: 28_800, after: Array(80).fill(decided(100)) } },
    'blocked',
    /no demand/,
    'no_demand',
  ],

  ['Redis in use all the time', 'mode-1h', {}, 'done', /Redis in use for 1.h/],
  ['so far', 'mode-6h', {}, 'passing', /Redis in use for 1.h/],
  ['not yet', 'mode-12h', {}, 'waiting', null],
  [
    'suspended by a deploy',
    'mode-1h',
    { modes: [mode(-60, 'active'), mode(41, 'suspended_by_us', { by: v8 })] },
    'blocked',
    /since 18:41Z, by v8/,
    'redis_suspended',
  ],
  [
    'suspended by nobody that is known',
    'mode-1h',
    { modes: [mode(-60, 'active'), mode(41, 'suspended_by_us')] },
    'failing',
    /not in use since 18:41Z: suspended by us/,
  ],
  [
    'suspended as it was meant',
    'mode-1h',
    { kind: 'suspend', modes: [mode(-60, 'active'), mode(2, 'suspended_by_us')] },
    'done',
    /Redis suspended for/,
  ],
];

const IN_TURN = { a: 'suspended_by_us', b: 'suspended_by_us' } as const;
const v9 = { deployId: 'd3', release: 'v9', kind: 'code', startMs: at(90) } as const;
const SWITCHES: readonly Row[] = [
  [
    'one on track beside one that a suspension keeps from being told',
    'claims-1h',
    claims({}, { state: 'cant_tell', reason: 'redis_suspended' }),
    'blocked',
    /1 of 2 on track or met, 1 can’t tell/,
    'redis_suspended',
  ],
  [
    'one on track beside one that nothing measures',
    'claims-1h',
    claims({}, { state: 'cant_tell', reason: 'unmeasurable' }),
    'done',
    /1 of 2 on track or met, 1 can’t tell/,
  ],
  [
    'one that moves beside one that a suspension keeps from being told',
    'early',
    claims({}, { state: 'cant_tell', reason: 'redis_suspended', interval: null }),
    'blocked',
    /moving.*; 1 can’t be told: redis suspended/,
    'redis_suspended',
  ],
  [
    'a machine that gets next to no requests is waited for in words',
    'machines',
    { machines: [machine('a', [[0, 120, 'v7']], 0.98), machine('b', [[0, 120, 'v6']], 0.02)] },
    'passing',
    /1 of 2 on v7, not b, which gets next to no requests/,
  ],
  [
    'a machine that went away from it and came back',
    'machines',
    {
      machines: [
        machine('a', [
          [0, 30, 'v7'],
          [30, 50, 'v6'],
          [50, 120, 'v7'],
        ]),
      ],
    },
    'done',
    /1 of 1 on v7 by 18:50Z/,
  ],
  [
    'a suspension that a later deploy ended was one',
    'machines',
    {
      kind: 'suspend',
      modes: [
        mode(-60, 'active'),
        mode(2, 'suspended_by_us', { machines: IN_TURN }),
        mode(91, 'active', { by: v9, machines: { a: 'active', b: 'active' } }),
      ],
    },
    'done',
    /2 of 2 have it suspended since 18:02Z/,
  ],
  [
    'what was wrong before and goes on in another form is told by its beginning',
    'mode-6h',
    {
      asOfMs: at(120),
      modes: [mode(-60, 'active'), mode(41, 'suspended_by_us', { by: v8 }), mode(91, 'mixed', { by: v9 })],
    },
    'blocked',
    /not in use since 18:41Z, by v8/,
    'redis_suspended',
  ],
  [
    'a switch that was late is not held against the time before it',
    'mode-1h',
    { kind: 'resume', modes: [mode(-60, 'suspended_by_us'), mode(10, 'active')] },
    'done',
    /Redis in use for 50.m/,
  ],
  [
    'a switch that did not come is',
    'mode-1h',
    { kind: 'resume', modes: [mode(-60, 'suspended_by_us')] },
    'failing',
    /not in use since 17:00Z/,
  ],
];

describe('the checklist of a watch', () => {
  it.each([...ROWS, ...SWITCHES])('%s', (_what, id, facts, state, evidence, reason) => {
    const check = lineOf(facts, id);
    expect(check).toMatchObject({ state, block: reason ?? null, automatic: true });
    if (evidence === null) expect(check?.evidence).toBeNull();
    else expect(check?.evidence).toMatch(evidence);
  });

  it('has a look for every stop of the rail, and none beyond the end of a shorter watch', () => {
    const due = new Set(buildChecks(none, checkFacts()).map(({ dueMs }) => dueMs));
    expect([...due].sort((a, b) => a - b)).toEqual([...WATCH_STOPS_MS]);
    const short = buildChecks(none, checkFacts({ watchEndMs: T0 + 3 * HOUR_MS }));
    expect(Math.max(...short.map(({ dueMs }) => dueMs))).toBe(3 * HOUR_MS);
    expect(new Set(short.map(({ id }) => id)).size).toBe(short.length);
    expect(stopsOf(short).map(({ offsetMs }) => offsetMs)).toEqual(WATCH_STOPS_MS.slice(0, 5));
  });

  it('leaves out what nothing could tell of', () => {
    const ids = buildChecks(none, checkFacts({ limiter: null, modes: null })).map(({ id }) => id);
    expect(ids.filter((id) => id.startsWith('limiter') || id.startsWith('mode'))).toEqual([]);
  });

  it('what was seen at its moment stays, whatever comes later', () => {
    const first = buildChecks(none, checkFacts({ asOfMs: at(15) }));
    const bad = claims({ state: 'missed', effectPct: 20, interval: [12, 29] });
    const early = (list: readonly WatchCheck[]) => list.find(({ id }) => id === 'early');
    expect(early(buildChecks(none, checkFacts({ ...bad, asOfMs: at(300) }), first))).toEqual(early(first));
    expect(early(first)?.state).toBe('done');
  });
});

const asked = (text: string, rest: Partial<ParsedCheck> = {}): ParsedCheck => ({
  text,
  state: 'waiting',
  line: 1,
  ...rest,
});
const summary = (...checks: readonly ParsedCheck[]) => ({
  document: { ...parseClaims(''), checks: [...checks] },
});

describe('checks that the summary asks for', () => {
  it('follow their claim, also where the author ticked them already', () => {
    const follow = (facts: Partial<CheckFacts>) =>
      buildChecks(summary(asked('GETs fall', { claimId: 'c1', state: 'done' })), checkFacts(facts)).find(
        ({ id }) => id === 's1',
      );
    expect(follow({})).toMatchObject({
      state: 'waiting',
      automatic: true,
      dueMs: DAY_MS,
      evidence: expect.stringMatching(/^on track, −95/),
    });
    expect(follow(claims({ state: 'met', provisional: true }))).toMatchObject({
      state: 'passing',
      provisional: true,
    });
    expect(follow(claims({ state: 'met', provisional: false }))).toMatchObject({ state: 'done' });
    expect(follow(claims({ state: 'missed' }))).toMatchObject({ state: 'failing' });
    expect(follow(claims({ state: 'cant_tell', reason: 'redis_suspended' }))).toMatchObject({
      state: 'blocked',
      block: 'redis_suspended',
    });
  });

  it('read the alarm interval where they are due within the hour', () => {
    const within = (facts: Partial<CheckFacts>) =>
      buildChecks(
        summary(asked('GETs go down within 15 minutes', { claimId: 'c1' })),
        checkFacts(facts),
      ).find(({ id }) => id === 's1');
    expect(within({})).toMatchObject({
      dueMs: 15 * MINUTE_MS,
      state: 'done',
      evidence: expect.stringMatching(/moving/),
    });
    expect(within(claims({ effectPct: -0.7, interval: [-3.1, 1.8], state: 'off_track' }))).toMatchObject({
      state: 'failing',
    });
  });

  it('wait for a person where nothing looks at them; the author’s tick is said as that', () => {
    const list = buildChecks(
      summary(asked('Users are happy'), asked('App health checks passing', { state: 'done' })),
      checkFacts(),
    );
    expect(list.filter(({ automatic }) => !automatic)).toEqual([
      expect.objectContaining({ id: 's1', state: 'waiting', evidence: null }),
      expect.objectContaining({ id: 's2', state: 'done', evidence: 'ticked in the summary' }),
    ]);
  });

  it('that the limiter enforces is looked at, and never ticked by the absence of 429s', () => {
    const text = 'Rate limiting must still enforce limits';
    const look = (facts: Partial<CheckFacts>) =>
      buildChecks(summary(asked(text)), checkFacts(facts)).find(({ id }) => id === 's1');
    expect(
      look({ ...OVER, limiter: { dayBefore: 28_800, after: Array(24).fill(decided(100)) } }),
    ).toMatchObject({
      state: 'blocked',
      block: 'no_demand',
    });
    expect(look({})).toMatchObject({ state: 'passing', automatic: true });
    expect(look({ limiter: null })).toMatchObject({ state: 'waiting', automatic: false });
  });

  it('signatures stay with their words, also when the list moves or forgets them', () => {
    const signed = { by: 'Ann', atMs: at(30), note: 'looked at the graphs' };
    const first = buildChecks(summary(asked('Users are happy'), asked('No complaints')), checkFacts());
    const kept = first.map((check) =>
      check.title === 'No complaints' ? { ...check, signed, state: 'done' as const } : check,
    );
    const moved = buildChecks(summary(asked('No complaints'), asked('Users are happy')), checkFacts(), kept);
    expect(moved.find(({ title }) => title === 'No complaints')).toMatchObject({
      id: 's1',
      state: 'done',
      signed,
    });
    expect(moved.find(({ title }) => title === 'Users are happy')).toMatchObject({
      state: 'waiting',
      signed: null,
    });
    const gone = buildChecks(summary(asked('Users are happy'), asked('Something else')), checkFacts(), kept);
    expect(gone.find(({ title }) => title === 'No complaints')).toMatchObject({ state: 'done', signed });
    expect(new Set(gone.map(({ id }) => id)).size).toBe(gone.length);
    // And the third time.
    expect(buildChecks(none, checkFacts(), gone).filter((check) => check.signed !== null)).toHaveLength(1);
  });
});

describe('the rail', () => {
  const check = (dueMs: number, state: CheckState, rest: Partial<WatchCheck> = {}): WatchCheck => ({
    ...{ id: `${dueMs}${state}`, title: '', dueMs, automatic: true, state, block: null, provisional: false },
    ...{ evidence: null, signed: null },
    ...rest,
  });

  it('shows the worst of what is due at each stop; what waits for a person holds none up', () => {
    const stops = stopsOf([
      check(5 * MINUTE_MS, 'done'),
      check(15 * MINUTE_MS, 'done'),
      check(15 * MINUTE_MS, 'failing'),
      check(30 * MINUTE_MS, 'passing', { provisional: true }),
      check(HOUR_MS, 'done'),
      check(HOUR_MS, 'blocked', { block: 'no_demand' }),
      check(DAY_MS, 'done'),
      check(DAY_MS, 'waiting', { automatic: false }),
    ]);
    expect(stops.map(({ state }) => state)).toEqual([
      'done',
      'failing',
      'passing',
      'blocked',
      'waiting',
      'waiting',
      'done',
    ]);
    expect(stops[2]).toMatchObject({ provisional: true });
    expect(stops[3]).toMatchObject({ block: 'no_demand' });
  });

  it('what is due between two stops or after the last belongs to the next, or the last', () => {
    const stops = stopsOf([check(3 * HOUR_MS, 'failing'), check(3 * DAY_MS, 'done')]);
    expect(stops.map(({ state }) => state)).toEqual([
      'waiting',
      'waiting',
      'waiting',
      'waiting',
      'failing',
      'waiting',
      'done',
    ]);
  });

  it('a burst of 429s fails the stop whose hour it is in, and the whole day', () => {
    const after = Array.from({ length: 24 }, (_, i) => block(i >= 6 && i < 9 ? 9 : 0));
    const facts = checkFacts({
      asOfMs: T0 + 24 * BLOCK_MS,
      limited: { before: blocks(14 * DAY_BLOCKS, 1 / 6), after },
    });
    const failing = stopsOf(buildChecks(none, facts)).filter(({ state }) => state === 'failing');
    expect(failing.map(({ offsetMs }) => offsetMs)).toEqual([HOUR_MS, DAY_MS]);
  });
});
