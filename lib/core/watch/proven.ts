import { FIRST_LOOK_BLOCKS, WATCH_BLOCKS } from '../verdict/boundary.ts';
import { normalPdf, normalQuantile, studentUpperTail } from '../verdict/distributions.ts';
import { limitsOf } from '../verdict/limits.ts';
import { isAnyProven } from '../verdict/many-claims.ts';
import { resolvePromise } from '../verdict/promise.ts';
import { CLAIM_ALPHA, cumulativeMultiple } from '../verdict/quantiles.ts';
import type { StandingClaim } from './deploy-state.ts';

/**
 * Whether failed claims stand when it is counted how many claims were looked at: with ten of them one fails by chance in
 * a deploy that did no harm. `failed` are those of `count` claims whose intervals lie beyond their limits.
 */
export function areAnyProven(failed: readonly StandingClaim[], count: number): boolean {
  const others = Array.from({ length: Math.max(0, count - failed.length) }, () => 1);
  return isAnyProven([...failed.map(failureProbability), ...others], CLAIM_ALPHA);
}

/**
 * Smallest error at which the interval of a failed claim still lies beyond its limit at every look, 0–1. 0 where it was
 * told by counting, or its interval is none: those rules have an error of their own.
 */
export function failureProbability({ verdict, target }: StandingClaim): number {
  const { interval, effectPct, before, baseline, state } = verdict;
  if (interval === null || effectPct === null || target === null) return 0;
  const promise = resolvePromise(target, before, true)?.promise ?? null;
  const limits = promise === null ? null : limitsOf(promise);
  if (limits === null) return 0;
  const [low, high, estimate] = [interval[0], interval[1], effectPct].map((percent) =>
    Math.log1p(percent / 100),
  );
  if (low === undefined || high === undefined || estimate === undefined) return 0;
  const isDown = limits.direction === 'down';
  const limit = state === 'worse' ? limits.worse : limits.met;
  const distance = isDown ? estimate - limit : limit - estimate;
  const reach = isDown ? estimate - low : high - estimate;
  if (!(reach > 0) || !Number.isFinite(distance)) return 0;
  const freedom = Math.max(1, baseline.days - 1);
  const multiple = cumulativeMultiple(freedom) * (distance / reach);
  return peekingError(-normalQuantile(studentUpperTail(multiple, freedom)));
}

/** α of the boundary constant c, the other way round than `peekingBoundary`. */
function peekingError(c: number): number {
  if (Number.isNaN(c) || c <= 1.5) return 1;
  if (!Number.isFinite(c)) return 0;
  const looks = Math.log(WATCH_BLOCKS / FIRST_LOOK_BLOCKS);
  return Math.min(1, normalPdf(c) * ((c - 1 / c) * looks + 4 / c));
}
