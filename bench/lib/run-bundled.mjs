import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { ensureBundled } from '../../scripts/lib/build.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Bundles `bench/<name>.ts` (a name may hold a folder), loads it and runs what it exports as `measure` with the arguments of the command line. The
 * bundle goes when the process ends.
 * @param {string} name
 * @param {string} measure
 */
export async function runBundled(name, measure) {
  process.chdir(root);
  await ensureBundled(process.stderr);
  // Inside the project, so that the bundle finds the packages it leaves out.
  const folder = mkdtempSync(join(root, 'node_modules', '.bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [join(root, 'bench', `${name}.ts`)],
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
  const bench = await import(pathToFileURL(outfile).href);
  await bench[measure](process.argv.slice(2));
}
