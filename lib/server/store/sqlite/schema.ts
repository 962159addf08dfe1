import 'server-only';
import type Database from 'libsql';

/** Version of the layout that this program writes. Raise it with a new step in MIGRATIONS. */
export const SCHEMA_VERSION = 1;

/**
 * Step i brings version i to i + 1. Keys of packed rows are one number, so that rows lie in the order in which they
 * are written and cost few bytes: see `keys.ts`. Texts are sealed bytes: see `sealText`.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE target (id INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE, packed_hour INTEGER, saved BLOB);
  CREATE TABLE series (
    id INTEGER PRIMARY KEY, target INTEGER NOT NULL, name BLOB NOT NULL, counter INTEGER NOT NULL, saved BLOB
  );
  CREATE INDEX series_target ON series (target);
  CREATE TABLE scrape (seq INTEGER PRIMARY KEY, target INTEGER NOT NULL, at_ms INTEGER NOT NULL, data BLOB NOT NULL);
  CREATE TABLE visits (key INTEGER PRIMARY KEY, data BLOB NOT NULL);
  CREATE TABLE chunk (key INTEGER PRIMARY KEY, data BLOB NOT NULL);
  CREATE TABLE recent (key INTEGER PRIMARY KEY, data BLOB NOT NULL);
  CREATE TABLE block (key INTEGER PRIMARY KEY, data BLOB NOT NULL);
  CREATE TABLE hourly (key INTEGER PRIMARY KEY, data BLOB NOT NULL);
  CREATE TABLE state (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
  `,
];

/** The file was written by a newer program: nothing is changed. */
export class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError';
}

/** Brings the file to SCHEMA_VERSION, each step in its own transaction. Throws `NewerSchemaError`. */
export function migrate(db: Database.Database): void {
  const found = readVersion(db);
  if (found > SCHEMA_VERSION) {
    throw new NewerSchemaError(
      `the store was written by a newer version (layout ${found}, this program knows ${SCHEMA_VERSION}); ` +
        'start the newer version, or use another data folder. Nothing was changed',
    );
  }
  for (let version = found; version < SCHEMA_VERSION; version++) {
    db.exec('BEGIN IMMEDIATE');
    try {
      db.exec(MIGRATIONS[version] ?? '');
      db.exec(`PRAGMA user_version = ${version + 1}`);
      db.exec('COMMIT');
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
  }
}

function readVersion(db: Database.Database): number {
  const row = db.prepare('PRAGMA user_version').raw().get() as unknown[] | undefined;
  return Number(row?.[0] ?? 0);
}
