import 'server-only';
import type Database from 'libsql';
import type { Labels, Quality } from '@/lib/core/model/sample.ts';
import { sealText, unsealText } from '../codec/sealed.ts';

/** What a query may bind and give. Bytes come as Buffer in raw mode. */
export type Cell = number | string | null | Uint8Array;

/**
 * One connection with its statements, each prepared once. Parameters always go as one array: a single Buffer by itself
 * is taken for named parameters, and ends the process (libsql 0.5.29).
 */
export class Connection {
  readonly #db: Database.Database;
  readonly #statements = new Map<string, Database.Statement<[Cell[]]>>();

  constructor(db: Database.Database) {
    this.#db = db;
  }

  /** All rows as arrays of columns. The caller names their types: the schema is ours. */
  rows<Row extends readonly Cell[]>(sql: string, ...bind: Cell[]): Row[] {
    return this.#prepare(sql).raw().all(bind) as Row[];
  }

  row<Row extends readonly Cell[]>(sql: string, ...bind: Cell[]): Row | undefined {
    return this.rows<Row>(sql, ...bind)[0];
  }

  run(sql: string, ...bind: Cell[]): void {
    this.#prepare(sql).run(bind);
  }

  /** Runs `work` as one durable unit: all of it or nothing. */
  transaction(work: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#db.exec('COMMIT');
    } catch (error) {
      this.#rollback();
      throw error;
    }
  }

  #rollback(): void {
    try {
      this.#db.exec('ROLLBACK');
    } catch {
      // A full disk or an I/O error has ended the transaction already; the first error is the one to tell.
    }
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #prepare(sql: string): Database.Statement<[Cell[]]> {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** Bytes as the driver binds them: it takes Buffers, not typed arrays. */
export function blob(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A text as it is kept and looked up. */
export function text(value: string): Buffer {
  return blob(sealText(value));
}

export interface SeriesName {
  metric: string;
  labels: Labels;
  quality: Quality;
}

export function writeSeriesName({ metric, labels, quality }: SeriesName): Buffer {
  return text(JSON.stringify([metric, quality, labels]));
}

export function readSeriesName(bytes: Uint8Array): SeriesName {
  const [metric, quality, labels] = JSON.parse(unsealText(bytes));
  return { metric, quality, labels };
}
