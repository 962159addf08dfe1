import 'server-only';
import type { UnaccountedFact } from '@/lib/core/alerts/facts/fleet.ts';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import { type Labels, processOf } from '@/lib/core/model/sample.ts';
import type { SourceKind, TargetId } from '@/lib/core/model/target.ts';
import { reconcile, type SideCount } from '@/lib/core/reconcile/reconcile.ts';
import { alignDown, MINUTE_MS, SECOND_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { isWatcherCommand } from '../mode-evidence.ts';
import type { FactQuestion } from './fact-reader.ts';
import { STEP_MS, tellersOf } from './fleet-levels.ts';
import { readSums, type Sum } from './fleet-sums.ts';
import { isSilent, readVisited, type Visited } from './fleet-visits.ts';

/** Both sides are compared over the shortest of these that holds enough visits of the slowest source. */
const WINDOWS_MS = [MINUTE_MS, 2 * MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS] as const;
const LONGEST_MS = 10 * MINUTE_MS;
const FEWEST_VISITS = 12;
/** With less of the stretch covered the sides can't be compared. */
const LEAST_COVER = 0.7;

/** What is compared, the best first: a command by its name, else everything but what watchers send. */
interface Rung {
  what: UnaccountedFact['what'];
  server: { metric: MetricName; kinds: readonly SourceKind[]; labels: Labels };
  sent: { kinds: readonly SourceKind[]; labels: Labels };
}

/**
 * The same commands as Redis and as the machines counted them, up to the latest visit that all of them had. Null where one
 * side does not count, or too little of the stretch is covered.
 */
export async function readUnaccounted(
  question: FactQuestion,
): Promise<(atMs: number) => UnaccountedFact | null> {
  const rung = chooseRung(question);
  if (rung === null) return () => null;
  const sentMetric = 'app_redis_commands_total' as const;
  // Machines begin and end to count at different times: the stretch may end some visits before the look.
  const leadMs = LONGEST_MS + 5 * MINUTE_MS;
  const [visited, atServer, sent] = await Promise.all([
    readVisited(question),
    readSums(question, { ...rung.server, leadMs }),
    readSums(question, { metric: sentMetric, ...rung.sent, leadMs }),
  ]);
  const servers = new Set(tellersOf(question, rung.server.metric, rung.server.kinds));
  const counters = new Set(tellersOf(question, sentMetric, rung.sent.kinds));
  const isOthers = ({ labels }: Sum): boolean => rung.what === 'GETs' || !isWatcherCommand(labels.cmd);
  return (atMs) => {
    const now = visited(atMs);
    const there = now.filter(({ id, state }) => state === 'ok' && (servers.has(id) || counters.has(id)));
    const redis = there.filter(({ id }) => servers.has(id));
    const machines = there.filter(({ id }) => counters.has(id));
    const stretch = sharedStretch([...redis, ...machines], atMs);
    if (redis.length === 0 || redis.length < servers.size || machines.length === 0 || stretch === null)
      return null;
    const seen = sideOf(atServer(stretch, atMs).filter(isOthers), redis, stretch);
    const own = sideOf(sent(stretch, atMs), machines, stretch);
    if (seen === null || own === null || Math.min(seen.coveredShare, own.coveredShare) < LEAST_COVER)
      return null;
    const { boundPerSecond } = reconcile(seen, own, stretch);
    return {
      what: rung.what,
      atServer: seen.perSecond * 60,
      fromMachines: own.perSecond * 60,
      machines: own.processes,
      windowMs: stretch.endMs - stretch.startMs,
      bound: (boundPerSecond ?? 0) * 60,
      // One that answers and never counted may be where the rest comes from.
      isPartial: now.some(
        (one) =>
          one.kind === 'app' && one.state !== 'asleep' && (isSilent(one) || !isCounting(one, counters)),
      ),
    };
  };
}

/** Where an engine counts for the machines, nothing tells which of them are left out. */
function isCounting({ id }: Visited, counters: ReadonlySet<TargetId>): boolean {
  return counters.has(id) || [...counters].some((one) => one.split('/')[2] === 'prometheus');
}

function chooseRung(question: FactQuestion): Rung | null {
  const { store } = question.deps;
  const kindOf = (metric: MetricName, kinds: readonly SourceKind[]): SourceKind | null =>
    kinds.find((kind) => tellersOf(question, metric, [kind]).length > 0) ?? null;
  const sentBy = kindOf('app_redis_commands_total', ['app', 'prometheus']);
  const named = kindOf('redis_commands_total', ['redis', 'prometheus']);
  if (sentBy === null || named === null) return null;
  const targetIds = tellersOf(question, 'app_redis_commands_total', [sentBy]);
  const isNamed = store
    .findSeries({ metric: 'app_redis_commands_total', targetIds })
    .every(({ labels }) => labels.cmd !== undefined);
  const labels: Labels = isNamed ? { cmd: 'get' } : {};
  return {
    what: isNamed ? 'GETs' : 'commands',
    server: { metric: 'redis_commands_total', kinds: [named], labels },
    sent: { kinds: [sentBy], labels },
  };
}

/** The stretch up to the visit that all of them had; null while they do not share one. */
function sharedStretch(there: readonly Visited[], atMs: number): TimeRange | null {
  const lasts = there.map(({ lastOkMs }) => lastOkMs ?? 0);
  const endMs = alignDown(Math.min(atMs, ...lasts), STEP_MS);
  const slowestMs = Math.max(SECOND_MS, ...there.map(({ intervalMs }) => intervalMs));
  const windowMs = WINDOWS_MS.find((one) => one >= FEWEST_VISITS * slowestMs);
  if (windowMs === undefined || there.length === 0) return null;
  return { startMs: endMs - windowMs, endMs };
}

/** Processes added up, each by its own covered time; null while none was covered. */
function sideOf(
  sums: readonly Sum[],
  from: readonly Visited[],
  { startMs, endMs }: TimeRange,
): (SideCount & { processes: number }) | null {
  const present = new Map(from.map((one) => [one.id, one]));
  const processes = new Map<string, { increase: number; coveredMs: number }>();
  for (const { targetId, labels, increase, coveredMs } of sums) {
    if (!present.has(targetId) || coveredMs === 0) continue;
    const key = `${targetId} ${processOf(labels)}`;
    const known = processes.get(key) ?? { increase: 0, coveredMs: 0 };
    processes.set(key, {
      increase: known.increase + increase,
      coveredMs: Math.max(known.coveredMs, coveredMs),
    });
  }
  const counted = [...processes.values()];
  if (counted.length === 0) return null;
  const coveredMs = counted.reduce((sum, one) => sum + one.coveredMs, 0);
  return {
    perSecond: counted.reduce((sum, one) => sum + (one.increase * SECOND_MS) / one.coveredMs, 0),
    coveredShare: Math.min(1, coveredMs / ((endMs - startMs) * counted.length)),
    quality: 'measured',
    spanMs: Math.max(...from.map(({ intervalMs }) => intervalMs)),
    lagJitterMs: 0,
    ownPerSecond: 0,
    processes: counted.length,
  };
}
