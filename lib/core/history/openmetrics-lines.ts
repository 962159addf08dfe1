import type { MetricEntry } from '../metrics/catalogue/index.ts';
import { numberText, type SampleColumns, type SeriesName } from './csv-lines.ts';

/** The last line of every page: without it a page was cut. */
export const OPENMETRICS_END = '# EOF\n';

/** The label under which an export says the target. */
export const TARGET_LABEL = 'target';
/** Beside a line that was inferred. */
export const QUALITY_LABEL = 'quality';

/**
 * What stands before the samples of a metric. A counter's family goes without `_total`; a unit may be named only where the
 * family's name ends in it. Null for a metric that the catalogue does not know: then nothing is claimed of it.
 */
export function openMetricsHead(metric: string, entry: MetricEntry | null): string {
  if (entry === null) return '';
  const isCounter = entry.kind === 'counter' && metric.endsWith('_total');
  const family = isCounter ? metric.slice(0, -'_total'.length) : metric;
  const type = isCounter ? 'counter' : entry.kind === 'gauge' ? 'gauge' : 'unknown';
  const unit = family.endsWith(`_${entry.unit}`) ? `# UNIT ${family} ${entry.unit}\n` : '';
  return `# TYPE ${family} ${type}\n${unit}# HELP ${family} ${escaped(entry.help)}\n`;
}

/** Samples of one series as lines of OpenMetrics, times in seconds. */
export function openMetricsLines(
  { targetId, metric, labels, quality }: SeriesName,
  columns: SampleColumns,
): string {
  const own = Object.entries(labels).map(
    ([name, value]) => [name === TARGET_LABEL ? `exported_${TARGET_LABEL}` : name, value] as const,
  );
  // Two lines of one name would be one series for whoever reads them.
  const told = quality === 'inferred' ? [[QUALITY_LABEL, quality] as const] : [];
  const pairs = [[TARGET_LABEL, targetId] as const, ...own, ...told].map(
    ([name, value]) => `${name}="${escaped(value)}"`,
  );
  const series = `${metric}{${pairs.join(',')}}`;
  let lines = '';
  for (let i = 0; i < columns.atMs.length; i++) {
    lines += `${series} ${numberText(columns.values[i] ?? Number.NaN)} ${(columns.atMs[i] ?? 0) / 1000}\n`;
  }
  return lines;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
