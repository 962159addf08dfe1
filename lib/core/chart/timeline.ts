import type { ChartView, Point } from '../model/view.ts';

/** Middle of a bucket, where its mean is drawn; of an open bucket the middle of what has passed. */
export function pointAtMs(startMs: number, { stepMs, range }: Pick<ChartView, 'stepMs' | 'range'>): number {
  const endMs = Math.min(startMs + stepMs, range.endMs);
  return startMs + Math.max(0, endMs - startMs) / 2;
}

/**
 * Index of the point whose bucket is nearest to `atMs`, by binary search; null for an empty line.
 * Points ascend by time.
 */
export function nearestPoint(points: readonly Point[], atMs: number, stepMs: number): number | null {
  if (points.length === 0) return null;
  let low = 0;
  let high = points.length - 1;
  const middleOf = (index: number) => (points[index]?.[0] ?? 0) + stepMs / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (middleOf(middle) < atMs) low = middle + 1;
    else high = middle;
  }
  const before = low - 1;
  return before >= 0 && Math.abs(middleOf(before) - atMs) < Math.abs(middleOf(low) - atMs) ? before : low;
}
