import type { ChartView, Point } from '../model/view.ts';
import { MINUTE_MS } from '../time/range.ts';
import type { Flow } from './family-sum.ts';

/** One bucket of a rare statement says little: the level at an end is the mean of the closed buckets of this long. */
const LEVEL_MS = 5 * MINUTE_MS;

/** The level at the end of the line; of the open bucket only when there is no other. `atMs`: up to when it is known. */
export function latestOf(points: readonly Point[], stepMs: number, endMs: number): ChartView['latest'] {
  const known = points.filter((point): point is [number, number] => point[1] !== null);
  const closed = known.filter(([startMs]) => startMs + stepMs <= endMs);
  const last = closed.at(-1) ?? known.at(-1);
  if (last === undefined) return null;
  const level = closed.filter(([startMs]) => startMs > last[0] - LEVEL_MS).map(([, value]) => value);
  const values = level.length === 0 ? [last[1]] : level;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { atMs: Math.min(last[0] + stepMs, endMs), value: mean };
}

/**
 * All events that were seen, whichever machine saw them: while one is silent those of the others still count, and its
 * own come with its next answer. Null when none was ever covered.
 */
export function totalOf(flows: readonly Flow[]): number | null {
  let isKnown = false;
  let total = 0;
  for (const flow of flows) {
    for (const bucket of flow) {
      if (bucket === null) continue;
      isKnown ||= bucket.coveredMs > 0 || bucket.gapIncrease > 0;
      total += bucket.increase + bucket.gapIncrease;
    }
  }
  return isKnown ? total : null;
}

/** Mean rate per second over the time in which every machine is covered; null without any. */
export function meanRateOf(flow: Flow): number | null {
  const buckets = flow.filter((bucket) => bucket !== null);
  const coveredMs = buckets.reduce((sum, bucket) => sum + bucket.coveredMs, 0);
  return coveredMs === 0
    ? null
    : (buckets.reduce((sum, { increase }) => sum + increase, 0) * 1000) / coveredMs;
}

/** Share of all events of `part` in those of `part` and `rest`, 0–1; null without any. */
export function ratioOf(part: Flow, rest: Flow): number | null {
  const sum = (flow: Flow): number => flow.reduce((total, bucket) => total + (bucket?.increase ?? 0), 0);
  const all = sum(part) + sum(rest);
  return all > 0 ? sum(part) / all : null;
}
