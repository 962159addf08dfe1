import { describe, expect, it } from 'vitest';
import type { Bucket } from '../metrics/blocks.ts';
import { addFlows, ratioPoints, sumIncreases, sumRates, trimUnvisited } from './combine.ts';
import { type FamilySeries, familyFlow } from './family-sum.ts';

const STEP = 60_000;
const STARTS = [0, STEP, 2 * STEP];

function bucket(startMs: number, increase: number, coveredMs = STEP): Bucket {
  return { startMs, increase, coveredMs, gapIncrease: 0, mean: null, min: null, max: null, last: null };
}
function series(labels: Record<string, string>, increases: readonly (number | null)[]): FamilySeries {
  return { labels, buckets: increases.map((n, i) => (n === null ? null : bucket(i * STEP, n))) };
}

describe('combining series', () => {
  it('while its family is counted, a missing labelled series is a measured zero', () => {
    const family = [series({ status: '200' }, [60, 60, null])];
    const flow = familyFlow(family, { status: '429' }, true, 3);
    expect(sumIncreases([flow], STARTS, STEP)).toEqual([
      [0, 0],
      [STEP, 0],
      [2 * STEP, null],
    ]);
  });

  it('without that rule a missing series is missing', () => {
    const family = [series({ family: 'select a' }, [60, 60, 60])];
    const flow = familyFlow(family, { family: 'select b' }, false, 3);
    expect(sumRates([flow], STARTS, STEP)).toEqual([
      [0, null],
      [STEP, null],
      [2 * STEP, null],
    ]);
  });

  it('a sum without one of its machines is no sum', () => {
    const a = familyFlow([series({}, [60, 60, 60])], {}, false, 3);
    const b = familyFlow([series({}, [120, null, 120])], {}, false, 3);
    expect(sumRates([a, b], STARTS, STEP)).toEqual([
      [0, 3],
      [STEP, null],
      [2 * STEP, 3],
    ]);
  });

  it('a machine counts only from its first data on', () => {
    const a = familyFlow([series({}, [60, 60, 60])], {}, false, 3);
    const late = familyFlow([series({}, [null, null, 60])], {}, false, 3);
    expect(sumRates([a, late], STARTS, STEP)).toEqual([
      [0, 1],
      [STEP, 1],
      [2 * STEP, 2],
    ]);
  });

  it('a ratio without events is undefined, not zero', () => {
    const hits = familyFlow([series({}, [90, 0, 5])], {}, false, 3);
    const misses = familyFlow([series({}, [10, 0, 0])], {}, false, 3);
    expect(ratioPoints(hits, misses, STARTS)).toEqual([
      [0, 0.9],
      [STEP, null],
      [2 * STEP, 1],
    ]);
  });

  it('flows add up and keep unknown unknown', () => {
    const a = familyFlow([series({}, [1, 2, null])], {}, false, 3);
    const b = familyFlow([series({}, [10, 20, 30])], {}, false, 3);
    expect(addFlows([a, b], 3).map((f) => f?.increase ?? null)).toEqual([11, 22, null]);
  });

  it('a machine that had begun before the first bucket is missed from there on', () => {
    const a = familyFlow([series({}, [60, 60, 60])], {}, false, 3);
    const silent = familyFlow([series({}, [null, null, null])], {}, false, 3);
    const back = familyFlow([series({}, [null, 60, 60])], {}, false, 3);
    const nulls = STARTS.map((atMs) => [atMs, null]);
    expect(sumRates([a, silent], STARTS, STEP, [true, true])).toEqual(nulls);
    expect(sumIncreases([a, silent], STARTS, STEP, [true, true])).toEqual(nulls);
    expect(addFlows([a, silent], 3, [true, true])).toEqual([null, null, null]);
    expect(sumRates([a, back], STARTS, STEP, [true, true]).map(([, value]) => value)).toEqual([null, 2, 2]);
    expect(sumRates([a, back], STARTS, STEP, [true, false]).map(([, value]) => value)).toEqual([1, 2, 2]);
  });

  it('buckets after the last visit are not drawn, a gap before it is', () => {
    const points = [
      [0, 1],
      [STEP, null],
      [2 * STEP, null],
    ] as const;
    expect(trimUnvisited(points, STEP)).toEqual([[0, 1]]);
    expect(trimUnvisited(points, 2 * STEP + 1)).toEqual(points);
  });
});
