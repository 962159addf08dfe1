// The accuracy of the verdict with options of its own: npm run bench:verdict -- [--watches N] [--full] [--seed N]
// [--threads N] [--only nothing,change,…] [--data FOLDER] [--write]. Without options `npm run bench -- verdict` does the same.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
process.chdir(root);
// Inside the project, so that the bundle finds the packages it leaves out.
const folder = mkdtempSync(join(root, 'node_modules', '.bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const outfile = join(folder, 'verdict.mjs');
await build({
  entryPoints: [join(root, 'bench', 'verdict.ts')],
  outfile,
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
});
const { benchVerdict } = await import(pathToFileURL(outfile).href);
await benchVerdict(process.argv.slice(2));
