import 'server-only';
import type { Labels, Quality } from '@/lib/core/model/sample.ts';
import { sealText, unsealText } from '../codec/sealed.ts';

/** What a query may bind and give. */
export type Cell = number | string | null | Uint8Array;

/** Tables of packed rows: one number as key, bytes beside it. */
export type KeyedTable = 'visits' | 'chunk' | 'recent' | 'block' | 'hourly';

/** A key with its bytes. */
export type KeyedRow = readonly [key: number, data: Uint8Array];

/** What an insert does where the key is there already. */
export type OnConflict = 'keep' | 'fail';

/**
 * The one connection that packed rows are read and written by, the same for every database. Calls block: it lives in a
 * worker thread. SQL is written with `?`; what is here for many rows at once is one trip to a database that is far.
 */
export interface PackedDb {
  /** All rows as arrays of columns. The caller names their types: the schema is ours. */
  rows<Row extends readonly Cell[]>(sql: string, ...bind: Cell[]): Row[];
  row<Row extends readonly Cell[]>(sql: string, ...bind: Cell[]): Row | undefined;
  run(sql: string, ...bind: Cell[]): void;
  /** Many new rows of one table. */
  insert(table: string, columns: readonly string[], rows: readonly (readonly Cell[])[], on: OnConflict): void;
  /** Writes rows, in place of those of the same keys. */
  put(table: KeyedTable, rows: readonly KeyedRow[]): void;
  /** Rows of these keys; keys without a row are not in it. */
  byKeys(table: KeyedTable, keys: readonly number[]): ReadonlyMap<number, Uint8Array>;
  /** Rows of keys within any of these ranges, both ends included; in the order of the ranges, then by key. */
  byRanges(
    table: KeyedTable,
    ranges: readonly (readonly [lo: number, hi: number])[],
  ): readonly (readonly KeyedRow[])[];
  deleteKeys(table: KeyedTable, keys: readonly number[]): void;
  /** Writes what is to be known of each series after its packed hours. */
  saveSeries(rows: readonly (readonly [id: number, saved: Uint8Array])[]): void;
  /** Runs `work` as one durable unit: all of it or nothing. */
  transaction(work: () => void): void;
  /** Runs `work`, all of whose reads see the tables as they are at one moment, whoever writes meanwhile. */
  snapshot<T>(work: () => T): T;
  /** Within a transaction that has replaced every row: whoever reads along begins anew from the moment that it holds. */
  tellReplaced(): void;
  /** What the data take on the disk. */
  sizeBytes(): number;
  close(): void;
}

/** A text as it is kept and looked up. */
export function text(value: string): Uint8Array {
  return sealText(value);
}

export interface SeriesName {
  metric: string;
  labels: Labels;
  quality: Quality;
}

export function writeSeriesName({ metric, labels, quality }: SeriesName): Uint8Array {
  return text(JSON.stringify([metric, quality, labels]));
}

export function readSeriesName(bytes: Uint8Array): SeriesName {
  const [metric, quality, labels] = JSON.parse(unsealText(bytes));
  return { metric, quality, labels };
}
