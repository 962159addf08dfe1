import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installHash } from './install.mjs';
import { root } from './project.mjs';
import { npm, runQuietly, step } from './run.mjs';
import { hashOf, readStamp, removeStamp, topFiles, writeStamp } from './stamps.mjs';

const BUILD_STAMP = '.next/afterwatch-stamp';
const BUNDLE_STAMP = 'dist/afterwatch-stamp';

const SOURCES = ['app', 'components', 'lib', 'public', 'proxy.ts', 'instrumentation.ts'];
const CONFIGS = /\.config\.(ts|mts|js|mjs|cjs)$|^tsconfig\.json$/;

/**
 * Builds `.next` (and `dist`, which the build makes first) when a source has changed. A failed build leaves no stamp.
 * `env` is added to the build's environment; `isInBackground` leaves the processor to whatever else wants it.
 */
export async function ensureBuilt({ out, env, isInBackground } = {}) {
  const hash = hashOf({
    paths: [...SOURCES, ...topFiles(CONFIGS), 'scripts/bundle.mjs'],
    texts: [installHash()],
  });
  const isThere = existsSync(join(root, '.next/BUILD_ID')) && existsSync(join(root, 'dist/store-worker.mjs'));
  if (isThere && readStamp(BUILD_STAMP) === hash) return;
  removeStamp(BUILD_STAMP);
  const [command, args] = npm('run', '--silent', 'build');
  await step(
    'building',
    () =>
      runQuietly(command, args, { env, isInBackground, failure: 'the build failed; its words are above' }),
    out,
  );
  writeStamp(BUILD_STAMP, hash);
  writeStamp(BUNDLE_STAMP, bundleHash());
}

/** Bundles `dist` (store worker, CLI, demo fleet) when something under lib has changed. */
export async function ensureBundled(out) {
  const hash = bundleHash();
  if (existsSync(join(root, 'dist/store-worker.mjs')) && readStamp(BUNDLE_STAMP) === hash) return;
  removeStamp(BUNDLE_STAMP);
  const act = () =>
    runQuietly(process.execPath, ['scripts/bundle.mjs'], { failure: 'bundling failed; see above' });
  await step('bundling', act, out);
  writeStamp(BUNDLE_STAMP, hash);
}

function bundleHash() {
  return hashOf({ paths: ['lib', 'scripts/bundle.mjs', 'tsconfig.json'], texts: [installHash()] });
}
