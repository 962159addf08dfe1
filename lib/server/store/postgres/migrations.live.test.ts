import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PostgresPeer, startPostgres } from '@/test/peers.ts';
import { FIXTURE_END_MS, FIXTURE_RETENTION, readFixture } from '../fixtures/fixture-data.ts';
import { SCHEMA_VERSION } from '../packed/schema-version.ts';
import { openSqliteStore } from '../sqlite/sqlite-store.ts';
import type { Store } from '../store.ts';
import { LeaseBoard } from './lease.ts';
import { PostgresDb } from './postgres-db.ts';
import { MIGRATIONS, migrate } from './schema.ts';
import { openFollowing, openLeading, THREADS } from './test-place.ts';

const FIXTURES = 'lib/server/store/fixtures';
const VERSIONS = Array.from({ length: SCHEMA_VERSION }, (_, i) => i + 1);
const OPTIONS = { retention: FIXTURE_RETENTION, now: () => FIXTURE_END_MS };
const read = (name: string) => gunzipSync(readFileSync(join(FIXTURES, name))).toString();

let server: PostgresPeer;
let folder: string;
beforeAll(async () => {
  server = await startPostgres({ statements: false, settings: { fsync: 'off' } });
});
afterAll(() => server.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'afterwatch-layout-'));
  server.psql('DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public AUTHORIZATION app');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Everything in the database as text, or only its tables. */
function dump(...flags: string[]): string {
  const text = execFileSync('pg_dump', ['--inserts', '--no-owner', '--no-privileges', ...flags, server.url], {
    encoding: 'utf8',
  });
  return text
    .split('\n')
    .filter((line) => !/^(\\|--|$)/.test(line))
    .join('\n');
}

function load(version: number): void {
  server.psql(`SET ROLE app;\n${read(`layout-${version}.sql.gz`)}`);
}

async function answersOf(store: Store): Promise<unknown> {
  try {
    return await readFixture(store);
  } finally {
    await store.close();
  }
}

async function backUp(store: Store): Promise<string> {
  const path = join(folder, 'moved.backup');
  const parts: Uint8Array[] = [];
  for await (const part of (await store.backup?.({ version: '1.2.3' })) ?? []) parts.push(part);
  writeFileSync(path, Buffer.concat(parts));
  await store.close();
  return path;
}

describe('layouts of the database', () => {
  it.each(VERSIONS)('of version %i are opened, and answer what they answered then', async (version) => {
    load(version);
    const numbers = JSON.parse(read(`layout-${version}.json.gz`));
    expect(await answersOf(await openLeading(server.url, OPTIONS))).toEqual(numbers);
    expect(await answersOf(await openLeading(server.url, OPTIONS))).toEqual(numbers);
    expect(server.psql('SELECT version FROM layout')).toBe(String(SCHEMA_VERSION));
  });

  // A step that was released is never changed: a new one is added. Before, write its fixture: node scripts/store-fixture.mjs
  it('come out the same from nothing as from the newest fixture', async () => {
    await (await openLeading(server.url, OPTIONS)).close();
    const made = dump('--schema-only');
    server.psql('DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION app');
    load(SCHEMA_VERSION);
    expect(made).toBe(dump('--schema-only'));
  });

  it('stay whole where a step fails, and are gone on with from there', () => {
    expect(MIGRATIONS).toHaveLength(SCHEMA_VERSION);
    load(SCHEMA_VERSION);
    const linkPath = THREADS.linkPath;
    const db = new PostgresDb({ url: server.url, linkPath, fence: null, connectMs: 5_000, queryMs: 5_000 });
    try {
      const good = ['ALTER TABLE target ADD COLUMN extra bigint'];
      const bad = ['CREATE TABLE half (id bigint)', 'INSERT INTO nowhere VALUES (1)'];
      expect(() => migrate(db, [...MIGRATIONS, good, bad])).toThrow(/nowhere/);
      expect(server.psql('SELECT version FROM layout')).toBe(String(SCHEMA_VERSION + 1));
      expect(server.psql(`SELECT to_regclass('half') IS NULL`)).toBe('t');
      migrate(db, [...MIGRATIONS, good, ['CREATE TABLE whole (id bigint)']]);
      expect(server.psql('SELECT version FROM layout')).toBe(String(SCHEMA_VERSION + 2));
    } finally {
      db.close();
    }
  });

  it('of a newer version are refused in one sentence, and no row is touched, that of the lease neither', async () => {
    load(SCHEMA_VERSION);
    await (await openLeading(server.url, OPTIONS)).close();
    const standingBy = await LeaseBoard.open(server.url);
    server.psql('UPDATE layout SET version = 99');
    const before = dump();
    expect(before).toContain(`INSERT INTO public.lease VALUES ('leader'`);
    const sentence = new RegExp(
      `^store: 127\\.0\\.0\\.1:\\d+/app cannot be used: the store was written by a newer version \\(layout 99, ` +
        `this program knows ${SCHEMA_VERSION}\\); start the newer version, or use another place for the data\\. Nothing was changed$`,
    );
    await expect(openLeading(server.url, OPTIONS)).rejects.toThrow(sentence);
    // One that followed while a newer instance led does not take over from it either.
    await expect(standingBy.take({ holder: 'a test', address: 'http://127.0.0.1:1' })).rejects.toThrow(
      /newer version/,
    );
    await standingBy.close();
    expect(dump()).toBe(before);
  });
});

it('a restore is seen whole by those who follow, and the one that wrote it writes nothing more', async () => {
  const leading = await openLeading(server.url, OPTIONS);
  await leading.putState({ 'deploys/old': 1 });
  const samples = [{ metric: 'redis_memory_used_bytes', labels: {}, value: 7 }];
  const visit = { intervalMs: 15_000, durationMs: 3, ok: true, error: null, start: null, samples };
  await leading.append([
    { ...visit, targetId: 'harbor/production/redis/old', atMs: FIXTURE_END_MS - 60_000 },
  ]);
  const following = await openFollowing(server.url);
  try {
    expect(following.latest({ metric: 'redis_memory_used_bytes' })).toMatchObject([{ value: 7 }]);
    const file = join(folder, 'afterwatch.db');
    writeFileSync(file, gunzipSync(readFileSync(join(FIXTURES, `layout-${SCHEMA_VERSION}.db.gz`))));
    const workerPath = join(process.cwd(), 'dist/store-worker.mjs');
    await leading.restore?.(await backUp(await openSqliteStore({ ...OPTIONS, dir: folder, workerPath })));
    await expect(leading.putState({ 'deploys/late': 1 })).rejects.toThrow();
    await following.catchUp();
    expect(await readFixture(following)).toEqual(JSON.parse(read(`layout-${SCHEMA_VERSION}.json.gz`)));
  } finally {
    await following.close();
    await leading.close();
  }
  // The lease is free: nobody waits for it to run out.
  await (await openLeading(server.url, OPTIONS)).close();
});

describe('a team that moves', () => {
  it('from SQLite to PostgreSQL and back finds the same numbers, and goes on from there', async () => {
    const numbers = JSON.parse(read(`layout-${SCHEMA_VERSION}.json.gz`));
    const workerPath = join(process.cwd(), 'dist/store-worker.mjs');
    const sqlite = (dir: string) => openSqliteStore({ ...OPTIONS, dir, workerPath });
    writeFileSync(
      join(folder, 'afterwatch.db'),
      gunzipSync(readFileSync(join(FIXTURES, `layout-${SCHEMA_VERSION}.db.gz`))),
    );
    const first = await backUp(await sqlite(folder));
    const there = await openLeading(server.url, OPTIONS);
    await there.restore?.(first);
    await there.close();
    expect(await answersOf(await openLeading(server.url, OPTIONS))).toEqual(numbers);
    // New rows get numbers of their own: none of a restored one.
    const retention = { samplesDays: 30, blocksDays: 90, hourlyDays: 730 };
    const shared = await openLeading(server.url, { ...OPTIONS, retention });
    await shared.putState({ 'deploys/v3': 1 });
    await shared.maintain(FIXTURE_END_MS);
    await shared.putState({ 'deploys/v3': null });

    const second = await backUp(shared);
    const other = join(folder, 'other');
    const back = await sqlite(other);
    await back.restore?.(second);
    await back.close();
    expect(await answersOf(await sqlite(other))).toEqual(numbers);
  });
});
