import 'server-only';
import { CSV_HEADER, csvLines } from '@/lib/core/history/csv-lines.ts';
import { OPENMETRICS_END, openMetricsHead, openMetricsLines } from '@/lib/core/history/openmetrics-lines.ts';
import { findMetric } from '@/lib/core/metrics/catalogue/index.ts';
import type { Store } from '../store/store.ts';
import type { ExportQuestion } from './export-question.ts';

/** The samples as a file, some hours of one series a piece, so that it takes the same memory however long it is. */
export async function* exportSamples(
  store: Pick<Store, 'readSamples'>,
  { selectors, range }: ExportQuestion,
  format: 'csv' | 'openmetrics',
): AsyncGenerator<string> {
  if (format === 'csv') yield CSV_HEADER;
  for (const selector of selectors) {
    let isFirst = true;
    for await (const { series, ...columns } of store.readSamples(selector, range)) {
      if (format === 'csv') {
        yield csvLines(series, columns);
        continue;
      }
      if (isFirst) yield openMetricsHead(selector.metric, findMetric(selector.metric));
      isFirst = false;
      yield openMetricsLines(series, columns);
    }
  }
  if (format === 'openmetrics') yield OPENMETRICS_END;
}

/** What an export would hold: metrics that have series, with how many. */
export function listExport(
  store: Pick<Store, 'findSeries'>,
  { selectors, range }: ExportQuestion,
): { startMs: number; endMs: number; metrics: { metric: string; series: number }[] } {
  const metrics = selectors
    .map((selector) => ({ metric: selector.metric, series: store.findSeries(selector).length }))
    .filter(({ series }) => series > 0);
  return { ...range, metrics };
}
