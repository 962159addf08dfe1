/**
 * What a claim promises of a number, as a ratio to what was expected. `change`: it comes to `ratio` of it. `guard`: it
 * does not rise (or fall) by more than a margin. `improve`: it gets better, nobody said by how much.
 */
export type ClaimPromise =
  | { kind: 'change'; ratio: number }
  | { kind: 'guard'; against: 'rise' | 'fall'; margin: number; floorRatio: number | null }
  | { kind: 'improve'; toward: 'down' | 'up' };

/** Margin of "must not increase" where none was said. */
export const GUARD_MARGIN = 0.1;
/** An improvement without a number must come to this at least. */
export const LEAST_IMPROVEMENT = 0.02;
/** Tolerances of method 3.5: of the level, and of the promised change. */
const LEVEL_TOLERANCE = 1.25;
const CHANGE_TOLERANCE = 0.05;
/** Mostly met proves this share of the promised change. */
const MOSTLY_SHARE = 0.9;

/** Limits of a claim on the logarithm of the ratio. `down`: kept at or below; `up`: kept at or above. */
export interface Limits {
  direction: 'down' | 'up';
  /** b: the whole interval on its good side is *met*. */
  met: number;
  /** The whole interval on its good side proves 90 % of the promised change; null where no amount was promised. */
  mostly: number | null;
  /** Half of the promise on the logarithm; null where no amount was promised. */
  half: number | null;
  /** The estimate itself must come this far; null where the interval says it all. */
  least: number | null;
  /** The whole interval beyond it is *worse*: the wrong way by more than the margin. */
  worse: number;
}

/** A promised ratio that changes something and can be proven on logarithms: above 0 and not 1. */
export function isProvableRatio(ratio: number): boolean {
  return Number.isFinite(ratio) && ratio > 0 && ratio !== 1;
}

/** Highest ratio that keeps a promised fall to R*: min(1.25·R*, R* + 0.05·(1 − R*)). */
export function downLimit(ratio: number): number {
  return Math.min(LEVEL_TOLERANCE * ratio, ratio + CHANGE_TOLERANCE * (1 - ratio));
}

/** Lowest ratio that keeps a promised rise to R*: max(R* ÷ 1.25, R* − 0.05·(R* − 1)). */
export function upLimit(ratio: number): number {
  return Math.max(ratio / LEVEL_TOLERANCE, ratio - CHANGE_TOLERANCE * (ratio - 1));
}

/**
 * Limits of a promise (method 3.5); null for a promised ratio of 0 (the count route's), of 1 (no change) or none at all.
 * R = 1 is never met for a promised change, and met always is mostly met.
 */
export function limitsOf(promise: ClaimPromise): Limits | null {
  switch (promise.kind) {
    case 'change':
      return isProvableRatio(promise.ratio) ? changeLimits(promise.ratio) : null;
    case 'guard':
      return guardLimits(promise.against, promise.margin, promise.floorRatio);
    case 'improve': {
      const isDown = promise.toward === 'down';
      return {
        direction: promise.toward,
        met: 0,
        mostly: null,
        half: null,
        least: Math.log(isDown ? 1 - LEAST_IMPROVEMENT : 1 + LEAST_IMPROVEMENT),
        worse: wrongWay(promise.toward),
      };
    }
    default:
      return promise satisfies never;
  }
}

/** The wrong way by more than the margin, for a claim whose right way is `direction`. */
function wrongWay(direction: Limits['direction']): number {
  return Math.log(direction === 'down' ? 1 + GUARD_MARGIN : 1 - GUARD_MARGIN);
}

function changeLimits(ratio: number): Limits {
  const direction = ratio < 1 ? 'down' : 'up';
  return {
    direction,
    met: Math.log(direction === 'down' ? downLimit(ratio) : upLimit(ratio)),
    mostly: Math.log(1 + MOSTLY_SHARE * (ratio - 1)),
    half: Math.log(ratio) / 2,
    least: null,
    worse: wrongWay(direction),
  };
}

/** An absolute floor widens a guard: a rise to a level that nobody minds is no rise. */
function guardLimits(against: 'rise' | 'fall', margin: number, floorRatio: number | null): Limits {
  const allowed =
    against === 'rise'
      ? Math.max(1 + margin, floorRatio ?? 0)
      : Math.min(1 - margin, floorRatio ?? Number.POSITIVE_INFINITY);
  const met = Math.log(allowed);
  return {
    direction: against === 'rise' ? 'down' : 'up',
    met,
    mostly: null,
    half: null,
    least: null,
    worse: met,
  };
}

/** An interval of the logarithm of the ratio, and its estimate. */
export interface LogInterval {
  low: number;
  high: number;
  estimate: number;
}

/** Whether a value lies on the good side of a limit, the limit itself with it. */
export function keeps(direction: Limits['direction'], value: number, limit: number): boolean {
  return direction === 'down' ? value <= limit : value >= limit;
}

/** The end of an interval that is furthest from what was promised, and the one nearest to it. */
export function endsOf(
  direction: Limits['direction'],
  { low, high }: Pick<LogInterval, 'low' | 'high'>,
): { bad: number; good: number } {
  return direction === 'down' ? { bad: high, good: low } : { bad: low, good: high };
}

/** Whether the whole interval keeps the promise. */
export function isMet({ direction, met, least }: Limits, interval: LogInterval): boolean {
  return (
    keeps(direction, endsOf(direction, interval).bad, met) &&
    (least === null || keeps(direction, interval.estimate, least))
  );
}

/**
 * Whether most of a promised change is proven: 90 % of it by the whole interval, or, at the end of the watch only, the
 * estimate reaches the limit and half of the promise is proven on the logarithm.
 */
export function isMostlyMet(limits: Limits, interval: LogInterval, isEnd: boolean): boolean {
  const { direction, met, mostly, half } = limits;
  if (mostly === null || half === null) return false;
  const { bad } = endsOf(direction, interval);
  if (keeps(direction, bad, mostly)) return true;
  return isEnd && keeps(direction, interval.estimate, met) && keeps(direction, bad, half);
}

/** Whether the whole interval lies beyond the limit, so that the promise is not kept. */
export function isMissed({ direction, met }: Limits, interval: LogInterval): boolean {
  return !keeps(direction, endsOf(direction, interval).good, met);
}

/** Whether the whole interval goes the wrong way by more than the margin. */
export function isWorse({ direction, worse }: Limits, interval: LogInterval): boolean {
  return !keeps(direction, endsOf(direction, interval).good, worse);
}

/** Share of the promised change that the whole interval proves, 0–1; null where no amount was promised. */
export function provenShare(promise: ClaimPromise, limits: Limits, interval: LogInterval): number | null {
  if (promise.kind !== 'change') return null;
  const proven = Math.exp(endsOf(limits.direction, interval).bad) - 1;
  return Math.min(1, Math.max(0, proven / (promise.ratio - 1)));
}
