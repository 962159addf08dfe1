import type { ClaimView } from '../model/claim.ts';

/** Where the limit stands in every strip, as a share of its width. */
export const STRIP_LIMIT_AT = 0.64;

/** Where things stand on a strip: shares of its width, the promised zone right of the limit. */
export interface StripGeometry {
  /** The level before; `left` or `right` when it lies off the scale. */
  before: number | 'left' | 'right';
  /** Null while nothing was measured. */
  estimate: number | null;
  interval: { from: number; to: number } | null;
}

/** No drawn thing comes closer to an end than this. */
const EDGE = 0.015;
/** A limit this close to "unchanged" (as a log ratio) says nothing about scale; the interval then sets it. */
const NEAR = 0.3;
const BEFORE_AT = 0.03;
/** An interval narrower than this share can't be read; the scale is drawn larger, up to `MAX_ZOOM`. */
const READABLE = 0.18;
const MAX_ZOOM = 2.4;
/** A fall to nothing has no logarithm; it stands at the good end. */
const LEAST_RATIO = 1e-6;

/**
 * Log ratios to the level before, so that halving and doubling are equally wide; the good side is always on the right.
 * Null when there is nothing to compare: no level before, no promise, or one of zero.
 */
export function stripGeometry(
  claim: Pick<ClaimView, 'before' | 'promised' | 'effectPct' | 'interval'>,
): StripGeometry | null {
  const { before, promised, effectPct, interval } = claim;
  if (before === null || promised === null || !(before > 0) || !(promised.limit > 0)) return null;
  // Positive is better than the limit, in log steps.
  const isDown = promised.direction === 'atMost' || promised.direction === 'below';
  const limit = Math.log(promised.limit / before);
  const better = (logRatio: number) => (isDown ? limit - logRatio : logRatio - limit);
  const ofPercent = (pct: number) => better(Math.log(Math.max(LEAST_RATIO, 1 + pct / 100)));
  const unchanged = better(0);
  const ends = interval === null ? [] : interval.map(ofPercent);
  const worst = Math.min(...ends);
  const best = Math.max(...ends);
  const scale = ends.length === 0 ? scaleOf(unchanged, null) : scaleOf(unchanged, { worst, best });
  const at = (steps: number) => STRIP_LIMIT_AT + steps * scale;
  const clamped = (steps: number) => Math.min(1 - EDGE, Math.max(EDGE, at(steps)));
  const beforeAt = at(unchanged);
  return {
    before: beforeAt < EDGE - 1e-9 ? 'left' : beforeAt > 1 - EDGE + 1e-9 ? 'right' : beforeAt,
    estimate: effectPct === null ? null : clamped(ofPercent(effectPct)),
    interval: ends.length === 0 ? null : { from: clamped(worst), to: clamped(best) },
  };
}

/** Share of the width for one log step. */
function scaleOf(unchanged: number, span: { worst: number; best: number } | null): number {
  const left = STRIP_LIMIT_AT - BEFORE_AT;
  const right = 1 - STRIP_LIMIT_AT - 2 * EDGE;
  if (Math.abs(unchanged) > NEAR) {
    const whole = (unchanged < 0 ? left : right) / Math.abs(unchanged);
    if (span === null) return whole;
    const readable = READABLE / Math.max(1e-9, span.best - span.worst);
    // A larger scale must not push the interval out at the left.
    const fits = span.worst < 0 ? left / -span.worst : Number.POSITIVE_INFINITY;
    return Math.max(Math.min(whole, fits), Math.min(Math.max(whole, readable), whole * MAX_ZOOM, fits));
  }
  const worst = Math.min(unchanged, span?.worst ?? 0, -0.01);
  const best = Math.max(unchanged, span?.best ?? 0, 0.01);
  return Math.min(left / -worst, right / best);
}

/** Where the interval lies, in words, for people who do not see the strip. Null without one. */
export function stripWords(
  claim: Pick<ClaimView, 'before' | 'promised' | 'effectPct' | 'interval'>,
): string | null {
  const { before, promised, interval } = claim;
  if (before === null || promised === null || interval === null || !(before > 0)) return null;
  const isDown = promised.direction === 'atMost' || promised.direction === 'below';
  const [lo, hi] = interval.map((pct) => before * (1 + pct / 100));
  if (lo === undefined || hi === undefined) return null;
  const good = (value: number) => (isDown ? value <= promised.limit : value >= promised.limit);
  if (good(lo) && good(hi)) return 'the whole interval is inside what was promised';
  if (good(lo) || good(hi)) return 'the interval reaches across the limit';
  return 'the whole interval is outside what was promised';
}
