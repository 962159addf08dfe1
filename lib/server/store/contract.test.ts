import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeContract } from './contract.ts';
import { openSqliteStore } from './sqlite/sqlite-store.ts';

storeContract('sqlite', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'afterwatch-store-'));
  return {
    open: (options) =>
      openSqliteStore({ ...options, dir, workerPath: join(process.cwd(), 'dist/store-worker.mjs') }),
    remove: () => rm(dir, { recursive: true, force: true }),
  };
});
