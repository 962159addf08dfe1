/** How a machine writes its numbers: plain text 0.0.4, OpenMetrics 1.0, or the text as one JSON string. */
export type MetricsFormat = 'text' | 'openmetrics' | 'json_string';

/** One series as a machine counts it. `name` is without `_total`. */
export interface CountedSeries {
  name: string;
  kind: 'counter' | 'gauge';
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** The media type that goes with each format. */
export const CONTENT_TYPES: Readonly<Record<MetricsFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  json_string: 'application/json',
};

/** The body for `/metrics`. A family stands in one block, with its type line even when it has no series yet. */
export function writeMetrics(
  format: MetricsFormat,
  families: readonly { name: string; kind: 'counter' | 'gauge'; series: readonly CountedSeries[] }[],
  startedSeconds: number | null,
): string {
  const lines: string[] = [];
  const open = format === 'openmetrics';
  for (const { name, kind, series } of families) {
    const sampleName = kind === 'counter' ? `${name}_total` : name;
    // Only OpenMetrics names the family of a counter without its suffix.
    lines.push(`# TYPE ${open ? name : sampleName} ${kind}`);
    for (const one of series) lines.push(`${sampleName}${writeLabels(one.labels)} ${one.value}`);
  }
  if (startedSeconds !== null) {
    lines.push('# TYPE process_start_time_seconds gauge', `process_start_time_seconds ${startedSeconds}`);
  }
  if (open) lines.push('# EOF');
  const text = `${lines.join('\n')}\n`;
  return format === 'json_string' ? JSON.stringify(text) : text;
}

function writeLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
