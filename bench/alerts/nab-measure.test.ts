import { describe, expect, it } from 'vitest';
import { randomNormal, seededRandom } from '../../lib/core/verdict/test-series.ts';
import type { PublicSeries } from '../verdict/public-series.ts';
import { judge, NAB_DETECTORS } from './nab-measure.ts';

const STEP_MS = 300_000;
const DAY = 288;
const SPIKE_AT = 4 * DAY + 100;
const SHIFT_AT = 6 * DAY;
const FROZEN_AT = 7 * DAY + 50;

/** Eight days with a daily course, a spike of half an hour, a level that doubles, and one that stands still. */
function made(rows = 8 * DAY): PublicSeries {
  const random = seededRandom(7);
  const points = Array.from({ length: rows }, (_, i) => {
    const course = 100 + 30 * Math.sin((2 * Math.PI * i) / DAY);
    const spike = i >= SPIKE_AT && i < SPIKE_AT + 6 ? 4 : 1;
    const shift = i >= SHIFT_AT ? 2 : 1;
    const value = course * spike * shift * (1 + 0.03 * randomNormal(random));
    return { atMs: Date.UTC(2026, 0, 5) + i * STEP_MS, value: i >= FROZEN_AT ? 250 : value };
  });
  return { name: 'made', stepMs: STEP_MS, points, labels: [], isCount: false };
}

describe('detectors on a series with labels', () => {
  it('tell a spike and a level that stands still, soon after they begin', () => {
    const [ours] = judge(made());
    const near = (at: number, rows: number) =>
      ours?.detections.some((row) => row >= at && row <= at + rows) ?? false;
    expect([near(SPIKE_AT, 3), near(FROZEN_AT, 40)]).toEqual([true, true]);
    expect(ours?.detections.filter((row) => row < SPIKE_AT)).toEqual([]);
  });

  it('know nothing of what comes later: the same rows are told of a series that ends sooner', () => {
    const whole = judge(made());
    for (const rows of [5 * DAY + 17, SHIFT_AT + 30, FROZEN_AT + 5]) {
      const cut = judge(made(rows));
      for (const [which, { name }] of NAB_DETECTORS.entries()) {
        const before = whole[which]?.detections.filter((row) => row < rows);
        expect({ name, rows, told: cut[which]?.detections }).toEqual({ name, rows, told: before });
      }
    }
  });
});
