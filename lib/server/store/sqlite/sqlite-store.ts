import 'server-only';
import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { WorkerClient } from '../main/client.ts';
import { openPackedStore, type PackedStoreOptions } from '../main/packed-store.ts';
import type { StorePlace } from '../main/place.ts';
import type { Store } from '../store.ts';
import { refuseNewerFile } from './file-version.ts';
import { lockFolder } from './lock.ts';
import { openError, writeError } from './open-errors.ts';

const FILE_NAME = 'afterwatch.db';

export interface SqliteStoreOptions extends PackedStoreOptions {
  /** Folder of the store; made when missing, for this user only. */
  dir: string;
  /** Absolute path of the bundled worker, `dist/store-worker.mjs`. */
  workerPath: string;
}

/**
 * Opens the store in `dir` and brings back what the last process had. Rejects with one clear sentence when another
 * process owns the folder (`StoreLockedError`), or the file is damaged, newer or out of reach (`StoreOpenError`).
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { dir } = options;
  const file = join(dir, FILE_NAME);
  let lock: ReturnType<typeof lockFolder> | null = null;
  try {
    prepareFolder(dir, options.onWarning);
    lock = lockFolder(dir, (options.now ?? Date.now)());
    if (existsSync(file)) refuseNewerFile(file);
    // Made here, so that nobody else can read it: the driver's files take over its rights.
    if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
    const client = await WorkerClient.open(options.workerPath, { file });
    try {
      return await openPackedStore({ ...options, client, place: placeOf(dir, file, lock.release) });
    } catch (error) {
      await client.close();
      throw error;
    }
  } catch (error) {
    lock?.release();
    throw openError(dir, file, error);
  }
}

function prepareFolder(dir: string, onWarning?: (message: string) => void): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if ((statSync(dir).mode & 0o077) !== 0) {
    onWarning?.(`store: ${dir} can be read by other users of this machine; chmod 700 closes it`);
  }
}

function placeOf(dir: string, file: string, release: () => void): StorePlace {
  const inode = statSync(file).ino;
  return {
    engine: 'sqlite',
    sizeBytes: () => sizeOf(file) + sizeOf(`${file}-wal`),
    check: () => {
      // A file that was deleted or replaced is still written to, but nobody will find it again.
      if (statSync(file, { throwIfNoEntry: false })?.ino === inode) return;
      throw new Error(`${file} was removed or replaced while in use; restart with the right file`);
    },
    explain: (error) => writeError(dir, error),
    release,
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
