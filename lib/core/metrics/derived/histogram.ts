import { type Flow, familyFlow } from '../../series/family-sum.ts';
import type { EvaluationGrid, InputSeries } from './processes.ts';
import { boundOf, quantileOf } from './quantile.ts';

/** Increases of one histogram by bound, a bucket of time at a time. */
type Histogram = readonly { bound: number; flow: Flow }[];

/** The increases of a histogram's series; empty when none of them has a bound. */
export function histogramOf(family: readonly InputSeries[], { starts, stepMs }: EvaluationGrid): Histogram[] {
  const spellings = new Map<string, number>();
  for (const { labels } of family) {
    const bound = boundOf(labels.le);
    if (bound !== null && labels.le !== undefined) spellings.set(labels.le, bound);
  }
  if (spellings.size === 0) return [];
  return [
    [...spellings].map(([le, bound]) => ({
      bound,
      flow: familyFlow(family, { le }, false, starts.length).map((bucket) =>
        bucket === null || bucket.coveredMs < stepMs / 2 ? null : bucket,
      ),
    })),
  ];
}

/** Buckets of different histograms add up only where they have the same bound. */
export function quantileAt(histograms: readonly Histogram[], at: number, rank: number): number | null {
  const counts = new Map<number, { count: number; members: number }>();
  let members = 0;
  for (const histogram of histograms) {
    const first = Math.min(...histogram.map(({ flow }) => startOf(flow)));
    if (at < first) continue;
    members += 1;
    for (const { bound, flow } of histogram) {
      const bucket = flow[at] ?? null;
      if (bucket === null) return null;
      const known = counts.get(bound) ?? { count: 0, members: 0 };
      counts.set(bound, { count: known.count + bucket.increase, members: known.members + 1 });
    }
  }
  const shared = [...counts].filter(([, one]) => one.members === members);
  return quantileOf(
    rank,
    shared.map(([bound, { count }]) => ({ bound, count })),
  );
}

/** Index of the first known bucket; infinity where there is none. */
function startOf(flow: Flow): number {
  const first = flow.findIndex((bucket) => bucket !== null);
  return first === -1 ? Number.POSITIVE_INFINITY : first;
}
