'use client';

import type { LimitedRow, LimitedTable } from '@/lib/core/reconcile/metrics-page-view.ts';
import type { MetricsSort } from '@/lib/core/reconcile/sort-rows.ts';
import { valueText } from '@/lib/core/units/format-value.ts';
import { shareColumns, type TableLook } from './commands-columns.tsx';
import { SharePanel, type TableColumn } from './commands-table.tsx';

interface Routes429PanelProps {
  table: LimitedTable;
  look: TableLook;
  sort: MetricsSort;
  asOfMs: number;
}

/** Who turns requests away? By machine, and by route where machines tell routes apart. */
export function Routes429Panel({ table, look, sort, asOfMs }: Readonly<Routes429PanelProps>) {
  const columns: readonly TableColumn<LimitedRow>[] = [
    {
      heading: '429s',
      isNumber: true,
      cell: ({ count }) => valueText(count, 'responses'),
      csv: ({ count }) => count,
    },
    ...shareColumns<LimitedRow>('429s', look),
    {
      heading: 'Of its responses',
      isNumber: true,
      cell: ({ ofOwn }) => valueText(ofOwn, 'ratio'),
      csv: ({ ofOwn }) => ofOwn,
    },
  ];
  return (
    <>
      <SharePanel
        title="429 responses by machine"
        question="Who turns requests away?"
        noun="machine"
        table={table}
        columns={columns}
        sort={sort}
        asOfMs={asOfMs}
      />
      {table.routes.length > 0 && (
        <div className="mt-7">
          <SharePanel
            title="429 responses by route"
            question="Where are requests turned away?"
            noun="route"
            table={{ ...table, rows: table.routes, missing: null, note: null }}
            columns={columns}
            sort={sort}
            asOfMs={asOfMs}
          />
        </div>
      )}
    </>
  );
}
