import 'server-only';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { Scope, TargetId } from '@/lib/core/model/target.ts';
import type { LimitedRow, LimitedTable } from '@/lib/core/reconcile/metrics-page-view.ts';
import type { Runtime } from '../runtime.ts';
import type { SeriesInfo } from '../store/store.ts';
import { machineCounters } from './commands.ts';
import type { Grid } from './grid.ts';
import { type Groups, groupSeries, ownerOfSeries, readGroups, toRows } from './groups.ts';
import { targetIdsOf } from './scope.ts';

/** Who counts HTTP responses: the machines, else the platform in front of them. */
export function responseCounters(
  runtime: Runtime,
  scope: Scope,
): { metric: MetricName; targetIds: readonly TargetId[] } {
  const { targetIds, series } = machineCounters(runtime, scope, 'http_responses_total');
  if (series > 0) return { metric: 'http_responses_total', targetIds };
  return { metric: 'fly_http_responses_total', targetIds: targetIdsOf(runtime, scope, 'fly') };
}

/** HTTP responses per second of the whole app; null where nobody counts them. */
export async function readRequests(
  runtime: Runtime,
  scope: Scope,
  grid: Grid | null,
): Promise<number | null> {
  if (grid === null) return null;
  const { groups } = await readGroups(
    runtime,
    { ...responseCounters(runtime, scope), keyOf: () => 'all' },
    grid,
  );
  return groups.get('all')?.perSecond ?? null;
}

/** 429 responses by machine, and by route where machines tell routes apart. */
export async function readLimited(
  runtime: Runtime,
  scope: Scope,
  grid: Grid,
  before: Grid | null,
): Promise<LimitedTable> {
  const counters = responseCounters(runtime, scope);
  const known = runtime.store.findSeries(counters);
  const exact = exactOwners(known);
  const all = new Set(known.map(ownerOfSeries));
  if (exact.size === 0) {
    return {
      rows: [],
      totalPerSecond: null,
      missing: all.size === 0 ? NO_COUNTER : CLASSES_ONLY,
      note: null,
      routes: [],
    };
  }
  const [found, foundBefore] = await Promise.all([
    runtime.store.readBuckets(counters, grid.range, grid.stepMs),
    before === null ? null : runtime.store.readBuckets(counters, before.range, before.stepMs),
  ]);
  const tableOf = (keyOf: (series: SeriesInfo) => string | null) => {
    const limitedKey = (series: SeriesInfo) => (series.labels.status === '429' ? keyOf(series) : null);
    return toTable(
      groupSeries(found, { ...counters, keyOf: limitedKey }, grid),
      groupSeries(found, { ...counters, keyOf }, grid),
      foundBefore === null || before === null
        ? null
        : groupSeries(foundBefore, { ...counters, keyOf: limitedKey }, before),
    );
  };
  const machines = tableOf((series) => (exact.has(ownerOfSeries(series)) ? ownerOfSeries(series) : null));
  const routes = await readRoutes(runtime, scope, machines, grid, before);
  return {
    ...machines,
    missing: null,
    note: noteOf(all.size, exact.size, routes.length > 0),
    routes,
  };
}

/** By route, with what no named route explains in one row; empty where no machine tells its routes apart. */
async function readRoutes(
  runtime: Runtime,
  scope: Scope,
  all: Pick<LimitedTable, 'rows' | 'totalPerSecond'>,
  grid: Grid,
  before: Grid | null,
): Promise<LimitedRow[]> {
  const question = {
    metric: 'http_route_responses_total' as const,
    targetIds: targetIdsOf(runtime, scope, 'app'),
  };
  if (runtime.store.findSeries(question).length === 0) return [];
  const routeOf = ({ labels }: SeriesInfo): string | null => labels.route ?? null;
  const limitedOf = (series: SeriesInfo) => (series.labels.status === '429' ? routeOf(series) : null);
  const [found, foundBefore] = await Promise.all([
    runtime.store.readBuckets(question, grid.range, grid.stepMs),
    before === null ? null : runtime.store.readBuckets(question, before.range, before.stepMs),
  ]);
  const { rows } = toTable(
    groupSeries(found, { ...question, keyOf: limitedOf }, grid),
    groupSeries(found, { ...question, keyOf: routeOf }, grid),
    foundBefore === null || before === null
      ? null
      : groupSeries(foundBefore, { ...question, keyOf: limitedOf }, before),
  );
  // Machines that were covered for unlike times can give routes more than their sum: shares never pass the whole.
  const named429 = rows.reduce((sum, row) => sum + (row.perSecond ?? 0), 0);
  const total = all.totalPerSecond === null ? null : Math.max(all.totalPerSecond, named429);
  const shareOf = (perSecond: number | null) =>
    perSecond === null || total === null || total <= 0 ? null : Math.min(1, perSecond / total);
  const named = rows.map((row) => ({ ...row, share: shareOf(row.perSecond) }));
  const sumOf = (list: readonly LimitedRow[], pick: (row: LimitedRow) => number | null) =>
    list.reduce((sum, row) => sum + (pick(row) ?? 0), 0);
  const count = sumOf(all.rows, (row) => row.count) - sumOf(rows, (row) => row.count);
  if (count < 1) return named;
  const perSecond = Math.max(0, (total ?? 0) - sumOf(rows, (row) => row.perSecond));
  const rest: LimitedRow = {
    key: 'other routes',
    perSecond,
    share: shareOf(perSecond),
    beforePerSecond: null,
    points: [],
    count,
    ofOwn: null,
  };
  return [...named, rest];
}

const NO_COUNTER = {
  reason: 'Nobody counts HTTP responses here',
  fix: 'Export a request counter with exact status codes: docs/instrument-your-app.md says how for each library.',
};
const CLASSES_ONLY = {
  reason: 'Machines give only classes such as 4xx, so 429 can’t be told from 404',
  fix: 'Turn exact status codes on in the metrics library: docs/instrument-your-app.md says how for each.',
};

function exactOwners(known: readonly SeriesInfo[]): ReadonlySet<string> {
  return new Set(known.filter(({ labels }) => !/^[1-5]xx$/i.test(labels.status ?? 'xxx')).map(ownerOfSeries));
}

function noteOf(all: number, exact: number, hasRoutes: boolean): string | null {
  const classed =
    exact < all
      ? `${all - exact} of ${all} machines give only classes such as 4xx: their 429s are not in here.`
      : null;
  const routes = hasRoutes ? null : 'By machine: no machine names its routes.';
  return [classed, routes].filter((text) => text !== null).join(' ') || null;
}

/** Machines without a 429 are rows too: a measured zero. */
function toTable(
  limited: Groups,
  responses: Groups,
  before: Groups | null,
): { rows: LimitedRow[]; totalPerSecond: number | null } {
  const { rows, total } = toRows(limited, before);
  const counted = new Set(rows.map(({ key }) => key));
  const quiet = [...responses.groups.values()]
    .filter(({ key, perSecond }) => !counted.has(key) && perSecond !== null)
    .map(({ key }) => ({
      key,
      perSecond: 0,
      share: total === null || total <= 0 ? null : 0,
      beforePerSecond: before === null ? null : 0,
      points: [],
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  return {
    rows: [...rows, ...quiet].map((row) => {
      const own = responses.groups.get(row.key);
      const part = limited.groups.get(row.key);
      // By machine the row's own counter; every other owner has sent none of it.
      const perSecond = part?.byOwner.get(row.key)?.perSecond ?? row.perSecond;
      return {
        ...row,
        count: Math.round(part?.total ?? 0),
        ofOwn:
          own === undefined || own.perSecond === null || own.perSecond <= 0 || perSecond === null
            ? null
            : perSecond / own.perSecond,
      };
    }),
    totalPerSecond: total ?? (quiet.length > 0 ? 0 : null),
  };
}
