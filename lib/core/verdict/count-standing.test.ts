import { describe, expect, it } from 'vitest';
import type { ClaimVerdict } from '../model/verdict.ts';
import { judgeClaim } from './judge.ts';
import { type Asked, blockOf, inputOf, NO_RISE, promised } from './test-judge.ts';
import { CALM, makeSeries } from './test-series.ts';

const few = (perMinute: number) => ({ ...CALM, perMinute, spread: 0.03 });
const judge = (asked: Asked): ClaimVerdict => judgeClaim(inputOf(asked)).verdict;
const half = { kind: 'change', ratio: 0.5 } as const;
const FROM_NOTHING = Array.from({ length: 14 * 288 }, () => blockOf(0));

describe('a claim about rare events', () => {
  it('settles, heads somewhere, is told once and is final at the end', () => {
    const { looks, verdict } = judgeClaim(
      inputOf({ family: few(5), promise: half, effect: { ratio: 0.3 } }),
      {
        looks: true,
      },
    );
    const states = looks.map(({ state }) => state);
    expect(states.slice(0, 3)).toEqual(['settling', 'settling', 'settling']);
    expect(states[3]).not.toBe('settling');
    expect(states.indexOf('met')).toBeGreaterThan(3);
    expect(states.lastIndexOf('on_track')).toBeLessThan(states.indexOf('met'));
    expect(verdict).toMatchObject({ state: 'met', provisional: false, route: 'counts', onset: null });
    expect(verdict.effectPct ?? 0).toBeCloseTo(-70, -1);
    expect(verdict.interval?.[0] ?? 0).toBeLessThan(-70);
    expect(verdict.interval?.[1] ?? 0).toBeGreaterThan(-70);
    expect(verdict.provenShare).toBe(1);
  });

  it('a promised fall that does not come is missed, not before four hours', () => {
    for (const seed of [1, 2, 3]) {
      const { looks } = judgeClaim(inputOf({ family: few(3), promise: half, seed }), { looks: true });
      const missed = looks.findIndex(({ state }) => state === 'missed');
      expect(missed).toBeGreaterThanOrEqual(47);
      expect(looks[47]?.state).toBe('missed');
      expect(looks[46]?.state).toBe('failing');
    }
  });

  it('a guard is met where nothing rose, and worse where it did', () => {
    const calm = { family: few(3.5), promise: NO_RISE };
    expect(judge(calm).state).toBe('met');
    expect(judge({ ...calm, effect: { ratio: 1.5 }, blocks5: 60 })).toMatchObject({
      state: 'worse',
      provisional: false,
    });
    expect(
      judge({ ...calm, promise: { kind: 'guard', against: 'fall', margin: 0.2, floorRatio: null } }).state,
    ).toBe('met');
  });

  it('a promised rise is told where it can be, and where it cannot it says so', () => {
    const rise = { kind: 'change', ratio: 3 } as const;
    const risen = judge({ family: few(3), promise: rise, effect: { ratio: 6 } });
    expect(risen.state).toBe('met');
    expect(judge({ family: few(3), promise: rise }).state).toBe('missed');
    const never = judge({ before: FROM_NOTHING, after: FROM_NOTHING, promise: rise });
    expect(never.state).toBe('undecided');
    expect(never.why).toContain('too rare to prove that they become more');
    const level = { value: 20 / 3_600, direction: 'up' as const };
    const after = FROM_NOTHING.map((_, i) => blockOf(i % 2));
    const told = judge({ before: FROM_NOTHING, after, target: { promise: null, level, statedBefore: null } });
    expect(told.state).toBe('missed');
    const many = FROM_NOTHING.map(() => blockOf(3));
    expect(
      judge({ before: FROM_NOTHING, after: many, target: { promise: null, level, statedBefore: null } })
        .state,
    ).toBe('met');
  });

  it('what was met and rises again has relapsed', () => {
    const { before } = makeSeries(few(1), 9);
    const after = Array.from({ length: 288 }, (_, i) => blockOf(i < 150 ? 0 : 20));
    const asked = { before, after, promise: { kind: 'change', ratio: 0 } as const };
    expect(judge({ ...asked, blocks5: 140 }).state).toBe('met');
    expect(judge({ ...asked, blocks5: 250 }).state).toBe('relapsed');
    expect(judge(asked).state).toBe('relapsed');
  });

  it('a promised 0 of what a level wanders by is met by a day of silence', () => {
    const family = { ...CALM, correlation: 0.97, daily: 0.5, daySpread: 0.05 };
    const verdict = judge({
      family,
      promise: { kind: 'change', ratio: 0 },
      effect: { ratio: 0 },
      blocks5: 60,
    });
    expect(verdict).toMatchObject({ state: 'met', route: 'counts' });
  });

  it('an improvement needs to be one, and a weak baseline proves none', () => {
    const better = { family: few(3), promise: { kind: 'improve', toward: 'down' } as const };
    expect(judge({ ...better, effect: { ratio: 0.6 } }).state).toBe('met');
    expect(judge({ ...better, effect: { ratio: 1.5 }, blocks5: 100 }).state).toBe('worse');
    const weak = judge({ ...better, effect: { ratio: 0.6 }, days: 3 });
    expect(weak).toMatchObject({ state: 'on_track', provisional: true });
  });

  it('holes in the watch are no silence', () => {
    const series = makeSeries(few(1), 12);
    const after = series.after.map((block, i) => (i % 2 === 0 ? null : block));
    const target = promised({ kind: 'change', ratio: 0 });
    const verdict = judge({ before: series.before, after, target });
    expect(verdict.effectPct ?? -100).toBeGreaterThan(-20);
    expect(verdict.blocks).toEqual({ usable: 144, of: 287 });
  });

  it('a warm-up is left out as for the sums, said, and no failure', () => {
    const before = Array.from({ length: 14 * 288 }, (_, i) => blockOf(10 + (i % 3)));
    const after = Array.from({ length: 288 }, (_, i) => blockOf(i < 10 ? 11 : i % 20 === 0 ? 1 : 0));
    const promise = { kind: 'change', ratio: 0.02 } as const;
    const verdict = judge({ before, after, promise });
    expect(verdict).toMatchObject({ state: 'met', route: 'counts', sumsPct: { warmUpMs: 60 * 60_000 } });
    expect(verdict.why).toContain('Counted after a warm-up of 60 min.');
    expect(judge({ before, after, promise, blocks5: 60 }).state).not.toBe('missed');
  });
});
