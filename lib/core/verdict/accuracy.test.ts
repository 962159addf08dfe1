import { describe, expect, it } from 'vitest';
import { routeOf } from './count-route.ts';
import { type Look, walkLooks } from './interval.ts';
import { CALM, FAMILIES, makeSeries, type SeriesFamily } from './test-series.ts';
import { baselineOfCounts, watchOfCounts } from './watch.ts';

function looksOf(family: SeriesFamily, seed: number, ratio = 1, days = 14): Look[] {
  const effect = { ratio, onsetMinutes: 0, rampMinutes: 0 };
  const series = makeSeries(family, seed, { days, effect });
  const baseline = baselineOfCounts(series.before, series.isWeekend);
  if (baseline === null) throw new Error('the generator made no comparable day');
  return walkLooks(baseline, watchOfCounts(series.after, baseline.expected));
}

const seeds = (count: number) => Array.from({ length: count }, (_, i) => 1_000 + i);

function familyOf(name: string): SeriesFamily {
  const family = FAMILIES.find((each) => each.name === name);
  if (family === undefined) throw new Error(`no family is called ${name}`);
  return family;
}

/** Mean half-width after n blocks, as an effect in percent. */
function meanWidth(watches: readonly Look[][], n: number): number {
  const widths = watches.map((looks) => looks.find((look) => look.n === n)?.halfWidth ?? Number.NaN);
  return (100 * widths.reduce((sum, width) => sum + Math.expm1(width), 0)) / widths.length;
}

const missesEver = (looks: readonly Look[], truth: number): boolean =>
  looks.some(({ estimate, halfWidth }) => Math.abs(estimate - truth) > halfWidth);

describe('when nothing changed', () => {
  // Half-widths in percent after 1, 6 and 24 h with 14 days, from the method's own table of measures.
  const table: readonly (readonly [string, readonly [number, number, number]])[] = [
    ['iid', [6, 2.2, 1.3]],
    ['AR .5', [9.2, 3.3, 1.9]],
    ['AR .9, daily', [20, 7.9, 4.6]],
    ['AR .9, daily, day 3 %', [24, 12, 9.9]],
    ['AR .97, daily, day 5 %', [37, 22, 17.5]],
  ];
  it.each(table)(
    '%s has the half-widths of the table within a quarter, and false verdicts stay rare',
    (name, row) => {
      const watches = seeds(16).map((seed) => looksOf(familyOf(name), seed));
      for (const [i, n] of [12, 72, 287].entries()) {
        const expected = row[i] ?? Number.NaN;
        expect.soft(meanWidth(watches, n) / expected).toBeGreaterThan(0.75);
        expect.soft(meanWidth(watches, n) / expected).toBeLessThan(1.25);
      }
      // 20 series at α = .05: more than three would be a fault of the method, not of chance (p < .02).
      expect(watches.filter((looks) => missesEver(looks, 0)).length).toBeLessThanOrEqual(3);
    },
  );

  it('a weekend of its own makes the interval narrow where 28 days tell it', () => {
    const family = familyOf('weekend −20 %');
    const series = makeSeries(family, 7, { days: 28 });
    const apart = baselineOfCounts(series.before, series.isWeekend);
    const together = baselineOfCounts(series.before);
    expect(apart?.usesDayTypes).toBe(true);
    expect(together?.usesDayTypes).toBe(false);
    const width = (baseline: typeof apart) =>
      (baseline?.placebo.multipleAt(288) ?? Number.NaN) * Math.sqrt(baseline?.placebo.varianceOf(288) ?? 1);
    expect(Math.expm1(width(apart))).toBeLessThan(0.12);
    expect(Math.expm1(width(together))).toBeGreaterThan(0.2);
  });
});

describe('after a change', () => {
  it('a fall of 96.7 % is inside the interval at every look, in spite of the few events that are left', () => {
    const watches = seeds(20).map((seed) => looksOf({ ...CALM, spread: 0.03 }, seed, 0.033));
    // What is promised is a ratio of rates; half an event in each block shifts the logarithm by no more than this.
    const truth = Math.log(0.033 + 0.5 / 1_000);
    expect(watches.filter((looks) => missesEver(looks, truth)).length).toBeLessThanOrEqual(3);
  });

  it('a fall of 95 % shows at the first look in every family that is not counted one by one', () => {
    const logged = FAMILIES.filter(
      (family) => routeOf(5 * family.perMinute, { kind: 'change', ratio: 0.05 }) === 'logs',
    );
    expect(logged.length).toBe(FAMILIES.length - 1);
    for (const family of logged) {
      const [first] = looksOf(family, 11, 0.05);
      expect.soft(first?.n, family.name).toBe(3);
      expect.soft((first?.estimate ?? 0) + (first?.halfWidth ?? 0), family.name).toBeLessThan(0);
    }
  });

  it('a rise of 25 % on a medium metric shows in about an hour, never as a fall', () => {
    const watches = seeds(12).map((seed) => looksOf(familyOf('AR .9, daily, day 3 %'), seed, 1.25));
    const seen = watches.map((looks) => looks.find((look) => look.estimate > look.halfWidth)?.n ?? 999);
    const sorted = seen.toSorted((a, b) => a - b);
    expect(sorted[6]).toBeLessThanOrEqual(15);
    expect(sorted.at(-1)).toBeLessThan(288);
    expect(watches.some((looks) => looks.some((look) => look.estimate < -look.halfWidth))).toBe(false);
  });
});
