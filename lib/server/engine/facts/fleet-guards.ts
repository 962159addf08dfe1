import 'server-only';
import type { BreakerFact, LimiterFact } from '@/lib/core/alerts/facts/fleet.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import type { FactQuestion } from './fact-reader.ts';
import { isFresh, readLevels, tellersOf } from './fleet-levels.ts';
import { readSums, stretchBefore } from './fleet-sums.ts';
import { isSilent, readVisited, type Visited } from './fleet-visits.ts';

/** Decisions are counted over so long. */
const DECISIONS_MS = 5 * MINUTE_MS;
/** An engine that scrapes the machines is heard where they are not visited themselves. */
const TELLERS = [['app'], ['prometheus']] as const;

/** The kind of source that tells a metric first hand. */
function tellerKinds(question: FactQuestion, metric: 'app_breaker_state' | 'app_limiter_decisions_total') {
  return TELLERS.find((kinds) => tellersOf(question, metric, kinds).length > 0) ?? TELLERS[0];
}

/**
 * Circuit breakers by integration and machine. One that its machine does not export any more is gone; while the machine is
 * silent it is `unknown`.
 */
export async function readBreakers(
  question: FactQuestion,
): Promise<(atMs: number) => readonly BreakerFact[]> {
  const kinds = tellerKinds(question, 'app_breaker_state');
  const [visited, levels] = await Promise.all([
    readVisited(question),
    readLevels(question, 'app_breaker_state', kinds),
  ]);
  return (atMs) => {
    const sources = new Map(visited(atMs).map((one) => [one.id, one]));
    return levels(atMs).flatMap((level): BreakerFact[] => {
      const source = sources.get(level.targetId);
      // A machine that sleeps asks nobody.
      if (source === undefined || source.state === 'asleep') return [];
      const fact = {
        integration: level.labels.integration ?? 'all integrations',
        machine: level.labels.machine ?? level.labels.instance ?? source.name,
      };
      if (isFresh(level, source)) return [{ ...fact, state: breakerState(level.value) }];
      return isSilent(source) ? [{ ...fact, state: 'unknown' }] : [];
    });
  };
}

/** 0 closed, 0.5 half open, 1 open. */
function breakerState(value: number): BreakerFact['state'] {
  if (value >= 0.75) return 'open';
  return value <= 0.25 ? 'closed' : 'half_open';
}

/** What the rate limiters of all machines decided in the last five minutes; null where nobody counts it, or none was read. */
export async function readLimiterFacts(
  question: FactQuestion,
): Promise<(atMs: number) => LimiterFact | null> {
  const metric = 'app_limiter_decisions_total' as const;
  const kinds = tellerKinds(question, metric);
  const tellers = tellersOf(question, metric, kinds);
  if (tellers.length === 0) return () => null;
  const [visited, sums] = await Promise.all([
    readVisited(question),
    readSums(question, { metric, kinds, leadMs: DECISIONS_MS }),
  ]);
  return (atMs) => {
    const known = sums(stretchBefore(atMs, DECISIONS_MS, question), atMs).filter(
      ({ coveredMs }) => coveredMs > 0,
    );
    if (known.length === 0) return null;
    const of = (decision: string): number =>
      known
        .filter(({ labels }) => labels.decision === decision)
        .reduce((sum, { increase }) => sum + increase, 0);
    return {
      failedOpen: of('failed_open'),
      limited: of('limited'),
      allowed: of('allowed'),
      isPartial: hasSilent(tellers, visited(atMs)),
    };
  };
}

/** A refusal before the window of decisions has no part in them; a visit more is left for clocks that differ. */
const REFUSED_MS = DECISIONS_MS + MINUTE_MS;

/** Whether Redis refused a visit of ours for a limit or quota in the last minutes. */
export async function readRefused({
  deps,
  scope,
  statuses,
  times,
}: FactQuestion): Promise<(atMs: number) => boolean> {
  const prefix = `${scope.app}/${scope.environment}/redis/`;
  const ids = statuses.map(({ id }) => id).filter((id) => id.startsWith(prefix));
  if (ids.length === 0) return () => false;
  const range = { startMs: times.startMs - REFUSED_MS, endMs: times.endMs + 1 };
  const refusals = (await deps.store.readScrapes(ids, range)).flatMap(({ atMs, durationMs, error }) =>
    error?.kind === 'quota' || error?.kind === 'limit' ? [atMs + durationMs] : [],
  );
  return (atMs) => refusals.some((toldMs) => toldMs < atMs && toldMs > atMs - REFUSED_MS);
}

/** True while one of these targets gives no answer. In the past those that were never seen then are none of them. */
export function hasSilent(targetIds: readonly TargetId[], visited: readonly Visited[]): boolean {
  const wanted = new Set(targetIds);
  return visited.some((one) => wanted.has(one.id) && isSilent(one));
}
