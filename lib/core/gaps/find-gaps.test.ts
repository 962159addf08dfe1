import { describe, expect, it } from 'vitest';
import { findGaps, type VisitMark } from './find-gaps.ts';

const STEP = 15_000;
const good = (atMs: number): VisitMark => ({ atMs, intervalMs: STEP, ok: true, errorKind: null });
const bad = (atMs: number, errorKind: VisitMark['errorKind'] = 'network'): VisitMark => ({
  atMs,
  intervalMs: STEP,
  ok: false,
  errorKind,
});
const steady = (fromMs: number, toMs: number): VisitMark[] =>
  Array.from({ length: Math.floor((toMs - fromMs) / STEP) + 1 }, (_, i) => good(fromMs + i * STEP));

describe('gaps', () => {
  it('steady visits leave none', () => {
    expect(findGaps(steady(0, 300_000), { startMs: 0, endMs: 310_000 })).toEqual([]);
  });

  it('failed visits are a gap with the first reason, from the last good to the next good one', () => {
    const marks = [good(0), bad(15_000, 'timeout'), bad(30_000), bad(45_000), good(60_000)];
    expect(findGaps(marks, { startMs: 0, endMs: 70_000 })).toEqual([
      { startMs: 0, endMs: 60_000, reason: 'timeout' },
    ]);
  });

  it('one failed visit between good ones is no gap: the counter tells what happened', () => {
    expect(findGaps([good(0), bad(15_000), good(30_000)], { startMs: 0, endMs: 40_000 })).toEqual([]);
  });

  it('time without visits is not watched, at the start, in the middle and at the end', () => {
    const marks = [...steady(100_000, 160_000), ...steady(400_000, 460_000)];
    expect(findGaps(marks, { startMs: 0, endMs: 900_000 })).toEqual([
      { startMs: 0, endMs: 100_000, reason: 'not_watched' },
      { startMs: 160_000, endMs: 400_000, reason: 'not_watched' },
      { startMs: 460_000, endMs: 900_000, reason: 'not_watched' },
    ]);
  });

  it('a target without any visit is one gap over the whole range', () => {
    expect(findGaps([], { startMs: 0, endMs: 10 })).toEqual([
      { startMs: 0, endMs: 10, reason: 'not_watched' },
    ]);
  });

  it('the interval in force when the visit was made decides, not the newest', () => {
    const sparse: VisitMark = { ...good(300_000), intervalMs: 300_000 };
    expect(findGaps([{ ...good(0), intervalMs: 300_000 }, sparse], { startMs: 0, endMs: 310_000 })).toEqual(
      [],
    );
  });

  it('hours in which nobody looked are not blamed on the failed visit after them', () => {
    const marks = [good(0), bad(3_600_000, 'timeout'), bad(3_615_000), good(3_630_000)];
    expect(findGaps(marks, { startMs: 0, endMs: 3_640_000 })).toEqual([
      { startMs: 0, endMs: 3_600_000, reason: 'not_watched' },
      { startMs: 3_600_000, endMs: 3_630_000, reason: 'timeout' },
    ]);
  });

  it('visits after the range tell that its end already lies in a gap, which is cut to it', () => {
    const marks = [good(0), bad(15_000), bad(30_000), bad(45_000), bad(60_000), good(75_000)];
    expect(findGaps(marks, { startMs: 0, endMs: 20_000 }, 80_000)).toEqual([
      { startMs: 0, endMs: 20_000, reason: 'network' },
    ]);
    expect(findGaps([good(0), good(15_000)], { startMs: 0, endMs: 10_000 }, 30_000)).toEqual([]);
    expect(findGaps([good(0), good(100_000)], { startMs: 0, endMs: 10_000 }, 100_000)).toEqual([
      { startMs: 0, endMs: 10_000, reason: 'not_watched' },
    ]);
  });
});
