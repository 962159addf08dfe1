import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../time/range.ts';
import { EVENING_MS, minutes, viewOf } from './chart-view.fixture.ts';
import { chartGeometry, type StretchView } from './geometry.ts';

const chart = viewOf(minutes(180, () => 1));
const lay = (stretches: readonly StretchView[]) =>
  chartGeometry({
    ...{ chart, variant: 'line', window: 'h', scale: 'level', zone: 'UTC', marks: [], origin: null },
    heightPx: 170,
    stretches,
  }).stretches;
const from = (startMs: number, endMs: number): StretchView => ({
  startMs: EVENING_MS + startMs,
  endMs: EVENING_MS + endMs,
  title: 'fired',
});

describe('a marked stretch of time', () => {
  it('stands where it was, and is cut at the edges of the chart', () => {
    expect(lay([from(45 * MINUTE_MS, 90 * MINUTE_MS)])).toEqual([{ x: 25, width: 25, title: 'fired' }]);
    expect(lay([from(-HOUR_MS, 90 * MINUTE_MS)])).toEqual([{ x: 0, width: 50, title: 'fired' }]);
    expect(lay([from(90 * MINUTE_MS, 30 * HOUR_MS)])).toEqual([{ x: 50, width: 50, title: 'fired' }]);
  });

  it('outside of the chart leaves no mark at its edge', () => {
    expect(lay([from(-2 * HOUR_MS, 0), from(3 * HOUR_MS, 4 * HOUR_MS)])).toEqual([]);
  });

  it('too short to have a width is still there', () => {
    expect(lay([from(MINUTE_MS, MINUTE_MS + 1)])).toHaveLength(1);
  });

  it('never leaves the plot', () => {
    const at = fc.integer({ min: -10 * HOUR_MS, max: 10 * HOUR_MS });
    fc.assert(
      fc.property(fc.array(fc.tuple(at, at)), (spans) => {
        for (const { x, width } of lay(spans.map(([a, b]) => from(Math.min(a, b), Math.max(a, b))))) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(width).toBeGreaterThanOrEqual(0);
          expect(x + width).toBeLessThanOrEqual(100.001);
        }
      }),
    );
  });
});
