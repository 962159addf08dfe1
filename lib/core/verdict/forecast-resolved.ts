import { type BeforeSide, countedBefore, countsEvents } from './before-side.ts';
import { claimedDispersion } from './count-route.ts';
import { type ClaimForecast, forecastClaim } from './forecast.ts';
import type { ClaimBlocks } from './judge-types.ts';
import type { ResolvedPromise } from './promise.ts';

export interface ResolvedForecastInput {
  before: BeforeSide;
  /** The blocks that `before` was read from. */
  blocks: ClaimBlocks;
  resolved: ResolvedPromise;
  /** Length of the watch. */
  maxHours?: number;
  settleBlocks?: number;
}

/** What can be told of a promise that was held against what is usual, with all that its blocks say of rare events. */
export function forecastResolved({
  before,
  blocks,
  resolved: { promise, level },
  ...times
}: ResolvedForecastInput): ClaimForecast {
  const counted = countsEvents(blocks) ? countedBefore(blocks.before) : null;
  return forecastClaim({
    baseline: before.baseline,
    promise,
    ...times,
    ...(counted !== null && {
      dispersion: counted.dispersion,
      claimed: claimedDispersion(counted, promise),
    }),
    levelPerHour: level === null ? null : level * 3_600,
  });
}
