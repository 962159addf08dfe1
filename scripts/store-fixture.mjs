// Writes the fixtures of the present layout of the store: node scripts/store-fixture.mjs
// Once for every layout, by the program that first writes it; the fixtures of earlier layouts are never written again.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { bundleWorkers } from './bundle.mjs';
import { fail, root } from './lib/project.mjs';

async function main() {
  await bundleWorkers();
  // Inside the project, so that the bundle finds the packages it leaves out.
  const folder = mkdtempSync(join(root, 'node_modules', '.fixture-'));
  try {
    const outfile = join(folder, 'make.mjs');
    await build({
      entryPoints: [join(root, 'test/make-store-fixtures.ts')],
      outfile,
      absWorkingDir: root,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      packages: 'external',
      alias: { 'server-only': './node_modules/server-only/empty.js' },
      logLevel: 'warning',
    });
    const { makeFixtures } = await import(pathToFileURL(outfile).href);
    await makeFixtures(join(root, 'lib/server/store/fixtures'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main().catch(fail);
