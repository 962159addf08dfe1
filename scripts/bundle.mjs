// Builds what Next does not: the worker threads, the CLI and the demo fleet, each one file under dist/.
import { renameSync } from 'node:fs';
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
  // External packages keep their import line, which would throw at run time: this is the file the condition means.
  alias: { 'server-only': './node_modules/server-only/empty.js' },
  absWorkingDir: root,
  logLevel: 'warning',
};

/** The threads that own the database connection and draw pictures of shared copies, and the demo's fleet. */
export async function bundleWorkers() {
  await bundleOne('lib/server/store/sqlite/worker.ts', 'dist/store-worker.mjs');
  await bundleOne('lib/server/store/postgres/worker.ts', 'dist/postgres-worker.mjs');
  await bundleOne('lib/server/store/postgres/link.ts', 'dist/postgres-link.mjs');
  await bundleOne('lib/server/shares/preview-worker.ts', 'dist/preview-worker.mjs');
  await bundleOne('lib/demo/main.ts', 'dist/demo-fleet.mjs');
}

/** In place at once: a thread that starts meanwhile reads the old file or the new one, never half of one. */
async function bundleOne(entry, outfile) {
  const written = `${outfile}.${process.pid}`;
  await build({ ...shared, entryPoints: [entry], outfile: written });
  renameSync(join(root, written), join(root, outfile));
}

/** Commands are loaded when they are asked for: `--help` must not wait for database drivers. */
async function bundleCli() {
  await build({
    ...shared,
    entryPoints: { afterwatch: 'lib/cli/main.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    splitting: true,
    chunkNames: 'cli/[name]-[hash]',
    banner: { js: '#!/usr/bin/env node' },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundleWorkers();
  await bundleCli();
}
