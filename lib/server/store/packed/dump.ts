import 'server-only';
import { unsealText } from '../codec/sealed.ts';
import { writeFrame } from './dump-file.ts';
import { writeRows } from './dump-rows.ts';
import { DUMP_TABLES, type DumpTable, STATE_COLUMNS } from './dump-tables.ts';
import { type Cell, type PackedDb, text } from './packed-db.ts';
import { isPrivateKey } from './private-keys.ts';

/** Rows of one look: few enough that nobody waits for them, many enough that a database that is far is asked rarely. */
const ROWS_A_FRAME = 200;
const STATE_BYTES_A_FRAME = 256 * 1024;

/** Some of a backup, ready to be written down. */
export interface DumpPart {
  /** Null at the end. */
  frame: Uint8Array | null;
  table: string;
  rows: number;
}

/**
 * All rows as they are when this is made, given out little by little while visits and state go on being written. It
 * stands on nothing being packed, folded or deleted until its end, so that later rows are only added: those are left
 * out by their numbers. Of state, which changes in place, the value of the moment is put aside before it is replaced.
 */
export class Dump {
  readonly #db: PackedDb;
  /** The keys of the moment that were not given yet. */
  readonly #keys: Set<string>;
  readonly #before = new Map<string, Uint8Array>();
  readonly #last: ReadonlyMap<string, number>;
  readonly #parts: Generator<DumpPart>;

  constructor(db: PackedDb) {
    this.#db = db;
    const keys = db.rows<[Uint8Array]>('SELECT key FROM state').map(([key]) => unsealText(key));
    this.#keys = new Set(keys.filter((key) => !isPrivateKey(key)).sort());
    this.#last = new Map(
      DUMP_TABLES.map(({ name, order }) => [
        name,
        db.row<[number | null]>(`SELECT max(${order}) FROM ${name}`)?.[0] ?? -1,
      ]),
    );
    this.#parts = this.#read();
  }

  next(): DumpPart {
    return this.#parts.next().value ?? { frame: null, table: '', rows: 0 };
  }

  /** To be called before these keys are written. */
  beforeState(keys: readonly string[]): void {
    for (const key of keys) {
      if (!this.#keys.has(key) || this.#before.has(key)) continue;
      const value = this.#valueOf(key);
      if (value !== null) this.#before.set(key, value);
    }
  }

  #valueOf(key: string): Uint8Array | null {
    return this.#db.row<[Uint8Array]>('SELECT value FROM state WHERE key = ?', text(key))?.[0] ?? null;
  }

  *#read(): Generator<DumpPart> {
    yield* this.#readState();
    for (const table of DUMP_TABLES) yield* this.#readTable(table);
    // Whoever has lost the right to write has also lost the right to say that nothing was packed meanwhile.
    this.#db.transaction(() => undefined);
  }

  *#readState(): Generator<DumpPart> {
    let rows: Cell[][] = [];
    let bytes = 0;
    for (const key of this.#keys) {
      const value = this.#before.get(key) ?? this.#valueOf(key);
      this.#keys.delete(key);
      this.#before.delete(key);
      if (value === null) continue;
      rows.push([text(key), value]);
      bytes += key.length + value.length;
      if (bytes < STATE_BYTES_A_FRAME) continue;
      yield partOf('state', STATE_COLUMNS, rows);
      rows = [];
      bytes = 0;
    }
    if (rows.length > 0) yield partOf('state', STATE_COLUMNS, rows);
  }

  *#readTable({ name, order, columns }: DumpTable): Generator<DumpPart> {
    const last = this.#last.get(name) ?? -1;
    const sql =
      `SELECT ${order}, ${columns.join(', ')} FROM ${name} WHERE ${order} > ? AND ${order} <= ? ` +
      `ORDER BY ${order} LIMIT ?`;
    for (let after = -1; after < last; ) {
      const found = this.#db.rows<[number, ...Cell[]]>(sql, after, last, ROWS_A_FRAME);
      const read = found.at(-1)?.[0];
      if (read === undefined) return;
      after = read;
      yield partOf(
        name,
        columns,
        found.map(([, ...row]) => row),
      );
    }
  }
}

function partOf(table: string, columns: readonly string[], rows: readonly (readonly Cell[])[]): DumpPart {
  return { frame: writeFrame('rows', writeRows({ table, columns, rows })), table, rows: rows.length };
}
