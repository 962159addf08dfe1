// What can be known to fail before anything is installed or built; each fault is one plain line.
import { existsSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { PlainError, root } from './project.mjs';

const MB = 1_000_000;
const MIN_FREE_MB = 200;
/** node_modules takes 680 MB and a first build some 50 more. */
const MIN_FREE_TO_INSTALL_MB = 900;

/** Checks the port: valid, and nobody listens there. */
export async function checkPort(env) {
  const host = env.HOST || '127.0.0.1';
  const port = env.PORT || '3000';
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) {
    throw new PlainError('PORT must be a number from 1 to 65535.');
  }
  const code = await tryListen(host, Number(port));
  if (code === null) return;
  throw new PlainError(PORT_FAULTS[code]?.(host, port) ?? `cannot listen on ${host}:${port} (${code}).`);
}

const PORT_FAULTS = {
  EADDRINUSE: (_host, port) =>
    `port ${port} is taken: stop what listens there, or choose another one, such as PORT=${(Number(port) % 65_535) + 1} npm start`,
  EACCES: (_host, port) =>
    `port ${port} needs more rights than this user has; choose one above 1023 with PORT.`,
  EADDRNOTAVAIL: (host) => `HOST=${host} is no address of this machine; leave it out for 127.0.0.1.`,
  ENOTFOUND: (host) => `HOST=${host} is no name that this machine knows; leave it out for 127.0.0.1.`,
};

/** Null when the port is free, else the system's code for why not. */
function tryListen(host, port) {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', (error) => done(error.code ?? 'unknown'));
    server.listen({ host, port, exclusive: true }, () => server.close(() => done(null)));
  });
}

/** Makes the data folder when missing and proves by a file that it can be written. Returns it. */
export function checkDataFolder(env, cwd) {
  const folder = resolve(cwd, env.AFTERWATCH_DATA_DIR || 'data');
  const probe = join(folder, `.write-test-${process.pid}`);
  try {
    makeFolder(folder);
    writeFileSync(probe, 'x');
    rmSync(probe);
  } catch (error) {
    const fix = 'give this user the right to write there, or choose another with AFTERWATCH_DATA_DIR.';
    throw new PlainError(`the data folder ${folder} cannot be written (${error.code}): ${fix}`);
  }
  return folder;
}

/** Parents are made only where they are missing: Node's recursive way never returns where a folder cannot hold any. */
function makeFolder(folder) {
  if (existsSync(folder)) return;
  mkdirSync(folder, { recursive: !existsSync(dirname(folder)), mode: 0o700 });
}

/** Checks the room left where data and, when they must still be installed, packages go. */
export function checkDisk(dataFolder, mustInstall) {
  checkFree(dataFolder, MIN_FREE_MB);
  checkFree(root, mustInstall ? MIN_FREE_TO_INSTALL_MB : MIN_FREE_MB);
}

function checkFree(folder, minMb) {
  const { bavail, bsize } = statfsSync(folder);
  const freeMb = Math.floor((bavail * bsize) / MB);
  if (freeMb >= minMb) return;
  throw new PlainError(
    `only ${freeMb} MB are free at ${folder}, and ${minMb} MB are needed: make room and try again.`,
  );
}
