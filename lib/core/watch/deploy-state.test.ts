import { describe, expect, it } from 'vitest';
import { parseClaims } from '../claims/index.ts';
import type { ClaimState } from '../model/claim.ts';
import { type ClaimView, countClaims } from '../model/claim.ts';
import type { ClaimVerdict, FollowUpState } from '../model/verdict.ts';
import type { WatchView } from '../model/watch.ts';
import { DAY_MS, HOUR_MS } from '../time/range.ts';
import { deployState, followUpsOf, type StandingClaim, watchSentence } from './deploy-state.ts';
import { failureProbability } from './proven.ts';
import { at, T0, verdictOf } from './test-facts.ts';

const standing = (rest: Partial<ClaimVerdict>): StandingClaim => ({
  target: { promise: { kind: 'change', ratio: 0.5 }, level: null, statedBefore: null },
  verdict: verdictOf(rest),
});
const of = (...states: readonly ClaimState[]): StandingClaim[] =>
  states.map((state) =>
    standing({
      state,
      reason: state === 'cant_tell' ? 'source_down' : null,
      interval: null,
      effectPct: null,
    }),
  );

describe('the state of a deploy', () => {
  it.each<[what: string, claims: readonly StandingClaim[], isOver: boolean, state: ClaimState]>([
    ['met when every claim is', of('met', 'met'), true, 'met'],
    ['mostly met when one is', of('met', 'mostly_met'), true, 'mostly_met'],
    ['missed when one is', of('met', 'met', 'missed'), true, 'missed'],
    ['worse before missed', of('missed', 'worse', 'met'), true, 'worse'],
    ['relapsed when one is', of('met', 'relapsed'), false, 'relapsed'],
    ['missed before relapsed', of('missed', 'relapsed'), true, 'missed'],
    ['failing when one is', of('met', 'failing', 'on_track'), false, 'failing'],
    ['what nobody can tell hides what is met', of('met', 'cant_tell', 'on_track'), false, 'cant_tell'],
    ['and never what failed', of('cant_tell', 'missed'), true, 'missed'],
    ['nor what goes wrong', of('cant_tell', 'failing'), false, 'failing'],
    ['off track before undecided', of('undecided', 'off_track', 'met'), false, 'off_track'],
    ['undecided before on track', of('undecided', 'on_track', 'met'), false, 'undecided'],
    ['on track while one is', of('on_track', 'met'), false, 'on_track'],
    ['on track while others still settle', of('settling', 'on_track'), false, 'on_track'],
    ['on track where one is met and others settle', of('settling', 'met'), false, 'on_track'],
    ['settling while all do', of('settling', 'settling'), false, 'settling'],
    ['settling without claims', [], false, 'settling'],
  ])('is %s', (_what, claims, isOver, state) => {
    expect(deployState(claims, isOver).state).toBe(state);
  });

  it('is provisional while one claim of the met ones is', () => {
    const claims = [
      standing({ state: 'met', provisional: false }),
      standing({ state: 'met', provisional: true }),
    ];
    expect(deployState(claims, true)).toEqual({ state: 'met', provisional: true, reason: null });
    expect(deployState(claims.slice(0, 1), true).provisional).toBe(false);
  });

  it('what can’t be told stays so once the watch of every claim has ended', () => {
    const ended = standing({ state: 'cant_tell', reason: 'redis_suspended', provisional: false });
    expect(deployState([ended, ended], false)).toEqual({
      state: 'cant_tell',
      provisional: false,
      reason: 'redis_suspended',
    });
    expect(deployState([ended, ...of('on_track')], false).provisional).toBe(true);
    expect(deployState([ended, ...of('on_track')], true).provisional).toBe(false);
  });

  it('names the first reason of the order, and lets what no source measures wait for the others', () => {
    const untold = (reason: ClaimVerdict['reason']) => standing({ state: 'cant_tell', reason });
    expect(deployState([untold('traffic_lost'), untold('redis_suspended')], false).reason).toBe(
      'redis_suspended',
    );
    expect(deployState([untold('unmeasurable'), ...of('on_track')], false).state).toBe('on_track');
    expect(deployState([untold('unmeasurable'), ...of('met')], true)).toMatchObject({
      state: 'cant_tell',
      reason: 'unmeasurable',
    });
    expect(deployState([untold('no_baseline'), ...of('on_track')], false).state).toBe('cant_tell');
  });

  it('while it runs one claim of many must fail by more than chance: Holm', () => {
    // A fall to half was promised: the limit is 0.525. The interval lies just beyond it.
    const near = standing({ state: 'missed', provisional: false, effectPct: -43, interval: [-47, -38.7] });
    const far = standing({ state: 'missed', provisional: false, effectPct: -5, interval: [-10, 0] });
    expect(failureProbability(near)).toBeGreaterThan(0.02);
    expect(failureProbability(near)).toBeLessThan(0.05);
    expect(failureProbability(far)).toBeLessThan(0.001);
    expect(deployState([near], false).state).toBe('missed');
    expect(deployState([near, ...of('met', 'met', 'met', 'met')], false).state).toBe('failing');
    expect(deployState([far, ...of('met', 'met', 'met', 'met')], false).state).toBe('missed');
    // Once it is over it counts as it is.
    expect(deployState([near, ...of('met', 'met', 'met', 'met')], true).state).toBe('missed');
  });
});

const claimView = (state: ClaimState, rest: Partial<ClaimView> = {}): ClaimView => ({
  ...{
    id: state,
    title: `GETs ${state}`,
    why: null,
    unit: 'commands',
    window: 'h',
    before: null,
    promised: null,
  },
  ...{ measured: null, effectPct: null, interval: null, provisional: true, state, sinceMs: null },
  reason: state === 'cant_tell' ? 'redis_suspended' : null,
  ...{ provenShare: null, decidableByMs: null, quality: 'measured', metricNote: null },
  ...rest,
});
function view(states: readonly ClaimState[], rest: Partial<WatchView> = {}): WatchView {
  const claims = states.map((state) => claimView(state, { sinceMs: at(154) }));
  const whole = deployState(of(...states), false);
  return {
    ...{ release: 'v7', href: null, originMs: T0, endMs: T0 + DAY_MS, nowMs: T0 + 3 * HOUR_MS, ...whole },
    reason: whole.state === 'cant_tell' ? 'redis_suspended' : null,
    ...{
      stops: [],
      interruption: null,
      nextLookMs: null,
      decidable: null,
      evidence: null,
      assumedMachines: null,
    },
    ...{ claims, counts: countClaims(claims) },
    ...rest,
  };
}
const suspended = { interruption: { atMs: at(154), release: 'v8', kind: 'secret' as const } };
const ended = { nowMs: T0 + DAY_MS, provisional: false };

describe('the sentence of a watch', () => {
  it.each<[what: string, view: WatchView, verdict: string, limit: string | null]>([
    [
      'all met so far',
      view(['met', 'met']),
      'v7 keeps all 2 promises so far.',
      'That is provisional until 10 Apr 18:00Z.',
    ],
    ['all met', view(['met', 'met'], ended), 'v7 kept all 2 promises.', null],
    ['one promise', view(['met'], ended), 'v7 kept its promise.', null],
    [
      'a part that can’t be told',
      view(['met', 'met', 'met', 'cant_tell', 'cant_tell'], suspended),
      'v7: 3 of 5 promises met so far.',
      '2 can’t be told since 20:34Z: Redis suspended by v8.',
    ],
    [
      'nothing that can be told',
      view(['cant_tell', 'cant_tell'], suspended),
      'Nobody can tell whether v7 kept its 2 promises.',
      'It can’t be told since 20:34Z: Redis suspended by v8.',
    ],
    [
      'one missed',
      view(['met', 'missed'], ended),
      'v7 did not keep 1 of 2 promises: GETs missed.',
      '1 of 2 met.',
    ],
    [
      'all the wrong way',
      view(['worse', 'worse'], ended),
      'v7 went the wrong way on 2 of 2 promises: GETs worse, and 1 more.',
      null,
    ],
    [
      'lost again',
      view(['relapsed', 'met']),
      'v7 kept 1 of 2 promises and lost it again: GETs relapsed.',
      '1 of 2 met so far.',
    ],
    [
      'on its way',
      view(['on_track', 'met'], {
        decidable: { what: 'GETs', byMs: at(240), condition: 'if traffic stays' },
      }),
      'v7 is on track; 1 of 2 met so far.',
      'GETs can be told by 22:00Z, if traffic stays.',
    ],
    ['too early', view(['settling']), 'v7 is settling: nothing can be told yet.', null],
    [
      'undecided at its end',
      view(['undecided', 'met'], ended),
      'v7 could not be decided on 1 of 2 promises in its watch.',
      null,
    ],
    [
      'off track',
      view(['off_track', 'on_track']),
      'v7 is off track with 1 of 2 promises: GETs off_track.',
      null,
    ],
    ['nothing promised', view([]), 'v7 promises nothing that is watched.', null],
  ])('%s', (_what, watch, verdict, limit) => {
    expect(watchSentence(watch)).toEqual({ verdict, limit });
  });
});

describe('follow-ups', () => {
  const document = parseClaims(
    '**Date**: 2026-04-09 18:00Z\n\n## Next steps\n\n### This week\n\n- Decide on the cache\n- Write it down\n',
  );

  it('are dated by the end of their day, and keep what people did of them when the summary comes again', () => {
    const first = followUpsOf(document);
    expect(first.map(({ id, text }) => [id, text])).toEqual([
      ['f1', 'Decide on the cache'],
      ['f2', 'Write it down'],
    ]);
    expect(first[0]?.dueMs).toBe(Date.parse('2026-04-13T00:00:00Z'));
    const kept: FollowUpState[] = first.map((one) =>
      one.id === 'f2' ? { ...one, owner: 'Ann', done: { by: 'Ann', atMs: 1 } } : one,
    );
    const turned = { followUps: [...document.followUps].reverse() };
    expect(followUpsOf(turned, kept).map(({ text, owner }) => [text, owner])).toEqual([
      ['Write it down', 'Ann'],
      ['Decide on the cache', null],
    ]);
    const again = followUpsOf({ followUps: document.followUps.slice(0, 1) }, kept);
    expect(again.map(({ text }) => text)).toEqual(['Decide on the cache', 'Write it down']);
    expect(new Set(again.map(({ id }) => id)).size).toBe(2);
    expect(followUpsOf(null)).toEqual([]);
  });
});
