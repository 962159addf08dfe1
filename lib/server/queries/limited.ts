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
  const hasRoutes = known.some(({ labels }) => labels.route !== undefined);
  const machines = tableOf((series) => (exact.has(ownerOfSeries(series)) ? ownerOfSeries(series) : null));
  const routes = hasRoutes ? tableOf(({ labels }) => labels.route ?? 'not told') : null;
  return {
    ...machines,
    missing: null,
    note: noteOf(all.size, exact.size, hasRoutes),
    routes: routes?.rows ?? [],
  };
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
  const routes = hasRoutes ? null : 'By machine: routes are added up where machines are read.';
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
