import 'server-only';
import type { BilledFact } from '@/lib/core/alerts/facts/fleet.ts';
import { effectivePrices } from '@/lib/core/budget/effective-prices.ts';
import { costUsd } from '@/lib/core/budget/prices.ts';
import { commandPrice } from '@/lib/core/budget/source-price.ts';
import type { SourceKind, TargetId } from '@/lib/core/model/target.ts';
import { arrivingOf, partsText } from '@/lib/core/modes/arriving.ts';
import type { ArrivingFact } from '@/lib/core/modes/consequences.ts';
import type { ModeChange } from '@/lib/core/modes/mode-book.ts';
import { alignDown, alignUp, MINUTE_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { Config } from '../../config/types.ts';
import type { TargetStatus } from '../../poller/target-poller.ts';
import type { BucketSeries } from '../../store/store.ts';
import type { FactDeps, FactQuestion, FactReader } from './fact-reader.ts';

/** Over how long what arrives is counted, and how much of that must be covered. */
const WINDOW_MS = 15 * MINUTE_MS;
const COVERED_SHARE = 0.8;
/** A provider tells this much later. */
const PROVIDER_LAG_MS = 10 * MINUTE_MS;
/** Commands of our probe after a visit that failed. */
const PROBES = 3;

interface Rung {
  kind: SourceKind;
  metric: string;
  lagMs: number;
}

/** The best counter first: by command, else all in one, else what the provider bills. */
const RUNGS: readonly Rung[] = [
  { kind: 'redis', metric: 'redis_commands_total', lagMs: 0 },
  { kind: 'redis', metric: 'redis_commands_processed_total', lagMs: 0 },
  { kind: 'prometheus', metric: 'redis_commands_total', lagMs: 0 },
  { kind: 'prometheus', metric: 'redis_commands_processed_total', lagMs: 0 },
  { kind: 'upstash', metric: 'upstash_commands_total', lagMs: PROVIDER_LAG_MS },
];

/** What arrives at Redis though it is suspended on purpose; null where it is not, or nothing counts it for so long. */
export const readBilled: FactReader<BilledFact | null> = async (question) => {
  const arriving = await readArriving(question);
  return (atMs) => {
    const found = arriving(atMs);
    if (found === null) return null;
    return { perMinute: found.perMinute, parts: partsText(found.parts), usdPerDay: found.usdPerDay };
  };
};

/** The same with its parts as numbers. */
export const readArriving: FactReader<ArrivingFact | null> = async (question) => {
  const { deps, scope, statuses, times } = question;
  const changes = deps.modes?.history(scope, { startMs: times.startMs, endMs: times.endMs + 1 }) ?? [];
  const rung = rungOf(deps, statuses);
  if (rung === null || !changes.some(({ mode }) => mode === 'suspended_by_us')) return () => null;
  const counters = await readCounters(question, rung);
  const usdPerCommand = priceOf(statuses, deps.config);
  return (atMs) => {
    const range = windowAt(changes, atMs, rung.lagMs);
    const server = range === null ? null : totals(counters.server, range);
    if (range === null || server === null) return null;
    const perMinute = (count: number) => (count * MINUTE_MS) / server.coveredMs;
    const machines = totals(counters.machines, range);
    const connects = totals(counters.connects, range);
    const failed = connects?.by.get('failed') ?? 0;
    return arrivingOf({
      total: perMinute(server.all),
      ours: perMinute(oursIn(counters.visits, range)),
      byCommand: server.isNamed ? new Map([...server.by].map(([cmd, n]) => [cmd, perMinute(n)])) : null,
      fromMachines: machines === null ? null : perMinute(machines.all),
      failedConnects: connects === null ? null : perMinute(failed),
      usdPerCommand,
    });
  };
};

interface Counters {
  server: readonly BucketSeries[];
  machines: readonly BucketSeries[];
  connects: readonly BucketSeries[];
  visits: readonly { atMs: number; commands: number }[];
}

async function readCounters(
  { deps, statuses, times }: FactQuestion,
  { kind, metric, lagMs }: Rung,
): Promise<Counters> {
  const range = { startMs: times.startMs - WINDOW_MS - lagMs - 2 * MINUTE_MS, endMs: times.endMs };
  const idsOf = (wanted: SourceKind): TargetId[] =>
    statuses.flatMap(({ id, target }) => (target.kind === wanted ? [id] : []));
  const read = (of: string, targetIds: readonly TargetId[]) =>
    targetIds.length === 0 ? [] : deps.store.readBuckets({ metric: of, targetIds }, range, MINUTE_MS);
  const [server, machines, connects, marks] = await Promise.all([
    read(metric, idsOf(kind)),
    read('app_redis_commands_total', idsOf('app')),
    read('app_redis_connects_total', idsOf('app')),
    kind === 'prometheus' ? [] : deps.store.readScrapes(idsOf('redis'), range),
  ]);
  const visits = marks.map(({ atMs, ok }) => ({ atMs, commands: ok ? 1 : PROBES }));
  return { server, machines, connects, visits };
}

function rungOf({ store }: FactDeps, statuses: readonly TargetStatus[]): Rung | null {
  return (
    RUNGS.find(({ kind, metric }) => {
      const targetIds = statuses.flatMap(({ id, target }) => (target.kind === kind ? [id] : []));
      return targetIds.length > 0 && store.findSeries({ metric, targetIds }).length > 0;
    }) ?? null
  );
}

/** The last closed quarter of an hour, where all of it lies in one suspension; null else. */
function windowAt(changes: readonly ModeChange[], atMs: number, lagMs: number): TimeRange | null {
  const now = changes.findLast((change) => change.atMs <= atMs);
  if (now?.mode !== 'suspended_by_us') return null;
  // The last minute may still be waiting for the visit that covers it.
  const endMs = alignDown(atMs - lagMs - MINUTE_MS, MINUTE_MS);
  const startMs = endMs - WINDOW_MS;
  // What was counted at the first visit after the switch may have come before it.
  return startMs < alignUp(now.atMs + MINUTE_MS, MINUTE_MS) ? null : { startMs, endMs };
}

interface Totals {
  all: number;
  /** By command, or by result. */
  by: ReadonlyMap<string, number>;
  isNamed: boolean;
  coveredMs: number;
}

/** Null where too little of the stretch was covered by any series. */
function totals(found: readonly BucketSeries[], range: TimeRange): Totals | null {
  const by = new Map<string, number>();
  const covered = new Map<number, number>();
  let all = 0;
  let isNamed = false;
  for (const { series, buckets } of found) {
    const name = series.labels.cmd ?? series.labels.result;
    isNamed ||= name !== undefined;
    for (const bucket of buckets) {
      if (bucket === null || bucket.startMs < range.startMs || bucket.startMs + MINUTE_MS > range.endMs)
        continue;
      all += bucket.increase;
      if (name !== undefined) by.set(name, (by.get(name) ?? 0) + bucket.increase);
      covered.set(bucket.startMs, Math.max(covered.get(bucket.startMs) ?? 0, bucket.coveredMs));
    }
  }
  const coveredMs = [...covered.values()].reduce((sum, ms) => sum + ms, 0);
  return coveredMs < COVERED_SHARE * (range.endMs - range.startMs) ? null : { all, by, isNamed, coveredMs };
}

function oursIn(visits: Counters['visits'], { startMs, endMs }: TimeRange): number {
  return visits.reduce(
    (sum, { atMs, commands }) => (atMs >= startMs && atMs < endMs ? sum + commands : sum),
    0,
  );
}

/** Dollars for a command, where commands are billed; null where they are not, or nobody knows. */
function priceOf(statuses: readonly TargetStatus[], { prices }: Pick<Config, 'prices'>): number | null {
  for (const { target, budget, facts } of statuses) {
    if (target.kind !== 'redis' || budget === null) continue;
    const host = target.address.replace(/:\d+$/, '');
    if (commandPrice({ host, flavour: facts.flavour ?? null }) !== null)
      return costUsd(1, effectivePrices(prices ?? {}).upstash_command);
  }
  return null;
}
