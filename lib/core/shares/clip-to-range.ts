import type { FrozenChart, FrozenCopy, FrozenRail } from '../model/share.ts';
import type { MarkView, Point } from '../model/view.ts';
import type { TimeRange } from '../time/range.ts';

/**
 * The copy with nothing outside of its range: buckets that do not lie whole in it, marks, entries, gaps and levels go. A
 * total over a chart that lost a bucket is made anew from what is left.
 */
export function clipToRange(copy: FrozenCopy): FrozenCopy {
  const { range } = copy;
  const window = windowOf(copy);
  const isIn = (atMs: number) => isInstantIn(atMs, range);
  return {
    ...copy,
    deploy: copy.deploy !== null && isIn(copy.deploy.startMs) ? copy.deploy : null,
    charts: copy.charts.map((chart) => clipChart(chart, window)),
    // A state that came after the range is knowledge of later; one that began before it only loses its time.
    claims: copy.claims
      .filter(({ sinceMs }) => sinceMs === null || sinceMs <= range.endMs)
      .map((claim) => ({
        ...claim,
        sinceMs: claim.sinceMs !== null && isIn(claim.sinceMs) ? claim.sinceMs : null,
      })),
    ...(copy.rail === undefined ? {} : { rail: clipRail(copy.rail, range) }),
    timeline: copy.timeline.filter(({ atMs }) => isIn(atMs)),
  };
}

/**
 * Every row of the copy that lies outside of its range, in words that name its place and no text of it. Empty for a copy
 * that may be kept. What is planned (a check to come, the end of a watch, when an action is due) is no row.
 */
export function findOutside(copy: FrozenCopy): string[] {
  const { range } = copy;
  if (!(Number.isFinite(range.startMs) && Number.isFinite(range.endMs) && range.startMs < range.endMs))
    return ['range'];
  const window = windowOf(copy);
  const found: string[] = [];
  const look = (place: string, atMs: number | null | undefined) => {
    if (atMs != null && !isInstantIn(atMs, range)) found.push(place);
  };
  look('deploy', copy.deploy?.startMs);
  look('span', copy.span?.startMs);
  look('span', copy.span?.endMs);
  for (const { atMs } of copy.timeline) look('timeline', atMs);
  for (const { sinceMs } of copy.claims) look('claims', sinceMs);
  look('rail', copy.rail?.interruption?.atMs);
  look('rail', copy.rail?.nowMs);
  for (const { view, marks } of copy.charts) {
    const bucket = (place: string, [atMs]: readonly [number, ...unknown[]]) => {
      if (!isBucketIn(atMs, view.stepMs, window)) found.push(place);
    };
    look('charts range', view.range.startMs);
    look('charts range', view.range.endMs);
    for (const { points } of view.lines) for (const point of points) bucket('charts points', point);
    for (const point of view.usual?.points ?? []) bucket('charts usual', point);
    for (const point of view.usual?.band ?? []) bucket('charts usual', point);
    for (const one of [...view.gaps, ...(view.history ?? [])]) {
      look('charts spans', one.startMs);
      look('charts spans', one.endMs);
    }
    for (const atMs of view.resets) look('charts resets', atMs);
    look('charts latest', view.latest?.atMs);
    for (const { startMs, endMs } of marks) {
      look('charts marks', startMs);
      look('charts marks', endMs);
    }
  }
  return [...new Set(found)];
}

function clipChart(chart: FrozenChart, window: Window): FrozenChart {
  const { range } = window;
  const { view } = chart;
  const within = (atMs: number) => Math.min(Math.max(atMs, range.startMs), range.endMs);
  const keeps = ([atMs]: readonly [number, ...unknown[]]) => isBucketIn(atMs, view.stepMs, window);
  const lines = view.lines.map((line) => ({ ...line, points: line.points.filter(keeps) }));
  const isCut = view.lines.some(({ points }) => points.some((point) => point[1] !== null && !keeps(point)));
  const spans = <T extends TimeRange>(list: readonly T[]): T[] =>
    list.flatMap((one) => {
      const startMs = Math.max(one.startMs, range.startMs);
      const endMs = Math.min(one.endMs, range.endMs);
      return startMs < endMs ? [{ ...one, startMs, endMs }] : [];
    });
  const isLastCut = view.lines.some(({ points }) => {
    const last = points.at(-1);
    return last !== undefined && !keeps(last);
  });
  return {
    ...chart,
    marks: chart.marks
      .filter(({ startMs }) => isInstantIn(startMs, range))
      .map((mark) => endWithin(mark, range)),
    view: {
      ...view,
      range: { startMs: within(view.range.startMs), endMs: within(view.range.endMs) },
      lines,
      lastIsPartial: view.lastIsPartial && !isLastCut,
      gaps: spans(view.gaps),
      ...(view.history === undefined ? {} : { history: spans(view.history) }),
      resets: view.resets.filter((atMs) => isInstantIn(atMs, range)),
      usual:
        view.usual === null
          ? null
          : {
              ...view.usual,
              points: view.usual.points.filter(keeps),
              band: view.usual.band.filter(keeps),
            },
      comparison: null,
      latest: view.latest !== null && isInstantIn(view.latest.atMs, range) ? view.latest : null,
      overall: isCut ? overallOf(lines[0]?.points ?? [], lines.length, view.as) : view.overall,
    },
  };
}

function clipRail(rail: FrozenRail | null, range: TimeRange): FrozenRail | null {
  if (rail === null || rail.nowMs < range.startMs) return null;
  const { interruption } = rail;
  return {
    ...rail,
    nowMs: Math.min(rail.nowMs, range.endMs),
    interruption: interruption !== null && isInstantIn(interruption.atMs, range) ? interruption : null,
  };
}

/** A deploy that was still rolling at the end of the range is told as that. */
function endWithin(mark: MarkView, range: TimeRange): MarkView {
  if (mark.endMs === null || mark.endMs <= range.endMs) return mark;
  return { ...mark, endMs: null, rolled: null };
}

/** Of one line only: several have a total where they are counts, and no mean. */
function overallOf(points: readonly Point[], lines: number, as: FrozenChart['view']['as']): number | null {
  const known = points.flatMap(([, value]) => value ?? []);
  if (known.length === 0 || lines > 1) return null;
  const sum = known.reduce((all, value) => all + value, 0);
  return as === 'increase' ? sum : sum / known.length;
}

function isInstantIn(atMs: number, { startMs, endMs }: TimeRange): boolean {
  return atMs >= startMs && atMs <= endMs;
}

/** A bucket that reaches past the range holds what came after it, unless nothing was known then. */
function isBucketIn(atMs: number, stepMs: number, { range, isOpen }: Window): boolean {
  return atMs >= range.startMs && (isOpen ? atMs < range.endMs : atMs + stepMs <= range.endMs);
}

interface Window {
  range: TimeRange;
  /** The copy was frozen at the end of its range or before. */
  isOpen: boolean;
}

function windowOf({ range, frozenAtMs }: FrozenCopy): Window {
  return { range, isOpen: frozenAtMs <= range.endMs };
}
