// Writes docs/metrics.md from the metric catalogue, and the made parts of docs/instrument-your-app.md and docs/alerts.md.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const scratch = await mkdtemp(join(tmpdir(), 'afterwatch-docs-'));
try {
  const load = async (entry, name) => {
    const outfile = join(scratch, name);
    await build({
      absWorkingDir: root,
      entryPoints: [entry],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
    });
    return import(pathToFileURL(outfile).href);
  };
  const fill = async (name, make) => {
    const path = join(root, 'docs', name);
    await writeFile(path, make(await readFile(path, 'utf8')));
  };
  const { describeCatalogue, fillGuide } = await load('lib/core/metrics/describe-docs.ts', 'metrics.mjs');
  const { fillAlerts } = await load('lib/core/alerts/describe-rules.ts', 'alerts.mjs');
  await writeFile(join(root, 'docs/metrics.md'), describeCatalogue());
  await fill('instrument-your-app.md', fillGuide);
  await fill('alerts.md', fillAlerts);
} finally {
  await rm(scratch, { recursive: true, force: true });
}
