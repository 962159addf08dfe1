import 'server-only';
import type { TargetId } from '@/lib/core/model/target.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import type { Store } from '../store/store.ts';

/**
 * Times of restarts seen in `range` by each target that gives the metric, oldest first. Read from the one series of
 * the metric that the target has had longest: a rare series shows the same restart only with its next event.
 */
export async function readRestarts(
  store: Store,
  metric: string,
  targetIds: readonly TargetId[],
  range: TimeRange,
): Promise<ReadonlyMap<TargetId, readonly number[]>> {
  const eldest = new Map<TargetId, number>();
  for (const { targetId, id } of store.findSeries({ metric, targetIds })) {
    eldest.set(targetId, Math.min(eldest.get(targetId) ?? Number.POSITIVE_INFINITY, id));
  }
  const marks = await store.readResets({ metric, targetIds }, range);
  return new Map(
    [...eldest].map(([targetId, seriesId]) => {
      const times = marks.filter((mark) => mark.seriesId === seriesId).map(({ atMs }) => atMs);
      return [targetId, times.sort((a, b) => a - b)];
    }),
  );
}
