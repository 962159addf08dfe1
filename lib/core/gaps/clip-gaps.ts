import type { Point } from '../model/view.ts';
import type { TimeRange } from '../time/range.ts';
import type { Gap } from './find-gaps.ts';

/**
 * Takes out of the times that nobody watched those whole buckets that have a value all the same: numbers that were
 * filled in from elsewhere, or a sum that was complete before this target began. Other gaps stay as they are.
 */
export function clipGaps<T extends Gap>(gaps: readonly T[], points: readonly Point[], stepMs: number): T[] {
  return gaps.flatMap((gap) => {
    if (gap.reason !== 'not_watched' && gap.reason !== 'not_watched_yet') return [gap];
    return without(gap, told(gap, points, stepMs)).map((part) => ({ ...gap, ...part }));
  });
}

/** Runs of whole buckets inside `gap` that have a value. */
function told(gap: TimeRange, points: readonly Point[], stepMs: number): TimeRange[] {
  const runs: TimeRange[] = [];
  for (const [startMs, value] of points) {
    const endMs = startMs + stepMs;
    if (value === null || startMs < gap.startMs || endMs > gap.endMs) continue;
    const last = runs.at(-1);
    if (last?.endMs === startMs) last.endMs = endMs;
    else runs.push({ startMs, endMs });
  }
  return runs;
}

function without(gap: TimeRange, runs: readonly TimeRange[]): TimeRange[] {
  const parts: TimeRange[] = [];
  let fromMs = gap.startMs;
  for (const { startMs, endMs } of runs) {
    if (startMs > fromMs) parts.push({ startMs: fromMs, endMs: startMs });
    fromMs = endMs;
  }
  if (gap.endMs > fromMs) parts.push({ startMs: fromMs, endMs: gap.endMs });
  return runs.length === 0 ? [{ startMs: gap.startMs, endMs: gap.endMs }] : parts;
}
