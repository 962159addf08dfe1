import 'server-only';
import type Database from 'libsql';
import { NewerSchemaError } from '../packed/newer-schema.ts';

/**
 * Step i brings version i to i + 1; there are SCHEMA_VERSION of them. Keys of packed rows are one number, so that rows lie in the order in which they
 * are written and cost few bytes: see `keys.ts`. Texts are sealed bytes: see `sealText`.
 */
export const MIGRATIONS: readonly string[] = [
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

/**
 * Brings the file to the newest layout, SCHEMA_VERSION, each step in its own transaction: one that fails leaves the
 * layout before it, whole. Throws `NewerSchemaError`.
 */
export function migrate(db: Database.Database, steps: readonly string[] = MIGRATIONS): void {
  const found = readVersion(db);
  if (found > steps.length) throw new NewerSchemaError(found, steps.length);
  for (const [version, step] of [...steps.entries()].slice(found)) {
    db.exec('BEGIN IMMEDIATE');
    try {
      db.exec(step);
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
