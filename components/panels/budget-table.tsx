import { clsx } from 'clsx';
import type { ReactNode } from 'react';

interface BudgetTableProps {
  /** What the table holds, for people who do not see it. */
  caption: string;
  /** Names of the columns; the first one names the rows. */
  heads: readonly string[];
  rows: readonly { id: string; cells: readonly ReactNode[]; note?: string | null | undefined }[];
  /** The last row is the sum of those above it. */
  hasTotal?: boolean;
}

const CELL =
  'py-2.25 pr-4 last:pr-0 text-right @max-[640px]:flex @max-[640px]:justify-between @max-[640px]:gap-4 @max-[640px]:py-0.5 @max-[640px]:pr-0';

/** Amounts in columns; a block a row where it is narrow. */
export function BudgetTable({ caption, heads, rows, hasTotal = false }: Readonly<BudgetTableProps>) {
  const [first, ...others] = heads;
  return (
    <div className="@container">
      <table className="w-full border-collapse @max-[640px]:block">
        <caption className="sr-only">{caption}</caption>
        <thead className="@max-[640px]:sr-only">
          <tr className="border-b border-line text-label text-ink-3">
            <th scope="col" className="py-1.5 pr-4 text-left">
              {first}
            </th>
            {others.map((head) => (
              <th key={head} scope="col" className="py-1.5 pr-4 text-right whitespace-nowrap last:pr-0">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="@max-[640px]:block">
          {rows.map(({ id, cells: [name, ...values], note }, at) => (
            <tr
              key={id}
              className={clsx(
                'align-top not-first:border-t @max-[640px]:block @max-[640px]:py-2.25',
                hasTotal && at === rows.length - 1 ? 'border-line-strong font-medium' : 'border-line',
              )}
            >
              <th
                scope="row"
                className="max-w-96 py-2.25 pr-4 text-left font-medium wrap-anywhere @max-[640px]:block @max-[640px]:max-w-none @max-[640px]:py-0.5"
              >
                {name}
                {note != null && note !== '' && (
                  <span className="block text-label font-normal text-ink-3">{note}</span>
                )}
              </th>
              {values.map((value, column) => (
                <td key={others[column]} className={CELL}>
                  <span aria-hidden="true" className="shrink-0 text-ink-3 @[640px]:hidden">
                    {others[column]}
                  </span>
                  <span className="min-w-0 text-right">{value}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
