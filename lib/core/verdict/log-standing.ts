import type { Baseline } from './baseline.ts';
import { type ClaimStanding, standingsOf } from './claim-state.ts';
import { type Look, type WatchBlocks, walkLooks } from './interval.ts';
import type { Limits } from './limits.ts';
import type { ResolvedPromise } from './promise.ts';
import type { RouteLook, RouteLooks } from './route-look.ts';
import type { SumTrack } from './sum-track.ts';

export interface LogStandingInput {
  baseline: Baseline;
  resolved: ResolvedPromise;
  limits: Limits;
  watch: WatchBlocks;
  /** Null for a gauge. */
  sums: SumTrack | null;
  watchBlocks: number;
  isOver: boolean;
}

/** Where a claim stands at each look by intervals of logarithms; `seen` are the looks themselves. */
export function logStandings(input: LogStandingInput): RouteLooks & { seen: readonly Look[] } {
  const { baseline, resolved, limits, watch, sums, watchBlocks, isOver } = input;
  const seen = walkLooks(baseline, watch);
  const { running, end } = standingsOf(
    {
      baseline,
      promise: resolved.promise,
      looks: seen,
      watchBlocks,
      isOver,
      deviations: watch.deviations,
      sums,
    },
    limits,
  );
  const last = seen.at(-1);
  return {
    seen,
    looks: seen.flatMap((look, i) => {
      const standing = running[i];
      return standing === undefined ? [] : routeLook(look, standing);
    }),
    end: end === null || last === undefined ? null : routeLook(last, end),
  };
}

function routeLook(look: Look, standing: ClaimStanding): RouteLook {
  const percent = (log: number) => 100 * Math.expm1(log);
  const { state, isProvisional, sinceBlocks, interval, provenShare } = standing;
  return {
    atBlocks: look.atBlocks,
    n: look.n,
    state,
    isProvisional,
    sinceBlocks,
    effectPct: percent(look.estimate),
    interval: interval === null ? null : [percent(interval.low), percent(interval.high)],
    provenShare,
  };
}
