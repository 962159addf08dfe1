'use client';

import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import type { ShareRow, ShareTable } from '@/lib/core/reconcile/metrics-page-view.ts';
import { type MetricsSort, sortRows } from '@/lib/core/reconcile/sort-rows.ts';
import { type CsvColumn, tableCsv } from '@/lib/core/reconcile/table-csv.ts';
import { fileName, saveFile } from '../charts/save.ts';
import { Button } from '../ui/button.tsx';
import { useLongList } from '../ui/long-list.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';

/** A column of a table that shares something out. */
export interface TableColumn<Row> {
  heading: string;
  isNumber?: boolean;
  /** Left out between phone and desktop, where the table has no room. */
  isWide?: boolean;
  cell: (row: Row) => ReactNode;
  /** What the file says; a column without it is for the eye alone. */
  csv?: CsvColumn<Row>['value'];
}

interface SharePanelProps<Row extends ShareRow> {
  title: string;
  question: string;
  /** What a row is: `command`. */
  noun: string;
  table: ShareTable<Row>;
  columns: readonly TableColumn<Row>[];
  nameOf?: (row: Row) => ReactNode;
  sort: MetricsSort;
  asOfMs: number;
  children?: ReactNode;
}

/** Rows before the rest is folded. */
const SHOWN = 10;

/** A table of shares: its rows in order, long ones folded, all of them in the file. A block a row where it is narrow. */
export function SharePanel<Row extends ShareRow>({
  title,
  question,
  noun,
  table,
  columns,
  nameOf,
  sort,
  asOfMs,
  children,
}: Readonly<SharePanelProps<Row>>) {
  const rows = sortRows(table.rows, sort);
  const { shown, more } = useLongList(rows, SHOWN, `${noun}s`);
  const save = () => {
    const files = columns.flatMap(({ heading, csv }) => (csv === undefined ? [] : [{ heading, value: csv }]));
    const text = tableCsv<Row>([{ heading: noun, value: ({ key }) => key }, ...files], rows);
    saveFile(fileName(title, asOfMs, 'csv'), new Blob([text], { type: 'text/csv;charset=utf-8' }));
  };
  return (
    <PanelFrame
      title={title}
      question={question}
      state={
        table.missing === null
          ? { kind: 'ready' }
          : { kind: 'empty', text: `${table.missing.reason}.`, fix: table.missing.fix }
      }
      aside={
        rows.length > 0 && (
          <Button size="small" className="no-print" aria-label={`Save ${title} as CSV`} onClick={save}>
            CSV
          </Button>
        )
      }
    >
      {table.note !== null && <p className="mb-2 text-label text-ink-3">{table.note}</p>}
      <div className="@container">
        <table className="w-full border-collapse @max-[640px]:block">
          <thead className="@max-[640px]:sr-only">
            <tr className="border-b border-line text-label text-ink-3">
              <th scope="col" className="py-1.5 pr-4 text-left first-letter:uppercase">
                {noun}
              </th>
              {columns.map(({ heading, isNumber, isWide }) => (
                <th
                  key={heading}
                  scope="col"
                  className={clsx(
                    'py-1.5 pr-4 whitespace-nowrap last:pr-0',
                    isNumber ? 'text-right' : 'text-left',
                    isWide && '@[640px]:@max-[960px]:hidden',
                  )}
                >
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="@max-[640px]:block">
            {shown.map((row) => (
              <tr
                key={row.key}
                className="border-line not-first:border-t @max-[640px]:block @max-[640px]:py-2.5"
              >
                <th
                  scope="row"
                  className="max-w-96 py-1.75 pr-4 text-left font-mono text-mono font-normal wrap-anywhere @max-[640px]:block @max-[640px]:max-w-none @max-[640px]:py-0.5"
                >
                  {nameOf === undefined ? row.key : nameOf(row)}
                </th>
                {columns.map(({ heading, isNumber, isWide, cell }) => (
                  <td
                    key={heading}
                    className={clsx(
                      'py-1.75 pr-4 whitespace-nowrap last:pr-0 @max-[640px]:flex @max-[640px]:justify-between @max-[640px]:gap-4 @max-[640px]:py-0.5 @max-[640px]:pr-0',
                      isNumber && 'text-right',
                      isWide && '@[640px]:@max-[960px]:hidden',
                    )}
                  >
                    <span aria-hidden="true" className="shrink-0 text-ink-3 @[640px]:hidden">
                      {heading}
                    </span>
                    <span>{cell(row)}</span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more}
      {children}
    </PanelFrame>
  );
}
