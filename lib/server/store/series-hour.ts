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
  /** By visit; NaN where the visit did not hold the series. */
  values: Float64Array;
  /** By visit: what the sample truly added, or null when it added nothing that is known. */
  exceptions: ReadonlyMap<number, Increment | null>;
}

/** Adds every sample and increment of the hour to a grid. */
export function feedHour(grid: Grid, hour: SeriesHour): void {
  const { visits, values, counter } = hour;
  let lastAtMs = hour.refAtMs;
  let lastValue = hour.refValue;
  const special = hour.exceptions.size > 0;
  const plain = { fromMs: 0, toMs: 0, increase: 0, gap: false };
  for (let i = 0; i < visits.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    const atMs = visits.atMs[i] ?? 0;
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

/** Times of the restarts noted in the hour. */
export function resetTimes(hour: Pick<SeriesHour, 'exceptions' | 'visits'>): number[] {
  const times: number[] = [];
  for (const [index, exception] of hour.exceptions) {
    if (exception?.reset) times.push(hour.visits.atMs[index] ?? exception.toMs);
  }
  return times;
}
