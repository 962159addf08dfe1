import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { FIXTURE_RETENTION, fillFixture, readFixture } from '@/lib/server/store/fixtures/fixture-data.ts';
import { SCHEMA_VERSION } from '@/lib/server/store/packed/schema-version.ts';
import { openLeading } from '@/lib/server/store/postgres/test-place.ts';
import { openSqliteStore } from '@/lib/server/store/sqlite/sqlite-store.ts';
import type { Store } from '@/lib/server/store/store.ts';
import { startPostgres } from './peers.ts';

// Run by scripts/store-fixture.mjs.

type Open = (options: { now: () => number; retention: typeof FIXTURE_RETENTION }) => Promise<Store>;

/**
 * Writes the fixtures of the present layout to `folder`: the SQLite file, the PostgreSQL database as SQL, and what both
 * answer. Throws when they do not answer the same.
 */
export async function makeFixtures(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const dir = mkdtempSync(join(tmpdir(), 'afterwatch-fixture-'));
  const server = await startPostgres({ statements: false, settings: { fsync: 'off' } });
  try {
    const workerPath = join(process.cwd(), 'dist/store-worker.mjs');
    const numbers = await fill((options) => openSqliteStore({ ...options, dir, workerPath }));
    const same = await fill((options) => openLeading(server.url, options));
    if (numbers !== same) throw new Error('the two databases do not answer the same');
    const write = (end: string, bytes: Buffer | string) =>
      writeFileSync(join(folder, `layout-${SCHEMA_VERSION}.${end}.gz`), gzipSync(bytes, { level: 9 }));
    write('db', readFileSync(join(dir, 'afterwatch.db')));
    write('sql', dumpOf(server.url));
    write('json', numbers);
  } finally {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Only what `psql` and any driver take: no words for the program, no remarks; and nothing of who led. */
function dumpOf(url: string): string {
  const flags = ['--no-owner', '--no-privileges', '--inserts', '--rows-per-insert=100'];
  const text = execFileSync('pg_dump', [...flags, '--exclude-table-data=lease', url], {
    ...{ encoding: 'utf8', maxBuffer: 1 << 28 },
  });
  return text
    .split('\n')
    .filter((line) => !/^(\\|--|$)/.test(line))
    .join('\n');
}

async function fill(open: Open): Promise<string> {
  let nowMs = 0;
  const setNow = (ms: number) => {
    nowMs = ms;
  };
  const store = await open({ now: () => nowMs, retention: FIXTURE_RETENTION });
  try {
    await fillFixture(store, setNow);
    return JSON.stringify(await readFixture(store), null, 1);
  } finally {
    await store.close();
  }
}
