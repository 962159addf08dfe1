import 'server-only';
import { NewerSchemaError } from '../packed/newer-schema.ts';
import type { PackedDb } from '../packed/packed-db.ts';
import { SCHEMA_VERSION } from '../packed/schema-version.ts';

/** The lease stands before everything else: whoever holds it brings the layout up to date. */
export const LEASE_TABLE = `
  CREATE TABLE IF NOT EXISTS lease (
    name text PRIMARY KEY, token bigint NOT NULL, holder text NOT NULL, address text NOT NULL, secret text NOT NULL,
    until timestamptz NOT NULL
  )`;

/** Packed rows are compressed already: they are kept as they are, and beside the row where they are long. */
const packed = (table: string) => [
  `CREATE TABLE ${table} (key bigint PRIMARY KEY, data bytea NOT NULL)`,
  `ALTER TABLE ${table} ALTER COLUMN data SET STORAGE EXTERNAL`,
];

/** Step i brings version i to i + 1, statement by statement in one transaction. The tables of `sqlite/schema.ts`. */
export const MIGRATIONS: readonly (readonly string[])[] = [
  [
    'CREATE TABLE target (id bigint PRIMARY KEY, name bytea NOT NULL UNIQUE, packed_hour bigint, saved bytea)',
    `CREATE TABLE series (
      id bigint PRIMARY KEY, target bigint NOT NULL, name bytea NOT NULL, counter integer NOT NULL, saved bytea
    )`,
    'CREATE INDEX series_target ON series (target)',
    `CREATE TABLE scrape (
      seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, target bigint NOT NULL, at_ms bigint NOT NULL, data bytea NOT NULL
    )`,
    `CREATE TABLE state (
      key bytea PRIMARY KEY, value bytea NOT NULL, changed bigint GENERATED ALWAYS AS IDENTITY
    )`,
    'CREATE INDEX state_changed ON state (changed)',
    ...['visits', 'chunk', 'recent', 'block', 'hourly'].flatMap(packed),
  ],
];

/** Looks whether the layout is the one that this program reads; writes nothing. Throws when it is another. */
export function checkLayout(db: PackedDb): void {
  const found = versionOf(db);
  if (found > SCHEMA_VERSION) throw new NewerSchemaError(found, SCHEMA_VERSION);
  if (found < SCHEMA_VERSION) throw new Error('the layout is being brought up to date by another instance');
}

function versionOf(db: PackedDb): number {
  const isThere = db.row<[string | null]>("SELECT to_regclass('layout')::text")?.[0] ?? null;
  return isThere === null ? 0 : Number(db.row<[number]>('SELECT max(version) FROM layout')?.[0] ?? 0);
}

/**
 * Brings the database to the newest layout, SCHEMA_VERSION, each step in its own transaction: one that fails leaves the
 * layout before it, whole. Throws `NewerSchemaError`.
 */
export function migrate(db: PackedDb, steps: readonly (readonly string[])[] = MIGRATIONS): void {
  const found = versionOf(db);
  if (found > steps.length) throw new NewerSchemaError(found, steps.length);
  if (found === steps.length) return;
  db.run('CREATE TABLE IF NOT EXISTS layout (version integer NOT NULL)');
  for (const [version, step] of [...steps.entries()].slice(found)) {
    db.transaction(() => {
      for (const statement of step) db.run(statement);
      db.run('DELETE FROM layout');
      db.run('INSERT INTO layout (version) VALUES (?)', version + 1);
    });
  }
}
