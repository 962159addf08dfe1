// Completes package-lock.json with the optional packages of other platforms. A registry that lacks some of them lets
// `npm install` write a lock without them, and `npm ci` then refuses that lock ("Missing … from lock file") everywhere.
// Run it after every install that changes the lock. It also refuses a lock that names a registry host or a local path.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'sunos', 'aix', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'x64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32'];

/** Adds an entry for each optional dependency that the lock does not hold. Changes `lock`; returns the names added. */
export function completeLock(lock) {
  const added = [];
  for (const [place, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isFound(lock.packages, place, name)) continue;
      const platform = platformOf(name);
      if (platform === null)
        throw new Error(`${name}: no platform can be read from its name; add it by hand`);
      if (!/^\d/.test(version))
        throw new Error(`${name}: ${version} is a range; only an exact version can be added`);
      lock.packages[`node_modules/${name}`] = {
        version,
        ...platform,
        ...(entry.dev ? { dev: true } : {}),
        optional: true,
      };
      added.push(`${name}@${version}`);
    }
  }
  lock.packages = sortPackages(lock.packages);
  return added;
}

/** What must not stand in a lock that other machines use: where it was made. */
export function findForeignPlaces(lock) {
  const faults = [];
  for (const [place, { resolved, link }] of Object.entries(lock.packages)) {
    if (resolved !== undefined) faults.push(`${place}: names the address it came from`);
    if (link || place.startsWith('/') || place.startsWith('..')) faults.push(`${place}: is a local path`);
  }
  return faults;
}

/** Node's own search: beside the package, then in each folder above it. */
function isFound(packages, place, name) {
  for (let folder = place; ; ) {
    if (packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`]) return true;
    if (folder === '') return false;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1));
  }
}

/** `os`, `cpu` and `libc` as the makers of such packages write them into their names. */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const os = words.find((word) => SYSTEMS.includes(word));
  const cpu = words.find((word) => PROCESSORS.includes(word));
  if (cpu === undefined || (os === undefined && cpu !== 'wasm32')) return null;
  const last = words.at(-1) ?? '';
  const libc = last.startsWith('musl') ? 'musl' : os === 'linux' && last.startsWith('gnu') ? 'glibc' : null;
  return {
    cpu: [cpu],
    ...(libc === null ? {} : { libc: [libc] }),
    ...(os === undefined ? {} : { os: [os] }),
  };
}

function sortPackages(packages) {
  return Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
}

function main() {
  const file = resolve(
    process.argv[2] ?? join(fileURLToPath(new URL('..', import.meta.url)), 'package-lock.json'),
  );
  const before = readFileSync(file, 'utf8');
  const lock = JSON.parse(before);
  const added = completeLock(lock);
  const faults = findForeignPlaces(lock);
  for (const fault of faults) console.error(`package-lock.json: ${fault}`);
  const after = `${JSON.stringify(lock, null, 2)}\n`;
  if (added.length > 0 && after !== before) writeFileSync(file, after);
  console.log(
    added.length === 0 ? 'package-lock.json is complete' : `added ${added.length}: ${added.join(', ')}`,
  );
  if (faults.length > 0) process.exitCode = 1;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) main();
