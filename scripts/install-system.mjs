// System parts that the tests need: real servers and a real browser. As root on Debian they are installed by apt;
// otherwise one line names what is missing.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { PlainError } from './lib/project.mjs';
import { runQuietly, step } from './lib/run.mjs';

/** Debian's package and the programs that prove it is there. */
const PARTS = [
  { name: 'chromium', programs: ['chromium', 'chromium-browser', 'google-chrome'] },
  { name: 'redis-server', programs: ['redis-server'] },
  { name: 'postgresql', programs: ['postgres'] },
  { name: 'pgbouncer', programs: ['pgbouncer'] },
  { name: 'prometheus', programs: ['prometheus'] },
  { name: 'prometheus-redis-exporter', programs: ['prometheus-redis-exporter', 'redis_exporter'] },
  { name: 'prometheus-postgres-exporter', programs: ['prometheus-postgres-exporter', 'postgres_exporter'] },
];
/** What the bench against other engines needs: neither `npm test` nor the product does. */
export const PEERS_OF_BENCH = [
  ...PARTS.filter(({ name }) => name !== 'chromium' && name !== 'pgbouncer'),
  { name: 'victoria-metrics', programs: ['victoria-metrics'] },
];
const POLICY = '/usr/sbin/policy-rc.d';

/**
 * Makes sure that every part is there, for the command `forWhat`. Throws `PlainError` naming the missing ones when it
 * cannot install them.
 */
export async function ensureSystemParts(parts = PARTS, forWhat = 'npm test') {
  const missing = missingParts(parts);
  if (missing.length === 0) return;
  const install = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0 || findProgram('apt-get') === null) {
    throw new PlainError(
      `${forWhat} needs ${missing.join(', ')}; install with: sudo ${install} (Debian's names)`,
    );
  }
  await step(`installing ${missing.join(', ')}`, () => installParts(missing));
  const left = missingParts(parts);
  if (left.length > 0)
    throw new PlainError(`apt installed ${left.join(', ')}, and no program of it can be found`);
}

/** Names of the parts that no program of is found. */
export function missingParts(parts = PARTS) {
  return parts
    .filter(({ programs }) => !programs.some((name) => findProgram(name) !== null))
    .map((p) => p.name);
}

/** Full path of a program; Debian keeps servers in folders that are not on a user's path. */
export function findProgram(name) {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/bin',
    '/usr/sbin',
    ...postgresFolders(),
  ];
  return folders.map((folder) => join(folder || '.', name)).find((path) => existsSync(path)) ?? null;
}

function postgresFolders() {
  const base = '/usr/lib/postgresql';
  return existsSync(base) ? readdirSync(base).map((version) => join(base, version, 'bin')) : [];
}

async function installParts(names) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  // Debian starts a server as soon as it is installed, and the tests start their own: this file forbids it.
  const ownsPolicy = !existsSync(POLICY);
  if (ownsPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    // An old package list is a reason to fail later, not now: the machine may have a list and no network.
    spawnSync('apt-get', ['update', '-qq'], { env: { ...process.env, ...env }, stdio: 'ignore' });
    const args = ['install', '-y', '-qq', '--no-install-recommends', ...names];
    await runQuietly('apt-get', args, { env, failure: 'apt-get failed; its words are above' });
  } finally {
    if (ownsPolicy) rmSync(POLICY, { force: true });
  }
}
