import { betaShare, gammaShares, logGamma } from './special-functions.ts';

/** Newton's steps at most, and the relative step at which it stops. */
const MAX_STEPS = 100;
const CLOSE = 1e-13;

/** Density of the standard normal. */
export function normalPdf(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}

/** P(Z > z), exact in the far tail too. */
export function normalUpperTail(z: number): number {
  const above = 0.5 * gammaShares(0.5 * z * z, 0.5).above;
  return z >= 0 ? above : 1 - above;
}

/** P(Z ≤ z). */
export function normalCdf(z: number): number {
  return normalUpperTail(-z);
}

/** z with P(Z ≤ z) = p, for 0 < p < 1. */
export function normalQuantile(p: number): number {
  if (p === 0.5) return 0;
  if (p > 0.5) return -normalQuantile(1 - p);
  return -solveTail(normalUpperTail, normalPdf, p, Math.sqrt(-2 * Math.log(p)));
}

/** P(T > t) for Student's t with `df` > 0 degrees of freedom, whole or not. */
export function studentUpperTail(t: number, df: number): number {
  const above = 0.5 * betaShare(df / (df + t * t), df / 2, 0.5);
  return t >= 0 ? above : 1 - above;
}

/** P(T ≤ t). */
export function studentCdf(t: number, df: number): number {
  return studentUpperTail(-t, df);
}

/** Density of Student's t. */
export function studentPdf(t: number, df: number): number {
  const logFront = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * Math.log(df * Math.PI);
  return Math.exp(logFront - ((df + 1) / 2) * Math.log1p((t * t) / df));
}

/** t with P(T > t) = tail, for 0 < tail ≤ 0.5. Given as a tail, so that 1 − 10⁻⁹ loses no digits. */
export function studentUpperQuantile(tail: number, df: number): number {
  if (tail >= 0.5) return 0;
  return solveTail(
    (t) => studentUpperTail(t, df),
    (t) => studentPdf(t, df),
    tail,
    -normalQuantile(tail),
  );
}

/** Newton on the logarithm of an upper tail, kept inside a bracket that only shrinks. */
function solveTail(
  tailAt: (x: number) => number,
  densityAt: (x: number) => number,
  tail: number,
  start: number,
): number {
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let x = start;
  for (let step = 0; step < MAX_STEPS; step++) {
    const here = tailAt(x);
    if (here > tail) low = x;
    else high = x;
    let next = x + (Math.log(here / tail) * here) / densityAt(x);
    if (!(next > low && next < high)) next = high === Number.POSITIVE_INFINITY ? 2 * x + 1 : (low + high) / 2;
    if (Math.abs(next - x) <= CLOSE * Math.abs(next)) return next;
    x = next;
  }
  return x;
}

/**
 * P(N ≥ n) for counts with this mean and variance: negative binomial with r = μ²/(var − μ) and p = μ/var (verdict
 * method 3.6), Poisson where the variance is not above the mean. `n` whole; a mean of 0 never counts anything.
 */
export function countUpperTail(n: number, mean: number, variance: number): number {
  if (n <= 0) return 1;
  if (mean <= 0) return 0;
  // A negative binomial this close to Poisson has an r that loses all digits.
  if (variance - mean <= 1e-9 * mean) return gammaShares(mean, n).below;
  return betaShare(1 - mean / variance, n, (mean * mean) / (variance - mean));
}

/** x with P(X ≤ x) = p for a gamma variable with this shape and rate. */
export function gammaQuantile(p: number, shape: number, rate: number): number {
  let low = 0;
  let high = shape + 1;
  while (gammaShares(high, shape).below < p) high *= 2;
  for (let step = 0; step < MAX_STEPS && high - low > CLOSE * high; step++) {
    const middle = (low + high) / 2;
    if (gammaShares(middle, shape).below < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2 / rate;
}
