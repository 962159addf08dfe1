import type { NamedChart } from '../alerts/alerts-view.ts';
import { textCell, unitWords } from '../chart/csv.ts';

const NEW_LINE = '\r\n';

/**
 * Charts as one CSV in long form (RFC 4180, CRLF): a row for each line and bucket, instants in UTC, values in base units
 * with the unit beside them, an empty value where nothing was measured. No cell can be taken for a formula.
 */
export function chartsCsv(charts: readonly NamedChart[]): string {
  const rows = charts.flatMap(({ title, view }) => {
    const unit = textCell(unitWords(view));
    return view.lines.flatMap(({ label, points }) =>
      points.map(([atMs, value]) => {
        const number = value === null || !Number.isFinite(value) ? '' : String(value);
        return [textCell(title), textCell(label), new Date(atMs).toISOString(), number, unit].join(',');
      }),
    );
  });
  return ['chart,line,time,value,unit', ...rows, ''].join(NEW_LINE);
}
