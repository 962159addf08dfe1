// How good the alerts are, with options of its own: npm run bench:alerts -- [--watches N] [--alerts N] [--kills N]
// [--days N] [--seed N] [--only counts,rates,gates,public,backtests,delivery,kills] [--data FOLDER] [--write].
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { ensureBundled } from '../../scripts/lib/build.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
process.chdir(root);
await ensureBundled(process.stderr);
// Inside the project, so that the bundle finds the packages it leaves out.
const folder = mkdtempSync(join(root, 'node_modules', '.bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const outfile = join(folder, 'alerts.mjs');
await build({
  entryPoints: [join(root, 'bench', 'alerts.ts')],
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
const { benchAlerts } = await import(pathToFileURL(outfile).href);
await benchAlerts(process.argv.slice(2));
