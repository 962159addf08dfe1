import { bucketRate } from '../metrics/blocks.ts';
import type { Point } from '../model/view.ts';
import type { Flow } from './family-sum.ts';

/**
 * Rates per second of several targets added up. A bucket is null when a target that had already begun is not covered
 * there: a sum without one of its machines would look like a drop. `begun`: the flows, by index, whose target had
 * begun before the first bucket; the others begin with their first value.
 */
export function sumRates(
  flows: readonly Flow[],
  starts: readonly number[],
  stepMs: number,
  begun: readonly boolean[] = [],
): Point[] {
  return combine(flows, starts, begun, (flow) => (flow === null ? null : bucketRate(flow, stepMs)));
}

/** Events a bucket of several targets added up; null by the same rule as `sumRates`. */
export function sumIncreases(
  flows: readonly Flow[],
  starts: readonly number[],
  stepMs: number,
  begun: readonly boolean[] = [],
): Point[] {
  return combine(flows, starts, begun, (flow) =>
    flow === null || flow.coveredMs < stepMs / 2 ? null : flow.increase,
  );
}

function combine(
  flows: readonly Flow[],
  starts: readonly number[],
  hadBegun: readonly boolean[],
  read: (flow: Flow[number]) => number | null,
): Point[] {
  const values = flows.map((flow) => flow.map(read));
  const begun = values.map((list, k) =>
    hadBegun[k] === true ? 0 : list.findIndex((value) => value !== null),
  );
  return starts.map((startMs, i): Point => {
    let sum: number | null = null;
    for (const [k, list] of values.entries()) {
      const first = begun[k] ?? -1;
      if (first === -1 || i < first) continue;
      const value = list[i] ?? null;
      if (value === null) return [startMs, null];
      sum = (sum ?? 0) + value;
    }
    return [startMs, sum];
  });
}

/** Share of `part` in `part + rest`, 0–1; null where there were no events at all: undefined is not 0. */
export function ratioPoints(part: Flow, rest: Flow, starts: readonly number[]): Point[] {
  return starts.map((startMs, i): Point => {
    const a = part[i] ?? null;
    const b = rest[i] ?? null;
    if (a === null || b === null) return [startMs, null];
    const all = a.increase + b.increase;
    return [startMs, all > 0 ? a.increase / all : null];
  });
}

/** Flows of several targets as one, for ratios; null where a begun target is unknown. `hadBegun` as in `sumRates`. */
export function addFlows(
  flows: readonly Flow[],
  bucketCount: number,
  hadBegun: readonly boolean[] = [],
): Flow {
  const begun = flows.map((flow, k) =>
    hadBegun[k] === true ? 0 : flow.findIndex((bucket) => bucket !== null),
  );
  return Array.from({ length: bucketCount }, (_, i) => {
    const sum = { increase: 0, gapIncrease: 0, coveredMs: 0 };
    let isKnown = false;
    for (let k = 0; k < flows.length; k++) {
      const first = begun[k] ?? -1;
      if (first === -1 || i < first) continue;
      const bucket = flows[k]?.[i] ?? null;
      if (bucket === null) return null;
      isKnown = true;
      sum.increase += bucket.increase;
      sum.gapIncrease += bucket.gapIncrease;
      sum.coveredMs = Math.max(sum.coveredMs, bucket.coveredMs);
    }
    return isKnown ? sum : null;
  });
}

/** Drops buckets at the end that no visit can have filled yet; a gap that lasts is kept. */
export function trimUnvisited(points: readonly Point[], lastVisitMs: number | null): Point[] {
  let end = points.length;
  while (end > 0) {
    const point = points[end - 1];
    if (point === undefined || point[1] !== null || (lastVisitMs !== null && point[0] < lastVisitMs)) break;
    end -= 1;
  }
  return points.slice(0, end);
}
