import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { csvRows } from '@/lib/core/history/csv-rows.ts';
import { PartMaker } from '@/lib/core/history/part-maker.ts';
import type { RowDefaults, RowReader } from '@/lib/core/history/sample-row.ts';
import { findMetric } from '@/lib/core/metrics/catalogue/index.ts';
import { openMetricsRows } from '@/lib/server/history/openmetrics-rows.ts';
import { unknownMetric } from '@/lib/server/history/unknown-metric.ts';
import { readLines } from './read-lines.ts';

/** `prometheus` is the text format with a time on each line: OpenMetrics without the end that tells a whole file. */
export const IMPORT_FORMATS = ['csv', 'openmetrics', 'prometheus'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export interface ImportFile {
  path: string;
  format: ImportFormat;
  defaults: RowDefaults;
}

/** What is wrong with which line (from 1). */
export interface LineFault {
  line: number;
  fault: string;
}

export interface FileFacts {
  rows: number;
  series: number;
  size: number;
  /** Of all its bytes. */
  hash: string;
  firstMs: number | null;
  lastMs: number | null;
  targets: readonly string[];
  metrics: readonly string[];
  intervals: ReadonlyMap<string, number>;
  /** The first ones, and how many more there are. */
  faults: readonly LineFault[];
  moreFaults: number;
}

const MOST_FAULTS = 20;
const END = '# EOF';

/** Guesses by the name, else by the first lines. */
export async function guessFormat(path: string): Promise<ImportFormat> {
  if (/\.(csv|tsv)$/i.test(path)) return 'csv';
  if (/\.(om|openmetrics)$/i.test(path)) return 'openmetrics';
  if (/\.prom$/i.test(path)) return 'prometheus';
  for await (const { lines } of readLines(path)) {
    const first = lines.find((line) => line.trim() !== '');
    if (first === undefined) continue;
    return /^# (TYPE|HELP|UNIT) |^[a-zA-Z_:][\w:]*(\{| [^,;\t]*$)/.test(first) ? 'prometheus' : 'csv';
  }
  return 'csv';
}

export function rowsOf({ format, defaults }: Pick<ImportFile, 'format' | 'defaults'>): RowReader {
  switch (format) {
    case 'csv':
      return csvRows(defaults);
    case 'openmetrics':
    case 'prometheus':
      return openMetricsRows(defaults);
    default:
      return format satisfies never;
  }
}

/** Catalogue names that end in `_total` are counters, and some others are. */
export function isCounter(metric: string): boolean {
  return findMetric(metric)?.kind === 'counter';
}

/** Reads the whole file without sending anything: all of its faults at once, or what is needed to send it. */
export async function checkFile(
  file: ImportFile,
  onProgress: (share: number, rows: number) => void = () => {},
): Promise<FileFacts> {
  const { size } = await stat(file.path);
  const hash = createHash('sha256');
  const read = rowsOf(file);
  const maker = new PartMaker({ isCounter });
  const targets = new Set<string>();
  const metrics = new Set<string>();
  const faults: LineFault[] = [];
  let moreFaults = 0;
  const note = (line: number, fault: string) => {
    if (faults.length < MOST_FAULTS) faults.push({ line, fault });
    else moreFaults += 1;
  };
  let [line, rows, firstMs, lastMs] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let lastLine = '';
  for await (const { lines, bytes } of readLines(file.path, (part) => hash.update(part))) {
    for (const text of lines) {
      line += 1;
      if (text !== '') lastLine = text;
      const row = read(text);
      if (row === null) continue;
      if ('fault' in row) {
        note(line, row.fault);
        continue;
      }
      rows += 1;
      const { target, metric } = row;
      if (target === null) {
        note(line, 'it says no target; give --target');
        continue;
      }
      targets.add(target);
      if (!metrics.has(metric)) {
        metrics.add(metric);
        // Told once, at its first line.
        const unknown = unknownMetric(metric);
        if (unknown !== null) note(line, unknown);
      }
      const fault = maker.add(row, target);
      if (fault !== null) note(line, fault.fault);
      firstMs = Math.min(firstMs, row.atMs);
      lastMs = Math.max(lastMs, row.atMs);
      if (maker.isFull) drop(maker.takeParts(false));
    }
    onProgress(size === 0 ? 1 : bytes / size, rows);
  }
  if (file.format === 'openmetrics' && lastLine !== END)
    note(
      line,
      `the file does not end in ${END}: it was cut off; give --format prometheus to take it all the same`,
    );
  return {
    ...{ rows, series: maker.seriesCount, size, hash: hash.digest('hex'), faults, moreFaults },
    ...{ firstMs: rows === 0 ? null : firstMs, lastMs: rows === 0 ? null : lastMs },
    ...{ targets: [...targets], metrics: [...metrics], intervals: maker.intervals() },
  };
}

/** Taking parts is what makes room; what was taken is of no use here. */
function drop(parts: Iterable<unknown>): void {
  for (const _ of parts);
}
