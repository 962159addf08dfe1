'use client';

import type { FamilyRow, ShareTable } from '@/lib/core/reconcile/metrics-page-view.ts';
import type { MetricsSort } from '@/lib/core/reconcile/sort-rows.ts';
import { valueText } from '@/lib/core/units/format-value.ts';
import { shareColumns, type TableLook } from './commands-columns.tsx';
import { SharePanel, type TableColumn } from './commands-table.tsx';

interface FamiliesPanelProps {
  table: ShareTable<FamilyRow>;
  look: TableLook;
  sort: MetricsSort;
  asOfMs: number;
}

/** Which statements keep the database busy? */
export function FamiliesPanel({ table, look, sort, asOfMs }: Readonly<FamiliesPanelProps>) {
  const columns: readonly TableColumn<FamilyRow>[] = [
    ...shareColumns<FamilyRow>('Calls', look),
    {
      heading: 'Mean time',
      isNumber: true,
      cell: ({ meanSeconds }) => valueText(meanSeconds, 'seconds'),
      csv: ({ meanSeconds }) => meanSeconds,
    },
  ];
  return (
    <SharePanel
      title="Statement families"
      question="Which statements keep the database busy?"
      noun="statement"
      table={table}
      columns={columns}
      sort={sort}
      asOfMs={asOfMs}
    />
  );
}
