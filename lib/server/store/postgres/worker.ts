import 'server-only';
import { parentPort, workerData } from 'node:worker_threads';
import { serveCalls } from '../packed/calls.ts';
import { PostgresDb, type PostgresDbOptions } from './postgres-db.ts';
import { checkLayout, migrate } from './schema.ts';

// The store worker over PostgreSQL: the same calls as over a file. Bundled to `dist/postgres-worker.mjs`.

function open(options: PostgresDbOptions): PostgresDb {
  const db = new PostgresDb(options);
  try {
    if (options.fence === null) checkLayout(db);
    else migrate(db);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

if (parentPort !== null) {
  const options: PostgresDbOptions = workerData;
  // Without a lease it may only look on.
  serveCalls(parentPort, () => open(options), { follows: options.fence === null });
}
