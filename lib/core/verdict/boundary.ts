import { normalPdf, normalUpperTail } from './distributions.ts';

/** Blocks of a watch of 24 h, and of its first look after 15 min. */
export const WATCH_BLOCKS = 288;
export const FIRST_LOOK_BLOCKS = 3;
/** Blocks of the trailing window of 2 h, and how many of them a watch has. */
export const TRAILING_BLOCKS = 24;
export const TRAILING_WINDOWS = WATCH_BLOCKS / TRAILING_BLOCKS;

/**
 * Constant c of the interval that holds at every look from n₀ to N (method 3.4, Siegmund's approximation for repeated
 * significance tests): φ(c)·[(c − 1/c)·ln(N/n₀) + 4/c] = α. `alpha` is two-sided; `lookRatio` is N/n₀ > 1.
 */
export function peekingBoundary(alpha: number, lookRatio = WATCH_BLOCKS / FIRST_LOOK_BLOCKS): number {
  const logRatio = Math.log(lookRatio);
  return solveFalling((c) => normalPdf(c) * ((c - 1 / c) * logRatio + 4 / c), alpha);
}

/**
 * Constant c of a moving window of length L that slides over T (method 3.7): 2φ(c)·c·T/L + 2(1 − Φ(c)) = α. For 2 h in
 * 24 h: 3.62 at α = .05, 4.07 at α = .01.
 */
export function trailingBoundary(alpha: number, windows = TRAILING_WINDOWS): number {
  return solveFalling((c) => 2 * normalPdf(c) * c * windows + 2 * normalUpperTail(c), alpha);
}

/** Both formulas fall from c = 1.5 on, where each is far above any α in use. */
function solveFalling(f: (c: number) => number, target: number): number {
  let low = 1.5;
  let high = 12;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (f(middle) > target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
