import type { CantTellReason } from '../model/claim.ts';
import { BLOCK_MS } from '../time/range.ts';
import { type BeforeSide, countedBefore, countsEvents, levelsOf, logsOf } from './before-side.ts';
import { isUsable } from './blocks.ts';
import type { CountLimits } from './count-limits.ts';
import { routeOf } from './count-route.ts';
import { countStandings } from './count-standing.ts';
import type { CountLook } from './count-steps.ts';
import { deviationsOf, type Look } from './interval.ts';
import type { ClaimBlocks, ClaimTarget } from './judge-types.ts';
import { type Limits, limitsOf } from './limits.ts';
import { logStandings } from './log-standing.ts';
import { statedLimit, statedStandings } from './no-history.ts';
import { type ResolvedPromise, resolvePromise } from './promise.ts';
import type { RouteLooks } from './route-look.ts';
import type { SumTrack } from './sum-track.ts';

/** How a claim is told, chosen at T₀ and kept: what was measured after it plays no part in the choice. */
export type Route = RouteLooks &
  (
    | { kind: 'logs'; resolved: ResolvedPromise; limits: Limits; seen: readonly Look[] }
    | { kind: 'counts'; resolved: ResolvedPromise; limits: CountLimits | null; seen: readonly CountLook[] }
    | { kind: 'stated'; limit: number }
    | { kind: 'none'; reason: Extract<CantTellReason, 'no_baseline' | 'unmeasurable'>; why: string }
  );

export interface RouteInput {
  target: ClaimTarget;
  /** With what must not count taken out, the settle time too. */
  blocks: ClaimBlocks;
  before: BeforeSide;
  /** What is usual over the clock times of the watch; null where none of them was measured. */
  usual: number | null;
  /** Null for levels. */
  sums: SumTrack | null;
  settleBlocks: number;
  watchBlocks: number;
  /** T₀ after the start of the first block, ms. */
  offsetMs: number;
  isOver: boolean;
}

const NO_DAYS =
  'Nothing comparable was measured before the deploy, so there is nothing to hold it against; a first watch is no pass.';
const ALWAYS_ZERO = 'It was 0 all the time before the deploy, so no change of it can be put in percent.';
const NO_CHANGE = 'It promises no change that could be told.';

/** Tells a claim at every look of its watch, by the route that its baseline and its promise allow. */
export function takeRoute(input: RouteInput): Route {
  const { target, blocks, before, usual } = input;
  const { baseline } = before;
  if (baseline === null || usual === null) {
    if (target.level !== null) return statedRoute(input, target.level);
    return none('no_baseline', usual === 0 ? ALWAYS_ZERO : NO_DAYS);
  }
  const resolved = resolvePromise(target, usual, before.eventsPerBlock !== null);
  if (resolved === null) return none('unmeasurable', NO_CHANGE);
  const { settleBlocks, watchBlocks, offsetMs, isOver } = input;
  if (countsEvents(blocks) && routeOf(before.eventsPerBlock, resolved.promise) === 'counts') {
    const counted = countStandings({
      baseline,
      before: countedBefore(blocks.before),
      resolved,
      after: blocks.after,
      settleBlocks,
      watchBlocks,
      offsetMs,
      isOver,
    });
    return { kind: 'counts', resolved, ...counted };
  }
  const limits = limitsOf(resolved.promise);
  if (limits === null) return none('unmeasurable', NO_CHANGE);
  const logs = logsOf(blocks, 'after', before.step);
  const events = countsEvents(blocks)
    ? blocks.after.map((block) => (isUsable(block) ? (block.increase * BLOCK_MS) / block.coveredMs : null))
    : null;
  const told = logStandings({
    baseline,
    resolved,
    limits,
    watch: { deviations: deviationsOf(logs, baseline.expected), events },
    sums: input.sums,
    watchBlocks,
    isOver,
  });
  return { kind: 'logs', resolved, limits, ...told };
}

function statedRoute({ target, blocks }: RouteInput, level: NonNullable<ClaimTarget['level']>): Route {
  const { statedBefore } = target;
  return {
    kind: 'stated',
    limit: statedLimit({ level, statedBefore }),
    ...statedStandings({ level, statedBefore, levels: levelsOf(blocks, 'after') }),
  };
}

function none(reason: Extract<CantTellReason, 'no_baseline' | 'unmeasurable'>, why: string): Route {
  return { kind: 'none', reason, why, looks: [], end: null };
}
