import { textCell } from '../chart/csv.ts';
import type { Increment } from '../metrics/increments.ts';
import type { Labels, Quality } from '../model/sample.ts';
import { CSV_COLUMNS } from './csv-rows.ts';

/** What a file is written from: samples of one series, oldest first, columns of one length. */
export interface SampleColumns {
  atMs: ArrayLike<number>;
  values: ArrayLike<number>;
  intervalMs: ArrayLike<number>;
  /** By place, what a counter's sample added where it is not its difference to the one before; null: not known. */
  steps: ReadonlyMap<number, Increment | null>;
}

export interface SeriesName {
  targetId: string;
  metric: string;
  labels: Labels;
  quality: Quality;
}

/** The first line of an export. */
export const CSV_HEADER = `${CSV_COLUMNS.join(',')}\n`;

/**
 * Samples as lines of `CSV_COLUMNS`. What a counter added stands only where it is not the difference to the row before, so
 * that a restart, a glitch or a gap is read back as what it was.
 */
export function csvLines({ targetId, metric, labels, quality }: SeriesName, columns: SampleColumns): string {
  const name = [targetId, metric, JSON.stringify(labels)].map(textCell).join(',');
  // Whatever is not inferred is the usual case, and an empty cell.
  const end = quality === 'inferred' ? `,${quality}\n` : ',\n';
  let lines = '';
  for (let i = 0; i < columns.atMs.length; i++) {
    const step = columns.steps.get(i);
    const value = numberText(columns.values[i] ?? Number.NaN);
    const seconds = (columns.intervalMs[i] ?? 0) / 1000;
    lines += `${isoOf(columns.atMs[i] ?? 0)},${name},${value},${seconds},${step === undefined ? ',,' : stepCells(step)}${end}`;
  }
  return lines;
}

function stepCells(step: Increment | null): string {
  if (step === null) return ',,nothing';
  const notes = [step.gap ? 'gap' : '', step.reset ? 'restart' : '', step.partial ? 'partial' : ''];
  return `${numberText(step.increase)},${isoOf(step.fromMs)},${notes.filter((note) => note !== '').join(' ')}`;
}

function isoOf(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** Read back it is the same number, down to the sign of a zero. */
export function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
