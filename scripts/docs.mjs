// Writes docs/metrics.md from the metric catalogue.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const scratch = await mkdtemp(join(tmpdir(), 'afterwatch-docs-'));
try {
  const outfile = join(scratch, 'describe.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['lib/core/metrics/catalogue/describe.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  const { describeCatalogue } = await import(pathToFileURL(outfile).href);
  await writeFile(join(root, 'docs/metrics.md'), describeCatalogue());
} finally {
  await rm(scratch, { recursive: true, force: true });
}
