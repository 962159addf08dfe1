import { describe, expect, it } from 'vitest';
import { type AccessFacts, judgeAccess } from './judge-access.ts';

const tokens = ['unused', 'right', 'wrong'] as const;
const sessions = ['none', 'live', 'ended'] as const;
const flags = [true, false] as const;

/** Every state that the facts can be in. */
const all: AccessFacts[] = flags.flatMap((hostAllowed) =>
  flags.flatMap((open) =>
    flags.flatMap((passwordSet) =>
      tokens.flatMap((token) =>
        sessions.map((session) => ({ hostAllowed, open, passwordSet, token, session }) satisfies AccessFacts),
      ),
    ),
  ),
);

describe('judgeAccess', () => {
  it('in every state, only a right token, a live session or an open server lets anybody in', () => {
    expect(all).toHaveLength(72);
    for (const facts of all) {
      const expected =
        facts.hostAllowed &&
        facts.token !== 'wrong' &&
        (facts.token === 'right' || facts.session === 'live' || facts.open);
      expect(judgeAccess(facts).ok, JSON.stringify(facts)).toBe(expected);
    }
  });

  it('says which of several reasons let somebody in: the narrowest', () => {
    const grant = (facts: Partial<AccessFacts>): string => {
      const access = judgeAccess({
        hostAllowed: true,
        open: true,
        passwordSet: true,
        token: 'unused',
        session: 'none',
        ...facts,
      });
      return access.ok ? access.grant.kind : access.refusal.code;
    };
    expect([grant({ token: 'right', session: 'live' }), grant({ session: 'live' }), grant({})]).toEqual([
      'token',
      'session',
      'open',
    ]);
  });
});
