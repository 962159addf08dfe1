import { describe, expect, it } from 'vitest';
import type { GapView, Point } from '@/lib/core/model/view.ts';
import { nameSuspended } from './gaps.ts';

const STEP = 10;
const span = { startMs: 100, endMs: 200 };
const gap = (startMs: number, endMs: number, reason = 'unreachable'): GapView => ({ startMs, endMs, reason });

describe('gaps of a Redis metric around a suspension', () => {
  it('only the part inside the suspension is named by it', () => {
    expect(nameSuspended([gap(50, 250)], [span], [], STEP)).toEqual([
      gap(50, 100),
      gap(100, 200, 'redis suspended'),
      gap(200, 250),
    ]);
    expect(nameSuspended([gap(0, 100), gap(200, 210)], [span], [], STEP)).toEqual([
      gap(0, 100),
      gap(200, 210),
    ]);
  });

  it('time in which nobody looked keeps its reason, also with a name before it', () => {
    const gaps = [
      gap(110, 120, 'not watched'),
      gap(120, 130, 'm1: not watched yet'),
      gap(130, 140, 'before retention'),
    ];
    expect(nameSuspended(gaps, [span], [], STEP)).toEqual(gaps);
  });

  it('empty buckets that nothing explains are, up to the end of the line; a measured zero is not', () => {
    const points: Point[] = [
      [90, null],
      [100, null],
      [110, 0],
      [120, null],
      [190, null],
      [200, null],
    ];
    const found = nameSuspended([gap(120, 130, 'not watched')], [span], points, STEP);
    expect(found.filter(({ reason }) => reason === 'redis suspended')).toEqual([
      gap(100, 110, 'redis suspended'),
      gap(190, 200, 'redis suspended'),
    ]);
  });
});
