/** One bucket of a histogram: how many observations were at most `bound`, all smaller ones among them. */
export interface CumulativeBucket {
  /** Infinity for the last one. */
  bound: number;
  count: number;
}

/**
 * The value that `rank` (0–1) of all observations do not exceed, by straight lines inside a bucket. Null without a
 * bucket of infinity, and with fewer than 1 ÷ (1 − rank) observations: then it would be no more than the largest one.
 * Above the last finite bound that bound is given: the true value is at least that.
 */
export function quantileOf(rank: number, buckets: readonly CumulativeBucket[]): number | null {
  const sorted = rising(buckets);
  const total = sorted.at(-1);
  // Shares of events inside a bucket are fractions: a hair too few is still enough.
  if (total?.bound !== Number.POSITIVE_INFINITY || total.count * (1 - rank) < 1 - 1e-9) return null;
  const wanted = rank * total.count;
  let below: CumulativeBucket | null = null;
  for (const bucket of sorted) {
    if (bucket.count >= wanted) return inside(below, bucket, wanted);
    below = bucket;
  }
  return null;
}

/** By bound, and never falling: parts of a histogram that were read a moment apart may differ by a few. */
function rising(buckets: readonly CumulativeBucket[]): CumulativeBucket[] {
  let most = 0;
  return buckets
    .toSorted((a, b) => a.bound - b.bound)
    .map(({ bound, count }) => {
      most = Math.max(most, count);
      return { bound, count: most };
    });
}

function inside(below: CumulativeBucket | null, bucket: CumulativeBucket, wanted: number): number | null {
  if (bucket.bound === Number.POSITIVE_INFINITY) return below?.bound ?? null;
  // A histogram of durations begins at 0; one with bounds below that has no known lower end.
  const from = below?.bound ?? Math.min(0, bucket.bound);
  const before = below?.count ?? 0;
  if (bucket.count <= before) return bucket.bound;
  return from + ((bucket.bound - from) * (wanted - before)) / (bucket.count - before);
}

/** Bounds in text (`le`) as a number; null where it is none. */
export function boundOf(le: string | undefined): number | null {
  if (le === undefined || le.trim() === '') return null;
  if (/^\+?inf(inity)?$/i.test(le.trim())) return Number.POSITIVE_INFINITY;
  const bound = Number(le);
  return Number.isFinite(bound) ? bound : null;
}
