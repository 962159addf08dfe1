import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_WINDOW_MS, type PageWindow, SHORTEST_WINDOW_MS } from '@/lib/core/time/page-window.ts';
import { DAY_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import { judgeWindow } from './judge-window.ts';
import { freezeWindow, goLive, zoomOut, zoomTo } from './window-moves.ts';

const NOW_MS = Date.UTC(2026, 3, 9, 20, 40, 7) + 123;
const fixed = (startMs: number, endMs: number): PageWindow => ({ kind: 'fixed', name: '6h', startMs, endMs });

describe('freezing', () => {
  it('keeps what is seen, in whole seconds, and where “now” leads back to', () => {
    const live: PageWindow = { kind: 'live', name: '6h' };
    const frozen = freezeWindow(live, { startMs: NOW_MS - 6 * HOUR_MS, endMs: NOW_MS });
    expect(frozen).toEqual(fixed(NOW_MS - 123 - 6 * HOUR_MS, NOW_MS - 123));
    expect(goLive(frozen)).toEqual(live);
    expect(freezeWindow(frozen, { startMs: 0, endMs: 1 })).toBe(frozen);
  });
});

describe('zooming out', () => {
  it('takes a live window to the next longer preset, still live', () => {
    expect(zoomOut({ kind: 'live', name: '1h' }, NOW_MS)).toEqual({ kind: 'live', name: '3h' });
  });

  it('goes on from the longest preset with a fixed window that ends now', () => {
    expect(zoomOut({ kind: 'live', name: '7d' }, NOW_MS)).toMatchObject({
      kind: 'fixed',
      startMs: NOW_MS - 123 - 14 * DAY_MS,
      endMs: NOW_MS - 123,
    });
  });

  it('doubles a fixed window around its middle', () => {
    const startMs = NOW_MS - 123 - DAY_MS;
    expect(zoomOut(fixed(startMs, startMs + 2 * HOUR_MS), NOW_MS)).toEqual(
      fixed(startMs - HOUR_MS, startMs + 3 * HOUR_MS),
    );
  });

  it('ends at 90 days', () => {
    expect(zoomOut(fixed(NOW_MS - LONGEST_WINDOW_MS, NOW_MS), NOW_MS)).toBeNull();
  });
});

describe('every way to a fixed window', () => {
  it('leads to one that a page can show and that ends by now', () => {
    const span = fc
      .tuple(fc.integer({ min: 0, max: NOW_MS }), fc.integer({ min: 0, max: NOW_MS }))
      .filter(([a, b]) => a !== b)
      .map(([a, b]) => ({ startMs: Math.min(a, b), endMs: Math.max(a, b) }));
    fc.assert(
      fc.property(span, (range) => {
        const zoomed = zoomTo({ kind: 'live', name: '1h' }, range, NOW_MS);
        const out = zoomOut(zoomed, NOW_MS);
        for (const window of [zoomed, out]) {
          if (window?.kind !== 'fixed') continue;
          // Within the first minute of 1970 there is no room on the left.
          if (window.endMs >= SHORTEST_WINDOW_MS) expect(judgeWindow(window)).toBeNull();
          expect(window.endMs).toBeLessThanOrEqual(NOW_MS);
        }
      }),
    );
  });
});
