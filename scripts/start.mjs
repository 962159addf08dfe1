// Starts the server in this very process: npm start, after scripts/prepare.mjs. Host and port come from HOST and PORT,
// else from the config file, which Next's own command cannot read.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkPort } from './lib/checks.mjs';
import { fail, PlainError, root } from './lib/project.mjs';

/** What the server itself ends with when its configuration has faults. */
const EXIT_CONFIG = 78;

/** Where to listen. Faults of the configuration are printed, all of them, before anything starts. */
function readBind(env) {
  const hasFile = Boolean(env.AFTERWATCH_CONFIG) || existsSync(join(root, 'afterwatch.yml'));
  if (!hasFile) return { host: env.HOST || '127.0.0.1', port: env.PORT || '3000' };
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'dist/afterwatch.mjs'), 'config', '--json'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  if (status === 0) return JSON.parse(stdout).bind;
  process.exitCode = status === 2 ? EXIT_CONFIG : 1;
  throw new PlainError(`the configuration has faults:\n${stderr.trimEnd()}`);
}

async function start() {
  // Strict: a misspelt option is said, and later ones have a place.
  try {
    const { values } = parseArgs({ options: { demo: { type: 'boolean' } } });
    if (values.demo) process.env.AFTERWATCH_DEMO = '1';
  } catch {
    throw new PlainError(
      'npm start takes one option, -- --demo; settings are variables or in afterwatch.yml.',
    );
  }
  const { host, port } = readBind(process.env);
  await checkPort({ HOST: host, PORT: String(port) });
  const require = createRequire(import.meta.url);
  const next = require.resolve('next/dist/bin/next');
  process.env.NEXT_TELEMETRY_DISABLED = '1';
  process.argv = [process.execPath, next, 'start', root, '-H', host, '-p', String(port)];
  // Not imported: Node before 20.10 refuses a file without an extension as a module.
  require(next);
}

await start().catch((error) => {
  const code = process.exitCode;
  fail(error);
  process.exitCode = code ?? 1;
});
