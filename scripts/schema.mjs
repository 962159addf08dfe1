// Writes docs/afterwatch.schema.json from the schemas that the config file is checked with.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
// Inside the project, so that the bundle finds the packages it leaves out.
const folder = mkdtempSync(join(root, 'node_modules', '.schema-'));
try {
  const outfile = join(folder, 'editor-schema.mjs');
  await build({
    entryPoints: [join(root, 'lib/server/config/editor-schema.ts')],
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
  const { editorSchemaText } = await import(pathToFileURL(outfile).href);
  writeFileSync(join(root, 'docs/afterwatch.schema.json'), editorSchemaText());
  console.log('wrote docs/afterwatch.schema.json');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
