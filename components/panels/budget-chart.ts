import { type BudgetLimit, isCompute } from '@/lib/core/model/budget.ts';
import type { ChartView, Point } from '@/lib/core/model/view.ts';
import { alignDown, chooseStepMs, HOUR_MS } from '@/lib/core/time/range.ts';
import { amountText } from './budget-words.ts';

const MOST_POINTS = 200;
const CU_HOUR_SECONDS = 3_600;

/** A limit as a chart: what was used so far, the band of what is to come, and the limit as a level. Null without a past. */
export function limitChart(limit: BudgetLimit, nowMs: number): ChartView | null {
  const { past, ahead, allowed, quality } = limit;
  const [first] = past;
  const last = past.at(-1);
  if (first === undefined || last === undefined || past.length < 2) return null;
  // Compute counts in seconds of a unit, and is read in hours of one.
  const scale = isCompute(limit) ? 1 / CU_HOUR_SECONDS : 1;
  const range = { startMs: first[0], endMs: Math.max(ahead.at(-1)?.[0] ?? nowMs, nowMs) };
  const stepMs = chooseStepMs(range, MOST_POINTS, HOUR_MS);
  const starts: number[] = [];
  for (let at = alignDown(range.startMs, stepMs); at < range.endMs; at += stepMs) starts.push(at);
  const scaled = (value: number | null) => (value === null ? null : value * scale);
  const pastAt = steps(past);
  const likelyAt = straight(ahead.map(([atMs, , likely]) => [atMs, likely]));
  const lowAt = straight(ahead.map(([atMs, low]) => [atMs, low]));
  const highAt = straight(ahead.map(([atMs, , , high]) => [atMs, high]));
  const points = starts.map((at): Point => [at, at > last[0] ? null : scaled(pastAt(at))]);
  return {
    unit: isCompute(limit) ? 'events' : limit.unit,
    as: 'value',
    range,
    stepMs,
    lines: [{ key: 'used', label: 'used', quality, points }],
    lastIsPartial: false,
    gaps: [],
    resets: [],
    goals: [],
    plans: [{ value: allowed * scale, text: `limit ${amountText(allowed, limit)}` }],
    usual:
      ahead.length === 0
        ? null
        : {
            label: 'forecast',
            points: starts.map((at): Point => [at, scaled(likelyAt(at))]),
            band: starts.map((at) => [at, scaled(lowAt(at)), scaled(highAt(at))] as const),
          },
    comparison: null,
    change: null,
    latest: { atMs: last[0], value: last[1] * scale },
    overall: null,
    missing: null,
    note: null,
    stale: false,
  };
}

type Pair = readonly [atMs: number, value: number];

/** The latest value at or before a time; null before the first. */
function steps(pairs: readonly Pair[]): (atMs: number) => number | null {
  return (atMs) => pairs.findLast(([at]) => at <= atMs)?.[1] ?? null;
}

/** The value on the straight line between two known ones; null outside of them. */
function straight(pairs: readonly Pair[]): (atMs: number) => number | null {
  return (atMs) => {
    const next = pairs.findIndex(([at]) => at >= atMs);
    const [to, from] = [pairs[next], pairs[next - 1]];
    if (to === undefined) return null;
    if (to[0] === atMs) return to[1];
    if (from === undefined) return null;
    return from[1] + ((to[1] - from[1]) * (atMs - from[0])) / (to[0] - from[0]);
  };
}
