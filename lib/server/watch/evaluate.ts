import 'server-only';
import type { Deploy, HeldClaim } from '@/lib/core/model/deploy.ts';
import type { ClaimVerdict, StateChange, WatchCheck, WatchRecord } from '@/lib/core/model/verdict.ts';
import { alignDown, alignUp, BLOCK_MS } from '@/lib/core/time/range.ts';
import { BASELINE_DAYS } from '@/lib/core/verdict/baseline.ts';
import { beforeSide, usualOver } from '@/lib/core/verdict/before-side.ts';
import { judgeClaim, unmeasurable } from '@/lib/core/verdict/judge.ts';
import type { ClaimTarget, JudgeInput } from '@/lib/core/verdict/judge-types.ts';
import { targetOf } from '@/lib/core/watch/claim-target.ts';
import { deployState } from '@/lib/core/watch/deploy-state.ts';
import { endOf } from '@/lib/core/watch/end-of-watch.ts';
import type { Guards } from '@/lib/core/watch/guard-types.ts';
import { tallyText } from '@/lib/core/watch/verdict-text.ts';
import type { Runtime } from '../runtime.ts';
import { readChecks } from './check-facts.ts';
import { readGuards, settledOf } from './guard-facts.ts';
import {
  type ClaimNumbers,
  cutBlocks,
  readClaimNumbers,
  readRequestBlocks,
  type Unmeasurable,
} from './numbers.ts';

/** The clock of a watch: its blocks, its settle time and its end. */
export interface WatchTimes {
  /** Start of the block that holds T₀, and end of the last block. */
  midMs: number;
  lastMs: number;
  originMs: number;
  endMs: number;
  /** Null while the deploy rolls. */
  settledMs: number | null;
}

/** What all looks of a watch up to `untilMs` are made of, read once. */
export interface WatchNumbers {
  times: WatchTimes;
  untilMs: number;
  claims: readonly { claim: HeldClaim; numbers: ClaimNumbers | Unmeasurable }[];
  requests: JudgeInput['requests'];
}

/** What one look at a watch finds. */
export type WatchLook = Pick<
  WatchRecord,
  'state' | 'provisional' | 'reason' | 'claims' | 'checks' | 'notChecked' | 'interruption'
>;

/** The clock of the watch of a deploy. */
export function timesOf(deploy: Deploy): WatchTimes {
  const endMs = endOf(deploy);
  return {
    midMs: alignDown(deploy.startMs, BLOCK_MS),
    lastMs: alignDown(endMs, BLOCK_MS),
    originMs: deploy.startMs,
    endMs,
    settledMs: settledOf(deploy),
  };
}

/** Claims that count. */
export function confirmedClaims({ claims }: Pick<Deploy, 'claims'>): readonly HeldClaim[] {
  return claims.filter(({ standing }) => standing === 'confirmed');
}

/** Reads the numbers of every claim that counts, up to `untilMs`. */
export async function readWatchNumbers(
  runtime: Runtime,
  deploy: Deploy,
  untilMs: number,
): Promise<WatchNumbers> {
  const span = { originMs: deploy.startMs, days: BASELINE_DAYS, untilMs };
  const known = new Map<string, ClaimNumbers | Unmeasurable>();
  const claims: { claim: HeldClaim; numbers: ClaimNumbers | Unmeasurable }[] = [];
  for (const claim of confirmedClaims(deploy)) {
    const { metric, labels } = claim;
    const key = JSON.stringify([metric, Object.entries(labels).sort()]);
    const numbers =
      known.get(key) ??
      (metric === null
        ? { unmeasurable: 'No metric is bound, so nothing measures it.' }
        : await readClaimNumbers(runtime, deploy, { metric, labels }, span));
    known.set(key, numbers);
    claims.push({ claim, numbers });
  }
  const requests = await readRequestBlocks(runtime, deploy, span);
  return { times: timesOf(deploy), untilMs, claims, requests };
}

/**
 * The watch as it stood when the block before `asOfMs` was over: from what was stored up to then alone, so that a look of
 * the past gives what it gave then. `kept`: the checklist of the look before.
 */
export async function lookAt(
  runtime: Runtime,
  deploy: Deploy,
  read: WatchNumbers,
  asOfMs: number,
  kept: readonly WatchCheck[],
): Promise<WatchLook> {
  const { times, untilMs } = read;
  const requests = cutRequests(read.requests, times.midMs, asOfMs);
  const told: Told[] = [];
  for (const { claim, numbers } of read.claims) {
    told.push(await tellClaim(runtime, deploy, claim, numbers, { read, requests, asOfMs }));
  }
  const guards = told.flatMap((one) => one.guards ?? []);
  const verdicts = Object.fromEntries(told.map(({ claim, verdict }) => [claim.id, verdict]));
  const { settledMs, endMs } = times;
  return {
    ...deployState(told, asOfMs >= times.lastMs),
    claims: verdicts,
    checks: await readChecks(runtime, deploy, { asOfMs, untilMs, settledMs, endMs, verdicts, kept }),
    notChecked: uniqueOf(guards.flatMap(({ notChecked }) => notChecked)),
    interruption: firstOf(guards),
  };
}

interface Told {
  claim: HeldClaim;
  verdict: ClaimVerdict;
  target: ClaimTarget | null;
  guards: Guards | null;
}

async function tellClaim(
  runtime: Runtime,
  deploy: Deploy,
  claim: HeldClaim,
  numbers: ClaimNumbers | Unmeasurable,
  { read, requests, asOfMs }: { read: WatchNumbers; requests: JudgeInput['requests']; asOfMs: number },
): Promise<Told> {
  const untold = (why: string): Told => ({
    ...{ claim, target: null, guards: null },
    verdict: unmeasurable(why),
  });
  if ('unmeasurable' in numbers) return untold(numbers.unmeasurable);
  const { times, untilMs } = read;
  const { backfilledStepMs, midMs } = numbers;
  const blocks = cutBlocks(numbers.blocks, midMs, asOfMs);
  const side = beforeSide({ blocks, backfilledStepMs, isWeekend: null, startMs: midMs });
  const usual = usualOver(side, (times.lastMs - midMs) / BLOCK_MS);
  const target = targetOf(claim, { usual });
  if ('why' in target) return untold(target.why);
  const { originMs, settledMs } = times;
  const guards = await readGuards(
    runtime,
    deploy,
    claim,
    { ...numbers, blocks },
    { asOfMs, settledMs, untilMs },
  );
  const judged = judgeClaim({
    ...{ target, blocks, requests, originMs, asOfMs, backfilledStepMs },
    // Nothing counts while it rolls.
    settledMs: settledMs ?? Number.POSITIVE_INFINITY,
    endMs: times.lastMs,
    isWeekend: null,
    // Before a block counts there is nothing to freeze, and what is on its way is no fault yet.
    spans: hasBegun(settledMs, asOfMs) ? guards.spans : [],
    quiet: guards.quiet,
    caps: [...numbers.caps, ...guards.caps],
  });
  return {
    ...{ claim, target, guards },
    verdict: withoutMet(judged.verdict, guards.noMet),
  };
}

/** Whether a block that counts is over: one that began after the settle time. */
function hasBegun(settledMs: number | null, asOfMs: number): boolean {
  return settledMs !== null && asOfMs >= alignUp(settledMs, BLOCK_MS) + BLOCK_MS;
}

/** Where something keeps a claim from being met at all it is on track at best. */
function withoutMet(verdict: ClaimVerdict, noMet: string | null): ClaimVerdict {
  if (noMet === null || (verdict.state !== 'met' && verdict.state !== 'mostly_met')) return verdict;
  return {
    ...verdict,
    state: 'on_track',
    provisional: true,
    decidedAtMs: null,
    why: `${verdict.why} No more than on track: ${noMet}.`,
  };
}

function cutRequests(
  requests: JudgeInput['requests'],
  midMs: number,
  asOfMs: number,
): JudgeInput['requests'] {
  const length = Math.max(0, (asOfMs - midMs) / BLOCK_MS);
  return requests === null || requests.after.length <= length
    ? requests
    : { before: requests.before, after: requests.after.slice(0, length) };
}

/** Each once, for all claims together. */
function uniqueOf(found: WatchRecord['notChecked']): WatchRecord['notChecked'] {
  return found.filter(
    (one, i) => found.findIndex(({ guard, why }) => guard === one.guard && why === one.why) === i,
  );
}

function firstOf(guards: readonly Guards[]): WatchRecord['interruption'] {
  const cuts = guards.flatMap(({ interruption }) => interruption ?? []);
  return cuts.toSorted((a, b) => a.atMs - b.atMs)[0] ?? null;
}

/** What changed between two looks, each claim first and then the whole, with the evidence of the later one. */
export function changesBetween(
  before: Pick<WatchRecord, 'claims' | 'state' | 'provisional' | 'reason'> | null,
  after: WatchLook,
  atMs: number,
): StateChange[] {
  const changes: StateChange[] = [];
  for (const [claimId, verdict] of Object.entries(after.claims)) {
    const was = before !== null && Object.hasOwn(before.claims, claimId) ? before.claims[claimId] : undefined;
    changes.push(...changeOf(claimId, was ?? null, verdict, verdict.why, atMs));
  }
  return [...changes, ...changeOf(null, before, after, wholeWords(after), atMs)];
}

type Standing = Pick<ClaimVerdict, 'state' | 'provisional' | 'reason'>;

function changeOf(
  claimId: string | null,
  was: Standing | null,
  is: Standing,
  evidence: string,
  atMs: number,
): StateChange[] {
  const { state: to, provisional, reason } = is;
  // Every watch begins by settling.
  if (was === null ? to === 'settling' : same(was, is)) return [];
  return [{ atMs, claimId, from: was?.state ?? null, to, provisional, reason, evidence }];
}

function same(a: Standing, b: Standing): boolean {
  return a.state === b.state && a.provisional === b.provisional && a.reason === b.reason;
}

/** `2 met, 1 on track.` */
function wholeWords({ claims }: WatchLook): string {
  return `${tallyText(Object.values(claims).map(({ state }) => state))}.`;
}
