import 'server-only';
import { explainBreaks } from '@/lib/core/gaps/explain-breaks.ts';
import { gapText } from '@/lib/core/gaps/find-gaps.ts';
import type { Unit } from '@/lib/core/metrics/catalogue/entry.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import type { ChartAs, ChartView, LineView } from '@/lib/core/model/view.ts';
import { latestOf } from '@/lib/core/series/level.ts';
import type { ChartPlace } from './alert-chart-line.ts';
import { mergeGaps, readGaps, toGapViews } from './gaps.ts';

const MOST_GAPS = 24;
/** More lines on one small chart can't be told apart; the highest are drawn. */
const MOST_LINES = 6;

interface Lines {
  lines: readonly LineView[];
  unit: Unit;
  as: ChartAs;
  /** Whose visits explain the gaps. */
  targetIds: readonly TargetId[];
  /** Why there is no value where no failed visit explains it. */
  otherwise: string;
  /** What several lines are, in words: `machines`. */
  noun: string;
}

/** Several lines as a chart over a fixed range, with gaps and their reasons, and without baselines or targets. */
export async function linesView({ runtime, grid, span }: ChartPlace, asked: Lines): Promise<ChartView> {
  const { range, stepMs } = grid;
  const { unit, as, targetIds } = asked;
  const lines = highest(asked.lines);
  const only = lines.length === 1 ? lines[0] : undefined;
  const silences = await readGaps(runtime, targetIds, range, stepMs, span.nowMs);
  const visits = toGapViews(silences, targetIds.length);
  const breaks = explainBreaks(only?.points ?? [], stepMs, visits, [], asked.otherwise);
  const isEmpty = lines.every(({ points }) => points.every(([, value]) => value === null));
  const lastStart = Math.max(range.startMs, ...lines.map(({ points }) => points.at(-1)?.[0] ?? 0));
  const [longest] = [...silences].sort((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs));
  return {
    unit,
    as,
    range,
    stepMs,
    lines,
    lastIsPartial: lastStart + stepMs > span.nowMs,
    gaps: mergeGaps([...visits, ...breaks], MOST_GAPS),
    resets: [],
    goals: [],
    plans: [],
    usual: null,
    comparison: null,
    change: null,
    // The level of one line would stand for all of them.
    latest: only === undefined ? null : latestOf(only.points, stepMs, range.endMs),
    overall: as === 'increase' ? totalOf(lines) : null,
    missing: isEmpty
      ? {
          reason: `Nothing measured in this time${longest === undefined ? '' : `: ${gapText(longest.reason)}`}`,
          fix: null,
        }
      : null,
    note:
      asked.lines.length > lines.length
        ? `The ${lines.length} highest of ${asked.lines.length} ${asked.noun}.`
        : null,
    stale: false,
  };
}

/** In their order, unless there are too many: then those with the highest values. */
function highest(lines: readonly LineView[]): readonly LineView[] {
  if (lines.length <= MOST_LINES) return lines;
  const peak = ({ points }: LineView) => points.reduce((most, [, value]) => Math.max(most, value ?? -1), -1);
  return [...lines].sort((a, b) => peak(b) - peak(a)).slice(0, MOST_LINES);
}

function totalOf(lines: readonly LineView[]): number | null {
  const known = lines.flatMap(({ points }) => points.flatMap(([, value]) => value ?? []));
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}
