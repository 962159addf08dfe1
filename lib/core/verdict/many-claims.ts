/**
 * p-values of K claims, each raised so that "any of them" errs no more often than its own level (Holm's step-down): the
 * i-th smallest is multiplied by K − i + 1, never below the one before it. In the order given, at most 1.
 */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const count = pValues.length;
  let least = 0;
  return inOrder(pValues, byRising(pValues), (p, i) => {
    least = Math.max(least, Math.min(1, p * (count - i)));
    return least;
  });
}

/** Whether a deploy failed by any of its claims: the smallest p-value stands at `alpha` after Holm. Never without a claim. */
export function isAnyProven(pValues: readonly number[], alpha: number): boolean {
  return holmAdjusted(pValues).some((p) => p <= alpha);
}

/**
 * p-values across deploys, as the share of false ones among all that are at least as striking (Benjamini–Hochberg):
 * the i-th smallest is multiplied by K/i, never above the one after it. In the order given, at most 1.
 */
export function falseShares(pValues: readonly number[]): number[] {
  const count = pValues.length;
  let most = 1;
  return inOrder(pValues, byRising(pValues).reverse(), (p, i) => {
    most = Math.min(most, (p * count) / (count - i));
    return most;
  });
}

/** A deploy, or a claim of one, with its p-value. */
export interface Ranked<T> {
  of: T;
  p: number;
  falseShare: number;
}

/** The most striking first, each with its share of false ones; equal ones keep their order. */
export function rankByFalseShare<T>(all: readonly T[], pOf: (one: T) => number): Ranked<T>[] {
  const pValues = all.map(pOf);
  const shares = falseShares(pValues);
  return byRising(pValues).flatMap((i) => {
    const of = all[i];
    return of === undefined ? [] : [{ of, p: pValues[i] ?? 1, falseShare: shares[i] ?? 1 }];
  });
}

/** Indices from the smallest p-value up; equal ones in the order given. */
function byRising(pValues: readonly number[]): number[] {
  return pValues.map((_, i) => i).sort((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1));
}

/** Walks the p-values in an order of theirs, and gives what came of each in the order they came in. */
function inOrder(
  pValues: readonly number[],
  order: readonly number[],
  step: (p: number, place: number) => number,
): number[] {
  const out = pValues.map(() => 1);
  for (const [place, i] of order.entries()) out[i] = step(pValues[i] ?? 1, place);
  return out;
}
