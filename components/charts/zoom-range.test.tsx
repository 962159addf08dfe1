import { describe, expect, it } from 'vitest';
import { zoomRange } from './zoom-range.ts';

const MINUTE = 60_000;
const within = { startMs: 0, endMs: 60 * MINUTE + 20_000 };

describe('zoomRange', () => {
  it('takes whole buckets, whichever end was first', () => {
    expect(zoomRange(5.5 * MINUTE, 9.2 * MINUTE, MINUTE, within)).toEqual({
      startMs: 5 * MINUTE,
      endMs: 10 * MINUTE,
    });
    expect(zoomRange(9.2 * MINUTE, 5.5 * MINUTE, MINUTE, within)).toEqual({
      startMs: 5 * MINUTE,
      endMs: 10 * MINUTE,
    });
  });

  it('stays inside what is shown, the open bucket included', () => {
    expect(zoomRange(-5 * MINUTE, 90 * MINUTE, MINUTE, within)).toEqual(within);
  });

  it.each([
    ['in the middle', 5 * MINUTE + 1_000, 5 * MINUTE + 2_000],
    ['at the start', 0, 0],
    ['at the end', within.endMs, within.endMs],
  ])('is never shorter than a page can show: %s', (_where, one, other) => {
    const range = zoomRange(one, other, 5_000, within);
    expect(range && range.endMs - range.startMs).toBe(MINUTE);
    expect(range?.startMs).toBeGreaterThanOrEqual(within.startMs);
    expect(range?.endMs).toBeLessThanOrEqual(within.endMs);
  });

  it('is null when nothing shorter could be shown', () => {
    expect(zoomRange(0, 30_000, 1_000, { startMs: 0, endMs: 59_000 })).toBeNull();
  });
});
