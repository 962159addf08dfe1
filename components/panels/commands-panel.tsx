'use client';

import type { CommandRow, CommandTable, ShareRow } from '@/lib/core/reconcile/metrics-page-view.ts';
import type { MetricsSort } from '@/lib/core/reconcile/sort-rows.ts';
import { shareColumns, type TableLook } from './commands-columns.tsx';
import { SharePanel, type TableColumn } from './commands-table.tsx';

interface CommandsPanelProps {
  table: CommandTable;
  look: TableLook;
  sort: MetricsSort;
  asOfMs: number;
}

const COUNTED_BY = { redis: 'At Redis', provider: 'At Upstash', machines: 'From machines' } as const;

/** Which commands run, and which machine sends them? */
export function CommandsPanel({ table, look, sort, asOfMs }: Readonly<CommandsPanelProps>) {
  const { machines, otherMachines, countedBy } = table;
  const columns: TableColumn<CommandRow>[] = [
    ...shareColumns<CommandRow>(COUNTED_BY[countedBy ?? 'redis'], look),
    ...machines.map(
      (machine, i): TableColumn<CommandRow> => ({
        heading: machine,
        isNumber: true,
        isWide: i > 1,
        cell: ({ byMachine }) => look.now.text(byMachine[i] ?? null),
        csv: ({ byMachine }) => look.now.value(byMachine[i] ?? null),
      }),
    ),
  ];
  if (otherMachines > 0) {
    columns.push({
      heading: otherMachines === 1 ? '1 other' : `${otherMachines} others`,
      isNumber: true,
      cell: ({ othersPerSecond }) => look.now.text(othersPerSecond),
      csv: ({ othersPerSecond }) => look.now.value(othersPerSecond),
    });
  }
  return (
    <SharePanel
      title="Redis commands"
      question="Which run, and which machine sends them?"
      noun="command"
      table={table}
      columns={columns}
      sort={sort}
      asOfMs={asOfMs}
    />
  );
}

/** Which part of the app sends them? Shown only where machines say that. */
export function ComponentsPanel({ table, look, sort, asOfMs }: Readonly<CommandsPanelProps>) {
  return (
    <SharePanel<ShareRow>
      title="Redis commands by component"
      question="Which part of the app sends them?"
      noun="component"
      table={{ rows: table.components, totalPerSecond: null, missing: null, note: null }}
      columns={shareColumns<ShareRow>('From machines', look)}
      sort={sort}
      asOfMs={asOfMs}
    />
  );
}
