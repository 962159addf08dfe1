import { describe, expect, it } from 'vitest';
import { CANT_TELL_REASONS, CLAIM_STATES, type ClaimState } from '../model/claim.ts';
import {
  isDecided,
  outcomeOf,
  type SentenceFacts,
  standingText,
  tallyText,
  verdictSentence,
} from './verdict-text.ts';

const facts = (change: Partial<SentenceFacts> = {}): SentenceFacts => ({
  ...{ release: 'v1203', state: 'met', provisional: true, reason: null, claims: ['met', 'on_track'] },
  ...{ endMs: Date.parse('2026-04-10T17:54:52Z'), closed: false, override: null },
  ...change,
});

describe('a verdict in words', () => {
  it.each(CLAIM_STATES)('%s has a plain sentence, open and closed', (state) => {
    for (const closed of [true, false]) {
      const reason = state === 'cant_tell' ? 'no_data' : null;
      const text = verdictSentence(facts({ state, closed, reason, provisional: !closed }));
      expect(text).toMatch(/^[A-Zv].*\.$/);
      expect(text).toContain('v1203');
      expect(text).not.toMatch(/_|undefined|null/);
    }
  });

  it('a provisional verdict says that it may change and until when; a final one does not', () => {
    expect(verdictSentence(facts())).toBe(
      'v1203 does what it promised so far. That may change until 10 Apr 17:54Z. Of its 2 claims: 1 met, 1 on track.',
    );
    expect(verdictSentence(facts({ provisional: false, closed: true, claims: ['met'] }))).toBe(
      'v1203 did what it promised. Of its one claim: 1 met.',
    );
    // Too little was measured: over, and still not final.
    expect(verdictSentence(facts({ closed: true }))).toMatch(/so far/);
  });

  it('what a person says stands first, and what was measured stays beside it', () => {
    expect(verdictSentence(facts({ override: { state: 'missed', by: 'Ann' } }))).toMatch(
      /^Ann calls it missed\. Measured: v1203 does what it promised so far\./,
    );
  });

  it.each(CANT_TELL_REASONS)('%s is said beside the state', (reason) => {
    expect(standingText({ state: 'cant_tell', provisional: false, reason })).toMatch(/^can’t tell: [a-z ]+$/);
  });

  it('counts the decided ones first', () => {
    const states: ClaimState[] = ['on_track', 'missed', 'met', 'met', 'cant_tell'];
    expect(tallyText(states)).toBe('2 met, 1 missed, 1 on track, 1 can’t tell');
    expect(tallyText([])).toBe('');
  });

  it('whatever is kept or broken was decided, but for a state that is on its way down', () => {
    for (const state of CLAIM_STATES) {
      if (outcomeOf(state) === 'kept') expect(isDecided(state)).toBe(true);
      if (outcomeOf(state) === 'broken') expect(isDecided(state) || state === 'failing').toBe(true);
    }
    expect(outcomeOf(null)).toBeNull();
    expect(outcomeOf('cant_tell')).toBeNull();
  });
});
