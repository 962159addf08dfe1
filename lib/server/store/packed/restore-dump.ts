import 'server-only';
import { readScrapeRow } from '../codec/scrape-row.ts';
import { unsealText } from '../codec/sealed.ts';
import { BackupFault, BackupFile, type BackupHeader, damaged } from './dump-file.ts';
import type { TableRows } from './dump-rows.ts';
import { DUMP_TABLES, type DumpTable, STATE_COLUMNS } from './dump-tables.ts';
import { type Cell, type PackedDb, readSeriesName, text } from './packed-db.ts';
import type { Pause } from './packer.ts';
import { isPrivateKey } from './private-keys.ts';
import { SCHEMA_VERSION } from './schema-version.ts';

/** Rows that one statement deletes: within every deadline. */
const ROWS_A_DELETE = 5_000;
const KEYS_A_DELETE = 200;

const STATE: DumpTable = { name: 'state', order: 'key', columns: STATE_COLUMNS };
const TABLES = new Map([STATE, ...DUMP_TABLES].map((table) => [table.name, table]));

/**
 * Puts everything in the backup at `path` in the place of everything in the store, private state apart, which stays as
 * it is. The whole file is read and checked first: `BackupFault` means that nothing was changed. Then one transaction
 * holds it all. `replacing` is called once the first row is touched: whatever comes of it, what is in memory elsewhere
 * may be of another store from then on.
 */
export async function restoreDump(
  db: PackedDb,
  path: string,
  pause: Pause,
  replacing: () => void,
): Promise<BackupHeader> {
  const file = new BackupFile(path);
  try {
    await checkDump(file, pause);
    replacing();
    db.transaction(() => {
      clear(db);
      for (const { table, columns, rows } of file.rows())
        db.insert(table, columns, table === 'state' ? sharedRows(columns, rows) : rows, 'fail');
      db.tellReplaced();
    });
    return file.header;
  } finally {
    file.close();
  }
}

async function checkDump(file: BackupFile, pause: Pause): Promise<void> {
  const { schema } = file.header;
  if (schema > SCHEMA_VERSION)
    throw new BackupFault(
      `the backup was written by a newer version (layout ${schema}, this program knows ${SCHEMA_VERSION}); ` +
        'restore it with the newer version',
    );
  const newest = new Map<string, number>();
  const keys = new Set<string>();
  for (const part of file.rows()) {
    checkPart(part, newest, keys);
    await pause();
  }
}

/** That the rows are those of a table of ours, each once, and that what a start reads can be read. */
function checkPart(
  { table, columns, rows }: TableRows,
  newest: Map<string, number>,
  keys: Set<string>,
): void {
  const known = TABLES.get(table);
  if (known === undefined || columns.some((column) => !known.columns.includes(column)))
    throw damaged('it holds a table or column that this program does not know');
  const place = columns.indexOf(known.order);
  for (const row of rows) {
    try {
      readCells(table, new Map(columns.map((column, i) => [column, row[i] ?? null])));
    } catch {
      throw damaged(`a row of ${table} cannot be read`);
    }
    if (place === -1 && table === 'scrape') continue;
    const key = row[place] ?? null;
    const isNew = table === 'state' ? isNewKey(keys, key) : isLater(newest, table, key);
    if (!isNew) throw damaged(`a row of ${table} is there twice, or out of order`);
  }
}

function isNewKey(keys: Set<string>, key: Cell): boolean {
  const name = textOf(key);
  return !keys.has(name) && keys.add(name) !== null;
}

function isLater(newest: Map<string, number>, table: string, key: Cell): boolean {
  const before = newest.get(table) ?? -1;
  if (typeof key !== 'number' || !(key > before)) return false;
  newest.set(table, key);
  return true;
}

function readCells(table: string, cells: ReadonlyMap<string, Cell>): void {
  const cell = (column: string) => cells.get(column) ?? null;
  if (table === 'state') JSON.parse(textOf(cell('value')));
  else if (table === 'target' || table === 'series') {
    if (table === 'series') readSeriesName(bytesOf(cell('name')));
    else textOf(cell('name'));
    if (cell('saved') !== null) JSON.parse(textOf(cell('saved')));
  } else if (table === 'scrape') readScrapeRow(bytesOf(cell('data')));
  else bytesOf(cell('data'));
}

function textOf(cell: Cell): string {
  return unsealText(bytesOf(cell));
}

function bytesOf(cell: Cell): Uint8Array {
  if (cell instanceof Uint8Array) return cell;
  throw new TypeError('store: bytes were expected');
}

/** A backup of ours holds no private state; nothing that says otherwise may bring in a password or a token. */
function sharedRows(columns: readonly string[], rows: TableRows['rows']): TableRows['rows'] {
  const place = columns.indexOf(STATE.order);
  return rows.filter((row) => !isPrivateKey(textOf(row[place] ?? null)));
}

function clear(db: PackedDb): void {
  const keys = db.rows<[Uint8Array]>('SELECT key FROM state').map(([key]) => unsealText(key));
  const shared = keys.filter((key) => !isPrivateKey(key)).map(text);
  for (let from = 0; from < shared.length; from += KEYS_A_DELETE) {
    const some = shared.slice(from, from + KEYS_A_DELETE);
    db.run(`DELETE FROM state WHERE key IN (${some.map(() => '?').join(', ')})`, ...some);
  }
  for (const { name, order } of DUMP_TABLES) clearTable(db, name, order);
}

function clearTable(db: PackedDb, name: string, order: string): void {
  const slice = `SELECT ${order} FROM ${name} WHERE ${order} > ? ORDER BY ${order} LIMIT ?`;
  for (let after = -1; ; ) {
    const last = db.row<[number | null]>(
      `SELECT max(${order}) FROM (${slice}) AS slice`,
      after,
      ROWS_A_DELETE,
    );
    const end = last?.[0] ?? null;
    if (end === null) return;
    db.run(`DELETE FROM ${name} WHERE ${order} > ? AND ${order} <= ?`, after, end);
    after = end;
  }
}
