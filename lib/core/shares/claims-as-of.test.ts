import { describe, expect, it } from 'vitest';
import type { StateChange } from '../model/verdict.ts';
import { MINUTE_MS } from '../time/range.ts';
import { claimsAsOf } from './claims-as-of.ts';
import { COPY_START_MS, testCopy } from './test-copy.ts';

const at = (minutes: number) => COPY_START_MS + minutes * MINUTE_MS;
const { claims } = testCopy();
const change = (minutes: number, to: StateChange['to'], claimId = 'gets-95'): StateChange => ({
  ...{ atMs: at(minutes), claimId, from: null, to, provisional: true, reason: null },
  evidence: `seen at ${minutes}`,
});
const changes = [
  change(30, 'on_track'),
  change(90, 'failing'),
  change(90, 'failing', 'other'),
  change(200, 'missed'),
];
const watch = { openedMs: at(10), judgedMs: at(300), changes };

describe('claimsAsOf', () => {
  it('of a watch that has judged nothing later, claims are as they stand', () => {
    expect(claimsAsOf(claims, watch, at(300))).toEqual(claims);
  });

  it('else the state of then, and no number of later', () => {
    const [gets, cost] = claimsAsOf(claims, watch, at(120));
    expect(gets).toEqual({
      ...claims[0],
      ...{ state: 'failing', provisional: true, reason: null, sinceMs: at(90), why: 'seen at 90' },
      ...{ measured: null, effectPct: null, interval: null, provenShare: null, decidableByMs: null },
    });
    expect(cost).toMatchObject({ state: 'settling', sinceMs: null, measured: null, why: null });
    expect(claimsAsOf(claims, watch, at(90))[0]?.state).toBe('failing');
    expect(claimsAsOf(claims, watch, at(90) - 1)[0]?.state).toBe('on_track');
  });

  it('nothing of a watch that began later', () => {
    expect(claimsAsOf(claims, watch, at(9))).toEqual([]);
  });
});
