// Builds what Next does not: the store worker, the CLI and the demo fleet, each one file under dist/.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const shared = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // `server-only` throws outside Next unless this condition picks its empty file.
  conditions: ['react-server'],
  packages: 'external',
  absWorkingDir: root,
  logLevel: 'warning',
};

/** The worker thread that owns the database connection. */
export async function bundleWorkers() {
  await bundleOne('lib/server/store/sqlite/worker.ts', 'dist/store-worker.mjs');
}

async function bundleOne(entry, outfile, extra = {}) {
  if (!existsSync(join(root, entry))) return;
  await build({ ...shared, entryPoints: [entry], outfile, ...extra });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundleWorkers();
  await bundleOne('lib/demo/main.ts', 'dist/demo-fleet.mjs');
  await bundleOne('lib/cli/main.ts', 'dist/afterwatch.mjs', { banner: { js: '#!/usr/bin/env node' } });
}
