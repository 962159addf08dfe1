import 'server-only';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SeriesFact } from '@/lib/core/alerts/facts/series.ts';
import { type FoundStep, findSteps, type StepCandidate } from '@/lib/core/detect/found-step.ts';
import { DRIFT_REACH_MS } from '@/lib/core/detect/rate-look.ts';
import type { ClaimedLevel } from '@/lib/core/detect/stall.ts';
import type { DeployLine } from '@/lib/core/model/deploy.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { BLOCK_MS, DAY_MS, MINUTE_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { historyRevision } from '../../queries/history.ts';
import { type ClaimStanding, holds, mayCome, readStandings } from './claims.ts';
import type { FactDeps, FactQuestion, FactReader } from './fact-reader.ts';
import { lazyFact } from './lazy-fact.ts';
import { type FineCounts, readFine } from './series-fine.ts';
import { FINE_REACH_MS, looksAt, noLooks } from './series-look.ts';
import { ratesAt } from './series-rates.ts';
import { readRow, readRowNow, type SeriesRow } from './series-row.ts';
import { topNow, topOf } from './series-top.ts';
import { originMsOf, stallAt, type UsualQuestion, usualAt, usualKey } from './series-usual.ts';
import { type Watched, watchedIn } from './series-watched.ts';

/**
 * What detectors see in the watched series of a scope.
 *
 * What is expected: the 14 days before the last midnight (UTC) are the baseline of a day. A deploy of those days that moved
 * a series moves all that lies before it, so that days before and after compare; one of today moves what is expected now.
 * A step counts as soon as a claim on the series is on track or met (a promised fall is no alarm, and a return from it is
 * one), and without a claim once it has stood for hours and is for the better. What got worse unclaimed stays an alarm
 * until the baseline itself has taken it in. Until a promised fall is seen, a silence is held against the promised level.
 *
 * Redis suspended: its own series tell nothing meanwhile, and those blocks are in no baseline.
 */
export const readSeriesFacts: FactReader<readonly SeriesFact[]> = async (question) => {
  const { deps, scope, times } = question;
  const watched = watchedIn(deps, scope);
  const standingAt = await readStandings(question);
  const deploys = await readDeploys(deps, scope, times);
  const all = await Promise.all(watched.map((one) => readNumbers(question, one)));
  const requests = all.find((one) => one.watched.series === 'requests') ?? null;
  const tellers: { watched: Watched; tell: (atMs: number) => SeriesFact }[] = [];
  for (const numbers of all) {
    const tell = await tellerOf(question, { numbers, requests, deploys, standingAt });
    tellers.push({ watched: numbers.watched, tell });
  }
  // A walk over the past pays for the series that its rule asks for; of now a fault shows at once.
  if (!question.isPast) return (atMs) => tellers.map(({ tell }) => tell(atMs));
  return (atMs) => tellers.map(({ watched: one, tell }) => lazyFact(one, () => tell(atMs)));
};

interface Numbers {
  watched: Watched;
  row: SeriesRow | null;
  fine: FineCounts | null;
}

async function readNumbers({ deps, scope, times, isPast }: FactQuestion, watched: Watched): Promise<Numbers> {
  const read = isPast ? readRow : readRowNow;
  const row = await read(deps, scope, watched, originMsOf(times.startMs), times.endMs);
  const range = { startMs: times.startMs - FINE_REACH_MS, endMs: times.endMs };
  const fine = row === null || watched.isLevel ? null : await readFine(deps, row, range);
  return { watched, row, fine };
}

type DeployTimes = Pick<DeployLine, 'id' | 'startMs' | 'endMs'>;

/** Deploys that may have moved what is usual, oldest first. */
async function readDeploys({ deploys }: FactDeps, scope: Scope, times: TimeRange): Promise<DeployTimes[]> {
  const all = (await deploys?.list(scope)) ?? [];
  return all
    .filter(({ startMs }) => startMs > times.startMs - BASELINE_MS && startMs <= times.endMs)
    .slice(-MOST_DEPLOYS);
}

const BASELINE_MS = 15 * DAY_MS;
/** Where people deploy more often than that, no step of a single one stands for hours. */
const MOST_DEPLOYS = 60;
const SETTLE_MS = 5 * MINUTE_MS;

interface Around {
  numbers: Numbers;
  requests: Numbers | null;
  deploys: readonly DeployTimes[];
  standingAt: (atMs: number) => readonly ClaimStanding[];
}

async function tellerOf(
  question: FactQuestion,
  { numbers, requests, deploys, standingAt }: Around,
): Promise<(atMs: number) => SeriesFact> {
  const { deps, scope, times, isPast } = question;
  const { watched, row, fine } = numbers;
  if (row === null) return () => noLooks(watched);
  const suspended =
    deps.modes?.suspended(scope, { startMs: row.startMs, endMs: times.endMs }, times.endMs) ?? [];
  const usualQuestion: UsualQuestion = {
    key: usualKey(scope, watched.series, historyRevision(deps)),
    ...{ watched, row, suspended },
    requests: requests?.row ?? null,
  };
  const stepsAt = rememberLast((until: number, claimed: readonly string[]) =>
    findSteps(row.logs, candidatesOf(row, deploys, claimed), until, watched.way),
  );
  const originOf = (atMs: number) => Math.max(0, (originMsOf(atMs) - row.startMs) / BLOCK_MS);
  const atTime = (atMs: number) => {
    const standings = standingAt(atMs).filter(({ series }) => series === watched.series);
    const until = Math.floor((atMs - row.startMs) / BLOCK_MS);
    const known = deploys.filter(({ startMs }) => startMs <= atMs);
    const claimed = standings.filter(holds).map(({ deployId }) => deployId);
    const steps = watched.isRare || known.length === 0 ? [] : stepsAt(until, claimed);
    const origin = originOf(atMs);
    return {
      origin,
      before: steps.filter(({ at }) => at <= origin),
      since: steps.filter(({ at }) => at > origin),
      movedAt:
        steps.length === 0 ? null : Math.max(...steps.map(({ at, settleBlocks }) => at + settleBlocks)),
      claimed: promisedOf(standings, steps, row, atMs),
    };
  };
  const tops = await readTops(question, usualQuestion, (atMs) => atTime(atMs).before);
  const topAt = (origin: number, before: readonly FoundStep[]) => {
    if (isPast) return tops.get(origin) ?? null;
    return hasTop(watched) ? topNow(deps, usualQuestion, origin, before) : null;
  };
  // One series after the other: what is usual of a day takes some 30 ms to work out, and others wait to be served.
  const { origin, before } = atTime(times.endMs);
  usualAt(deps, usualQuestion, origin, before);
  await nextTurn();
  const asked = requests === null || requests.row === null || requests.fine === null ? null : requests;
  return (atMs) => {
    if (watched.isRedis && isWithin(suspended, atMs)) return noLooks(watched);
    const { origin, before, since, movedAt, claimed } = atTime(atMs);
    const usual = usualAt(deps, usualQuestion, origin, before);
    const deployAt = latestOf(deploys, row, atMs);
    const rates = {
      key: usualQuestion.key,
      watched,
      row,
      usual,
      origin,
      steps: since,
      movedAt,
      deployAt,
      atMs,
    };
    return looksAt({
      ...{ watched, row, fine, usual, origin, steps: since, atMs },
      requests: asked?.row && asked.fine ? { row: asked.row, fine: asked.fine } : null,
      stall: stallAt(deps, usualQuestion, origin, before, claimed),
      top: topAt(origin, before),
      rates: ratesAt(deps, rates),
    });
  };
}

/** What was usual at the top on each day of the past that is walked; of now it is read in the background. */
async function readTops(
  { deps, times, isPast }: FactQuestion,
  usual: UsualQuestion,
  stepsOf: (atMs: number) => readonly FoundStep[],
) {
  const tops = new Map<number, Awaited<ReturnType<typeof topOf>>>();
  if (!isPast || !hasTop(usual.watched)) return tops;
  for (let dayMs = originMsOf(times.startMs); dayMs <= times.endMs; dayMs += DAY_MS) {
    const origin = Math.max(0, (dayMs - usual.row.startMs) / BLOCK_MS);
    tops.set(origin, await topOf(deps, usual, origin, stepsOf(Math.max(dayMs, times.startMs))));
  }
  return tops;
}

function hasTop({ isRare, isLevel }: Watched): boolean {
  return !isRare && !isLevel;
}

function isWithin(spans: readonly TimeRange[], atMs: number): boolean {
  return spans.some(({ startMs, endMs }) => atMs >= startMs - BLOCK_MS && atMs <= endMs + BLOCK_MS);
}

/** Deploys as places in the row; one that still rolls has no level yet. */
function candidatesOf(
  row: SeriesRow,
  deploys: readonly DeployTimes[],
  claimed: readonly string[],
): StepCandidate[] {
  return deploys.flatMap(({ id, startMs, endMs }) => {
    const at = Math.floor((startMs - row.startMs) / BLOCK_MS);
    if (endMs === null || at <= 0) return [];
    const settled = Math.ceil((endMs + SETTLE_MS - row.startMs) / BLOCK_MS);
    return [{ at, settleBlocks: Math.max(1, settled - at), isClaimed: claimed.includes(id) }];
  });
}

/** Block in which the latest deploy of the last two days had settled; null without one. */
function latestOf(deploys: readonly DeployTimes[], row: SeriesRow, atMs: number): number | null {
  const latest = deploys.findLast(({ startMs, endMs }) => endMs !== null && startMs <= atMs);
  if (latest === undefined || latest.endMs === null || atMs - latest.startMs > DRIFT_REACH_MS) return null;
  const at = Math.ceil((latest.endMs + SETTLE_MS - row.startMs) / BLOCK_MS);
  return at < 0 ? null : at;
}

/** The lowest level that a running watch promises, as long as the step to it is not seen yet; else what the steps left. */
function promisedOf(
  standings: readonly ClaimStanding[],
  steps: readonly FoundStep[],
  row: SeriesRow,
  atMs: number,
): ClaimedLevel | null {
  const since = steps.filter(({ at }) => row.startMs + at * BLOCK_MS > originMsOf(atMs));
  const open = standings
    .filter((one) => atMs < one.endMs && mayCome(one))
    .flatMap(({ claimed }) => claimed ?? []);
  const ratio = Math.exp(since.reduce((sum, { log }) => sum + log, 0));
  const promised = open.flatMap((one) => ('ratio' in one ? one.ratio : []));
  const level = open.flatMap((one) => ('perSecond' in one ? one.perSecond : []));
  if (level.length > 0) return { perSecond: Math.min(...level) };
  const lowest = Math.min(ratio, ...promised);
  return lowest < 1 ? { ratio: lowest } : null;
}

/** Gives again what it gave last where it is asked the same. */
function rememberLast(
  make: (until: number, claimed: readonly string[]) => FoundStep[],
): (until: number, claimed: readonly string[]) => FoundStep[] {
  let last: { key: string; steps: FoundStep[] } | null = null;
  return (until, claimed) => {
    const key = JSON.stringify([until, claimed]);
    if (last?.key !== key) last = { key, steps: make(until, claimed) };
    return last.steps;
  };
}
