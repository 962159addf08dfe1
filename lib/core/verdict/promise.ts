import type { ClaimTarget } from './judge-types.ts';
import { type ClaimPromise, isProvableRatio } from './limits.ts';

/** A number without single events that should come to 0 has come there at this share of what was usual. */
export const NOTHING_SHARE = 0.001;
/** A margin of everything would leave no limit. */
const LARGEST_MARGIN = 0.999;
/** What the summary says of before may differ from what was measured by this much. */
const STATED_TOLERANCE = 0.25;

/** A promise held against what is usual. */
export interface ResolvedPromise {
  promise: ClaimPromise;
  /** The level that was promised, per second; null where a ratio was. */
  level: number | null;
  /** The summary promises a change to a level at which the number already was: what is kept is no change. */
  alreadyThere: boolean;
}

/**
 * What a target promises as a ratio of what is usual (the mean over the clock times of the watch). A level on whose good
 * side the number already is becomes a guard. Null where it promises nothing that could be told.
 */
export function resolvePromise(
  { promise, level, statedBefore }: ClaimTarget,
  usual: number | null,
  countsEvents: boolean,
): ResolvedPromise | null {
  if (level === null) {
    if (promise === null || !isPromise(promise)) return null;
    return { promise: withoutEvents(promise, countsEvents), level: null, alreadyThere: false };
  }
  if (level.value < 0 || !Number.isFinite(level.value) || usual === null || usual < 0) return null;
  const ratio = usual === 0 ? Number.POSITIVE_INFINITY : level.value / usual;
  const isDown = level.direction === 'down';
  const alreadyThere =
    statedBefore !== null && (isDown ? level.value < statedBefore : level.value > statedBefore);
  if (isDown && (ratio >= 1 || usual === 0)) {
    const margin = Number.isFinite(ratio) ? ratio - 1 : 0;
    return {
      promise: { kind: 'guard', against: 'rise', margin, floorRatio: null },
      level: level.value,
      alreadyThere,
    };
  }
  if (!isDown && ratio <= 1) {
    const margin = Math.min(LARGEST_MARGIN, 1 - ratio);
    return {
      promise: { kind: 'guard', against: 'fall', margin, floorRatio: null },
      level: level.value,
      alreadyThere,
    };
  }
  return {
    promise: withoutEvents({ kind: 'change', ratio }, countsEvents),
    level: level.value,
    alreadyThere: false,
  };
}

function isPromise(promise: ClaimPromise): boolean {
  return promise.kind !== 'change' || promise.ratio === 0 || isProvableRatio(promise.ratio);
}

/** What counts no events has no route for 0: a thousandth of the usual is as good as none. */
function withoutEvents(promise: ClaimPromise, countsEvents: boolean): ClaimPromise {
  return !countsEvents && promise.kind === 'change' && promise.ratio < NOTHING_SHARE
    ? { kind: 'change', ratio: NOTHING_SHARE }
    : promise;
}

/** What the summary says of before against what was measured, as a ratio; null where they agree, or one is not known. */
export function statedBeforeOff({ statedBefore }: ClaimTarget, usual: number | null): number | null {
  if (statedBefore === null || statedBefore <= 0 || usual === null || usual <= 0) return null;
  const ratio = statedBefore / usual;
  return Math.abs(ratio - 1) > STATED_TOLERANCE ? ratio : null;
}
