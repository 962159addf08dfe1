import { dirname, isAbsolute, join } from 'node:path';
import { readInput } from './claims-input.ts';
import type { CommandIo } from './command.ts';
import { readSeriesCsv, type Series } from './series-csv.ts';

/** Series that are kept: cases of one file mostly stand together. */
const MOST_KEPT = 4;

/** One line of a manifest: what it holds, or why that is no case. Lines are counted from 1. */
export type ManifestLine<T> = { line: number } & ({ one: T } | { id: string | null; fault: string });

/** What reads one case; a text says what is wrong with it. */
export type CaseReader<T> = (raw: Record<string, unknown>) => T | string;

/**
 * Reads JSON lines, one case a line; empty lines are left out. A line that is no JSON object, or no case, is a fault of
 * that line alone: the others go on.
 */
export function readManifest<T extends object>(text: string, readCase: CaseReader<T>): ManifestLine<T>[] {
  const lines: ManifestLine<T>[] = [];
  for (const [index, row] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    if (row.trim() === '') continue;
    const line = index + 1;
    const raw = objectOf(row);
    if (raw === null) {
      lines.push({ line, id: null, fault: 'it is no JSON object' });
      continue;
    }
    const one = readCase(raw);
    lines.push(typeof one === 'string' ? { line, id: idOf(raw), fault: one } : { line, one });
  }
  return lines;
}

function objectOf(row: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(row);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

/** The name that a case gives itself, also where the rest of it is wrong. */
function idOf({ id }: Record<string, unknown>): string | null {
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null;
}

/**
 * The series that a case names: beside its manifest, else under the folder that the command runs in. A manifest of many
 * rules on one series reads it once: give the same `known` to all of its cases; it stays small.
 */
export async function readSeriesOf(
  csv: string,
  manifest: string | null,
  io: Pick<CommandIo, 'cwd' | 'stdin'>,
  known: Map<string, ReadSeries> = new Map(),
): Promise<ReadSeries> {
  const read = known.get(csv) ?? (await readSeries(csv, manifest, io));
  known.set(csv, read);
  for (const oldest of known.keys()) if (known.size > MOST_KEPT) known.delete(oldest);
  return read;
}

export type ReadSeries = Series | { error: string };

async function readSeries(
  csv: string,
  manifest: string | null,
  io: Pick<CommandIo, 'cwd' | 'stdin'>,
): Promise<ReadSeries> {
  const beside =
    manifest === null || manifest === '-' || isAbsolute(csv) ? null : join(dirname(manifest), csv);
  let input = beside === null || csv === '-' ? null : await readInput(beside, io);
  if (input === null || 'error' in input) input = await readInput(csv, io);
  if ('error' in input) return { error: input.error };
  const series = readSeriesCsv(input.text);
  return 'fault' in series ? { error: `line ${series.line}: ${series.fault}` } : series;
}
