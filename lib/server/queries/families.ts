import 'server-only';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { FamilyRow, ShareTable } from '@/lib/core/reconcile/metrics-page-view.ts';
import type { Runtime } from '../runtime.ts';
import type { Grid } from './grid.ts';
import { type Groups, readGroups, toRows } from './groups.ts';
import { targetIdsOf } from './scope.ts';

/** Statement families: how often each runs, how long one call takes, and its share of all calls. */
export async function readFamilies(
  runtime: Runtime,
  scope: Scope,
  grid: Grid,
  before: Grid | null,
): Promise<ShareTable<FamilyRow>> {
  const postgres = targetIdsOf(runtime, scope, 'postgres');
  const targetIds = postgres.length > 0 ? postgres : targetIdsOf(runtime, scope, 'prometheus');
  const read = (metric: MetricName, on: Grid | null): Promise<Groups> | null =>
    on === null
      ? null
      : readGroups(runtime, { metric, targetIds, keyOf: ({ labels }) => labels.family ?? null }, on);
  const [calls, seconds, callsBefore, secondsBefore] = await Promise.all([
    read('db_statements_total', grid),
    read('db_statement_seconds_total', grid),
    read('db_statements_total', before),
    read('db_statement_seconds_total', before),
  ]);
  const { rows, total } = toRows(calls ?? NOTHING, callsBefore);
  return {
    rows: rows.map((row) => ({
      ...row,
      meanSeconds: meanOf(calls, seconds, row.key),
      beforeMeanSeconds: meanOf(callsBefore, secondsBefore, row.key),
    })),
    totalPerSecond: total,
    missing: rows.length > 0 ? null : missingOf(targetIds.length),
    note: rows.length > 0 ? 'The statements that run most often, by their text without values.' : null,
  };
}

const NOTHING: Groups = { groups: new Map(), owners: new Map() };

function missingOf(targets: number) {
  return targets === 0
    ? {
        reason: 'No database is watched',
        fix: 'Add postgres: to afterwatch.yml, or set DATABASE_URL.',
      }
    : {
        reason: 'This database does not count statements by their text',
        fix: 'Turn pg_stat_statements on and grant pg_monitor to the role that watches.',
      };
}

/** Seconds of one call; null without calls, or where time is not counted. */
function meanOf(calls: Groups | null, seconds: Groups | null, key: string): number | null {
  const called = calls?.groups.get(key)?.perSecond ?? null;
  const spent = seconds?.groups.get(key)?.perSecond ?? null;
  return called === null || spent === null || called <= 0 ? null : spent / called;
}
