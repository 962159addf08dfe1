import { readoutOf } from '@/lib/core/chart/readout.ts';
import type { ChartView } from '@/lib/core/model/view.ts';
import type { RateWindow } from '@/lib/core/units/format-rate.ts';
import { useChartPage } from './chart-page.ts';
import { MarkList } from './mark-list.tsx';

/** Rows of a chart's table; older ones are one shorter range away. */
const MAX_ROWS = 600;
const HEAD = 'sticky top-0 bg-canvas py-1.5 pr-2';

/**
 * The numbers of a chart as a table, newest first, under the deploys of its range. What is missing says so, with its
 * reason. A default export, because it is loaded lazily.
 */
export default function ChartTable({
  title,
  chart,
  window,
}: Readonly<{ title: string; chart: ChartView; window: RateWindow }>) {
  const { zone, origin, marks } = useChartPage();
  const count = chart.lines[0]?.points.length ?? 0;
  const rows = Array.from({ length: Math.min(count, MAX_ROWS) }, (_, back) =>
    readoutOf(chart, count - 1 - back, window, { zone, origin }),
  );
  const beside = [chart.usual, chart.comparison].flatMap((one) => (one === null ? [] : [one.label]));
  return (
    <section
      aria-label={`${title} as a table`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
      tabIndex={0}
      className="h-full overflow-y-auto border-y border-line"
    >
      <MarkList marks={marks} range={chart.range} origin={origin} zone={zone} />
      <table className="w-full border-collapse">
        <thead>
          <tr className="text-label text-ink-3">
            <th scope="col" className={HEAD}>
              Time, {zone === 'UTC' ? 'UTC' : zone}
            </th>
            {origin !== null && (
              <th scope="col" className={HEAD}>
                Since {origin.release}
              </th>
            )}
            {chart.lines.map(({ key, label }) => (
              <th key={key} scope="col" className={`${HEAD} text-right`}>
                {label}
              </th>
            ))}
            {beside.map((label) => (
              <th key={label} scope="col" className={`${HEAD} text-right`}>
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
                  {origin !== null && <td className="py-1 text-ink-3">{row.since}</td>}
                  {row.values.map(({ key, exact, value }) => (
                    <td key={key} className={`py-1 pr-2 text-right ${value === null ? 'text-ink-3' : ''}`}>
                      {exact}
                      {row.remark !== null && <span className="text-ink-3"> {row.remark}</span>}
                    </td>
                  ))}
                  {beside.map((label) => (
                    <td key={label} className="py-1 pr-2 text-right text-ink-3">
                      {row.context.find((one) => one.label === label)?.text ?? 'no data'}
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
