import { describe, expect, it } from 'vitest';
import { CLAIM_STATES, type ClaimState } from '../model/claim.ts';
import type { WatchLine } from '../model/verdict.ts';
import type { WatchedDeployLine } from '../model/watch.ts';
import { deploysSentence, draftSentence } from './sentences.ts';
import { needsWayBack } from './way-back.ts';

function lineOf(over: Partial<WatchedDeployLine> = {}): WatchedDeployLine {
  return {
    id: over.release ?? 'a',
    release: 'v1206',
    kind: 'code',
    startMs: 0,
    endMs: 0,
    rolled: null,
    title: null,
    origin: 'api',
    sign: null,
    claims: { confirmed: 1, all: 1 },
    auditErrors: 0,
    watch: null,
    ...over,
  };
}

function watchOf(state: ClaimState): WatchLine {
  return {
    deployId: 'a',
    state,
    provisional: false,
    reason: null,
    met: 0,
    of: 1,
    closed: false,
    overridden: false,
  };
}

const SUMMARY = {
  deploy: {} as never,
  claims: [],
  checks: [],
  followUps: [],
  rollback: [],
  audit: [],
  redactions: 0,
} as unknown as Parameters<typeof draftSentence>[0];

describe('the list of deploys in a sentence', () => {
  it('says how the newest watched one stands, which need not be the newest', () => {
    const { verdict } = deploysSentence(
      [lineOf({ release: 'secret', kind: 'secret' }), lineOf({ watch: watchOf('missed') })],
      2,
    );
    expect(verdict).toBe('Two deploys, the newest is secret. v1206 missed what it promised.');
  });

  it('says it in one where that is the newest', () => {
    const lines = [lineOf({ release: 'v1206', watch: watchOf('on_track') }), lineOf({ release: 'v1203' })];
    expect(deploysSentence(lines, 2).verdict).toBe('Two deploys; the newest, v1206, is on track.');
  });

  it('calls a promise kept only once its watch is over and nothing is provisional', () => {
    const said = (over: Partial<WatchLine>) =>
      deploysSentence([lineOf({ watch: { ...watchOf('met'), ...over } })], 1).verdict;
    const soFar = 'One deploy, the newest is v1206. v1206 does what it promised so far.';
    expect(said({ provisional: true })).toBe(soFar);
    expect(said({ closed: true, provisional: true })).toBe(soFar);
    expect(said({ closed: false })).toBe(soFar);
    expect(said({ closed: true })).toBe('One deploy, the newest is v1206. v1206 did what it promised.');
    expect(said({ state: 'mostly_met', provisional: true })).toContain('most of what it promised so far');
  });

  it('has words for every state, and none without a watch', () => {
    for (const state of CLAIM_STATES) {
      expect(deploysSentence([lineOf({ watch: watchOf(state) })], 1).verdict).toMatch(/v1206 \S.*\.$/);
    }
    expect(deploysSentence([lineOf()], 1).verdict).toBe('One deploy, the newest is v1206.');
  });
});

describe('a summary that is written', () => {
  const told = (all: number, decidable: number | null) =>
    draftSentence(SUMMARY, { all, measurable: all, decidable }).verdict;

  it('says how many of its promises a day can settle, once that is known', () => {
    expect(told(7, 6)).toBe('Seven promises, and 24 hours can settle six of them.');
    expect(told(2, 2)).toBe('Two promises, and 24 hours can settle all of them.');
    expect(told(2, 0)).toBe('Two promises, and 24 hours can settle none of them.');
    expect(told(1, 1)).toBe('One promise, and 24 hours can settle it.');
    expect(told(1, 0)).toBe('One promise, and 24 hours can settle nothing of it.');
    expect(told(2, null)).toBe('Two promises, all of them can be measured here.');
  });
});

describe('the way back', () => {
  it('comes first for exactly the states that went bad, of the whole or of one claim', () => {
    const bad = CLAIM_STATES.filter((state) => needsWayBack({ state, claims: [] }));
    expect(bad).toEqual(['failing', 'missed', 'worse', 'relapsed']);
    const claims = [{ state: 'met' }, { state: 'worse' }] as unknown as Parameters<
      typeof needsWayBack
    >[0]['claims'];
    expect(needsWayBack({ state: 'on_track', claims })).toBe(true);
    expect(needsWayBack({ state: 'cant_tell', claims: claims.slice(0, 1) })).toBe(false);
  });
});
