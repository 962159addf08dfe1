import 'server-only';
import type { ComparisonView } from '@/lib/core/model/view.ts';
import { type Comparison, comparisonOffsetMs } from '@/lib/core/time/page-window.ts';
import { alignUp, type TimeRange } from '@/lib/core/time/range.ts';
import type { Runtime } from '../runtime.ts';
import { type LineQuestion, readLine } from './chart-line.ts';
import { type Grid, shiftGrid } from './grid.ts';

const LABELS: Record<Comparison, string> = {
  before: 'right before',
  day: 'the day before',
  week: 'the week before',
};

/** Start of the second window; null when none was asked for. */
export function comparedFromMs(range: TimeRange, comparison: Comparison | null): number | null {
  return comparison === null ? null : range.startMs - comparisonOffsetMs(comparison, range);
}

/** The same question on the same steps in the second window, moved onto the first. Without data all of it is null. */
export async function readComparison(
  runtime: Runtime,
  question: LineQuestion,
  grid: Grid,
  comparison: Comparison,
  nowMs: number,
): Promise<ComparisonView> {
  // Whole steps, so that both windows share their buckets, and never less than asked: the windows do not meet.
  const offsetMs = alignUp(comparisonOffsetMs(comparison, grid.range), grid.stepMs);
  const then = await readLine(runtime, question, shiftGrid(grid, offsetMs), nowMs);
  const [first] = then.history;
  return {
    label: LABELS[comparison],
    offsetMs,
    points: then.points.map(([atMs, value]) => [atMs + offsetMs, value]),
    overall: then.overall,
    ...(first !== undefined && {
      history: then.history.map((span) => ({
        ...span,
        startMs: span.startMs + offsetMs,
        endMs: span.endMs + offsetMs,
      })),
    }),
  };
}
