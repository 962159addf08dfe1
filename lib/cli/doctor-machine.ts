import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import type { Config } from '@/lib/server/config/types.ts';
import { errorCode } from '@/lib/server/config/variables.ts';
import type { TargetReport } from './doctor-targets.ts';

/** `mend`: it keeps Afterwatch from working, or a number from being right. */
export type Verdict = 'ok' | 'warning' | 'mend';

export interface Check {
  name: 'node' | 'clock' | 'data folder' | 'port';
  verdict: Verdict;
  text: string;
}

const OLDEST_NODE = [20, 9] as const;
const MIN_FREE_BYTES = 200_000_000;
/** A clock before this has never been set. */
const EARLIEST_MS = Date.UTC(2025, 0, 1);
const ASK_MS = 2_000;

/** Node's version against the oldest one that works. */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNew = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const text = isNew ? version : `${version} is too old; ${OLDEST_NODE.join('.')} or newer is needed`;
  return { name: 'node', verdict: isNew ? 'ok' : 'mend', text };
}

/** This machine's clock, alone and against those of the targets that tell theirs. */
export function checkClock(nowMs: number, targets: readonly TargetReport[]): Check {
  const name = 'clock';
  const time = new Date(nowMs).toISOString();
  if (nowMs < EARLIEST_MS)
    return { name, verdict: 'mend', text: `${time} has passed long ago; set the clock` };
  const others = targets.filter(({ codes }) => codes.includes('clock_skew')).map(({ id }) => id);
  if (others.length === 0) return { name, verdict: 'ok', text: time };
  const text = `${time}, which is not the time of ${others.join(', ')}; set the time on both machines`;
  return { name, verdict: 'warning', text };
}

/** The data folder, or the nearest folder above it that exists: writable, and with room. Creates nothing. */
export function checkDataFolder(folder: string): Check {
  const name = 'data folder';
  let nearest = folder;
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  try {
    if (!statSync(nearest).isDirectory())
      return { name, verdict: 'mend', text: `${nearest} is a file; choose a folder` };
    accessSync(nearest, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(nearest);
    const freeBytes = bavail * bsize;
    const room = `${Math.floor(freeBytes / 1_000_000).toLocaleString('en')} MB free`;
    if (freeBytes < MIN_FREE_BYTES) {
      return { name, verdict: 'mend', text: `${folder}: only ${room}; make room, 200 MB are needed` };
    }
    return { name, verdict: 'ok', text: `${folder}${nearest === folder ? '' : ' (not made yet)'}, ${room}` };
  } catch (error) {
    const text = `${nearest} cannot be written (${errorCode(error)}); give this user the right, or set AFTERWATCH_DATA_DIR`;
    return { name, verdict: 'mend', text };
  }
}

/** Whether the server could listen; a running Afterwatch on the port is fine. */
export async function checkPort({ host, port }: Config['bind']): Promise<Check> {
  const name = 'port';
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const code = await tryListen(host, port);
  if (code === null) return { name, verdict: 'ok', text: `${place} is free` };
  if (code !== 'EADDRINUSE')
    return { name, verdict: 'mend', text: `cannot listen on ${place} (${code}); see HOST and PORT` };
  if (await isAfterwatch(place))
    return { name, verdict: 'ok', text: `${place} is served by a running Afterwatch` };
  return {
    name,
    verdict: 'mend',
    text: `${place} is taken by another program; stop it or choose another PORT`,
  };
}

/** Null when it can listen, else the system's code. */
function tryListen(host: string, port: number): Promise<string | null> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', (error) => done(errorCode(error)));
    server.listen({ host, port, exclusive: true }, () => server.close(() => done(null)));
  });
}

async function isAfterwatch(place: string): Promise<boolean> {
  const address = place.replace(/^0\.0\.0\.0:/, '127.0.0.1:').replace(/^\[::\]:/, '[::1]:');
  try {
    const response = await fetch(`http://${address}/api/health`, {
      redirect: 'error',
      signal: AbortSignal.timeout(ASK_MS),
    });
    const body: unknown = await response.json();
    return ['ok', 'degraded'].includes(String((body as { status?: unknown } | null)?.status));
  } catch {
    return false;
  }
}
