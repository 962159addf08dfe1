import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './project.mjs';
import { npm, runQuietly, step } from './run.mjs';
import { hashOf, readStamp, removeStamp, writeStamp } from './stamps.mjs';

const STAMP = 'node_modules/.afterwatch-stamp';

/** What the installed packages depend on: the lock, and the machine they were chosen for. */
export function installHash() {
  const machine = [process.platform, process.arch, process.versions.modules];
  return hashOf({ paths: ['package.json', 'package-lock.json'], texts: machine });
}

/** True when `ensureInstalled` would run npm. */
export function needsInstall() {
  return readStamp(STAMP) !== installHash() && !isLockInstalled();
}

/**
 * Installs exactly what the lock says when it is not there yet. `--include=dev` holds against NODE_ENV=production:
 * without the dev packages `next build` would install TypeScript by itself and rewrite package.json.
 */
export async function ensureInstalled(out) {
  const hash = installHash();
  if (readStamp(STAMP) === hash) return;
  if (!isLockInstalled()) {
    removeStamp(STAMP);
    const [command, args] = npm(
      'ci',
      '--include=dev',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    );
    await step(
      'installing packages',
      () => runQuietly(command, args, { failure: 'npm ci failed; its words are above' }),
      out,
    );
  }
  writeStamp(STAMP, hash);
}

/** True when npm's own record of node_modules holds every package of the lock that this machine needs, in its version. */
function isLockInstalled() {
  const record = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages ?? {};
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages ?? {};
  return Object.entries(wanted).every(
    ([place, entry]) =>
      place === '' || !isForThisMachine(entry) || installed[place]?.version === entry.version,
  );
}

/** Optional packages with a C library of their own are left to npm: only it knows which one this system has. */
function isForThisMachine({ os, cpu, libc, optional }) {
  if (!optional) return true;
  const fits = (list, own) => list === undefined || list.includes(own);
  return libc === undefined && os !== undefined && fits(os, process.platform) && fits(cpu, process.arch);
}
