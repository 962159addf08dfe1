import type { DaySlots } from './day-slots.ts';

/** What is usual at each clock time. All lists are as long as a day has slots. */
export interface Usual {
  /** Median of the days; null where too few days were measured. */
  middle: DaySlots;
  /** 10 and 90 % of the days; null with the median. */
  low: DaySlots;
  high: DaySlots;
  /** How many days were measured at this clock time. */
  days: readonly number[];
}

/** With fewer days a clock time has no usual: one odd day would be too much of it. */
export const DAYS_NEEDED = 7;
const LOW_SHARE = 0.1;
const HIGH_SHARE = 0.9;

/**
 * Median and 10–90 % over days at each clock time, then smoothed by the mean over `reach` slots on either side, across
 * midnight too. Days may come in any order; `slots` is how many numbers each has.
 */
export function usualOf(days: readonly DaySlots[], slots: number, reach: number): Usual {
  const middle: (number | null)[] = [];
  const low: (number | null)[] = [];
  const high: (number | null)[] = [];
  const counts: number[] = [];
  for (let slot = 0; slot < slots; slot++) {
    const values = days.flatMap((day) => day[slot] ?? []).sort((a, b) => a - b);
    const isEnough = values.length >= DAYS_NEEDED;
    counts.push(values.length);
    middle.push(isEnough ? quantile(values, 0.5) : null);
    low.push(isEnough ? quantile(values, LOW_SHARE) : null);
    high.push(isEnough ? quantile(values, HIGH_SHARE) : null);
  }
  return { middle: smooth(middle, reach), low: smooth(low, reach), high: smooth(high, reach), days: counts };
}

/** Value at `share` of sorted values, straight between its neighbours: a mirrored list gives the mirrored value. */
function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

function smooth(values: DaySlots, reach: number): DaySlots {
  return values.map((value, i) => {
    if (value === null) return null;
    let mean = 0;
    let count = 0;
    for (let j = i - reach; j <= i + reach; j++) {
      const near = values[(j + values.length) % values.length] ?? null;
      if (near === null) continue;
      count += 1;
      // A running mean of equal numbers is that number, to the last digit.
      mean += (near - mean) / count;
    }
    return mean;
  });
}
