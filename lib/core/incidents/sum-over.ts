import type { Point } from '../model/view.ts';
import { overlapMs, type TimeRange } from '../time/range.ts';

/** Events above a level, and the time for which both were known. */
export interface Over {
  count: number;
  coveredMs: number;
}

/**
 * What a rate brought above a level inside a range: the sum of max(0, measured − level) over the time for which both are
 * known. `points` per second on a grid of `stepMs`; `levelAt` per second, null where none is known.
 */
export function sumOver(
  points: readonly Point[],
  stepMs: number,
  levelAt: (startMs: number) => number | null,
  range: TimeRange,
): Over {
  let count = 0;
  let coveredMs = 0;
  for (const [startMs, perSecond] of points) {
    const level = levelAt(startMs);
    if (perSecond === null || level === null) continue;
    const insideMs = overlapMs({ startMs, endMs: startMs + stepMs }, range);
    count += (Math.max(0, perSecond - level) * insideMs) / 1000;
    coveredMs += insideMs;
  }
  return { count, coveredMs };
}

/** Time of a range for which a line has values. */
export function coveredMsOf(points: readonly Point[], stepMs: number, range: TimeRange): number {
  return points.reduce(
    (sum, [startMs, value]) =>
      value === null ? sum : sum + overlapMs({ startMs, endMs: startMs + stepMs }, range),
    0,
  );
}
