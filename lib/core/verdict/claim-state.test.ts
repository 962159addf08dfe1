import { describe, expect, it } from 'vitest';
import { type ClaimStanding, standingOf } from './claim-state.ts';
import { walkLooks } from './interval.ts';
import type { ClaimPromise } from './limits.ts';
import { CALM, FAMILIES, makeSeries, type SeriesEffect, type SeriesFamily } from './test-series.ts';
import { baselineOfCounts, watchOfCounts } from './watch.ts';

interface Asked {
  family?: SeriesFamily;
  effect?: Partial<SeriesEffect>;
  promise: ClaimPromise;
  days?: number;
  /** Blocks since T₀ that are known; the watch is over with 288. */
  blocks?: number;
  isRecovering?: boolean | null;
  sums?: boolean | ((atBlocks: number) => boolean);
  seed?: number;
  /** What comes after this many blocks, as a factor. */
  later?: { from: number; factor: number };
}

function stand(asked: Asked): ClaimStanding {
  const { family = CALM, promise, days = 14, blocks = 288, seed = 31, later } = asked;
  const effect = { ratio: 1, onsetMinutes: 0, rampMinutes: 0, ...asked.effect };
  const series = makeSeries(family, seed, { days, effect });
  const baseline = baselineOfCounts(series.before);
  if (baseline === null) throw new Error('the generator made no comparable day');
  const after = series.after
    .slice(0, blocks)
    .map((block, i) =>
      block === null || later === undefined || i < later.from
        ? block
        : { ...block, increase: block.increase * later.factor },
    );
  const standing = standingOf({
    baseline,
    promise,
    looks: walkLooks(baseline, watchOfCounts(after, baseline.expected)),
    isOver: blocks >= 288,
    isRecovering: () => asked.isRecovering ?? false,
    sumsKeep: (atBlocks) => (typeof asked.sums === 'function' ? asked.sums(atBlocks) : (asked.sums ?? true)),
  });
  if (standing === null) throw new Error('this promise has limits');
  return standing;
}

const FALL: ClaimPromise = { kind: 'change', ratio: 0.033 };
const HALF: ClaimPromise = { kind: 'change', ratio: 0.5 };
const NO_RISE: ClaimPromise = { kind: 'guard', against: 'rise', margin: 0.1, floorRatio: null };
const WILD = FAMILIES.find((family) => family.name === 'AR .97, daily, day 5 %') ?? CALM;

describe('the state of a claim', () => {
  it('settles first, then is on track, then met after an hour, provisionally until the end', () => {
    const effect = { ratio: 0.033 };
    expect(stand({ promise: FALL, effect, blocks: 3 })).toMatchObject({ state: 'settling', interval: null });
    expect(stand({ promise: FALL, effect, blocks: 4 }).state).toBe('on_track');
    expect(stand({ promise: FALL, effect, blocks: 20 })).toMatchObject({ state: 'met', isProvisional: true });
    const end = stand({ promise: FALL, effect });
    expect(end).toMatchObject({ state: 'met', isProvisional: false });
    expect(end.provenShare ?? 0).toBeGreaterThan(0.98);
    expect(end.sinceBlocks ?? 999).toBeLessThan(20);
  });

  it('an unchanged metric never keeps a promised fall: off track or failing, and missed in the end', () => {
    for (const seed of [1, 2, 3, 4]) {
      for (const blocks of [10, 30, 100]) {
        expect(['off_track', 'failing', 'undecided', 'missed']).toContain(
          stand({ promise: HALF, blocks, seed }).state,
        );
      }
      expect(stand({ promise: HALF, seed }).state).toBe('missed');
    }
  });

  it('is not missed before four hours, nor while the last hour is better than the one before', () => {
    expect(stand({ promise: HALF, blocks: 47 }).state).not.toBe('missed');
    expect(stand({ promise: HALF, blocks: 60 }).state).toBe('missed');
    expect(stand({ promise: HALF, blocks: 60, isRecovering: true }).state).not.toBe('missed');
  });

  it('a slow ramp that comes to what was promised is met, not missed', () => {
    const effect = { ratio: 0.033, rampMinutes: 60 };
    const standing = stand({ promise: FALL, effect, isRecovering: true });
    expect(standing.state).toBe('met');
  });

  it('the wrong way by more than the margin is worse, and stays so', () => {
    const standing = stand({ promise: HALF, effect: { ratio: 1.5 }, blocks: 30 });
    expect(standing).toMatchObject({ state: 'worse', isProvisional: false });
    expect(stand({ promise: HALF, effect: { ratio: 1.5 }, later: { from: 40, factor: 0.2 } }).state).toBe(
      'worse',
    );
    expect(stand({ promise: NO_RISE, effect: { ratio: 1.5 }, blocks: 30 }).state).toBe('worse');
  });

  it('a guard on a calm metric is met when nothing happened, and undecided on a wild one', () => {
    expect(stand({ promise: NO_RISE }).state).toBe('met');
    expect(stand({ promise: NO_RISE, family: WILD, blocks: 40 }).state).toBe('undecided');
  });

  it('a provisional met that is lost has relapsed', () => {
    const effect = { ratio: 0.033 };
    const standing = stand({ promise: FALL, effect, later: { from: 150, factor: 20 }, blocks: 200 });
    expect(standing.state).toBe('relapsed');
    expect(standing.sinceBlocks ?? 0).toBeGreaterThan(150);
  });

  it('is never met on the logarithms alone when the sums say otherwise', () => {
    for (const blocks of [20, 100, 288]) {
      const standing = stand({ promise: FALL, effect: { ratio: 0.033 }, sums: false, blocks });
      expect(['met', 'mostly_met']).not.toContain(standing.state);
    }
  });

  it('a provisional met that the end does not prove again is not met', () => {
    const sums = (atBlocks: number) => atBlocks < 200;
    const asked = { promise: FALL, effect: { ratio: 0.033 }, sums };
    expect(stand({ ...asked, blocks: 250 }).state).toBe('met');
    expect(stand(asked).state).toBe('undecided');
  });

  it('a weak baseline is capped at on track', () => {
    const standing = stand({ promise: FALL, effect: { ratio: 0.033 }, days: 4 });
    expect(standing).toMatchObject({ state: 'on_track', isProvisional: true });
  });

  it('is final only where the watch was measured', () => {
    const baseline = baselineOfCounts(makeSeries(CALM, 31).before);
    if (baseline === null) throw new Error('the generator made no comparable day');
    const after = makeSeries(CALM, 31, { effect: { ratio: 0.033, onsetMinutes: 0, rampMinutes: 0 } }).after;
    const thin = after.map((block, i) => (i % 3 === 0 ? null : block));
    const standing = standingOf({
      baseline,
      promise: FALL,
      looks: walkLooks(baseline, watchOfCounts(thin, baseline.expected)),
      isOver: true,
      isRecovering: () => false,
      sumsKeep: () => true,
    });
    expect(standing).toMatchObject({ state: 'met', isProvisional: true });
  });

  it('has no standing for a promise without limits', () => {
    const baseline = baselineOfCounts(makeSeries(CALM, 31).before);
    if (baseline === null) throw new Error('the generator made no comparable day');
    const input = { baseline, looks: [], isOver: false, isRecovering: () => null, sumsKeep: () => null };
    expect(standingOf({ ...input, promise: { kind: 'change', ratio: 0 } })).toBeNull();
  });
});
