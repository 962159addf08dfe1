import {
  type ChartView,
  type ComparisonView,
  NOW_CHARTS,
  type NowTick,
  type NowView,
  type SteadyPart,
  type UsualView,
} from '@/lib/core/model/view.ts';
import { withHead } from '@/lib/core/modes/suspension-head.ts';
import type { PageWindow } from '@/lib/core/time/page-window.ts';
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
 * all others and the rest of a line that did not change stay the same objects; so it is with the usual and the compared
 * values. Null when the two do not fit together (another scope, window, comparison or step, history read meanwhile, or a usual or compared line
 * that is new or made in another way, or a suspension that is new): then the whole range must be asked for.
 */
export function mergeTick(view: NowView, tick: NowTick): NowView | null {
  const { sinceMs, suspension: came = null, ...rest } = tick;
  if (sinceMs <= WHOLE_RANGE_MS) return wholeView(tick);
  const suspension = withHead(view.suspension ?? null, came, view.asOfMs);
  if (suspension === undefined) return null;
  const fits =
    view.scope.app === tick.scope.app &&
    view.scope.environment === tick.scope.environment &&
    isSameWindow(view.window, tick.window) &&
    view.comparison === tick.comparison &&
    // What a provider remembers lies before what a tick sends.
    view.historyRevision === tick.historyRevision &&
    NOW_CHARTS.every((name) => fitTogether(view.charts[name], tick.charts[name]));
  if (!fits) return null;
  const merge = (name: (typeof NOW_CHARTS)[number]) =>
    mergeChart(view.charts[name], tick.charts[name], sinceMs);
  return {
    ...rest,
    ...keepSteady(view, tick),
    suspension,
    // Every chart draws them: the same ones stay the same objects.
    marks: keepSame(view.marks, rest.marks),
    origin: keepSame(view.origin, rest.origin),
    charts: {
      redisGets: merge('redisGets'),
      dbQueries: merge('dbQueries'),
      responses429: merge('responses429'),
      hitRatio: merge('hitRatio'),
    },
  };
}

/** The view that a tick over the whole range is. */
export function wholeView({ sinceMs: _, suspension = null, ...rest }: NowTick): NowView {
  // Such a tick never brings a head alone, and leaves nothing out.
  const { watch = null, alerts = null, money = null } = rest;
  return { ...rest, watch, alerts, money, suspension: withHead(null, suspension, rest.asOfMs) ?? null };
}

/** The steady parts after a tick: what it left out is as it was, and a watch is so much older. */
function keepSteady(before: NowView, { asOfMs, ...tick }: NowTick): Pick<NowView, SteadyPart> {
  const watch = before.watch === null ? null : { ...before.watch, nowMs: asOfMs };
  return {
    watch: tick.watch === undefined ? watch : tick.watch,
    alerts: tick.alerts === undefined ? before.alerts : tick.alerts,
    money: tick.money === undefined ? before.money : tick.money,
  };
}

function keepSame<T>(before: T, after: T): T {
  return JSON.stringify(before) === JSON.stringify(after) ? before : after;
}

function isSameWindow(a: PageWindow, b: PageWindow): boolean {
  if (a.kind === 'live' || b.kind === 'live') return a.kind === b.kind && a.name === b.name;
  return a.startMs === b.startMs && a.endMs === b.endMs;
}

function fitTogether(before: ChartView, after: ChartView): boolean {
  return (
    before.stepMs === after.stepMs &&
    before.as === after.as &&
    // A label names the days that the usual values were made from: with other days all of them are other ones.
    (after.usual === null || before.usual?.label === after.usual.label) &&
    (after.comparison === null || before.comparison?.offsetMs === after.comparison.offsetMs)
  );
}

function mergeChart(before: ChartView, after: ChartView, sinceMs: number): ChartView {
  // A bucket that began before the range but reaches into it is still drawn.
  const span = { afterMs: after.range.startMs - after.stepMs, sinceMs };
  const old = new Map(before.lines.map((line) => [line.key, line]));
  return {
    ...after,
    lines: after.lines.map((line) => {
      const known = old.get(line.key);
      return known === undefined ? line : { ...line, points: mergePoints(known.points, line.points, span) };
    }),
    usual: mergeUsual(before.usual, after.usual, span),
    comparison: mergeComparison(before.comparison, after.comparison, span),
  };
}

/** Old points count after `afterMs` and before `sinceMs`, new ones from there on. */
interface Span {
  afterMs: number;
  sinceMs: number;
}

function mergeUsual(before: UsualView | null, after: UsualView | null, span: Span): UsualView | null {
  if (before === null || after === null) return after;
  return {
    ...after,
    points: mergePoints(before.points, after.points, span),
    band: mergePoints(before.band, after.band, span),
  };
}

function mergeComparison(
  before: ComparisonView | null,
  after: ComparisonView | null,
  span: Span,
): ComparisonView | null {
  if (before === null || after === null) return after;
  return { ...after, points: mergePoints(before.points, after.points, span) };
}

/** `[start of bucket, value]` or more values. */
type Row = readonly [number, ...(number | null)[]];

/** The old array itself when nothing in it changed, so that what is drawn from it need not be drawn again. */
function mergePoints<T extends Row>(before: readonly T[], after: readonly T[], span: Span): readonly T[] {
  const kept = before.filter(([atMs]) => atMs > span.afterMs && atMs < span.sinceMs);
  const merged = [...kept, ...after.filter(([atMs]) => atMs >= span.sinceMs)];
  return isSame(before, merged) ? before : merged;
}

function isSame(a: readonly Row[], b: readonly Row[]): boolean {
  return (
    a.length === b.length &&
    a.every((row, index) => row === b[index] || row.every((value, part) => b[index]?.[part] === value))
  );
}
