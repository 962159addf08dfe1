import 'server-only';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Cell } from './packed-db.ts';

/** Rows of one table, as a frame of a backup holds them. */
export interface TableRows {
  table: string;
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
}

/** No frame of ours comes near to this: a length beyond it is damage, and must not fill the memory. */
export const MAX_FRAME_BYTES = 64 * 1024 * 1024;

/** Most rows are compressed already: more effort gains nothing. */
const LEVEL = 1;
const TAGS = { null: 0, number: 1, bytes: 2 } as const;

/** One line of JSON with table, columns and count, then cell after cell; compressed as a whole. */
export function writeRows({ table, columns, rows }: TableRows): Uint8Array {
  const head = Buffer.from(`${JSON.stringify([table, columns, rows.length])}\n`);
  const body = Buffer.allocUnsafe(head.length + rows.reduce((sum, row) => sum + sizeOf(row), 0));
  let at = head.copy(body);
  for (const row of rows) for (const cell of row) at = writeCell(body, at, cell);
  return deflateRawSync(body, { level: LEVEL });
}

function sizeOf(row: readonly Cell[]): number {
  return row.reduce<number>(
    (sum, cell) => sum + 1 + (cell instanceof Uint8Array ? 4 + cell.length : cell === null ? 0 : 8),
    0,
  );
}

function writeCell(into: Buffer, at: number, cell: Cell): number {
  if (cell === null) return into.writeUInt8(TAGS.null, at);
  if (typeof cell === 'number') return into.writeDoubleLE(cell, into.writeUInt8(TAGS.number, at));
  if (typeof cell === 'string') throw new TypeError('store: no column of ours is a text');
  const start = into.writeUInt32LE(cell.length, into.writeUInt8(TAGS.bytes, at));
  into.set(cell, start);
  return start + cell.length;
}

/** The rows of a frame. Throws when it is none. */
export function readRows(frame: Uint8Array): TableRows {
  const body = inflateRawSync(frame, { maxOutputLength: MAX_FRAME_BYTES });
  const end = body.indexOf(0x0a);
  const [table, columns, count]: unknown[] = JSON.parse(body.toString('utf8', 0, end));
  if (typeof table !== 'string' || !isTexts(columns) || typeof count !== 'number')
    throw new TypeError('store: a frame without a table');
  let at = end + 1;
  const rows: Cell[][] = [];
  for (let i = 0; i < count; i++) {
    const row: Cell[] = [];
    for (let c = 0; c < columns.length; c++) {
      const tag = body.readUInt8(at);
      at += 1;
      if (tag === TAGS.null) row.push(null);
      else if (tag === TAGS.number) {
        row.push(body.readDoubleLE(at));
        at += 8;
      } else {
        const length = body.readUInt32LE(at);
        at += 4;
        if (tag !== TAGS.bytes || at + length > body.length) throw new TypeError('store: a cell of no kind');
        row.push(body.subarray(at, at + length));
        at += length;
      }
    }
    rows.push(row);
  }
  if (at !== body.length) throw new TypeError('store: a frame with a rest');
  return { table, columns, rows };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
