import type { Increment } from '../metrics/increments.ts';
import type { Labels } from '../model/sample.ts';

/**
 * What a counter's sample added. `work out`: only values are known, so by the rules of counters. `difference`: to the row
 * before of its series, as the store said that it was. Null: nothing is known of it.
 */
export type Added = 'work out' | 'difference' | Increment | null;

/** One sample of a file. */
export interface SampleRow {
  /** Null where the file does not say it. */
  target: string | null;
  metric: string;
  labels: Labels;
  /** `inferred` where the file says so: a line of its own beside the measured one of the same name. */
  quality: 'measured' | 'inferred';
  atMs: number;
  value: number;
  /** The scheduled interval of its visit; null where the file does not say it. */
  intervalMs: number | null;
  added: Added;
}

/** Why a line is no sample. */
export interface RowFault {
  fault: string;
}

/** Reads one line after another; null for a line that holds no sample. Made anew for each reading of a file. */
export type RowReader = (line: string) => SampleRow | RowFault | null;

/** What a person says of a file that does not say it itself. */
export interface RowDefaults {
  target: string | null;
  metric: string | null;
  labels: Labels;
  intervalMs: number | null;
}

/** The start of a text from a file, fit to be shown. */
export function quoted(text: string): string {
  return `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`;
}
