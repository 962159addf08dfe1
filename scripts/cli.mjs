// The CLI in a checkout: npm run -s afterwatch -- <command>. Installs and bundles when needed, with its own words on
// stderr, then runs dist/afterwatch.mjs in this process: stdout is the command's alone.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBundled } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { fail, root } from './lib/project.mjs';

try {
  await ensureInstalled(process.stderr);
  await ensureBundled(process.stderr);
  const file = join(root, 'dist/afterwatch.mjs');
  process.argv[1] = file;
  await import(pathToFileURL(file).href);
} catch (error) {
  fail(error);
  process.exitCode = 3;
}
