import 'server-only';
import type { AwakeFact } from '@/lib/core/alerts/facts/limits.ts';
import type { Bucket } from '@/lib/core/metrics/blocks.ts';
import type { SourceKind } from '@/lib/core/model/target.ts';
import { alignDown, alignUp, BLOCK_MS, DAY_MS, HOUR_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import { rateText } from '@/lib/core/units/format-rate.ts';
import type { TargetStatus } from '../../poller/target-poller.ts';
import type { FactQuestion } from './fact-reader.ts';
import { isFresh, type Level, readLevels, tellersOf } from './fleet-levels.ts';
import { readSums, stretchBefore } from './fleet-sums.ts';
import { readVisited, type Visited } from './fleet-visits.ts';
import { minutely } from './minutely.ts';

/** In the past a compute is looked at over so long; what began earlier has lasted at least that. */
const LEAD_MS = DAY_MS + HOUR_MS;
/** What keeps it awake is looked at over so long. */
const KEPT_MS = HOUR_MS;
const NAMED = 2;

/** Databases of Neon that could sleep, how long they have been awake, and what keeps them so. */
export async function readAwake(question: FactQuestion): Promise<(atMs: number) => readonly AwakeFact[]> {
  if (tellersOf(question, 'neon_compute_suspend_after_seconds', ['neon']).length === 0) return () => [];
  const [visited, idles, sinceOf, keepers] = await Promise.all([
    readVisited(question),
    readLevels(question, 'neon_compute_suspend_after_seconds', ['neon']),
    question.isPast ? readPastSince(question) : liveSince(question),
    readKeepers(question),
  ]);
  const mains = new Map(question.statuses.map(({ id, facts }) => [id, facts.endpoint ?? null]));
  return (atMs) =>
    visited(atMs)
      .filter(({ kind }) => kind === 'neon')
      .flatMap((source): AwakeFact[] => {
        const own = idles(atMs).filter((level) => level.targetId === source.id && isFresh(level, source));
        const main = own.find(({ labels }) => labels.endpoint === mains.get(source.id)) ?? own[0];
        if (main === undefined) return [];
        const suspendAfterMs = main.value * SECOND_MS;
        return [
          {
            source: source.name,
            awakeForMs: sinceOf(main, source, atMs),
            suspendAfterMs,
            ...keepers(atMs, suspendAfterMs),
          },
        ];
      });
}

/** How long the main compute of a source has been awake at `atMs`, ms. */
type Since = (main: Level, source: Visited, atMs: number) => number | null;

/** Neon itself says since when its main compute is awake. */
function liveSince({ statuses }: FactQuestion): Since {
  const byId = new Map(statuses.map((status) => [status.id, status]));
  return ({ targetId, labels }, _source, atMs) => {
    const status = byId.get(targetId);
    return status === undefined || status.facts.endpoint !== labels.endpoint ? null : awakeBy(status, atMs);
  };
}

function awakeBy({ facts, state }: TargetStatus, atMs: number): number | null {
  if (state !== 'ok' && state !== 'stale') return null;
  if (facts.state === 'asleep' || facts.state === 'disabled') return 0;
  const sinceMs = Date.parse(facts.since ?? '');
  return facts.state !== 'active' || Number.isNaN(sinceMs) ? null : Math.max(0, atMs - sinceMs);
}

/** In the past the last suspend that is stored tells it, as far as the store goes back. */
async function readPastSince(question: FactQuestion): Promise<Since> {
  const metric = 'neon_compute_suspends_total' as const;
  const targetIds = tellersOf(question, metric, ['neon']);
  if (targetIds.length === 0) return () => null;
  const startMs = alignDown(question.times.startMs - LEAD_MS, BLOCK_MS);
  const range = { startMs, endMs: alignUp(question.times.endMs, BLOCK_MS) };
  const [states, found] = await Promise.all([
    readLevels(question, 'neon_compute_state', ['neon']),
    question.deps.store.readBuckets({ metric, targetIds }, range, BLOCK_MS),
  ]);
  return ({ targetId, labels: { endpoint } }, source, atMs) => {
    const isNow = (level: Level) =>
      level.targetId === targetId &&
      level.labels.endpoint === endpoint &&
      level.value > 0 &&
      isFresh(level, source);
    const state = states(atMs).find(isNow)?.labels.state;
    if (state === 'asleep' || state === 'disabled') return 0;
    const own = found.find(
      (one) => one.series.targetId === targetId && one.series.labels.endpoint === endpoint,
    );
    if (state !== 'active' || own === undefined) return null;
    return awakeIn(own.buckets.slice(0, Math.floor((atMs - startMs) / BLOCK_MS)), startMs, atMs);
  };
}

/** Since the last block with a suspend; without one, the whole time if it is known from its beginning. */
function awakeIn(buckets: readonly (Bucket | null)[], startMs: number, atMs: number): number | null {
  const last = buckets.findLastIndex((one) => one !== null && one.increase + one.gapIncrease > 0);
  if (last !== -1) return atMs - (startMs + (last + 1) * BLOCK_MS);
  const first = buckets.findIndex((one) => one !== null);
  return first === -1 || startMs + first * BLOCK_MS > atMs - DAY_MS
    ? null
    : atMs - (startMs + first * BLOCK_MS);
}

type Keepers = (atMs: number, suspendAfterMs: number) => Pick<AwakeFact, 'keptBy' | 'isBusy'>;

/** Callers where every stretch of the last hour had some, else the workers that ask often enough. */
async function readKeepers(question: FactQuestion): Promise<Keepers> {
  const kindOf = (metric: 'http_responses_total' | 'app_worker_polls_total'): SourceKind[] =>
    tellersOf(question, metric, ['app']).length > 0 ? ['app'] : ['prometheus'];
  const read = (metric: 'http_responses_total' | 'app_worker_polls_total') =>
    minutely(question, `keepers ${metric}`, () =>
      readSums(question, {
        metric,
        kinds: kindOf(metric),
        leadMs: KEPT_MS + BLOCK_MS,
        stepMs: BLOCK_MS,
      }),
    );
  const [responses, polls] = await Promise.all([
    read('http_responses_total'),
    read('app_worker_polls_total'),
  ]);
  return (atMs, suspendAfterMs) => {
    // Whole blocks: in the one of now there may have been nobody yet.
    const { startMs, endMs } = stretchBefore(atMs, KEPT_MS, { isPast: true }, BLOCK_MS);
    const served = responses({ startMs, endMs }, atMs);
    const asked = polls({ startMs, endMs }, atMs);
    const idleMs = Math.max(BLOCK_MS, alignUp(suspendAfterMs, BLOCK_MS));
    const isBusy =
      total(served) > 0 && everyStretch(startMs, endMs, idleMs, (part) => total(responses(part, atMs)) >= 1);
    if (isBusy)
      return { keptBy: `requests ${rateText(perSecond(total(served), served), 'requests', 's')}`, isBusy };
    const families = new Map<string, number>();
    for (const { labels, increase } of asked) {
      const family = labels.family ?? 'workers';
      families.set(family, (families.get(family) ?? 0) + increase);
    }
    const often = [...families]
      .filter(([, count]) => count * suspendAfterMs >= KEPT_MS)
      .sort((a, b) => b[1] - a[1])
      .slice(0, NAMED)
      .map(([family, count]) => `${family} ${rateText(perSecond(count, asked), 'queries', 'min')}`);
    return { keptBy: often.length === 0 ? null : often.join(', '), isBusy };
  };
}

function total(sums: readonly { increase: number }[]): number {
  return sums.reduce((sum, { increase }) => sum + increase, 0);
}

/** Over the time that was covered at all. */
function perSecond(count: number, sums: readonly { coveredMs: number }[]): number | null {
  const coveredMs = Math.max(0, ...sums.map((sum) => sum.coveredMs));
  return coveredMs === 0 ? null : (count * SECOND_MS) / coveredMs;
}

function everyStretch(
  startMs: number,
  endMs: number,
  lengthMs: number,
  holds: (part: { startMs: number; endMs: number }) => boolean,
): boolean {
  for (let at = startMs; at + lengthMs <= endMs; at += lengthMs) {
    if (!holds({ startMs: at, endMs: at + lengthMs })) return false;
  }
  return true;
}
