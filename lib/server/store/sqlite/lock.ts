import 'server-only';
import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LOCK_NAME = 'store.lock';

/** Who holds a folder. `startedTicks` tells a process from a later one that was given the same number. */
interface Holder {
  token: string;
  pid: number;
  bootId: string | null;
  startedTicks: string | null;
  sinceMs: number;
}

/** Another running process owns the folder. */
export class StoreLockedError extends Error {
  override readonly name = 'StoreLockedError';
}

/**
 * Says in the folder that this process owns it. Refuses at once when a running process does, this one included; takes
 * over from a process that is gone or belongs to an earlier boot. The text is for people: what truly keeps a second
 * writer out, also in a race or across containers, is the kernel's lock on the database file.
 */
export function lockFolder(dir: string, nowMs: number): { release: () => void } {
  const path = join(dir, LOCK_NAME);
  const mine: Holder = {
    token: randomUUID(),
    pid: process.pid,
    bootId: bootId(),
    startedTicks: startedTicks(process.pid),
    sinceMs: nowMs,
  };
  const text = JSON.stringify(mine);
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const holder = readHolder(path);
    if (holder !== null && isRunning(holder)) throw new StoreLockedError(lockedText(dir, holder));
    const next = `${path}.${mine.token}`;
    writeFileSync(next, text, { mode: 0o600 });
    renameSync(next, path);
  }
  return {
    release: () => {
      if (readHolder(path)?.token === mine.token) rmSync(path, { force: true });
    },
  };
}

export function lockedText(dir: string, holder: { pid: number; sinceMs: number } | null): string {
  const who =
    holder === null
      ? 'another process'
      : `process ${holder.pid} since ${new Date(holder.sinceMs).toISOString()}`;
  return `store: ${dir} is in use by ${who}; stop it, or give this one another data folder`;
}

/** Null when the file is not one of ours, such as one cut short by a full disk. */
function readHolder(path: string): Holder | null {
  const text = readText(path);
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isHolder(value) ? value : null;
  } catch {
    return null;
  }
}

function isHolder(value: unknown): value is Holder {
  return (
    typeof value === 'object' &&
    value !== null &&
    'token' in value &&
    'pid' in value &&
    typeof value.pid === 'number' &&
    'sinceMs' in value &&
    typeof value.sinceMs === 'number'
  );
}

/** Whether a running process owns the folder now. */
export function isFolderHeld(dir: string): boolean {
  const holder = readHolder(join(dir, LOCK_NAME));
  return holder !== null && isRunning(holder);
}

function isRunning(holder: Holder): boolean {
  if (holder.bootId !== bootId()) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: it runs, under another user.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return holder.startedTicks === null || holder.startedTicks === startedTicks(holder.pid);
}

/** Changes with every start of the machine; null where the system does not tell. */
function bootId(): string | null {
  return readText('/proc/sys/kernel/random/boot_id');
}

/** Start of a process in clock ticks since boot; null where the system does not tell. */
function startedTicks(pid: number): string | null {
  const stat = readText(`/proc/${pid}/stat`);
  // The name in parentheses may hold spaces; field 22 of the whole is field 20 after it.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}
