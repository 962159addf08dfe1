import type { TimeRange } from '../time/range.ts';

/** Width of the viewBox that paths are drawn in; it is stretched to the plot's real width. */
export const PATH_WIDTH = 1_000;

/** Share of the range that has passed at `atMs`, 0–100. */
export function xPercent(atMs: number, range: TimeRange): number {
  const length = range.endMs - range.startMs;
  const share = length > 0 ? (atMs - range.startMs) / length : 0;
  return Math.round(Math.min(1, Math.max(0, share)) * 10_000) / 100;
}

/** The same in thousandths, for paths. */
export function xPath(atMs: number, range: TimeRange): number {
  return xPercent(atMs, range) * (PATH_WIDTH / 100);
}
