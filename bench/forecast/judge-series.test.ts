import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../lib/core/verdict/test-series.ts';
import { HORIZONS, hoursOf, judgeSeries, medianOf, NAIVE_NAMES } from './judge-series.ts';
import { publicSection } from './public-section.ts';

/** Four weeks with a noon and noise of 20 %, by the hour; at the weekend a third of it. */
function made(seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: 24 * 28 }, (_, at) => {
    const isWeekend = Math.floor(at / 24) % 7 >= 5;
    const course = 1_000 * (1 + 0.6 * Math.sin((2 * Math.PI * at) / 24)) * (isWeekend ? 0.33 : 1);
    return course * (0.8 + 0.4 * random());
  });
}

describe('forecasts of made series with days and weeks in them, once two weeks were seen', () => {
  const judged = [1, 2, 3].map((seed) => judgeSeries(made(seed), 23, 14 * 24));

  it.each(HORIZONS)('%i h ahead no naive one is much better, and most are worse', (ahead) => {
    const ratios = NAIVE_NAMES.map((name) =>
      medianOf(
        judged.map((one) => medianOf(one[ahead].ours) / Math.max(1e-9, medianOf(one[ahead].naive[name]))),
      ),
    );
    expect(Math.max(...ratios)).toBeLessThan(1.25);
    expect(ratios.filter((ratio) => ratio < 1).length).toBeGreaterThanOrEqual(3);
  });

  it.each(HORIZONS)('%i h ahead the band holds at least eight of ten', (ahead) => {
    const held = judged.flatMap((one) => one[ahead].held);
    expect(held.length).toBeGreaterThan(20);
    expect(held.filter(Boolean).length / held.length).toBeGreaterThanOrEqual(0.8);
  });
});

describe('the bench', () => {
  it('brings 5-minute values to hours; an hour of which less than half is known is a gap', () => {
    const half = [...Array<number>(6).fill(2), ...Array<null>(6).fill(null)];
    expect(hoursOf([...Array<number>(12).fill(1), ...half, ...Array<null>(12).fill(null), 9])).toEqual([
      12,
      24,
      null,
    ]);
  });

  it('without the public series says that they were not measured', () => {
    expect(publicSection('/nowhere')).toBeNull();
  });
});
