import 'server-only';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { Labels, Quality } from '@/lib/core/model/sample.ts';
import type { SourceKind, TargetId } from '@/lib/core/model/target.ts';
import type { CoverageView, HistorySpan, Point } from '@/lib/core/model/view.ts';
import { addFlows, ratioPoints, sumIncreases, sumRates } from '@/lib/core/series/combine.ts';
import type { Flow } from '@/lib/core/series/family-sum.ts';
import { coverageOf, fillFlow, fillPoints, historySpans } from '@/lib/core/series/history.ts';
import { meanRateOf, ratioOf, totalOf } from '@/lib/core/series/level.ts';
import { BLOCK_MS, overlapMs, STEPS_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { Runtime } from '../runtime.ts';
import { readBegan } from './began.ts';
import { readFlows } from './flows.ts';
import { finestStepMs, type Grid, gridOf } from './grid.ts';
import { type LineHistory, readLineHistory } from './history.ts';

interface Asked {
  kind: SourceKind;
  /** The targets of this kind in the scope. */
  targetIds: readonly TargetId[];
}

/** The sum over all targets, as rate per second or as events per bucket. */
export interface SumQuestion extends Asked {
  metric: MetricName;
  labels: Labels;
  as: 'rate' | 'increase';
}

/** part ÷ (part + rest) over all targets, 0–1. */
export interface RatioQuestion extends Asked {
  part: MetricName;
  rest: MetricName;
  as: 'value';
}

export type LineQuestion = SumQuestion | RatioQuestion;

/** One line and what it comes to, over any window. */
export interface LineData {
  points: readonly Point[];
  /** Of what was measured; `backfilled` when nothing was. */
  quality: Quality;
  /** Mean over the covered time (rate, value) or total (increase), of what was measured and of `history`; null without data. */
  overall: number | null;
  /** Stretches that a provider remembers and nobody of ours measured. */
  history: readonly HistorySpan[];
  coverage: CoverageView;
}

/** The metric of a question whose presence says that a target takes part. */
export function leadMetric(question: LineQuestion): MetricName {
  return question.as === 'value' ? question.part : question.metric;
}

/** The line on this grid. `nowMs`: a bucket that reaches beyond the range is full when it lies in the past. */
export async function readLine(
  runtime: Runtime,
  question: LineQuestion,
  grid: Grid,
  nowMs: number,
): Promise<LineData> {
  const { targetIds } = question;
  const first = grid.starts[0] ?? grid.range.startMs;
  const [began, ...parts] = await Promise.all([
    readBegan(runtime, { metric: leadMetric(question), targetIds }, first),
    ...selectionsOf(question).map((selection) => readFlows(runtime, selection, grid)),
  ]);
  const [part, rest] = parts;
  const flows = [...(part?.byTarget.values() ?? [])];
  const begun = [...(part?.byTarget.keys() ?? [])].map((id) => began.has(id));
  const rests = [...(rest?.byTarget ?? [])];
  const found = await readLineHistory(runtime, question, grid, {
    part: flows,
    rest: rests.map(([, flow]) => flow),
  });
  const history = found === null ? null : usable(question, grid, found, flows, begun);
  const finish = (measured: readonly Point[], remembered: readonly Point[], overall: number | null) =>
    toLineData(grid, part?.quality ?? 'unavailable', { measured, remembered, overall, history });
  const { starts, stepMs } = grid;
  switch (question.as) {
    case 'rate': {
      const all = addFlows(flows, starts.length, begun);
      return finish(
        sumRates(flows, starts, stepMs, begun),
        history === null ? [] : sumRates([history.part], starts, stepMs),
        meanRateOf(history === null ? all : fillFlow(all, history.part, history.fill)),
      );
    }
    case 'increase': {
      const total = await readTotal(runtime, question, grid, flows, nowMs);
      const remembered = history === null ? null : rememberedTotal(history, grid);
      return finish(
        sumIncreases(flows, starts, stepMs, begun),
        history === null ? [] : sumIncreases([history.part], starts, stepMs),
        // An even share of a bar at the edge is no count of its own.
        remembered === null ? total : Math.round((total ?? 0) + remembered),
      );
    }
    case 'value': {
      const hits = addFlows(flows, starts.length, begun);
      const misses = addFlows(
        rests.map(([, flow]) => flow),
        starts.length,
        rests.map(([id]) => began.has(id)),
      );
      if (history === null || history.rest === null)
        return finish(ratioPoints(hits, misses, starts), [], ratioOf(hits, misses));
      const { part: knownHits, rest: knownMisses, fill } = history;
      return finish(
        ratioPoints(hits, misses, starts),
        ratioPoints(knownHits, knownMisses, starts),
        ratioOf(fillFlow(hits, knownHits, fill), fillFlow(misses, knownMisses, fill)),
      );
    }
    default:
      return question satisfies never;
  }
}

/**
 * What of a memory may stand on the line. A count is never split finer than it was told; and only before the first visit
 * of all, since what fell into a later gap was counted by the visit after it.
 */
function usable(
  question: LineQuestion,
  { stepMs }: Grid,
  history: LineHistory,
  flows: readonly Flow[],
  begun: readonly boolean[],
): LineHistory | null {
  if (question.as !== 'increase') return history;
  if (history.resolutionMs > stepMs || begun.includes(true)) return null;
  const first = Math.min(
    ...flows.map((flow) => flow.findIndex((bucket) => bucket !== null)).filter((i) => i !== -1),
  );
  const fill = history.fill.map((yes, i) => yes && i < first);
  return fill.includes(true) ? { ...history, fill } : null;
}

/** Events that are remembered of exactly the range: a bucket at its edge counts by the time that lies inside. */
function rememberedTotal({ part, fill }: LineHistory, { range, starts, stepMs }: Grid): number {
  return starts.reduce((sum, startMs, i) => {
    const increase = fill[i] === true ? (part[i]?.increase ?? 0) : 0;
    return sum + (increase * overlapMs({ startMs, endMs: startMs + stepMs }, range)) / stepMs;
  }, 0);
}

function toLineData(
  { range, stepMs }: Grid,
  quality: Quality,
  {
    measured,
    remembered,
    overall,
    history,
  }: {
    measured: readonly Point[];
    remembered: readonly Point[];
    overall: number | null;
    history: LineHistory | null;
  },
): LineData {
  if (history === null) {
    return {
      points: measured,
      quality,
      overall,
      history: [],
      coverage: coverageOf(measured, [], range, stepMs),
    };
  }
  const points = fillPoints(measured, remembered, history.fill);
  const spans = historySpans(points, history.fill, stepMs, {
    provider: history.provider,
    resolutionMs: history.resolutionMs,
  });
  const coverage = coverageOf(points, spans, range, stepMs);
  const isAllRemembered = coverage.measuredMs === 0 && coverage.backfilledMs > 0;
  return { points, quality: isAllRemembered ? 'backfilled' : quality, overall, history: spans, coverage };
}

function selectionsOf(
  question: LineQuestion,
): { metric: MetricName; labels: Labels; targetIds: readonly TargetId[] }[] {
  const { targetIds } = question;
  return question.as === 'value'
    ? [question.part, question.rest].map((metric) => ({ metric, labels: {}, targetIds }))
    : [{ metric: question.metric, labels: question.labels, targetIds }];
}

/** Parts that a bucket at the edge of a range is told in at most. */
const MOST_EDGE_PARTS = 120;

/**
 * The total of exactly the range: what the first and the last bucket hold beyond it is left out, to a 120th of a
 * bucket. Null without data.
 */
async function readTotal(
  runtime: Runtime,
  question: SumQuestion,
  grid: Grid,
  flows: readonly Flow[],
  nowMs: number,
): Promise<number | null> {
  const { range, starts, stepMs } = grid;
  const firstMs = starts[0] ?? range.startMs;
  const endMs = (starts.at(-1) ?? firstMs) + stepMs;
  const cutsStart = firstMs < range.startMs;
  const cutsEnd = endMs > range.endMs && range.endMs < nowMs;
  const inside = flows.map((flow) => flow.slice(cutsStart ? 1 : 0, cutsEnd ? flow.length - 1 : flow.length));
  const edges: TimeRange[] =
    starts.length === 1
      ? [range]
      : [
          ...(cutsStart ? [{ startMs: range.startMs, endMs: firstMs + stepMs }] : []),
          ...(cutsEnd ? [{ startMs: endMs - stepMs, endMs: range.endMs }] : []),
        ];
  const finestMs = finestStepMs(runtime.config.retention, range.startMs, nowMs);
  const parts = await Promise.all(
    edges.map(async (edge) => {
      const lengthMs = edge.endMs - edge.startMs;
      const fineMs = STEPS_MS.find(
        (step) => step >= Math.max(finestMs, lengthMs / MOST_EDGE_PARTS) && stepMs % step === 0,
      );
      const fine = gridOf(edge, fineMs ?? Math.min(stepMs, BLOCK_MS));
      const { byTarget } = await readFlows(runtime, question, fine);
      return [...byTarget.values()];
    }),
  );
  return totalOf([...(starts.length === 1 ? [] : inside), ...parts.flat()]);
}
