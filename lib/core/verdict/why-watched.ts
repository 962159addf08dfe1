import type { HeldState } from '../model/verdict.ts';
import { HOUR_MS } from '../time/range.ts';
import { BLOCKS_PER_DAY } from './baseline.ts';
import { countedBefore } from './before-side.ts';
import { shownWindow } from './count-steps.ts';
import { plannedHalfWidth } from './interval.ts';
import { keeps } from './limits.ts';
import { statedBeforeOff } from './promise.ts';
import { sumsAt, warmUpBlocks } from './sum-track.ts';
import type { Standing } from './timeline.ts';
import type { PerRequest } from './verdict-numbers.ts';
import type { Watched } from './watched.ts';
import { tellWhy, type WhyFacts } from './why.ts';
import { tellCantTell, tellStated } from './why-cant-tell.ts';

/** The sentences on a claim as it stands, from its watch. */
export function tellWatched(
  watched: Watched,
  { state, freeze, look }: Standing,
  more: { held: HeldState | null; requests: PerRequest | null; burstPct: number | null },
): string {
  const { route, input, before, isOver } = watched;
  if (freeze !== null || state === 'cant_tell') {
    if (route.kind === 'none' && freeze?.reason === route.reason) return route.why;
    const { evidence = null, reason = 'no_data' } = freeze ?? {};
    return tellCantTell(reason, { evidence, held: more.held, originMs: input.originMs });
  }
  if (route.kind === 'none') return route.why;
  if (route.kind === 'stated') {
    const tendency = state === 'on_track' || state === 'off_track' ? state : 'settling';
    return tellStated(tendency, watched.usual === 0);
  }
  const facts: WhyFacts = {
    state,
    isOver,
    promise: route.resolved.promise,
    effectPct: look?.effectPct ?? null,
    interval: look?.interval ?? null,
    provenShare: look?.provenShare ?? null,
    requests: more.requests,
    statedBeforeRatio: statedBeforeOff(input.target, watched.usual),
    alreadyThere: route.resolved.alreadyThere,
    baselineDays: before.baseline?.days ?? 0,
    isWeak: before.baseline?.isWeak ?? false,
    isBeyondDay: watched.atBlocks > BLOCKS_PER_DAY,
    ...(route.kind === 'logs' ? logFacts(watched, route, more.burstPct) : countFacts(watched, route)),
  };
  return tellWhy(facts);
}

type RouteFacts = Pick<WhyFacts, 'limitPct' | 'trailingPct' | 'burst' | 'atEndPct' | 'warmUpMs' | 'counted'>;

function logFacts(
  { before: { baseline }, sums, watchBlocks }: Watched,
  { limits, seen }: Extract<Watched['route'], { kind: 'logs' }>,
  burstPct: number | null,
): RouteFacts {
  const last = seen.at(-1);
  const limitPct = 100 * Math.expm1(limits.met);
  if (last === undefined || baseline === null) {
    return { limitPct, trailingPct: null, burst: null, atEndPct: null, warmUpMs: 0, counted: null };
  }
  const { direction, met } = limits;
  const told = sums === null ? null : sumsAt(sums, last.atBlocks, { direction, limit: met });
  const isBursty = told !== null && !told.keeps && keeps(direction, last.estimate, met);
  const noise = Math.max(0, last.n * (last.standardError ** 2 - baseline.placebo.varianceOf(last.n)));
  const ratio = isBursty ? worst(direction, told.cumulative, told.trailing) : null;
  return {
    limitPct,
    trailingPct: last.trailing === null ? null : 100 * Math.expm1(last.trailing.estimate),
    burst: ratio === null ? null : { sumsPct: 100 * (ratio - 1), burstPct },
    atEndPct: 100 * Math.expm1(plannedHalfWidth(baseline, Math.min(watchBlocks, BLOCKS_PER_DAY), noise)),
    warmUpMs: told?.warmUpMs ?? 0,
    counted: null,
  };
}

/** The sum that is furthest from what was promised. */
function worst(direction: 'down' | 'up', a: number | null, b: number | null): number | null {
  const known = [a, b].flatMap((ratio) => ratio ?? []);
  if (known.length === 0) return null;
  return direction === 'down' ? Math.max(...known) : Math.min(...known);
}

function countFacts(
  { input, blocks, offsetMs, settleBlocks }: Watched,
  { limits, seen }: Extract<Watched['route'], { kind: 'counts' }>,
): RouteFacts {
  const last = seen.at(-1);
  const rest = { limitPct: null, trailingPct: null, burst: null, atEndPct: null, warmUpMs: 0 };
  const none = { events: 0, hours: 0, usualEvents: 0, canTell: limits !== null };
  if (last === undefined || input.blocks.kind !== 'counts' || blocks.kind !== 'counts') {
    return { ...rest, counted: none };
  }
  const { counted } = countedBefore(input.blocks.before);
  const { warmUpMs, events, hours } = shownWindow(last, limits);
  const fromBlock = warmUpBlocks(warmUpMs, offsetMs, settleBlocks);
  const coveredMs = blocks.after.slice(fromBlock).reduce((sum, block) => sum + (block?.coveredMs ?? 0), 0);
  return {
    ...rest,
    warmUpMs,
    counted: {
      events,
      hours: coveredMs / HOUR_MS,
      usualEvents: counted.hours > 0 ? (counted.events / counted.hours) * hours : 0,
      canTell: limits !== null,
    },
  };
}
