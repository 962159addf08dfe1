import { textCell } from '../chart/csv.ts';

/** One column of a file. Numbers in full; null is an empty cell. */
export interface CsvColumn<Row> {
  heading: string;
  value: (row: Row) => string | number | null;
}

/** A table as CSV (RFC 4180, CRLF): every row, folded or not; text that a program would run as a formula is made text. */
export function tableCsv<Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]): string {
  const lines = [
    columns.map(({ heading }) => textCell(heading)),
    ...rows.map((row) => columns.map(({ value }) => cellOf(value(row)))),
  ];
  return [...lines.map((cells) => cells.join(',')), ''].join('\r\n');
}

function cellOf(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'string') return textCell(value);
  return Number.isFinite(value) ? String(value) : '';
}
