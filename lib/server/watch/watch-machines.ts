import 'server-only';
import type { Deploy } from '@/lib/core/model/deploy.ts';
import type { WatchRecord } from '@/lib/core/model/verdict.ts';
import type { WatchDetail } from '@/lib/core/model/watch.ts';
import { alignDown, alignUp, BLOCK_MS } from '@/lib/core/time/range.ts';
import { sameRelease } from '../deploys/release-name.ts';
import type { Runtime } from '../runtime.ts';
import { readMachineRuns } from './machine-runs.ts';

/**
 * The machines of a watch: how many came to its release and when the last one did, and what each runs now, or ran at its
 * end. A machine that has since left the release is not on it.
 */
export async function readWatchMachines(
  runtime: Runtime,
  deploy: Deploy,
  { originMs, endMs }: WatchRecord,
): Promise<WatchDetail['machines']> {
  const untilMs = Math.min(runtime.clock.wallMs(), endMs);
  const asOfMs = Math.max(alignDown(untilMs, BLOCK_MS), alignUp(originMs + 1, BLOCK_MS));
  const own = [deploy.release, ...(deploy.aliases ?? [])];
  const machines = await readMachineRuns(runtime, deploy, { own, later: [] }, asOfMs);
  if (machines === null) return null;
  const isOwn = (version: string) => own.some((name) => sameRelease(name, version));
  const rows = machines.map(({ name, runs }) => {
    const last = runs.at(-1);
    return {
      name,
      version: last?.version ?? null,
      onRelease: last === undefined ? null : isOwn(last.version),
      seenMs: last === undefined ? null : Math.min(last.endMs, untilMs),
    };
  });
  const arrivals = machines.map(({ runs }) => runs.find(({ version }) => isOwn(version))?.startMs ?? null);
  const came = arrivals.flatMap((atMs) => atMs ?? []);
  return {
    onRelease: came.length,
    of: machines.length,
    convergedMs: came.length < machines.length ? null : lastArrival(deploy, Math.max(originMs, ...came)),
    rows,
  };
}

/** Versions are told block by block; the end of the roll says it to the second where it lies in the same one. */
function lastArrival({ endMs }: Deploy, blockMs: number): number {
  return endMs !== null && Math.abs(endMs - blockMs) <= BLOCK_MS ? endMs : blockMs;
}
