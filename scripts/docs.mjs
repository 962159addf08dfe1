// Writes docs/metrics.md from the metric catalogue, and the made parts of docs/instrument-your-app.md.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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
    entryPoints: ['lib/core/metrics/describe-docs.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  const { describeCatalogue, fillGuide } = await import(pathToFileURL(outfile).href);
  await writeFile(join(root, 'docs/metrics.md'), describeCatalogue());
  const guide = join(root, 'docs/instrument-your-app.md');
  await writeFile(guide, fillGuide(await readFile(guide, 'utf8')));
} finally {
  await rm(scratch, { recursive: true, force: true });
}
