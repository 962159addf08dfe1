import { peekingBoundary, trailingBoundary } from './boundary.ts';
import { normalUpperTail, studentUpperQuantile } from './distributions.ts';

/** Two-sided error of a claim's interval: one-sided .05 is split in two, cumulative and trailing (method 3.5). */
export const CLAIM_ALPHA = 0.05;
/** Error of an alarm over 24 h (method 3.7). */
export const ALARM_ALPHA = 0.01;

/** q: multiple of a standard error, valid at every look, for these degrees of freedom. */
export const cumulativeMultiple = multipleFor(peekingBoundary(CLAIM_ALPHA));
/** The same for the moving mean of 2 h of a claim. */
export const trailingMultiple = multipleFor(trailingBoundary(CLAIM_ALPHA));
/** The same for the alarm on the moving mean of 2 h. */
export const relapseMultiple = multipleFor(trailingBoundary(ALARM_ALPHA));

/** Student's quantile at tail 1 − Φ(c). Asked for at each look with the same few degrees of freedom, so it is kept. */
function multipleFor(c: number): (freedom: number) => number {
  const tail = normalUpperTail(c);
  const known = new Map<number, number>();
  return (freedom) => {
    const multiple = known.get(freedom) ?? studentUpperQuantile(tail, freedom);
    known.set(freedom, multiple);
    return multiple;
  };
}
