import 'server-only';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { Scope, SourceKind, TargetId } from '@/lib/core/model/target.ts';
import type { CommandRow, CommandTable } from '@/lib/core/reconcile/metrics-page-view.ts';
import { BLOCK_MS } from '@/lib/core/time/range.ts';
import type { Runtime } from '../runtime.ts';
import { type Grid, gridOf } from './grid.ts';
import { byShare, type Groups, readGroups, toRows } from './groups.ts';
import { targetIdsOf } from './scope.ts';

/** Columns beside the command: more machines than this are added up, and whole in the CSV. */
export const MACHINE_COLUMNS = 4;
/** From so many series on single samples cost too much for a look: five-minute blocks do. */
export const MOST_FINE_SERIES = 1_500;

/** Who can count commands by their name, the best first. */
const RUNGS = [
  { by: 'redis', kind: 'redis', metric: 'redis_commands_total' },
  { by: 'redis', kind: 'prometheus', metric: 'redis_commands_total' },
  { by: 'provider', kind: 'upstash', metric: 'upstash_commands_total' },
] as const satisfies readonly { by: CommandTable['countedBy']; kind: SourceKind; metric: MetricName }[];

/** Where the machines' own counters come from: their own pages, else an engine that scrapes them. */
export function machineCounters(
  runtime: Runtime,
  scope: Scope,
  metric: MetricName,
): { targetIds: readonly TargetId[]; series: number } {
  for (const kind of ['app', 'prometheus'] as const) {
    const targetIds = targetIdsOf(runtime, scope, kind);
    const { length } = targetIds.length === 0 ? [] : runtime.store.findSeries({ metric, targetIds });
    if (length > 0) return { targetIds, series: length };
  }
  return { targetIds: [], series: 0 };
}

/** Redis commands by command and machine, with every machine by itself. */
export async function readCommandMatrix(
  runtime: Runtime,
  scope: Scope,
  grid: Grid,
): Promise<{ byCommand: Groups; byComponent: Groups }> {
  const metric = 'app_redis_commands_total';
  const { targetIds, series } = machineCounters(runtime, scope, metric);
  const coarse = series > MOST_FINE_SERIES && grid.stepMs < BLOCK_MS ? gridOf(grid.range, BLOCK_MS) : grid;
  const hasComponents = runtime.store
    .findSeries({ metric, targetIds })
    .some(({ labels }) => labels.component !== undefined);
  const none: Groups = { groups: new Map(), owners: new Map() };
  const [byCommand, byComponent] = await Promise.all([
    readGroups(runtime, { metric, targetIds, keyOf: ({ labels }) => labels.cmd ?? 'all commands' }, coarse),
    hasComponents
      ? readGroups(
          runtime,
          { metric, targetIds, keyOf: ({ labels }) => labels.component ?? 'not told' },
          coarse,
        )
      : none,
  ]);
  return { byCommand, byComponent };
}

/** Commands × machines: what Redis executed by command, and which machine sent how much of it. */
export async function readCommands(
  runtime: Runtime,
  scope: Scope,
  grid: Grid,
  before: Grid | null,
): Promise<CommandTable> {
  const rung = RUNGS.find(({ kind, metric }) => {
    const targetIds = targetIdsOf(runtime, scope, kind);
    return targetIds.length > 0 && runtime.store.findSeries({ metric, targetIds }).length > 0;
  });
  const seen = (on: Grid): Promise<Groups> | null =>
    rung === undefined
      ? null
      : readGroups(
          runtime,
          {
            metric: rung.metric,
            targetIds: targetIdsOf(runtime, scope, rung.kind),
            keyOf: ({ labels }) => labels.cmd ?? 'all commands',
            ownerOf: ({ targetId, labels }) => `${targetId}${labels.member ?? ''}`,
          },
          on,
        );
  const [matrix, matrixBefore, counted, countedBefore] = await Promise.all([
    readCommandMatrix(runtime, scope, grid),
    before === null ? null : readCommandMatrix(runtime, scope, before),
    seen(grid),
    before === null ? null : seen(before),
  ]);
  const { rows, total } = toRows(
    counted ?? matrix.byCommand,
    countedBefore ?? matrixBefore?.byCommand ?? null,
  );
  const busiest = rankMachines(matrix.byCommand);
  const machines = busiest.slice(0, MACHINE_COLUMNS);
  const others = busiest.slice(MACHINE_COLUMNS);
  return {
    rows: rows.map((row): CommandRow => {
      const group = matrix.byCommand.groups.get(row.key);
      const of = (machine: string): number => group?.byOwner.get(machine)?.perSecond ?? 0;
      return {
        ...row,
        byMachine: machines.map(of),
        othersPerSecond: others.length === 0 ? null : others.reduce((all, machine) => all + of(machine), 0),
      };
    }),
    totalPerSecond: total,
    missing: rows.length > 0 ? null : NOBODY_COUNTS,
    note: noteOf(rung?.by ?? null, rows.length > 0),
    countedBy: rows.length === 0 ? null : (rung?.by ?? 'machines'),
    machines,
    otherMachines: others.length,
    components: toRows(matrix.byComponent, matrixBefore?.byComponent ?? null).rows.sort(byShare),
  };
}

const NOBODY_COUNTS = {
  reason: 'Nobody counts Redis commands by their name here',
  fix: 'Watch Redis itself, or export app_redis_commands_total from your machines: docs/instrument-your-app.md says how.',
};

function noteOf(by: CommandTable['countedBy'], hasRows: boolean): string | null {
  if (!hasRows || by === 'redis') return null;
  return by === 'provider'
    ? 'Inferred: added up from the provider’s sampled points.'
    : 'Counted by your machines: this Redis gives no counter by command.';
}

/** Machines that count, the busiest first. */
export function rankMachines({ groups, owners }: Groups): string[] {
  const totals = new Map([...owners.keys()].map((name) => [name, 0]));
  for (const { byOwner } of groups.values()) {
    for (const [name, { perSecond }] of byOwner) totals.set(name, (totals.get(name) ?? 0) + perSecond);
  }
  return [...totals].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([name]) => name);
}
