import 'server-only';
import type { TargetId } from '@/lib/core/model/target.ts';
import type { SeriesInfo, SeriesSelector, Store } from '../store/store.ts';

export interface EldestSeries {
  /** Reads these series and hardly any other. */
  selector: SeriesSelector;
  ids: ReadonlySet<number>;
}

/**
 * The series of a metric that each target has had longest. A target's restarts and its beginning show on this one; the
 * others need not be read. Targets whose eldest series bears the same labels share a selector.
 */
export function eldestSeries(
  store: Pick<Store, 'findSeries'>,
  selector: SeriesSelector,
): readonly EldestSeries[] {
  const eldest = new Map<TargetId, SeriesInfo>();
  for (const series of store.findSeries(selector)) {
    const known = eldest.get(series.targetId);
    if (known === undefined || series.id < known.id) eldest.set(series.targetId, series);
  }
  const groups = new Map<string, SeriesInfo[]>();
  for (const series of eldest.values()) {
    const labels = JSON.stringify(Object.entries(series.labels).sort());
    groups.set(labels, [...(groups.get(labels) ?? []), series]);
  }
  return [...groups.values()].map((list) => ({
    selector: {
      metric: selector.metric,
      labels: list[0]?.labels ?? {},
      targetIds: list.map(({ targetId }) => targetId),
    },
    ids: new Set(list.map(({ id }) => id)),
  }));
}
