import 'server-only';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { Scope, SourceKind, TargetId } from '@/lib/core/model/target.ts';
import type { SideCount } from '@/lib/core/reconcile/reconcile.ts';
import { delayed } from '@/lib/core/reconcile/shared-window.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import type { Runtime } from '../runtime.ts';
import { gridOf } from './grid.ts';
import { readGroups } from './groups.ts';
import { groupVisits, type Teller } from './reconcile-fleet.ts';
import { targetIdsOf } from './scope.ts';

/** A side that executes what the machines send. */
export interface Seen {
  name: string;
  /** Null while there is no such counter, or no visit. */
  teller: Teller | null;
  missing: string;
  targetIds: readonly TargetId[];
  metrics: readonly MetricName[];
  isByCommand: boolean;
}

/** Commands that are executed and that no machine of ours counts, the most frequent first. */
export interface LeftOut {
  commands: readonly string[];
  perSecond: number;
}

interface Rung {
  kind: SourceKind;
  metrics: readonly [MetricName, ...MetricName[]];
  isByCommand: boolean;
}

/** The best counter first: by command, else all in one, else reads and writes added up. */
const RUNGS: Record<'provider' | 'redis', readonly Rung[]> = {
  provider: [
    { kind: 'upstash', metrics: ['upstash_commands_total'], isByCommand: true },
    { kind: 'upstash', metrics: ['upstash_net_commands_total'], isByCommand: false },
  ],
  redis: [
    { kind: 'redis', metrics: ['redis_commands_total'], isByCommand: true },
    { kind: 'redis', metrics: ['redis_commands_processed_total'], isByCommand: false },
    {
      kind: 'redis',
      metrics: ['redis_read_commands_total', 'redis_write_commands_total'],
      isByCommand: false,
    },
    { kind: 'prometheus', metrics: ['redis_commands_total'], isByCommand: true },
    { kind: 'prometheus', metrics: ['redis_commands_processed_total'], isByCommand: false },
  ],
};

const NAMES = { provider: 'Upstash', redis: 'Redis' } as const;
const MISSING = {
  provider: 'No provider is watched: upstash: in afterwatch.yml adds what Upstash counts.',
  redis: 'No Redis is watched, or it gives no command counter.',
} as const;
/** Numbers may come late; visits are looked at so long after the asked time. */
const MOST_LAG_MS = 15 * 60_000;

/** Which counter tells this side, how far it reaches, and how late it tells. */
export async function findSeen(
  runtime: Runtime,
  scope: Scope,
  key: 'provider' | 'redis',
  asked: TimeRange,
): Promise<Seen> {
  const rung = RUNGS[key].find(({ kind, metrics: [metric] }) => {
    const targetIds = targetIdsOf(runtime, scope, kind);
    return targetIds.length > 0 && runtime.store.findSeries({ metric, targetIds }).length > 0;
  });
  const side = { name: NAMES[key], missing: MISSING[key] };
  if (rung === undefined) return { ...side, teller: null, targetIds: [], metrics: [], isByCommand: false };
  const { metrics, isByCommand } = rung;
  const ids = new Set(
    runtime.store
      .findSeries({ metric: metrics[0], targetIds: targetIdsOf(runtime, scope, rung.kind) })
      .map(({ targetId }) => targetId),
  );
  const targetIds = [...ids];
  return { ...side, targetIds, metrics, isByCommand, teller: await tellerOf(runtime, key, targetIds, asked) };
}

/** All targets of a side tell together: it reaches as far as the one that reaches least far. */
async function tellerOf(
  runtime: Runtime,
  key: 'provider' | 'redis',
  targetIds: readonly TargetId[],
  asked: TimeRange,
): Promise<Teller | null> {
  const around = { startMs: asked.startMs, endMs: asked.endMs + MOST_LAG_MS };
  const [marks, lag] = await Promise.all([
    runtime.store.readScrapes(targetIds, around),
    key === 'provider' ? readLag(runtime, targetIds, around) : { lagMs: 0, lagJitterMs: 0 },
  ]);
  const good = [...groupVisits(marks.filter(({ ok }) => ok)).values()];
  if (good.length === 0) return null;
  const lastOkMs = Math.min(...good.map((list) => list.at(-1)?.atMs ?? asked.startMs));
  const spanMs = Math.max(...good.map((list) => list.at(-1)?.intervalMs ?? 0));
  const firstOkMs = Math.max(...good.map((list) => list[0]?.atMs ?? asked.startMs));
  return {
    // A first visit soon after the start had one before it.
    reach: {
      fromMs: firstOkMs - asked.startMs <= 2 * spanMs ? asked.startMs : firstOkMs - lag.lagMs,
      untilMs: lastOkMs - lag.lagMs,
      spanMs,
    },
    lastOkMs,
    ...lag,
  };
}

/** How old the newest point was at the visits: the mean, and how much that moved. */
async function readLag(
  runtime: Runtime,
  targetIds: readonly TargetId[],
  range: TimeRange,
): Promise<{ lagMs: number; lagJitterMs: number }> {
  const found = await runtime.store.readBuckets(
    { metric: 'upstash_stats_age_seconds', targetIds },
    range,
    60_000,
  );
  const buckets = found.flatMap((one) => one.buckets.filter((bucket) => bucket !== null));
  const means = buckets.flatMap(({ mean }) => mean ?? []);
  if (means.length === 0) return { lagMs: 0, lagJitterMs: 0 };
  const lows = buckets.flatMap(({ min }) => min ?? []);
  const highs = buckets.flatMap(({ max }) => max ?? []);
  return {
    lagMs: (means.reduce((all, one) => all + one, 0) / means.length) * 1_000,
    lagJitterMs: (Math.max(...highs) - Math.min(...lows)) * 1_000,
  };
}

/** What this side counted over `range` of the commands that machines count, read as late as it tells it. */
export async function readSeen(
  runtime: Runtime,
  scope: Scope,
  { teller, targetIds, metrics, isByCommand }: Seen,
  commands: ReadonlySet<string>,
  range: TimeRange,
  stepMs: number,
): Promise<{ count: SideCount; leftOut: LeftOut | null } | null> {
  if (teller === null) return null;
  const grid = gridOf(delayed(range, teller.lagMs, stepMs), stepMs);
  const isFiltered = isByCommand && commands.size > 0;
  const parts = await Promise.all(
    metrics.map((metric) =>
      readGroups(
        runtime,
        {
          metric,
          targetIds,
          keyOf: ({ labels }) => (isFiltered ? (labels.cmd ?? '') : 'all'),
          ownerOf: ({ targetId, labels }) => `${targetId} ${labels.member ?? ''}`,
        },
        grid,
      ),
    ),
  );
  const groups = parts.flatMap((part) => [...part.groups.values()]);
  const covers = parts.flatMap(({ owners }) => [...owners.values()]);
  if (covers.length === 0) return null;
  const isCounted = (key: string): boolean => !isFiltered || commands.has(key);
  const perSecond = sumRates(groups.filter(({ key }) => isCounted(key)));
  // Ours are INFO and little else: they are in a count of everything, and in no count of what machines send.
  const countsOwn = !isFiltered || commands.has('info');
  const ownPerSecond = countsOwn ? await readOwn(runtime, scope, range) : 0;
  // INFO is what we ask ourselves, so it is no news that machines do not send it.
  const others = groups.filter(
    ({ key, perSecond: rate }) => !isCounted(key) && key !== 'info' && (rate ?? 0) > 0,
  );
  const qualities = metrics.flatMap((metric) => runtime.store.findSeries({ metric, targetIds }));
  return {
    count: {
      perSecond: Math.max(0, perSecond - ownPerSecond),
      coveredShare: Math.min(...covers),
      quality: qualities.some(({ quality }) => quality !== 'measured') ? 'inferred' : 'measured',
      spanMs: teller.reach.spanMs,
      lagJitterMs: teller.lagJitterMs,
      ownPerSecond,
    },
    leftOut: isFiltered
      ? {
          commands: others.sort((a, b) => (b.perSecond ?? 0) - (a.perSecond ?? 0)).map(({ key }) => key),
          perSecond: sumRates(others),
        }
      : null,
  };
}

function sumRates(groups: readonly { perSecond: number | null }[]): number {
  return groups.reduce((all, { perSecond }) => all + (perSecond ?? 0), 0);
}

/** Our own commands a second: one INFO for each visit of Redis. */
async function readOwn(runtime: Runtime, scope: Scope, range: TimeRange): Promise<number> {
  const marks = await runtime.store.readScrapes(targetIdsOf(runtime, scope, 'redis'), range);
  return (marks.filter(({ ok }) => ok).length * 1_000) / (range.endMs - range.startMs);
}
