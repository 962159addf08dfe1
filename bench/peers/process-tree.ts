import { readdirSync, readFileSync } from 'node:fs';

/** Kernel ticks per second, the unit of CPU time in /proc. */
const TICKS_PER_SECOND = 100;

interface Stat {
  parent: number;
  cpuSeconds: number;
}

/** Null for a process that has gone. Its waited-for children are counted in. */
function statOf(pid: number): Stat | null {
  const text = readOrNull(`/proc/${pid}/stat`);
  // The name of a program may hold spaces and brackets: fields begin after the last one.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
  if (fields.length < 15) return null;
  const ticks = [11, 12, 13, 14].reduce((sum, i) => sum + Number(fields[i]), 0);
  return { parent: Number(fields[1]), cpuSeconds: ticks / TICKS_PER_SECOND };
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** The process and all that it started, and what those started. */
export function treeOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? statOf(pid) : null;
    if (stat !== null) children.set(stat.parent, [...(children.get(stat.parent) ?? []), pid]);
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

/** A child of ours whose command line holds this text. Throws when there is none. */
export function childWith(text: string): number {
  const found = treeOf(process.pid).find(
    (pid) => pid !== process.pid && (readOrNull(`/proc/${pid}/cmdline`) ?? '').includes(text),
  );
  if (found === undefined) throw new Error(`bench: no process of ours has ${text} in its command line`);
  return found;
}

/** CPU time of these processes with all that they started, in seconds. */
export function cpuSecondsOf(roots: readonly number[]): number {
  return roots.flatMap(treeOf).reduce((sum, pid) => sum + (statOf(pid)?.cpuSeconds ?? 0), 0);
}

/** Resident memory of these processes with all that they started, in MB. */
export function residentMbOf(roots: readonly number[]): number {
  const kilobytes = roots
    .flatMap(treeOf)
    .map((pid) => Number(/VmRSS:\s+(\d+)/.exec(readOrNull(`/proc/${pid}/status`) ?? '')?.[1] ?? 0));
  return (kilobytes.reduce((sum, kb) => sum + kb, 0) * 1024) / 1e6;
}
