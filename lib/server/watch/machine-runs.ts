import 'server-only';
import type { Deploy } from '@/lib/core/model/deploy.ts';
import { alignDown, BLOCK_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { joined } from '@/lib/core/watch/guard-machines.ts';
import type { MachineRun } from '@/lib/core/watch/guard-types.ts';
import { landed } from '../deploys/landed.ts';
import { sameRelease } from '../deploys/release-name.ts';
import { readFlows } from '../queries/flows.ts';
import { gridOf } from '../queries/grid.ts';
import type { Runtime } from '../runtime.ts';
import type { SeriesInfo } from '../store/store.ts';

/** Everything that machines told up to a time; {@link runsUpTo} gives what was known of it earlier. */
export interface MachineTales {
  midMs: number;
  machines: readonly Omit<MachineRun, 'share'>[];
  /** Requests that each machine served, block by block; null where nobody counts them. */
  requests: ReadonlyMap<string, readonly number[]> | null;
}

/** Names by which a release is known, and those of the deploys after it. */
export interface ReleaseNames {
  own: readonly string[];
  later: readonly string[];
}

/**
 * What every machine of an app ran since T₀, by what it told itself, else by what Fly tells of it; block by block. Null
 * where no machine tells.
 */
export async function readMachineTales(
  runtime: Runtime,
  deploy: Pick<Deploy, 'app' | 'environment' | 'startMs'>,
  names: ReleaseNames,
  asOfMs: number,
): Promise<MachineTales | null> {
  const range = { startMs: alignDown(deploy.startMs, BLOCK_MS), endMs: alignDown(asOfMs, BLOCK_MS) };
  if (range.endMs <= range.startMs) return null;
  for (const { kind, metric, label } of TELLERS) {
    const prefix = `${deploy.app}/${deploy.environment}/${kind}/`;
    const told = runtime.store
      .findSeries({ metric })
      .filter(({ targetId, labels }) => targetId.startsWith(prefix) && (labels[label] ?? '') !== '');
    if (told.length === 0) continue;
    const targetIds = [...new Set(told.map(({ targetId }) => targetId))];
    const found = await runtime.store.readBuckets({ metric, targetIds }, range, BLOCK_MS);
    const byName = new Map<string, MachineRun['runs'][number][]>();
    for (const { series, buckets } of found) {
      const version = series.labels[label] ?? '';
      if (version === '') continue;
      const blocks = buckets.flatMap((bucket, i) =>
        bucket === null || bucket.last === null
          ? []
          : [{ startMs: range.startMs + i * BLOCK_MS, endMs: range.startMs + (i + 1) * BLOCK_MS }],
      );
      const name = nameOf(series);
      const runs = joined(blocks).map((run) => ({ ...run, version, onRelease: isOn(version, names) }));
      byName.set(name, [...(byName.get(name) ?? []), ...runs]);
    }
    const machines = [...byName]
      .filter(([, runs]) => runs.length > 0)
      .map(([name, runs]) => ({
        name,
        runs: runs.toSorted((a, b) => a.endMs - b.endMs || a.startMs - b.startMs),
      }))
      .toSorted((a, b) => a.name.localeCompare(b.name));
    if (machines.length > 0) {
      return { midMs: range.startMs, machines, requests: await readRequests(runtime, deploy, range) };
    }
  }
  return null;
}

const TELLERS = [
  { kind: 'app', metric: 'app_machine_info', label: 'version' },
  { kind: 'fly', metric: 'fly_machine_info', label: 'release' },
] as const;

function nameOf({ targetId, labels }: SeriesInfo): string {
  return labels.machine ?? targetId.split('/').at(-1) ?? targetId;
}

/** A later release has the deploy in it, whether it is numbered or known by its own deploy. */
function isOn(version: string, { own, later }: ReleaseNames): boolean {
  return (
    own.some((name) => landed([{ name: '', release: version }], name)?.done === 1) ||
    later.some((name) => sameRelease(name, version))
  );
}

/** Requests of each machine by its name, block by block; null where nobody counts them. */
async function readRequests(
  runtime: Runtime,
  { app, environment }: Pick<Deploy, 'app' | 'environment'>,
  range: TimeRange,
): Promise<MachineTales['requests']> {
  const metric = 'http_responses_total' as const;
  const prefix = `${app}/${environment}/app/`;
  const known = runtime.store.findSeries({ metric }).map(({ targetId }) => targetId);
  const targetIds = [...new Set(known)].filter((id) => id.startsWith(prefix));
  if (targetIds.length === 0) return null;
  const { byTarget } = await readFlows(runtime, { metric, labels: {}, targetIds }, gridOf(range, BLOCK_MS));
  return new Map(
    [...byTarget].map(([id, flow]) => [
      id.split('/').at(-1) ?? id,
      flow.map((bucket) => bucket?.increase ?? 0),
    ]),
  );
}

/** The same, as it is known at `asOfMs`, with each machine's share of the requests. */
export async function readMachineRuns(
  ...asked: Parameters<typeof readMachineTales>
): Promise<MachineRun[] | null> {
  const tales = await readMachineTales(...asked);
  return tales === null ? null : runsUpTo(tales, null, asked[3]);
}

/**
 * What was known of the machines when the block before `asOfMs` was over. Shares are of the requests since `settledMs`: a
 * machine that is set aside by the deploy had its part of those before. Null: since the block after the one with T₀.
 */
export function runsUpTo(
  { midMs, machines, requests }: MachineTales,
  settledMs: number | null,
  asOfMs: number,
): MachineRun[] {
  const length = Math.max(0, Math.floor((asOfMs - midMs) / BLOCK_MS));
  const first = Math.max(1, Math.ceil(((settledMs ?? midMs) - midMs) / BLOCK_MS));
  const sums = new Map(
    [...(requests ?? [])].map(([name, served]) => [
      name,
      served.slice(first, length).reduce((sum, one) => sum + one, 0),
    ]),
  );
  const all = [...sums.values()].reduce((sum, one) => sum + one, 0);
  return machines.flatMap(({ name, runs }) => {
    const known = runs
      .filter(({ startMs }) => startMs < asOfMs)
      .map((run) => ({ ...run, endMs: Math.min(run.endMs, asOfMs) }));
    const sum = sums.get(name);
    return known.length === 0
      ? []
      : [{ name, share: sum === undefined || all === 0 ? null : sum / all, runs: known }];
  });
}
