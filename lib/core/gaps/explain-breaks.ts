import type { GapView, Point } from '../model/view.ts';

/**
 * Reasons for breaks of a line that no failed visit explains: a counter that began again leaves the time between the
 * last scrape and the restart uncovered. Breaks at the ends of the line are left to the visits.
 */
export function explainBreaks(
  points: readonly Point[],
  stepMs: number,
  gaps: readonly GapView[],
  restarts: readonly number[],
  otherwise: string,
): GapView[] {
  return findBreaks(points, stepMs)
    .filter(({ startMs, endMs }) => !gaps.some((gap) => gap.startMs < endMs && gap.endMs > startMs))
    .map(({ startMs, endMs }) => {
      const restarted = restarts.some((atMs) => atMs >= startMs - stepMs && atMs <= endMs + stepMs);
      return { startMs, endMs, reason: restarted ? 'restart' : otherwise };
    });
}

/** Runs of null between two values. */
function findBreaks(points: readonly Point[], stepMs: number): { startMs: number; endMs: number }[] {
  const breaks: { startMs: number; endMs: number }[] = [];
  let begun = false;
  let sinceMs: number | null = null;
  for (const [startMs, value] of points) {
    if (value === null) {
      if (begun) sinceMs ??= startMs;
      continue;
    }
    if (sinceMs !== null) breaks.push({ startMs: sinceMs, endMs: startMs });
    begun = true;
    sinceMs = null;
  }
  return breaks.filter(({ startMs, endMs }) => endMs - startMs >= stepMs);
}
