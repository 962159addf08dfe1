import 'server-only';
import type { Increment } from '@/lib/core/metrics/increments.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import type { SeriesHour } from './series-hour.ts';

/** Samples of one series as they are read back, oldest first, as columns of one length. */
export interface SampleColumns {
  atMs: Float64Array;
  values: Float64Array;
  /** The scheduled interval of the visit that brought each. */
  intervalMs: Float64Array;
  /**
   * By place, of counters only: what a sample added where that is not its difference to the series' sample before; null
   * when nothing is known of it (the first one, a glitch).
   */
  steps: ReadonlyMap<number, Increment | null>;
}

/** Joins the samples of some hours that lie in `range`; null when there is none. Hours must be oldest first. */
export function joinHours(hours: readonly SeriesHour[], range: TimeRange): SampleColumns | null {
  const most = hours.reduce((sum, { visits }) => sum + visits.length, 0);
  const atMs = new Float64Array(most);
  const values = new Float64Array(most);
  const intervalMs = new Float64Array(most);
  const steps = new Map<number, Increment | null>();
  let count = 0;
  for (const hour of hours) {
    const { visits, exceptions } = hour;
    for (let i = 0; i < visits.length; i++) {
      const value = hour.values[i] ?? Number.NaN;
      const at = visits.atMs[i] ?? 0;
      if (Number.isNaN(value) || at < range.startMs || at >= range.endMs) continue;
      const step = exceptions.size === 0 ? undefined : exceptions.get(i);
      if (step !== undefined) steps.set(count, step);
      atMs[count] = at;
      values[count] = value;
      intervalMs[count] = visits.intervalMs[i] ?? 0;
      count += 1;
    }
  }
  if (count === 0) return null;
  // Cut to a copy: a view would keep, and send, all of it.
  return {
    atMs: atMs.slice(0, count),
    values: values.slice(0, count),
    intervalMs: intervalMs.slice(0, count),
    steps,
  };
}
