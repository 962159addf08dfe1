import 'server-only';
import type Database from 'libsql';
import type { Cell, KeyedRow, KeyedTable, OnConflict, PackedDb } from '../packed/packed-db.ts';

/**
 * One connection with its statements, each prepared once. Parameters always go as one array: a single Buffer by itself
 * is taken for named parameters, and ends the process (libsql 0.5.29).
 */
export class SqliteDb implements PackedDb {
  readonly #db: Database.Database;
  readonly #statements = new Map<string, Database.Statement<[Cell[]]>>();

  constructor(db: Database.Database) {
    this.#db = db;
  }

  rows<Row extends readonly Cell[]>(sql: string, ...bind: Cell[]): Row[] {
    return this.#prepare(sql).raw().all(bind.map(bound)) as Row[];
  }

  row<Row extends readonly Cell[]>(sql: string, ...bind: Cell[]): Row | undefined {
    return this.rows<Row>(sql, ...bind)[0];
  }

  run(sql: string, ...bind: Cell[]): void {
    this.#prepare(sql).run(bind.map(bound));
  }

  insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly Cell[])[],
    on: OnConflict,
  ): void {
    const places = columns.map(() => '?').join(', ');
    const sql = `INSERT ${on === 'keep' ? 'OR IGNORE ' : ''}INTO ${table} (${columns.join(', ')}) VALUES (${places})`;
    for (const row of rows) this.run(sql, ...row);
  }

  put(table: KeyedTable, rows: readonly KeyedRow[]): void {
    for (const [key, data] of rows)
      this.run(`INSERT OR REPLACE INTO ${table} (key, data) VALUES (?, ?)`, key, data);
  }

  byKeys(table: KeyedTable, keys: readonly number[]): ReadonlyMap<number, Uint8Array> {
    const found = new Map<number, Uint8Array>();
    for (const key of keys) {
      const row = this.row<[Uint8Array]>(`SELECT data FROM ${table} WHERE key = ?`, key);
      if (row !== undefined) found.set(key, row[0]);
    }
    return found;
  }

  byRanges(
    table: KeyedTable,
    ranges: readonly (readonly [lo: number, hi: number])[],
  ): readonly (readonly KeyedRow[])[] {
    const sql = `SELECT key, data FROM ${table} WHERE key BETWEEN ? AND ? ORDER BY key`;
    return ranges.map(([lo, hi]) => this.rows<[number, Uint8Array]>(sql, lo, hi));
  }

  deleteKeys(table: KeyedTable, keys: readonly number[]): void {
    for (const key of keys) this.run(`DELETE FROM ${table} WHERE key = ?`, key);
  }

  saveSeries(rows: readonly (readonly [id: number, saved: Uint8Array])[]): void {
    for (const [id, saved] of rows) this.run('UPDATE series SET saved = ? WHERE id = ?', saved, id);
  }

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

  /** There is no other writer than this thread, and `work` awaits nothing. */
  snapshot<T>(work: () => T): T {
    return work();
  }

  #rollback(): void {
    try {
      this.#db.exec('ROLLBACK');
    } catch {
      // A full disk or an I/O error has ended the transaction already; the first error is the one to tell.
    }
  }

  tellReplaced(): void {
    // One process owns the file: nobody reads along.
  }

  sizeBytes(): number {
    const pages = this.row<[number]>('PRAGMA page_count')?.[0] ?? 0;
    return pages * (this.row<[number]>('PRAGMA page_size')?.[0] ?? 0);
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

/** The driver takes Buffers, not typed arrays. */
function bound(cell: Cell): Cell {
  return cell instanceof Uint8Array ? Buffer.from(cell.buffer, cell.byteOffset, cell.byteLength) : cell;
}
