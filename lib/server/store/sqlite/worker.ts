import 'server-only';
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'libsql';
import { serveCalls } from '../packed/calls.ts';
import { SqliteDb } from './database.ts';
import { migrate } from './schema.ts';

// The only file that knows the driver. One connection, in a thread of its own: a query or a slow disk never stops
// the server. Bundled to `dist/store-worker.mjs`.

/** Past this size the check of the whole file would hold the start up; its pages are then checked as they are read. */
const CHECKED_BYTES = 64 * 1024 * 1024;

function open(file: string): SqliteDb {
  const db = new Database(file);
  try {
    // Day rows of one or two kilobytes leave less room unused than on pages of 4 KB. Holds for a new file only.
    db.exec('PRAGMA page_size = 8192');
    // One process owns the file: the kernel drops this lock when the process dies, whatever the lock file says.
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    db.exec('PRAGMA busy_timeout = 0');
    db.exec('PRAGMA journal_mode = WAL');
    // Acknowledged means on the disk, also when the power goes.
    db.exec('PRAGMA synchronous = FULL');
    check(db);
    migrate(db);
  } catch (error) {
    db.close();
    throw error;
  }
  return new SqliteDb(db);
}

function check(db: Database.Database): void {
  const [pages] = db.prepare('PRAGMA page_count').raw().get() as [number];
  const [size] = db.prepare('PRAGMA page_size').raw().get() as [number];
  if (pages * size > CHECKED_BYTES) return;
  const [verdict] = db.prepare('PRAGMA quick_check(1)').raw().get() as [string];
  if (verdict !== 'ok') throw Object.assign(new Error(verdict), { code: 'SQLITE_CORRUPT' });
}

if (parentPort !== null) serveCalls(parentPort, () => open(workerData.file));
