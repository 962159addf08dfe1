import { describe, expect, it } from 'vitest';
import { BLOCK_MS } from '../time/range.ts';
import { type Baseline, BLOCKS_PER_DAY, buildBaseline, daysBefore, shiftBefore } from './baseline.ts';
import { type CountBlock, eventsPerBlock, logOfCount, logsOfLevels } from './blocks.ts';
import { countingNoise, plannedHalfWidth, walkLooks } from './interval.ts';
import { CALM, makeSeries, randomNormal, seededRandom } from './test-series.ts';
import { baselineOfCounts, watchOfCounts } from './watch.ts';

const block = (increase: number, coveredMs = BLOCK_MS): CountBlock => ({ increase, coveredMs });
const constant = (count: number, increase = 1_000): CountBlock[] =>
  Array.from({ length: count }, () => block(increase));

function must<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('expected a value');
  return value;
}

function noisy(count: number, spread: number, seed: number): (number | null)[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => spread * randomNormal(random));
}

const gaugeBaseline = (days: number, spread = 0.05, seed = 5): Baseline =>
  must(
    buildBaseline({
      before: noisy(days * BLOCKS_PER_DAY, spread, seed),
      eventsPerBlock: null,
      relativeStep: null,
      isWeekend: null,
    }),
  );

describe('blocks', () => {
  it('are a logarithm of the rate with half an event added', () => {
    expect(logOfCount(block(300))).toBeCloseTo(Math.log(300.5 / 300), 12);
    expect(logOfCount(block(0))).toBeCloseTo(Math.log(0.5 / 300), 12);
    expect(logOfCount(block(150, BLOCK_MS / 2))).toBeCloseTo(Math.log(150.5 / 150), 12);
  });

  it('are missing, not zero, with less than half covered', () => {
    expect(logOfCount(null)).toBeNull();
    expect(logOfCount(block(10, 0))).toBeNull();
    expect(logOfCount(block(10, BLOCK_MS / 2 - 1))).toBeNull();
    expect(eventsPerBlock([null, block(10, 1_000)])).toBeNull();
    expect(eventsPerBlock([block(10), null, block(5, BLOCK_MS / 2)])).toBeCloseTo(10, 12);
  });

  it('of a gauge have no logarithm of 0 unless its steps are known', () => {
    expect(logsOfLevels([1, 0, null, -1], null)).toEqual([0, null, null, null]);
    expect(logsOfLevels([0], 0.2)[0]).toBeCloseTo(Math.log(0.1), 12);
  });
});

describe('the baseline', () => {
  it('is cut into days that end at T₀, newest first', () => {
    const before = Array.from({ length: 2 * BLOCKS_PER_DAY + 5 }, (_, i) => i);
    const days = daysBefore(before);
    expect(days.length).toBe(2);
    expect(days[0]?.at(-1)).toBe(before.length - 1);
    expect(days[1]?.[0]).toBe(5);
  });

  it('is none without a comparable day, weak with fewer than seven, and leaves thin days out', () => {
    expect(baselineOfCounts([])).toBeNull();
    expect(baselineOfCounts(Array.from({ length: 300 }, () => null))).toBeNull();
    expect(gaugeBaseline(6).isWeak).toBe(true);
    expect(gaugeBaseline(7).isWeak).toBe(false);
    const thin = constant(8 * BLOCKS_PER_DAY).map((each, i) => (i < 200 ? null : each));
    expect(baselineOfCounts(thin)).toMatchObject({ days: 7, excludedDays: 1 });
  });

  it('follows the clock: a daily course is expected, not noise', () => {
    const course = (i: number) => 2 + Math.sin((2 * Math.PI * i) / BLOCKS_PER_DAY);
    const before = Array.from({ length: 14 * BLOCKS_PER_DAY }, (_, i) => course(i));
    const baseline = must(
      buildBaseline({ before, eventsPerBlock: null, relativeStep: null, isWeekend: null }),
    );
    for (const j of [0, 100, 287])
      expect(Math.abs((baseline.expected[j] ?? 0) - course(j))).toBeLessThan(0.001);
    expect(baseline.scale).toBeLessThan(0.005);
  });

  it('of a constant number has no interval without width', () => {
    const baseline = must(baselineOfCounts(constant(14 * BLOCKS_PER_DAY)));
    expect(plannedHalfWidth(baseline, 288, 0)).toBeGreaterThan(0.01);
    const steps = must(
      buildBaseline({
        before: Array.from({ length: 14 * BLOCKS_PER_DAY }, () => 0),
        eventsPerBlock: null,
        relativeStep: 0.5,
        isWeekend: null,
      }),
    );
    expect(steps.placebo.varianceOf(288)).toBeCloseTo(0.25 / 12, 12);
  });

  it('stays of use after a step that was found: the days before it are shifted, not dropped', () => {
    const quiet = noisy(14 * BLOCKS_PER_DAY, 0.05, 9);
    const stepAt = 7 * BLOCKS_PER_DAY;
    const stepped = quiet.map((value, i) => (value === null || i < stepAt ? value : value - 1));
    const build = (before: readonly (number | null)[]) =>
      must(buildBaseline({ before, eventsPerBlock: null, relativeStep: null, isWeekend: null }));
    const width = (baseline: Baseline) => plannedHalfWidth(baseline, 288, 0);
    const shifted = build(shiftBefore(stepped, stepAt, -1));
    expect(shifted.days).toBe(14);
    expect(width(shifted)).toBeCloseTo(width(build(quiet)), 8);
    expect(width(build(stepped))).toBeGreaterThan(10 * width(shifted));
  });

  it('never promises more from a longer mean, and nothing where gaps leave no long window', () => {
    const whole = gaugeBaseline(14).placebo;
    let last = Number.POSITIVE_INFINITY;
    for (let n = 1; n <= 288; n++) {
      expect(whole.varianceOf(n)).toBeLessThanOrEqual(last + 1e-15);
      last = whole.varianceOf(n);
    }
    const holed = noisy(14 * BLOCKS_PER_DAY, 0.05, 5).map((value, i) => (i % 288 < 120 ? null : value));
    const baseline = must(
      buildBaseline({ before: holed, eventsPerBlock: null, relativeStep: null, isWeekend: null }),
    );
    expect(baseline.placebo.varianceOf(288)).toBeGreaterThan(baseline.placebo.varianceOf(144) * 0.999);
  });
});

describe('the interval', () => {
  const baseline = gaugeBaseline(14);
  const calm = noisy(288, 0.05, 77);

  it('begins at the third usable block and skips what is missing', () => {
    const holed = calm.map((value, i) => (i === 0 || i === 2 ? null : value));
    const looks = walkLooks(baseline, { deviations: holed, events: null });
    expect(looks[0]).toMatchObject({ n: 3, atBlocks: 5 });
    expect(walkLooks(baseline, { deviations: calm.slice(0, 2), events: null })).toEqual([]);
  });

  it('is the same replayed as live: looks of a longer watch begin with those of a shorter', () => {
    const all = walkLooks(baseline, { deviations: calm, events: null });
    const half = walkLooks(baseline, { deviations: calm.slice(0, 100), events: null });
    expect(all.slice(0, half.length)).toEqual(half);
  });

  it('is mirrored when what was measured is mirrored', () => {
    const looks = walkLooks(baseline, { deviations: calm, events: null });
    const mirrored = walkLooks(baseline, {
      deviations: calm.map((value) => (value === null ? null : -value)),
      events: null,
    });
    for (const [i, look] of looks.entries()) {
      expect(mirrored[i]?.estimate).toBeCloseTo(-look.estimate, 12);
      expect(mirrored[i]?.halfWidth).toBeCloseTo(look.halfWidth, 12);
    }
  });

  it('must be cleared threefold before 1 h, and once from then on', () => {
    const looks = walkLooks(baseline, { deviations: calm, events: calm.map(() => 1_000) });
    for (const { n, clearance, halfWidth } of looks)
      expect(clearance).toBe(n < 12 ? 3 * halfWidth : halfWidth);
  });

  it('of a number that counts no events is never clear before 1 h', () => {
    for (const { n, clearance, halfWidth } of walkLooks(baseline, { deviations: calm, events: null }))
      expect(clearance).toBe(n < 12 ? Number.POSITIVE_INFINITY : halfWidth);
  });

  it('is no narrower than the largest mean that the baseline has shown, up to 1 h', () => {
    const looks = walkLooks(baseline, { deviations: calm, events: null });
    for (const { n, halfWidth } of looks.filter((look) => look.n <= 12)) {
      expect(halfWidth).toBeGreaterThanOrEqual(baseline.placebo.largestOf(n));
    }
  });

  it('widens and says so when the deploy makes the metric noisier', () => {
    const wild = noisy(288, 0.2, 8);
    const looks = walkLooks(baseline, { deviations: wild, events: null });
    const last = must(looks.at(-1));
    expect(last.noisierSinceBlocks).not.toBeNull();
    expect(last.halfWidth).toBeGreaterThan(1.5 * plannedHalfWidth(baseline, last.n, 0));
    expect(walkLooks(baseline, { deviations: calm, events: null }).at(-1)?.noisierSinceBlocks).toBeNull();
  });

  it('takes the few events after a fall for noise, and more of them for none', () => {
    expect(countingNoise(1_000, 33 * 12, 12)).toBeCloseTo(1 / 33 - 1 / 1_000, 12);
    expect(countingNoise(1_000, 5_000 * 12, 12)).toBe(0);
    // Next to nothing: the half event of each block keeps the logarithms together.
    expect(countingNoise(1_000, 3, 12)).toBeCloseTo(1 - 0.001, 12);
    expect(countingNoise(1_000, 0, 12)).toBeCloseTo(1 - 0.001, 12);
    expect(countingNoise(null, 0, 12)).toBe(0);
  });

  it('does not move when all rates are scaled and events are many', () => {
    const looksOf = (factor: number) => {
      const scaled = (blocks: readonly CountBlock[]) =>
        blocks.map((each) => (each === null ? null : { ...each, increase: each.increase * factor }));
      const series = makeSeries({ ...CALM, perMinute: 2_000 }, 4);
      const base = must(baselineOfCounts(scaled(series.before)));
      return walkLooks(base, watchOfCounts(scaled(series.after), base.expected));
    };
    const [plain, scaled] = [looksOf(1), looksOf(10)];
    for (const [i, look] of plain.entries()) {
      expect(scaled[i]?.estimate).toBeCloseTo(look.estimate, 4);
      expect(scaled[i]?.halfWidth).toBeCloseTo(look.halfWidth, 3);
    }
  });

  it('judges a watch of a day, baseline and all, in far less than its 50 ms a watch', () => {
    const series = makeSeries(CALM, 3);
    const startMs = performance.now();
    for (let i = 0; i < 5; i++) {
      const base = must(baselineOfCounts(series.before));
      walkLooks(base, watchOfCounts(series.after, base.expected));
    }
    // Tenfold, for a machine that is busy with other things.
    expect((performance.now() - startMs) / 5).toBeLessThan(500);
  });
});
