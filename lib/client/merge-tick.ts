import {
  type ChartView,
  type LineView,
  NOW_CHARTS,
  type NowTick,
  type NowView,
  type Point,
} from '@/lib/core/model/view.ts';
import { alignDown } from '@/lib/core/time/range.ts';

/** Asks a tick for everything in its range. */
export const WHOLE_RANGE_MS = 0;

/** Buckets before the newest that a tick asks for again in any case: the open one, and what one late sample may fill. */
const ALWAYS_AGAIN = 2;
/** And at most: a source that was away for longer left a gap, which stays one. */
const AT_MOST_AGAIN = 20;

/**
 * From when on the next tick must send points: the newest buckets of every chart may still change, and so may the
 * nulls after the last measured one, because the next sample speaks for the time since the sample before it.
 */
export function nextSinceMs(view: NowView): number {
  return Math.min(...NOW_CHARTS.map((name) => sinceOf(view.charts[name])));
}

function sinceOf({ lines, range, stepMs }: ChartView): number {
  const newestMs = alignDown(range.endMs - 1, stepMs);
  const back = (buckets: number) => newestMs - buckets * stepMs;
  const measured = lines.map(({ points }) => points.findLast(([, value]) => value !== null)?.[0] ?? 0);
  const wanted = Math.min(back(ALWAYS_AGAIN), ...measured.map((atMs) => atMs - stepMs));
  return Math.max(WHOLE_RANGE_MS, wanted, back(AT_MOST_AGAIN));
}

/**
 * Puts a tick onto the view before it: points from `sinceMs` on are replaced, those before the new range go,
 * all others and the rest of a line that did not change stay the same objects. Null when the two do not fit together
 * (another scope, range or step): then the whole range must be asked for.
 */
export function mergeTick(view: NowView, tick: NowTick): NowView | null {
  const { sinceMs, ...rest } = tick;
  if (sinceMs <= WHOLE_RANGE_MS) return rest;
  const fits =
    view.scope.app === tick.scope.app &&
    view.scope.environment === tick.scope.environment &&
    view.rangeName === tick.rangeName &&
    NOW_CHARTS.every(
      (name) =>
        view.charts[name].stepMs === tick.charts[name].stepMs &&
        view.charts[name].as === tick.charts[name].as,
    );
  if (!fits) return null;
  const merge = (name: (typeof NOW_CHARTS)[number]) =>
    mergeChart(view.charts[name], tick.charts[name], sinceMs);
  return {
    ...rest,
    charts: {
      redisGets: merge('redisGets'),
      dbQueries: merge('dbQueries'),
      responses429: merge('responses429'),
      hitRatio: merge('hitRatio'),
    },
  };
}

function mergeChart(before: ChartView, after: ChartView, sinceMs: number): ChartView {
  const old = new Map(before.lines.map((line) => [line.key, line]));
  return { ...after, lines: after.lines.map((line) => mergeLine(old.get(line.key), line, after, sinceMs)) };
}

function mergeLine(
  before: LineView | undefined,
  after: LineView,
  chart: ChartView,
  sinceMs: number,
): LineView {
  if (before === undefined) return after;
  // A bucket that began before the range but reaches into it is still drawn.
  const firstMs = chart.range.startMs - chart.stepMs;
  const kept = before.points.filter(([atMs]) => atMs > firstMs && atMs < sinceMs);
  const points = [...kept, ...after.points.filter(([atMs]) => atMs >= sinceMs)];
  return { ...after, points: samePoints(before.points, points) ? before.points : points };
}

function samePoints(a: readonly Point[], b: readonly Point[]): boolean {
  return (
    a.length === b.length &&
    a.every(([atMs, value], index) => b[index]?.[0] === atMs && b[index]?.[1] === value)
  );
}
