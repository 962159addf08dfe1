/** Windows that are looked at, in minutes, and the fewest events that count as a spike in each (method 3.6). */
export const SPIKE_WINDOWS = [1, 5, 15, 60, 360] as const;
export const SPIKE_FLOORS = [5, 5, 6, 8, 12] as const;

/** A minute expects what was seen within this many minutes of its clock time, beside the mean of all as so much time. */
const REACH_MINUTES = 60;
const PSEUDO_MINUTES = 120;
const MINUTES_PER_DAY = 1_440;
/** Least variance over mean that is believed, and with a baseline of fewer events than named. */
export const LEAST_DISPERSION = 1.2;
const FEW_EVENTS = 30;
const FEW_DISPERSION = 3;

/** Events by bucket, oldest first; null where nothing was measured. */
export type BucketCounts = readonly (number | null)[];

/** What is usual in one of the windows. */
export interface WindowUsual {
  /** In buckets. */
  length: number;
  /** φ: variance of a count over what was expected of it. */
  dispersion: number;
  /** Largest count seen. */
  largest: number;
}

/** What rare events usually do, from the buckets before. */
export interface CountBaseline {
  /** All events, with the half that stands for those never seen. */
  events: number;
  /** Expected events in the bucket at this place from the end of the baseline (0 is the first one after it). */
  expectedAt: (place: number) => number;
  /** One for each window that is no shorter than a bucket, shortest first. */
  windows: readonly WindowUsual[];
}

/** Running sums, so that each window costs two reads. */
export interface CountSums {
  events: Float64Array;
  expected: Float64Array;
}

/**
 * The baseline of the count route (method 3.6): a clock profile of ±60 min, drawn to the mean of all by 120 min of
 * pseudo-exposure, and φ and the largest count of each window. Without any event it still expects half a one in all
 * that time. Null without a measured bucket. `perDay`: buckets in a day; `exposure`: what the counts are held against
 * where they are a share of something (requests), else one a bucket.
 */
export function buildCountBaseline(
  counts: BucketCounts,
  bucketMinutes: number,
  exposure: BucketCounts | null = null,
): CountBaseline | null {
  const perDay = Math.max(1, Math.round(MINUTES_PER_DAY / bucketMinutes));
  const held = (i: number): number | null => (exposure === null ? 1 : (exposure[i] ?? null));
  const events = new Float64Array(perDay);
  const base = new Float64Array(perDay);
  const known = new Float64Array(perDay);
  let total = 0;
  let totalBase = 0;
  for (const [i, count] of counts.entries()) {
    const own = held(i);
    if (count === null || own === null) continue;
    const clock = clockOf(i, counts.length, perDay);
    events[clock] = (events[clock] ?? 0) + count;
    base[clock] = (base[clock] ?? 0) + own;
    known[clock] = (known[clock] ?? 0) + 1;
    total += count;
    totalBase += own;
  }
  if (totalBase <= 0) return null;

  const rate = (total + 0.5) / totalBase;
  const measured = known.reduce((sum, value) => sum + value, 0);
  // Pseudo-exposure is time; of a share it is what is usually asked in that time.
  const pseudo = ((PSEUDO_MINUTES / bucketMinutes) * totalBase) / measured;
  const reach = Math.max(0, Math.floor(REACH_MINUTES / bucketMinutes));
  const nearEvents = sumsAround(events, reach);
  const nearBase = sumsAround(base, reach);
  const profile = Float64Array.from(
    { length: perDay },
    (_, clock) => ((nearEvents[clock] ?? 0) + pseudo * rate) / ((nearBase[clock] ?? 0) + pseudo),
  );
  const rateAt = (place: number): number => profile[((place % perDay) + perDay) % perDay] ?? rate;
  const sums = sumCounts(counts, (i) => {
    const own = held(i);
    return own === null ? null : own * rateAt(i - counts.length);
  });
  const windows = SPIKE_WINDOWS.filter((minutes) => minutes >= bucketMinutes).map((minutes) =>
    usualOf(sums, Math.round(minutes / bucketMinutes), total),
  );
  return { events: total + 0.5, expectedAt: rateAt, windows };
}

/** Running sums of counts and of what was expected of them, over the buckets that were measured. */
export function sumCounts(counts: BucketCounts, expectedAt: (i: number) => number | null): CountSums {
  const events = new Float64Array(counts.length + 1);
  const expected = new Float64Array(counts.length + 1);
  for (const [i, count] of counts.entries()) {
    const usual = count === null ? null : expectedAt(i);
    events[i + 1] = (events[i] ?? 0) + (usual === null ? 0 : (count ?? 0));
    expected[i + 1] = (expected[i] ?? 0) + (usual ?? 0);
  }
  return { events, expected };
}

function usualOf({ events, expected }: CountSums, length: number, total: number): WindowUsual {
  let squares = 0;
  let means = 0;
  let largest = 0;
  for (let end = 1; end < events.length; end++) {
    const from = Math.max(0, end - length);
    const count = (events[end] ?? 0) - (events[from] ?? 0);
    largest = Math.max(largest, count);
    if (end < length) continue;
    const mean = (expected[end] ?? 0) - (expected[from] ?? 0);
    squares += (count - mean) ** 2;
    means += mean;
  }
  const least = total < FEW_EVENTS ? FEW_DISPERSION : LEAST_DISPERSION;
  return { length, dispersion: Math.max(least, means > 0 ? squares / means : 0), largest };
}

/** Place of a bucket on the clock, where 0 is the first one after the baseline. */
function clockOf(i: number, length: number, perDay: number): number {
  return (((i - length) % perDay) + perDay) % perDay;
}

/** Sums over `reach` neighbours on either side around the clock; each is counted once. */
function sumsAround(values: Float64Array, reach: number): Float64Array {
  const length = values.length;
  if (2 * reach + 1 >= length) return values.map(() => values.reduce((sum, value) => sum + value, 0));
  const at = (i: number) => values[((i % length) + length) % length] ?? 0;
  let sum = 0;
  for (let i = -reach; i <= reach; i++) sum += at(i);
  return values.map((_, i) => {
    const here = sum;
    sum += at(i + reach + 1) - at(i - reach);
    return here;
  });
}
