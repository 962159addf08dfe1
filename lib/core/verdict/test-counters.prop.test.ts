import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK_MS } from '../time/range.ts';
import { walkLooks } from './interval.ts';
import {
  blocksOfIncrements,
  CLEAN_COUNTER,
  type CounterFaults,
  countBlocksBetween,
  countSamples,
  makeCounter,
} from './test-counters.ts';
import { CALM, minuteCounts, NO_EFFECT, randomPoisson, seededRandom, stepTo } from './test-series.ts';
import { baselineOfCounts, watchOfCounts } from './watch.ts';

const total = (increments: readonly { increase: number }[]): number =>
  increments.reduce((sum, { increase }) => sum + increase, 0);

/** Six hours of events. */
function eventsOf(seed: number, perMinute: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: 360 }, () => randomPoisson(random, perMinute));
}

const share = (max: number) => fc.double({ min: 0, max, noNaN: true });
const anyFaults: fc.Arbitrary<CounterFaults> = fc
  .record({
    intervalMs: fc.constantFrom(10_000, 15_000, 30_000, 60_000),
    jitter: share(0.05),
    missed: share(0.05),
    gaps: fc.nat(4),
    freezes: fc.nat(2),
    restarts: fc.nat(6),
    restartAtMinute: fc.option(fc.integer({ min: 20, max: 340 })),
    replicaSwitches: fc.nat(4),
    decreases: share(0.05),
    duplicates: share(0.1),
    outOfOrder: share(0.05),
    wraps: fc.boolean(),
    tells: fc.constantFrom('start' as const, 'marker' as const, 'nothing' as const),
  })
  // Without a start, another replica's number cannot be told from a restart.
  .map((faults) => (faults.tells === 'start' ? faults : { ...faults, replicaSwitches: 0 }));
const anyRate = fc.constantFrom(0.1, 1, 10, 200, 12_000);
const anySeed = fc.nat(1_000_000);

describe('the total of a counter', () => {
  it('is exact after any mix of faults, but for one scrape interval per reset that no sample tells of', () => {
    fc.assert(
      fc.property(anySeed, anyRate, anyFaults, (seed, perMinute, faults) => {
        const { samples, knowable, missable } = makeCounter(eventsOf(seed, perMinute), seed, faults);
        const counted = total(countSamples(samples));
        expect(counted).toBeLessThanOrEqual(knowable);
        expect(counted).toBeGreaterThanOrEqual(knowable - missable);
      }),
      { numRuns: 200 },
    );
  });

  it('is shared out over blocks and gaps without a rest', () => {
    fc.assert(
      fc.property(anySeed, anyFaults, (seed, faults) => {
        const increments = countSamples(makeCounter(eventsOf(seed, 10), seed, faults).samples);
        const blocks = [...blocksOfIncrements(increments).values()];
        const shared = blocks.reduce((sum, block) => sum + block.increase + block.gapIncrease, 0);
        expect(Math.abs(shared - total(increments))).toBeLessThan(1e-9);
        for (const { increase } of increments) expect(Number.isInteger(increase) && increase >= 0).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('never holds more than another replica has counted, where its answers come without a start', () => {
    fc.assert(
      fc.property(anySeed, fc.integer({ min: 1, max: 60 }), (seed, asked) => {
        const { samples } = makeCounter(eventsOf(seed, 200), seed, { ...CLEAN_COUNTER, tells: 'nothing' });
        const replica = 40 + (seed % 60);
        const mixed = samples.map((one, i) => (i === asked ? { ...one, value: replica } : one));
        expect(total(countSamples(mixed))).toBeLessThanOrEqual(total(countSamples(samples)) + replica);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the verdict of a counter', () => {
  const days = 8;
  const originMs = days * 86_400_000;
  const { counts } = minuteCounts(CALM, 77, days, stepTo(0.8));

  const visited: CounterFaults = { ...CLEAN_COUNTER, intervalMs: 60_000 };

  function estimateOf(parts: readonly (readonly number[])[], faults = visited) {
    const rows = parts.map((part, i) => countSamples(makeCounter(part, 5 + i, faults).samples));
    const between = (fromMs: number, toMs: number) =>
      rows
        .map((row) => countBlocksBetween(row, fromMs, toMs))
        .reduce((sum, row) =>
          sum.map((block, i) => {
            const other = row[i] ?? null;
            if (block === null || other === null) return null;
            return {
              increase: block.increase + other.increase,
              coveredMs: Math.min(block.coveredMs, other.coveredMs),
            };
          }),
        );
    const baseline = baselineOfCounts(between(BLOCK_MS, originMs));
    if (baseline === null) throw new Error('eight days make a baseline');
    return walkLooks(
      baseline,
      watchOfCounts(between(originMs, originMs + 86_400_000), baseline.expected),
    ).map(({ estimate, halfWidth }) => [estimate, halfWidth]);
  }

  it('does not change when the counter is split into two that are summed', () => {
    const half = counts.map((count) => Math.floor(count / 3));
    const rest = counts.map((count, i) => count - (half[i] ?? 0));
    expect(estimateOf([half, rest])).toEqual(estimateOf([counts]));
  });

  it('does not change by a restart at the edge of a block that tells its start', () => {
    const edge = { ...visited, restartAtMinute: days * 1_440 };
    expect(estimateOf([counts], edge)).toEqual(estimateOf([counts]));
  });

  it('stays within a thousandth when every visit comes a little early or late', () => {
    const exact = estimateOf([counts]).at(-1)?.[0] ?? Number.NaN;
    const jittered = estimateOf([counts], { ...visited, jitter: 0.05 }).at(-1)?.[0] ?? Number.NaN;
    expect(Math.abs(exact - jittered)).toBeLessThan(1e-3);
  });

  it('is one and the same for one seed', () => {
    const faults = { ...CLEAN_COUNTER, jitter: 0.05, missed: 0.05, gaps: 2, restarts: 2, decreases: 0.02 };
    const once = makeCounter(minuteCounts(CALM, 3, 1, NO_EFFECT).counts, 9, faults);
    const again = makeCounter(minuteCounts(CALM, 3, 1, NO_EFFECT).counts, 9, faults);
    expect(again).toEqual(once);
    expect(once.samples.length).toBeGreaterThan(1_000);
  });
});
