import { describe, expect, it } from 'vitest';
import type { HeldState } from '../model/verdict.ts';
import { type TitledClaim, verdictTitle } from './incident-titles.ts';

const claim = (text: string, over: Partial<TitledClaim['verdict']>): TitledClaim => ({
  text,
  verdict: { state: 'missed', reason: null, effectPct: null, interval: null, held: null, ...over },
});
const held = (over: Partial<HeldState>): HeldState => ({
  ...{ state: 'off_track', provisional: true, sinceMs: 0, untilMs: 1, effectPct: -0.7 },
  ...{ interval: null, after: null },
  ...over,
});
const title = (...claims: TitledClaim[]) => verdictTitle('v1203', 'missed', null, claims);

describe('what an incident is called that a verdict opens', () => {
  it('says what was measured: nothing, too little, or the contrary', () => {
    expect(title(claim('Redis GETs fall by 95 %', { effectPct: -0.7 }))).toBe(
      'Redis GETs did not fall after v1203',
    );
    expect(title(claim('Database queries fall by 74 %', { effectPct: -44.7 }))).toBe(
      'Database queries fell too little after v1203',
    );
    expect(title(claim('The hit ratio rises by 20 %', { state: 'worse', effectPct: -30 }))).toBe(
      'The hit ratio fell after v1203',
    );
  });

  it('never says of a promise what was not measured', () => {
    expect(title(claim('Redis GETs fall by 95 %', { effectPct: null }))).toBe(
      'Not kept by v1203: Redis GETs fall by 95 %',
    );
    expect(title(claim('429s should not increase', { effectPct: 60 }))).toBe(
      'Not kept by v1203: 429s should not increase',
    );
    const why = verdictTitle('v1205', 'cant_tell', 'redis_suspended', [
      claim('Redis GETs fall by 95 %', { state: 'cant_tell', effectPct: -99 }),
    ]);
    expect(why).toBe('Nobody can tell what v1205 did: Redis is suspended');
  });

  it('is about the worst of several, and about what was seen before nobody could tell any more', () => {
    const frozen = (text: string, effectPct: number) =>
      claim(text, { state: 'cant_tell', reason: 'redis_suspended', held: held({ effectPct }) });
    expect(
      verdictTitle('v1203', 'cant_tell', 'redis_suspended', [
        claim('Pools shrink by 20 %', { state: 'met', effectPct: -20 }),
        frozen('Database queries fall by 74 %', -44.7),
        frozen('Redis GETs fall by 96.7 %', -0.7),
      ]),
    ).toBe('Redis GETs did not fall after v1203');
  });
});
