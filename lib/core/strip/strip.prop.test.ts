import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROMISE_DIRECTIONS } from '../model/claim.ts';
import { STRIP_LIMIT_AT, stripGeometry, stripWords } from './strip.ts';

const promise = (limit: number) => ({ direction: 'atMost', value: limit, limit }) as const;

/** Any claim that has a level before and a promise. */
const anyClaim = fc
  .record({
    before: fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
    ratio: fc.double({ min: 1e-4, max: 1e4, noNaN: true }),
    direction: fc.constantFrom(...PROMISE_DIRECTIONS),
    effectPct: fc.double({ min: -100, max: 5_000, noNaN: true }),
    width: fc.tuple(
      fc.double({ min: 0, max: 200, noNaN: true }),
      fc.double({ min: 0, max: 200, noNaN: true }),
    ),
  })
  .map(({ before, ratio, direction, effectPct, width }) => ({
    before,
    promised: { direction, value: before * ratio, limit: before * ratio },
    effectPct,
    interval: [effectPct - width[0], effectPct + width[1]] as const,
  }));

describe('the strip of a claim', () => {
  it('never draws outside itself, and keeps the estimate inside its interval', () => {
    fc.assert(
      fc.property(anyClaim, (claim) => {
        const strip = stripGeometry(claim);
        if (strip === null || strip.interval === null || strip.estimate === null) throw new Error('no strip');
        const { from, to } = strip.interval;
        for (const at of [from, to, strip.estimate]) {
          expect(at).toBeGreaterThan(0);
          expect(at).toBeLessThan(1);
        }
        expect(from - 1e-9).toBeLessThanOrEqual(strip.estimate);
        expect(strip.estimate).toBeLessThanOrEqual(to + 1e-9);
        if (typeof strip.before === 'number') {
          expect(strip.before).toBeGreaterThan(0);
          expect(strip.before).toBeLessThan(1);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('shows on the right of the limit exactly what its words call inside the promise', () => {
    fc.assert(
      fc.property(anyClaim, (claim) => {
        const strip = stripGeometry(claim);
        const words = stripWords(claim);
        // An end that was cut off at the edge still stands on its own side.
        if (strip?.interval === null || strip === null) return;
        const inside = [strip.interval.from, strip.interval.to].filter((at) => at >= STRIP_LIMIT_AT - 1e-9);
        const expected = [
          'the whole interval is outside what was promised',
          'the interval reaches across the limit',
          'the whole interval is inside what was promised',
        ][inside.length];
        const onTheLimit = [strip.interval.from, strip.interval.to].some(
          (at) => Math.abs(at - STRIP_LIMIT_AT) < 1e-6,
        );
        if (!onTheLimit) expect(words).toBe(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  it('does not change when both levels are measured in another unit', () => {
    fc.assert(
      fc.property(anyClaim, fc.double({ min: 0.001, max: 1_000, noNaN: true }), (claim, factor) => {
        const scaled = {
          ...claim,
          before: claim.before * factor,
          promised: { ...claim.promised, limit: claim.promised.limit * factor },
        };
        const a = stripGeometry(claim);
        const b = stripGeometry(scaled);
        expect(b?.estimate).toBeCloseTo(a?.estimate ?? Number.NaN, 6);
        expect(b?.interval?.from).toBeCloseTo(a?.interval?.from ?? Number.NaN, 6);
      }),
    );
  });

  it('puts a deep fall right of the limit and leaves the level before off the scale', () => {
    const strip = stripGeometry({
      before: 733_000,
      promised: promise(36_700),
      effectPct: -96.7,
      interval: [-97.2, -96.1],
    });
    expect(strip?.before).toBe('left');
    expect(strip?.interval?.from).toBeGreaterThan(STRIP_LIMIT_AT);
    expect((strip?.interval?.to ?? 0) - (strip?.interval?.from ?? 0)).toBeGreaterThan(0.1);
  });

  it('shows "before" when nothing has moved, and the estimate upon it', () => {
    const strip = stripGeometry({
      before: 733_000,
      promised: promise(24_200),
      effectPct: 0,
      interval: [-3.1, 1.8],
    });
    expect(strip?.before).toBeTypeOf('number');
    expect(strip?.estimate).toBeCloseTo(Number(strip?.before), 6);
  });

  it('has the promised zone on the right for a promise to rise as well', () => {
    const strip = stripGeometry({
      before: 0.61,
      promised: { direction: 'atLeast', value: 0.9, limit: 0.9 },
      effectPct: 55,
      interval: [53, 56],
    });
    expect(strip?.interval?.from).toBeGreaterThan(STRIP_LIMIT_AT);
    expect(typeof strip?.before === 'number' ? strip.before : 0).toBeLessThan(STRIP_LIMIT_AT);
  });

  it('draws nothing where there is no ratio: no level before, no promise, a promise of zero', () => {
    const rest = { effectPct: null, interval: null };
    expect(stripGeometry({ before: null, promised: promise(1), ...rest })).toBeNull();
    expect(stripGeometry({ before: 0, promised: promise(1), ...rest })).toBeNull();
    expect(stripGeometry({ before: 5, promised: null, ...rest })).toBeNull();
    expect(stripGeometry({ before: 5, promised: promise(0), ...rest })).toBeNull();
    expect(stripWords({ before: null, promised: null, ...rest })).toBeNull();
  });

  it('keeps its place while nothing was measured', () => {
    const strip = stripGeometry({ before: 5, promised: promise(1), effectPct: null, interval: null });
    expect(strip).toMatchObject({ estimate: null, interval: null });
    expect(strip?.before).toBeCloseTo(0.03);
  });
});
