import 'server-only';
import { z } from 'zod';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import type { Noticed } from './deploy-book.ts';
import { landed, type Runs } from './landed.ts';
import { sameRelease } from './release-name.ts';

/** The version of each machine at the last look at it, by its id. */
export const versionMemorySchema = z.object({
  machines: z.record(z.string(), z.object({ version: z.string(), atMs: z.number() })),
});
export type VersionMemory = z.output<typeof versionMemorySchema>;

/** A machine that tells its version. */
export interface VersionSight {
  id: string;
  version: string;
  /** When its process began; null when it does not tell. */
  startedMs: number | null;
  /** True for one that came by itself: a new one of a known app may bring a new version. */
  isFound: boolean;
}

/** A look longer ago than this says nothing of when a machine changed. */
const NEAR_MS = 5 * MINUTE_MS;
const MOST_REMEMBERED = 2_000;

/**
 * Versions that machines did not run at the last look. A machine that is seen for the first time tells of no deploy, unless
 * it came by itself to an app that was known. `present` are the machines that are watched, silent ones too; `runs` says
 * what each of them runs as far as is known.
 */
export function lookAtVersions(
  memory: VersionMemory | null,
  sights: readonly VersionSight[],
  present: ReadonlySet<string>,
  nowMs: number,
): { memory: VersionMemory; seen: Omit<Noticed, 'scope'>[]; runs: Runs } {
  const known = memory?.machines ?? {};
  const before = new Set(Object.values(known).map(({ version }) => version));
  const changed = sights.filter(({ id, version, isFound }) => {
    const last = Object.hasOwn(known, id) ? known[id] : undefined;
    if (last !== undefined) return !sameRelease(last.version, version);
    return isFound && before.size > 0 && ![...before].some((one) => sameRelease(one, version));
  });
  const machines = { ...known };
  for (const { id, version } of sights) machines[id] = { version, atMs: nowMs };
  // One that is silent is taken to run what it ran: while it is replaced it has not landed.
  const runs = Object.entries(machines).flatMap(([name, { version }]) =>
    present.has(name) ? [{ name, release: version }] : [],
  );
  const seen = [...new Set(changed.map(({ version }) => version))].map((version) => {
    const own = changed.filter((one) => one.version === version);
    const lastMs = (id: string) => (Object.hasOwn(known, id) ? (known[id]?.atMs ?? null) : null);
    const startMs = Math.min(...own.map((one) => beganMs(one, lastMs(one.id), nowMs)));
    const rolled = landed(runs, version);
    const isDone = rolled === null || rolled.done >= rolled.of;
    return {
      sign: 'machine_version' as const,
      release: version,
      kind: 'code' as const,
      startMs,
      endMs: isDone ? (rolled !== null && rolled.of > 1 ? nowMs : startMs) : null,
      rolled,
      title: `Machines run ${version}`,
    };
  });
  const kept = Object.entries(machines)
    .sort(([, a], [, b]) => b.atMs - a.atMs)
    .slice(0, MOST_REMEMBERED);
  return { memory: { machines: Object.fromEntries(kept) }, seen, runs };
}

/** The start of its process where that fits the two looks; else the look before, so that what is called before is so. */
function beganMs({ startedMs }: VersionSight, lastMs: number | null, nowMs: number): number {
  const fromMs = lastMs === null ? nowMs - NEAR_MS : lastMs;
  if (startedMs !== null && startedMs >= fromMs - MINUTE_MS && startedMs <= nowMs + MINUTE_MS)
    return Math.min(startedMs, nowMs);
  return lastMs !== null && nowMs - lastMs <= NEAR_MS ? lastMs : nowMs;
}
