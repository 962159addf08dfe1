import { readoutOf } from '@/lib/core/chart/readout.ts';
import type { ChartView } from '@/lib/core/model/view.ts';
import type { RateWindow } from '@/lib/core/units/format-rate.ts';

/** Rows of a chart's table; older ones are one shorter range away. */
const MAX_ROWS = 600;

/**
 * The numbers of a chart as a table, newest first. What is missing says so, with its reason.
 * A default export, because it is loaded lazily.
 */
export default function ChartTable({
  title,
  chart,
  window,
}: Readonly<{ title: string; chart: ChartView; window: RateWindow }>) {
  const count = chart.lines[0]?.points.length ?? 0;
  const rows = Array.from({ length: Math.min(count, MAX_ROWS) }, (_, back) =>
    readoutOf(chart, count - 1 - back, window),
  );
  return (
    <section
      aria-label={`${title} as a table`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
      tabIndex={0}
      className="h-full overflow-y-auto border-y border-line"
    >
      <table className="w-full border-collapse">
        <thead>
          <tr className="text-label text-ink-3">
            <th scope="col" className="sticky top-0 bg-canvas py-1.5">
              Time, UTC
            </th>
            {chart.lines.map(({ key, label }) => (
              <th key={key} scope="col" className="sticky top-0 bg-canvas py-1.5 pr-2 text-right">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(
            (row) =>
              row && (
                <tr key={row.atMs} className="border-t border-line">
                  <th scope="row" className="py-1 text-ink-2">
                    {row.time}
                  </th>
                  {row.values.map(({ key, exact, value }) => (
                    <td key={key} className={`py-1 pr-2 text-right ${value === null ? 'text-ink-3' : ''}`}>
                      {exact}
                      {row.remark !== null && <span className="text-ink-3"> {row.remark}</span>}
                    </td>
                  ))}
                </tr>
              ),
          )}
        </tbody>
      </table>
    </section>
  );
}
