import { SHORTEST_WINDOW_MS } from '@/lib/core/time/page-window.ts';
import { alignDown, alignUp, type TimeRange } from '@/lib/core/time/range.ts';

/**
 * The range between two instants (in either order) on whole buckets, inside `within`, and never shorter than a page
 * can show. Null when `within` itself is shorter than that.
 */
export function zoomRange(
  oneMs: number,
  otherMs: number,
  stepMs: number,
  within: TimeRange,
): TimeRange | null {
  const clamp = (atMs: number) => Math.min(within.endMs, Math.max(within.startMs, atMs));
  if (within.endMs - within.startMs < SHORTEST_WINDOW_MS) return null;
  const startMs = clamp(alignDown(Math.min(oneMs, otherMs), stepMs));
  const endMs = clamp(alignUp(Math.max(oneMs, otherMs), stepMs));
  if (endMs - startMs >= SHORTEST_WINDOW_MS) return { startMs, endMs };
  const widened = clamp(startMs + SHORTEST_WINDOW_MS);
  return { startMs: Math.min(startMs, widened - SHORTEST_WINDOW_MS), endMs: widened };
}
