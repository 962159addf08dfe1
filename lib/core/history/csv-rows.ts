import type { Increment } from '../metrics/increments.ts';
import type { Labels } from '../model/sample.ts';
import { parseInstantMs } from '../time/parse-instant.ts';
import { DAY_MS } from '../time/range.ts';
import {
  type Added,
  quoted,
  type RowDefaults,
  type RowFault,
  type RowReader,
  type SampleRow,
} from './sample-row.ts';

/** Columns of an export, in its order. A file to be imported may hold them in any, and leave most of them out. */
export const CSV_COLUMNS = [
  'time',
  'target',
  'metric',
  'labels',
  'value',
  'interval_seconds',
  'added',
  'added_since',
  'note',
  'quality',
] as const;
export type CsvColumn = (typeof CSV_COLUMNS)[number];

/** Words of the column `note`. */
export const NOTES = ['nothing', 'gap', 'restart', 'partial'] as const;

const OTHER_NAMES: Readonly<Record<string, CsvColumn>> = {
  timestamp: 'time',
  time_ms: 'time',
  date: 'time',
  ts: 'time',
};
const LABEL = 'label.';
const MISSING = new Set(['', '-', 'nan', 'null', 'none', 'na', 'n/a']);
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
/** Label texts of a file that are kept parsed: a file mostly holds series after series, or a few again and again. */
const MOST_KEPT = 10_000;
/** An increment that reaches further back than this has a wrong time in it, and would fill the memory. */
const MOST_SPAN_MS = 92 * DAY_MS;

interface Header {
  separator: string;
  /** Place of each column that the file has. */
  places: ReadonlyMap<CsvColumn, number>;
  /** Place of each column `label.NAME`. */
  labels: ReadonlyMap<string, number>;
}

/** The plainest file: a time and a value. */
const PLAIN: ReadonlyMap<CsvColumn, number> = new Map([
  ['time', 0],
  ['value', 1],
]);

/** Reads CSV with a header of `CSV_COLUMNS` or `label.NAME`, or `time,value` rows without one. */
export function csvRows(defaults: RowDefaults): RowReader {
  let header: Header | null = null;
  const known = new Map<string, Labels>();
  return (raw) => {
    const line = raw.replace(/^\uFEFF/, '');
    if (line.trim() === '' || line.startsWith('#')) return null;
    if (header === null) {
      const read = readHeader(line);
      header = read.header;
      if (read.isHeader) return null;
    }
    return readRow(header, splitCells(line, header.separator), defaults, known);
  };
}

function readHeader(line: string): { header: Header; isHeader: boolean } {
  const separator = [',', ';', '\t'].find((one) => line.includes(one)) ?? ',';
  const cells = splitCells(line, separator);
  if (parseInstantMs(cells[0] ?? '') !== null)
    return { header: { separator, places: PLAIN, labels: new Map() }, isHeader: false };
  const places = new Map<CsvColumn, number>();
  const labels = new Map<string, number>();
  for (const [place, cell] of cells.entries()) {
    const name = cell.trim();
    const lower = name.toLowerCase();
    const column = CSV_COLUMNS.find((one) => one === lower) ?? OTHER_NAMES[lower];
    if (column !== undefined && !places.has(column)) places.set(column, place);
    else if (name.startsWith(LABEL)) labels.set(name.slice(LABEL.length), place);
  }
  // A header of other words (`when;requests`) still stands over times and values.
  const isNamed = places.has('time') && places.has('value');
  return { header: { separator, places: isNamed ? places : PLAIN, labels }, isHeader: true };
}

function readRow(
  { places, labels: labelPlaces }: Header,
  cells: readonly string[],
  defaults: RowDefaults,
  known: Map<string, Labels>,
): SampleRow | RowFault | null {
  const cell = (column: CsvColumn) => {
    const place = places.get(column);
    return place === undefined ? '' : (cells[place] ?? '').trim();
  };
  const time = cell('time');
  const atMs = parseInstantMs(time);
  if (atMs === null) return { fault: `${quoted(time)} is no time; use ISO 8601, epoch seconds or epoch ms` };
  const text = cell('value');
  if (MISSING.has(text.toLowerCase())) return null;
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value))
    return { fault: `${quoted(text)} is no finite number; leave it empty where nothing was measured` };
  const metric = cell('metric') || defaults.metric;
  if (metric === null) return { fault: 'it says no metric; give --metric' };
  const labels = readLabels(cell('labels'), labelPlaces, cells, defaults.labels, known);
  if (labels === null) return { fault: `${quoted(cell('labels'))} are no labels; use {"name":"value"}` };
  const seconds = cell('interval_seconds');
  if (seconds !== '' && !(Number(seconds) > 0))
    return { fault: `${quoted(seconds)} is no interval in seconds` };
  const intervalMs = seconds === '' ? defaults.intervalMs : Math.round(Number(seconds) * 1000);
  const added = places.has('note')
    ? readAdded(atMs, cell('added'), cell('added_since'), cell('note'))
    : 'work out';
  if (added !== null && typeof added === 'object' && 'fault' in added) return added;
  const quality = cell('quality') === 'inferred' ? 'inferred' : 'measured';
  const target = cell('target') || defaults.target;
  // Written out: spreading objects made reading a file several times slower.
  return { target, metric, labels, quality, atMs, value, intervalMs, added };
}

function readAdded(atMs: number, amount: string, since: string, note: string): Added | RowFault {
  if (note === '' && amount === '' && since === '') return 'difference';
  const words = note === '' ? [] : note.split(' ');
  const strange = words.find((word) => !NOTES.some((one) => one === word));
  if (strange !== undefined) return { fault: `${quoted(strange)} is no note; there are ${NOTES.join(', ')}` };
  if (words.includes('nothing')) return null;
  const fromMs = parseInstantMs(since);
  const increase = NUMBER.test(amount) ? Number(amount) : Number.NaN;
  if (!(increase >= 0) || fromMs === null || fromMs > atMs || atMs - fromMs > MOST_SPAN_MS)
    return {
      fault: 'added and added_since say no increase: a number of 0 or more and a time before its own',
    };
  return {
    ...{ fromMs, toMs: atMs, increase },
    ...{ gap: words.includes('gap'), reset: words.includes('restart'), partial: words.includes('partial') },
  } satisfies Increment;
}

function readLabels(
  text: string,
  places: ReadonlyMap<string, number>,
  cells: readonly string[],
  defaults: Labels,
  known: Map<string, Labels>,
): Labels | null {
  const more: [string, string][] = [];
  for (const [name, place] of places) {
    const value = (cells[place] ?? '').trim();
    if (value !== '') more.push([name, value]);
  }
  const key = more.length === 0 ? text : JSON.stringify([text, more]);
  const found = known.get(key);
  if (found !== undefined) return found;
  const told = text === '' ? {} : parseLabels(text);
  if (told === null) return null;
  const labels = { ...defaults, ...told, ...Object.fromEntries(more) };
  if (known.size < MOST_KEPT) known.set(key, labels);
  return labels;
}

function parseLabels(text: string): Labels | null {
  try {
    const raw: unknown = JSON.parse(text);
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return null;
    const entries = Object.entries(raw);
    return entries.every(([, value]) => typeof value === 'string') ? Object.fromEntries(entries) : null;
  } catch {
    return null;
  }
}

/** Cells of one line (RFC 4180, no line breaks inside); what stands behind a closing quote is kept as it is. */
export function splitCells(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator);
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    let cell = '';
    if (line[at] === '"') {
      at += 1;
      for (;;) {
        const end = line.indexOf('"', at);
        if (end === -1) {
          cell += line.slice(at);
          at = line.length;
          break;
        }
        cell += line.slice(at, end);
        at = end + 1;
        if (line[at] !== '"') break;
        cell += '"';
        at += 1;
      }
    }
    const next = line.indexOf(separator, at);
    const end = next === -1 ? line.length : next;
    cells.push(cell + line.slice(at, end));
    if (next === -1) return cells;
    at = end + 1;
  }
}
