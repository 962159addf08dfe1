import type { ShareRow } from './metrics-page-view.ts';

/** Orders of a table. `change`: what moved most against the second window first. */
export const METRICS_SORTS = ['share', 'change', 'name'] as const;
export type MetricsSort = (typeof METRICS_SORTS)[number];

/** Rows in this order; rows that cannot be placed stand last, ties by name. */
export function sortRows<Row extends ShareRow>(rows: readonly Row[], sort: MetricsSort): readonly Row[] {
  const byName = (a: Row, b: Row) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
  const falling = (of: (row: Row) => number | null) => (a: Row, b: Row) =>
    (of(b) ?? -1) - (of(a) ?? -1) || byName(a, b);
  switch (sort) {
    case 'share':
      return [...rows].sort(falling(({ perSecond }) => perSecond));
    case 'change':
      return [...rows].sort(
        falling(({ perSecond, beforePerSecond }) =>
          perSecond === null || beforePerSecond === null ? null : Math.abs(perSecond - beforePerSecond),
        ),
      );
    case 'name':
      return [...rows].sort(byName);
    default:
      return sort satisfies never;
  }
}
