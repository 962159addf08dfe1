import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FIXTURE_END_MS, FIXTURE_RETENTION, readFixture } from '../fixtures/fixture-data.ts';
import { SCHEMA_VERSION } from '../packed/schema-version.ts';
import { MIGRATIONS, migrate } from './schema.ts';
import { openSqliteStore } from './sqlite-store.ts';

const FIXTURES = 'lib/server/store/fixtures';
const VERSIONS = Array.from({ length: SCHEMA_VERSION }, (_, i) => i + 1);
const read = (name: string) => gunzipSync(readFileSync(join(FIXTURES, name)));

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'afterwatch-layout-'));
  file = join(dir, 'afterwatch.db');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const open = () =>
  openSqliteStore({
    ...{ dir, workerPath: join(process.cwd(), 'dist/store-worker.mjs') },
    ...{ retention: FIXTURE_RETENTION, now: () => FIXTURE_END_MS },
  });
const tablesOf = (db: Database.Database) =>
  db.prepare('SELECT name, sql FROM sqlite_master ORDER BY name').raw().all() as [
    name: string,
    sql: string,
  ][];
const versionOf = (db: Database.Database) => db.prepare('PRAGMA user_version').raw().get();

function withDb<T>(work: (db: Database.Database) => T): T {
  const db = new Database(file);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

describe('layouts of the file', () => {
  it('are as many as there are steps', () => {
    expect(MIGRATIONS).toHaveLength(SCHEMA_VERSION);
  });

  it.each(VERSIONS)('of version %i are opened, and answer what they answered then', async (version) => {
    writeFileSync(file, read(`layout-${version}.db.gz`));
    const numbers = JSON.parse(read(`layout-${version}.json.gz`).toString());
    for (let opened = 0; opened < 2; opened++) {
      const store = await open();
      try {
        expect(await readFixture(store)).toEqual(numbers);
      } finally {
        await store.close();
      }
    }
    expect(withDb(versionOf)).toEqual([SCHEMA_VERSION]);
  });

  // A step that was released is never changed: a new one is added. Before, write its fixture: node scripts/store-fixture.mjs
  it('come out the same from nothing as from the newest fixture', () => {
    const made = withDb((db) => {
      migrate(db);
      return tablesOf(db);
    });
    writeFileSync(file, read(`layout-${SCHEMA_VERSION}.db.gz`));
    expect(made).toEqual(withDb(tablesOf));
  });

  it('stay whole where a step fails, and are gone on with from there', () => {
    writeFileSync(file, read(`layout-${SCHEMA_VERSION}.db.gz`));
    const good = 'ALTER TABLE target ADD COLUMN extra INTEGER';
    const bad = 'CREATE TABLE half (id INTEGER); INSERT INTO nowhere VALUES (1)';
    withDb((db) => {
      expect(() => migrate(db, [...MIGRATIONS, good, bad])).toThrow(/nowhere/);
      expect(versionOf(db)).toEqual([SCHEMA_VERSION + 1]);
      expect(tablesOf(db).map(([name]) => name)).not.toContain('half');
      migrate(db, [...MIGRATIONS, good, 'CREATE TABLE whole (id INTEGER)']);
      expect(versionOf(db)).toEqual([SCHEMA_VERSION + 2]);
    });
  });

  it('of a newer version are refused in one sentence, and nothing is written, nor beside them', async () => {
    writeFileSync(file, read(`layout-${SCHEMA_VERSION}.db.gz`));
    // As a newer program leaves them that was killed: with a log of what is not in the file yet.
    const killed = withDb((db) => {
      db.exec('PRAGMA journal_mode = WAL');
      db.exec('PRAGMA user_version = 99');
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      db.exec(`INSERT INTO state VALUES (x'01', x'02')`);
      return ['afterwatch.db', 'afterwatch.db-wal'].map((name) => readFileSync(join(dir, name)));
    });
    for (const name of readdirSync(dir)) rmSync(join(dir, name));
    writeFileSync(file, killed[0] ?? '');
    writeFileSync(`${file}-wal`, killed[1] ?? '');
    const folder = () =>
      readdirSync(dir).map((name) => [name, readFileSync(join(dir, name)).toString('hex')]);
    const before = folder();
    expect(before).toHaveLength(2);
    await expect(open()).rejects.toThrow(
      new RegExp(
        `^store: ${file}: the store was written by a newer version \\(layout 99, this program knows ${SCHEMA_VERSION}\\); ` +
          'start the newer version, or use another place for the data\\. Nothing was changed$',
      ),
    );
    expect(folder()).toEqual(before);
  });
});
