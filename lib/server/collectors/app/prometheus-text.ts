import 'server-only';
import { type Exposition, ExpositionBuilder, ExpositionError, familyType } from './exposition.ts';
import { LineError, LineMemo, parseSampleLine, type SampleLine, splitName } from './sample-line.ts';

/** What a `#` line declares; null for a comment. */
export interface Declaration {
  keyword: 'TYPE' | 'UNIT';
  name: string;
  value: string;
}

/**
 * Reads Prometheus text 0.0.4, and 1.0.0 with quoted UTF-8 names. Timestamps are integer milliseconds.
 * Throws `ExpositionError` at the first line that cannot be read, `SeriesLimitError` over `maxSeries`.
 */
export function parsePrometheusText(text: string, maxSeries: number): Exposition {
  const builder = new ExpositionBuilder(maxSeries);
  const memo = new LineMemo();
  forEachLine(text, (line, number) => {
    if (line.startsWith('#')) {
      const declared = parseDeclaration(line);
      if (declared?.keyword === 'TYPE') builder.declare(declared.name, familyType(declared.value));
      if (declared?.keyword === 'UNIT') builder.setUnit(declared.name, declared.value);
      return;
    }
    const sample = readSampleLine(line, number, memo);
    const { family, role } = builder.place(sample.name);
    const timestampMs = sample.timestamp === null ? null : integerMs(sample.timestamp, number);
    const { name, labels, value } = sample;
    builder.add(family, { name, role, labels, value, timestampMs }, sample.seriesText);
  });
  return builder.finish();
}

/** Visits the lines that hold something, without surrounding blanks, with their numbers from 1. */
export function forEachLine(text: string, visit: (line: string, number: number) => void): void {
  let from = 0;
  for (let number = 1; from < text.length; number += 1) {
    const newline = text.indexOf('\n', from);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(from, end).trim();
    from = end + 1;
    if (line !== '') visit(line, number);
  }
}

/** Reads `# TYPE name value` and `# UNIT name value`; every other `#` line is a comment. */
export function parseDeclaration(line: string): Declaration | null {
  const match = /^#[ \t]+(TYPE|UNIT)[ \t]+/.exec(line);
  if (match === null) return null;
  const split = splitName(line.slice(match[0].length));
  if (split === null || split.rest === '') return null;
  return { keyword: match[1] === 'TYPE' ? 'TYPE' : 'UNIT', name: split.name, value: split.rest };
}

/** As `parseSampleLine`, with the line's number in its error. */
export function readSampleLine(line: string, number: number, memo: LineMemo): SampleLine {
  try {
    return parseSampleLine(line, memo);
  } catch (error) {
    if (error instanceof LineError) throw new ExpositionError(number, error.message);
    throw error;
  }
}

function integerMs(token: string, number: number): number {
  if (!/^-?\d{1,16}$/.test(token))
    throw new ExpositionError(number, 'expected a timestamp in whole milliseconds');
  return Number(token);
}
