import { parseInstantMs } from '@/lib/core/time/parse-instant.ts';

/** One row of a series; null where the row says that nothing was measured. */
export interface SeriesPoint {
  atMs: number;
  value: number | null;
}

export interface Series {
  /** Oldest first, one for each time. */
  points: SeriesPoint[];
  /** What was mended while reading, each a plain clause. */
  warnings: string[];
}

/** Why a text is no series, and on which line (from 1). */
export interface SeriesFault {
  fault: string;
  line: number;
}

const MISSING = new Set(['', '-', 'nan', 'null', 'none', 'nil', 'na', 'n/a', 'nodata']);
/** A series over more years than this has a wrong time in it, and would fill the memory. */
const MOST_YEARS = 10;
const YEAR_MS = 365.25 * 86_400_000;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const INFINITE = /^[+-]?inf(?:inity)?$/i;

/**
 * Reads `timestamp,value` rows: times as ISO 8601 (UTC where no zone is given), epoch seconds or epoch milliseconds; a
 * header may stand first; commas, semicolons or tabs; more columns are left alone. An empty value or NaN is a row that was
 * not measured. Rows out of order are sorted and of two for one time the first is kept, both with a warning.
 */
export function readSeriesCsv(text: string): Series | SeriesFault {
  const points: SeriesPoint[] = [];
  const warnings: string[] = [];
  let infinite = 0;
  let isFirst = true;
  for (const [index, row] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    if (row.trim() === '' || row.startsWith('#')) continue;
    const [time = '', value = ''] = row.split(/[,;\t]/).map(unquoted);
    const atMs = parseInstantMs(time);
    const wasFirst = isFirst;
    isFirst = false;
    if (atMs === null) {
      if (wasFirst && isHeader(time)) continue;
      return {
        fault: `${quoted(time)} is no time; use ISO 8601, epoch seconds or epoch ms`,
        line: index + 1,
      };
    }
    if (INFINITE.test(value)) infinite += 1;
    const number = numberOf(value);
    if (number === undefined)
      return {
        fault: `${quoted(value)} is no number; leave it empty where nothing was measured`,
        line: index + 1,
      };
    points.push({ atMs, value: number });
  }
  if (points.length === 0) return { fault: 'it has no row with a time and a value', line: 1 };
  if (infinite > 0) warnings.push(`${countOf(infinite, 'infinite value')} taken as not measured`);
  const ordered = inOrder(points, warnings);
  const years = ((ordered.at(-1)?.atMs ?? 0) - (ordered[0]?.atMs ?? 0)) / YEAR_MS;
  if (years > MOST_YEARS)
    return { fault: `its rows span ${Math.round(years)} years: is one of its times wrong?`, line: 1 };
  return { points: ordered, warnings };
}

function unquoted(cell: string): string {
  return cell
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim();
}

function isHeader(cell: string): boolean {
  return /^[a-z_][\w .()/%-]*$/i.test(cell);
}

/** Undefined for what is neither a number nor a sign of none. */
function numberOf(cell: string): number | null | undefined {
  if (MISSING.has(cell.toLowerCase()) || INFINITE.test(cell)) return null;
  return NUMBER.test(cell) ? Number(cell) : undefined;
}

function inOrder(points: readonly SeriesPoint[], warnings: string[]): SeriesPoint[] {
  const late = points.filter(({ atMs }, i) => atMs < (points[i - 1]?.atMs ?? atMs)).length;
  // The sort is stable: of two rows for one time the first in the file stays first.
  const sorted = late === 0 ? points : [...points].sort((a, b) => a.atMs - b.atMs);
  const kept = sorted.filter(({ atMs }, i) => atMs !== sorted[i - 1]?.atMs);
  if (late > 0) warnings.push(`${countOf(late, 'row')} out of order, sorted`);
  if (kept.length < sorted.length) {
    warnings.push(
      `${countOf(sorted.length - kept.length, 'row')} for a time that was there before, left out`,
    );
  }
  return kept;
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function quoted(cell: string): string {
  return `"${cell.length > 40 ? `${cell.slice(0, 40)}…` : cell}"`;
}
