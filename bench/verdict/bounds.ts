import { betaShare } from '../../lib/core/verdict/special-functions.ts';

/** How many of how many. */
export interface Share {
  hits: number;
  of: number;
}

/** Chance left on the one side that is asked for: a bound holds with 95 %. */
const SIDE = 0.05;

/** The share itself; NaN of nothing. */
export function shareOf({ hits, of }: Share): number {
  return of === 0 ? Number.NaN : hits / of;
}

/** Highest share that still fits what was seen, with 95 % on this one side (Clopper and Pearson). 1 of nothing. */
export function upperBound({ hits, of }: Share): number {
  if (hits >= of) return 1;
  return quantile(1 - SIDE, hits + 1, of - hits);
}

/** Lowest share that still fits what was seen, with 95 % on this one side. 0 of nothing. */
export function lowerBound({ hits, of }: Share): number {
  if (hits <= 0) return 0;
  return quantile(SIDE, hits, of - hits + 1);
}

/** Takes shares of the same thing together. */
export function sumShares(shares: readonly Share[]): Share {
  return shares.reduce((sum, { hits, of }) => ({ hits: sum.hits + hits, of: sum.of + of }), {
    hits: 0,
    of: 0,
  });
}

/** How many records say yes. */
export function countOf<T>(records: readonly T[], isHit: (record: T) => boolean): Share {
  return { hits: records.filter(isHit).length, of: records.length };
}

function quantile(p: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (betaShare(middle, a, b) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
