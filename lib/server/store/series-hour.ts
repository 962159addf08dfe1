import 'server-only';
import type { Increment } from '@/lib/core/metrics/increments.ts';
import type { Grid } from './grid.ts';

/** Times of one target's visits inside one hour, in order; shared by all of its series. */
export interface VisitTimes {
  readonly length: number;
  readonly atMs: Float64Array;
  readonly intervalMs: Float64Array;
}

/**
 * One hour of one series, the same whether it lies in memory or was packed. A counter's increment is the difference to
 * the sample before, unless an exception says otherwise; so the increments of arrival are kept, not computed anew.
 */
export interface SeriesHour {
  counter: boolean;
  /** The last sample before this hour; NaN when there was none. */
  refAtMs: number;
  refValue: number;
  visits: VisitTimes;
  /** By visit; NaN where the visit did not hold the series. What lies behind the last visit means nothing. */
  values: Float64Array;
  /** By visit: what the sample truly added, or null when it added nothing that is known. */
  exceptions: ReadonlyMap<number, Increment | null>;
}

/** Adds the samples and increments of the hour to a grid, as far as they touch it. */
export function feedHour(grid: Grid, hour: SeriesHour): void {
  const { visits, values, counter } = hour;
  const endMs = grid.startMs + grid.length * grid.stepMs;
  const first = firstVisitFrom(visits, grid.startMs);
  let before = first - 1;
  while (before >= 0 && Number.isNaN(values[before] ?? Number.NaN)) before -= 1;
  let lastAtMs = before < 0 ? hour.refAtMs : (visits.atMs[before] ?? 0);
  let lastValue = before < 0 ? hour.refValue : (values[before] ?? 0);
  const special = hour.exceptions.size > 0;
  const plain = { fromMs: 0, toMs: 0, increase: 0, gap: false };
  for (let i = first; i < visits.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    const atMs = visits.atMs[i] ?? 0;
    // A sample reaches back to the one before it, and an exception may reach further.
    if (!special && (counter ? lastAtMs : atMs) >= endMs) return;
    if (!counter) {
      grid.addGauge(atMs, value, visits.intervalMs[i] ?? 0);
      continue;
    }
    grid.addCounter(atMs, value);
    const exception = special ? hour.exceptions.get(i) : undefined;
    if (exception === undefined) {
      plain.fromMs = lastAtMs;
      plain.toMs = atMs;
      plain.increase = value - lastValue;
      grid.addIncrement(plain);
    } else if (exception !== null) {
      grid.addIncrement(exception);
    }
    lastAtMs = atMs;
    lastValue = value;
  }
}

/** Place of the first visit at or after `atMs`. */
function firstVisitFrom(visits: VisitTimes, atMs: number): number {
  let low = 0;
  let high = visits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((visits.atMs[middle] ?? 0) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Times of the restarts noted in the hour. */
export function resetTimes(hour: Pick<SeriesHour, 'exceptions' | 'visits'>): number[] {
  const times: number[] = [];
  for (const [index, exception] of hour.exceptions) {
    if (exception?.reset) times.push(hour.visits.atMs[index] ?? exception.toMs);
  }
  return times;
}
