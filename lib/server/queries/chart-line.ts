import 'server-only';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { Labels, Quality } from '@/lib/core/model/sample.ts';
import type { SourceKind, TargetId } from '@/lib/core/model/target.ts';
import type { Point } from '@/lib/core/model/view.ts';
import { addFlows, type Flow, ratioPoints, sumIncreases, sumRates } from '@/lib/core/series/combine.ts';
import { meanRateOf, ratioOf, totalOf } from '@/lib/core/series/level.ts';
import { BLOCK_MS, STEPS_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { Runtime } from '../runtime.ts';
import { readBegan } from './began.ts';
import { readFlows } from './flows.ts';
import { finestStepMs, type Grid, gridOf } from './grid.ts';

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
  quality: Quality;
  /** Mean over the covered time (rate, value) or total (increase); null without data. */
  overall: number | null;
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
  const quality = part?.quality ?? 'unavailable';
  switch (question.as) {
    case 'rate': {
      const all = addFlows(flows, grid.starts.length, begun);
      return { points: sumRates(flows, grid.starts, grid.stepMs, begun), quality, overall: meanRateOf(all) };
    }
    case 'increase': {
      const points = sumIncreases(flows, grid.starts, grid.stepMs, begun);
      return { points, quality, overall: await readTotal(runtime, question, grid, flows, nowMs) };
    }
    case 'value': {
      const parts = addFlows(flows, grid.starts.length, begun);
      const rests = [...(rest?.byTarget ?? [])];
      const whole = addFlows(
        rests.map(([, flow]) => flow),
        grid.starts.length,
        rests.map(([id]) => began.has(id)),
      );
      return { points: ratioPoints(parts, whole, grid.starts), quality, overall: ratioOf(parts, whole) };
    }
    default:
      return question satisfies never;
  }
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
