import type { Point } from '../model/view.ts';

/** More points than this on one line cost time to draw and cannot be told apart. */
export const MAX_DRAWN_POINTS = 600;

/** Indices of the lowest and the highest value in `[from, to)`; null values are passed over. */
function extremes(points: readonly Point[], from: number, to: number): number[] {
  let low: number | null = null;
  let high: number | null = null;
  for (let index = from; index < to; index++) {
    const value = points[index]?.[1];
    if (value === null || value === undefined) continue;
    if (low === null || value < (points[low]?.[1] ?? value)) low = index;
    if (high === null || value > (points[high]?.[1] ?? value)) high = index;
  }
  if (low === null || high === null) return [];
  return low === high ? [low] : [Math.min(low, high), Math.max(low, high)];
}

/**
 * At most `limit` points that look the same: lowest and highest of every stretch, first and last value, and a null
 * between two kept points exactly where there was one. A line that is short enough comes back as it is.
 */
export function decimate(points: readonly Point[], limit: number = MAX_DRAWN_POINTS): readonly Point[] {
  if (points.length <= limit) return points;
  const measured: number[] = [];
  for (const [index, [, value]] of points.entries()) if (value !== null) measured.push(index);
  const [first] = measured;
  const last = measured.at(-1);
  if (first === undefined || last === undefined) return [];
  // Two values a stretch, two ends, and at most one null after each of them.
  const stretches = Math.max(1, Math.floor((limit - 4) / 4));
  const kept = new Set([first, last]);
  for (let n = 0; n < stretches; n++) {
    const from = Math.floor((n * points.length) / stretches);
    const to = Math.floor(((n + 1) * points.length) / stretches);
    for (const index of extremes(points, from, to)) kept.add(index);
  }
  const drawn: Point[] = [];
  let previous: number | null = null;
  for (const index of [...kept].sort((a, b) => a - b)) {
    const gap = previous === null ? null : firstNull(points, previous + 1, index);
    if (gap !== null) drawn.push(gap);
    const point = points[index];
    if (point) drawn.push(point);
    previous = index;
  }
  return drawn;
}

function firstNull(points: readonly Point[], from: number, to: number): Point | null {
  for (let index = from; index < to; index++) {
    const point = points[index];
    if (point && point[1] === null) return point;
  }
  return null;
}
