import type { BlockSeries, WrongWay } from '@/lib/core/detect/block-series.ts';
import { type CountSeries, detectCountSpikes } from '@/lib/core/detect/count-spike.ts';
import { detectDrift } from '@/lib/core/detect/drift.ts';
import type { Firing } from '@/lib/core/detect/firing.ts';
import { detectFrozen } from '@/lib/core/detect/frozen.ts';
import { detectPlateaus, type LevelSample } from '@/lib/core/detect/plateau.ts';
import { detectRegressions } from '@/lib/core/detect/regression.ts';
import { joinFirings, type ReplaySeries, replayBlocks, replayStarts } from '@/lib/core/detect/replay.ts';
import { detectSpikes } from '@/lib/core/detect/spike.ts';
import { detectStalls } from '@/lib/core/detect/stall.ts';
import { BLOCK_MS, DAY_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import { BASELINE_DAYS } from '@/lib/core/verdict/baseline.ts';
import { eventsPerBlock, type LogBlocks, logsOfCounts } from '@/lib/core/verdict/blocks.ts';
import { LEAST_EVENTS } from '@/lib/core/verdict/count-route.ts';
import { MAD_TO_SIGMA, medianOf } from '@/lib/core/verdict/robust.ts';
import {
  bucketsOf,
  countBlocksOf,
  counterSpansOf,
  levelBlocksOf,
  minuteCounts,
  resolutionOf,
  rowIntervalMs,
  type SeriesShape,
  wholeGrid,
} from './series-blocks.ts';
import type { SeriesPoint } from './series-csv.ts';

export const DETECT_RULES = ['spike', 'plateau', 'stall', 'drift', 'regression', 'count-spike'] as const;
export type DetectRule = (typeof DETECT_RULES)[number];

/** One series and the question that is put to it. */
export interface DetectCase {
  rule: DetectRule;
  shape: SeriesShape;
  /** A deploy: all before is the baseline, all after is watched. Null: each day is held against the days before it. */
  atMs: number | null;
  untilMs: number | null;
  way: WrongWay;
  /** A limit of a flat top, in the unit of the series; null where none is known. */
  quota: number | null;
  /** Share of the usual level that a deploy promises, for stalls; null where it promises none. */
  claimedRatio: number | null;
}

export interface Detected {
  firings: Firing[];
  /** What should be known with them, each a plain clause. */
  notes: string[];
}

const NO_BASELINE = 'nothing could be told: no day before is measured well enough to compare with';

/** What a rule would have said, over a whole series. Values are in the unit of the series. Pure. */
export function detectInSeries(all: readonly SeriesPoint[], one: DetectCase): Detected {
  const points = all.filter(({ atMs }) => one.untilMs === null || atMs <= one.untilMs);
  if (one.atMs !== null && (points.at(-1)?.atMs ?? one.atMs) < one.atMs) {
    return { firings: [], notes: ['no row follows the deploy: there is nothing to look at'] };
  }
  switch (one.rule) {
    case 'spike':
      return isRare(points, one)
        ? rareSpikes(points, one)
        : byBlocks(points, one, (series) => detectSpikes(series, one.way));
    case 'regression':
      return byBlocks(points, one, (series) => detectRegressions(series, one.way));
    case 'drift':
      return byBlocks(points, one, (series, placeboDays) =>
        detectDrift({ series, placeboDays, way: one.way }),
      );
    case 'count-spike':
      return countSpikes(points, one);
    case 'plateau':
      return plateaus(points, one);
    case 'stall':
      return one.shape.kind === 'gauge' ? frozen(points, one) : stalls(points, one);
    default:
      return one.rule satisfies never;
  }
}

/** Whether its events are too few for logarithms; a rate of unknown unit counts no events. */
function isRare(points: readonly SeriesPoint[], { shape, atMs }: DetectCase): boolean {
  if (shape.kind === 'gauge' || (shape.kind === 'rate' && shape.unitMs === null)) return false;
  const before = atMs === null ? points : points.filter((point) => point.atMs < atMs);
  const blocks = countBlocksOf(bucketsOf(before, shape, wholeGrid(before, shape, BLOCK_MS)));
  return (eventsPerBlock(blocks) ?? LEAST_EVENTS) < LEAST_EVENTS;
}

function rareSpikes(points: readonly SeriesPoint[], one: DetectCase): Detected {
  const { firings, notes } = countSpikes(points, one);
  return { firings, notes: [`fewer than ${LEAST_EVENTS} events in 5 min: counted one by one`, ...notes] };
}

function byBlocks(
  points: readonly SeriesPoint[],
  { shape, atMs }: DetectCase,
  detect: (series: BlockSeries, placeboDays: readonly LogBlocks[]) => Firing[],
): Detected {
  const firings = replayBlocks(replaySeriesOf(points, shape), atMs, detect);
  return firings === null ? { firings: [], notes: [NO_BASELINE] } : { firings, notes: [] };
}

/** Logarithms of counts; of levels too, unless some are zero or below: those are taken as they are, in spreads. */
function replaySeriesOf(points: readonly SeriesPoint[], shape: SeriesShape): ReplaySeries {
  const grid = wholeGrid(points, shape, BLOCK_MS);
  const buckets = bucketsOf(points, shape, grid);
  if (shape.kind !== 'gauge' && (shape.kind !== 'rate' || shape.unitMs !== null)) {
    const blocks = countBlocksOf(buckets);
    const unitMs = unitOfMs(points, shape);
    return {
      startMs: grid.startMs,
      logs: logsOfCounts(blocks),
      facts: (from, to) => ({ eventsPerBlock: eventsPerBlock(blocks.slice(from, to)), relativeStep: null }),
      levelOf: (y) => (Math.exp(y) * unitMs) / SECOND_MS,
      isWeekend: isWeekendUtc,
    };
  }
  const levels = levelBlocksOf(bucketsOf(points, { kind: 'gauge', unitMs: null }, grid));
  const resolution = resolutionOf(points) ?? 0;
  const known = levels.flatMap((level) => level ?? []);
  const middle = medianOf(known) ?? 0;
  if (known.every((level) => level > 0)) {
    return {
      startMs: grid.startMs,
      logs: levels.map((level) => (level === null ? null : Math.log(level))),
      facts: () => ({ eventsPerBlock: null, relativeStep: resolution / middle }),
      levelOf: Math.exp,
      isWeekend: isWeekendUtc,
    };
  }
  const unit = spreadOf(known, middle);
  return {
    startMs: grid.startMs,
    logs: levels.map((level) => (level === null ? null : level / unit)),
    facts: () => ({ eventsPerBlock: null, relativeStep: resolution / unit }),
    levelOf: (y) => y * unit,
    isWeekend: isWeekendUtc,
  };
}

/** Saturday and Sunday by UTC, as series name no zone. 1 January 1970 was a Thursday. */
function isWeekendUtc(atMs: number): boolean {
  return (Math.floor(atMs / DAY_MS) + 3) % 7 >= 5;
}

/** What one step of a level is: its robust spread, else its usual size, else 1. */
function spreadOf(levels: readonly number[], middle: number): number {
  const robust = MAD_TO_SIGMA * (medianOf(levels.map((level) => Math.abs(level - middle))) ?? 0);
  if (robust > 0) return robust;
  const size = levels.reduce((sum, level) => sum + Math.abs(level), 0) / Math.max(1, levels.length);
  return size > 0 ? size : 1;
}

/** The time in which the values of a series count: of counts the distance of its rows, of a counter a second. */
function unitOfMs(points: readonly SeriesPoint[], { kind, unitMs }: SeriesShape): number {
  return kind === 'count' ? rowIntervalMs(points) : (unitMs ?? SECOND_MS);
}

function countSpikes(points: readonly SeriesPoint[], { shape, atMs }: DetectCase): Detected {
  if (shape.kind === 'gauge') return { firings: [], notes: ['a level counts no events'] };
  const { startMs, stepMs, counts } = minuteCounts(points, shape);
  const endMs = startMs + counts.length * stepMs;
  const found = inStretches(startMs, endMs, stepMs, atMs, (fromMs, toMs) => {
    const part = (aMs: number, bMs: number): CountSeries => ({
      startMs: aMs,
      stepMs,
      counts: counts.slice((aMs - startMs) / stepMs, (bMs - startMs) / stepMs),
      requests: null,
    });
    return detectCountSpikes(
      part(Math.max(startMs, fromMs - BASELINE_DAYS * DAY_MS), fromMs),
      part(fromMs, toMs),
    );
  });
  return found ?? { firings: [], notes: [NO_BASELINE] };
}

/** Runs a detector that has a baseline of its own from each start to the next, on whole buckets. */
function inStretches(
  startMs: number,
  endMs: number,
  stepMs: number,
  atMs: number | null,
  detect: (fromMs: number, toMs: number) => Firing[],
): Detected | null {
  const onGrid = (instantMs: number) => startMs + Math.floor((instantMs - startMs) / stepMs) * stepMs;
  const starts = replayStarts(startMs, endMs, atMs)
    .map(onGrid)
    .filter((at) => at > startMs && at < endMs);
  if (starts.length === 0) return null;
  const firings = starts.flatMap((fromMs, i) => {
    const toMs = starts[i + 1] ?? endMs;
    const found = detect(fromMs, toMs);
    return toMs === endMs ? found : found.map((firing) => ({ ...firing, endMs: firing.endMs ?? toMs }));
  });
  return { firings: joinFirings(firings), notes: [] };
}

/** What lies in `[fromMs, toMs)` of a row in time order, found by halves. */
function between<T>(
  all: readonly T[],
  fromMs: number,
  toMs: number,
  timeOf: (one: T) => number,
): readonly T[] {
  const firstFrom = (ms: number): number => {
    let low = 0;
    let high = all.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const one = all[middle];
      if (one !== undefined && timeOf(one) < ms) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return all.slice(firstFrom(fromMs), firstFrom(toMs));
}

function plateaus(points: readonly SeriesPoint[], one: DetectCase): Detected {
  const samples = samplesOf(points, one.shape);
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return { firings: [], notes: [NO_BASELINE] };
  const sampleMs = rowIntervalMs(points);
  const endMs = last.atMs + sampleMs;
  const found = inStretches(first.atMs, endMs, sampleMs, one.atMs, (fromMs, toMs) =>
    detectPlateaus({
      samples: between(samples, fromMs - BASELINE_DAYS * DAY_MS, toMs, ({ atMs }) => atMs),
      sampleMs,
      fromMs,
      nowMs: toMs,
      sinceMs: one.atMs,
      quota: one.quota,
      refusedIn: null,
    }),
  );
  if (found === null || (one.atMs ?? endMs) < first.atMs + DAY_MS / 2) {
    return { firings: found?.firings ?? [], notes: [NO_BASELINE] };
  }
  return found;
}

/** Values as they stand in the rows; of a counter, what it rose by per second. */
function samplesOf(points: readonly SeriesPoint[], shape: SeriesShape): LevelSample[] {
  if (shape.kind !== 'counter') {
    return points.flatMap(({ atMs, value }) => (value === null ? [] : { atMs, value }));
  }
  return counterSpansOf(points, shape).flatMap(({ fromMs, toMs, increase }) =>
    increase === null ? [] : { atMs: toMs, value: (increase * SECOND_MS) / (toMs - fromMs) },
  );
}

function stalls(points: readonly SeriesPoint[], one: DetectCase): Detected {
  const { startMs, stepMs, counts } = minuteCounts(points, one.shape);
  const spans = counterSpansOf(points, one.shape);
  const endMs = Math.max(startMs, spans.at(-1)?.toMs ?? startMs);
  const claimed = one.claimedRatio === null ? null : { ratio: Math.min(1, one.claimedRatio) };
  const found = inStretches(startMs, endMs, stepMs, one.atMs, (fromMs, toMs) => {
    const firstMs = Math.max(startMs, fromMs - BASELINE_DAYS * DAY_MS);
    const before = counts.slice((firstMs - startMs) / stepMs, (fromMs - startMs) / stepMs);
    return detectStalls(
      { startMs: firstMs, stepMs, counts: before, requests: null },
      between(spans, fromMs, toMs, (span) => span.fromMs),
      claimed,
    );
  });
  return found ?? { firings: [], notes: [NO_BASELINE] };
}

function frozen(points: readonly SeriesPoint[], { atMs }: DetectCase): Detected {
  const samples = samplesOf(points, { kind: 'gauge', unitMs: null });
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return { firings: [], notes: [NO_BASELINE] };
  const found = inStretches(first.atMs, last.atMs + 1, 1, atMs, (fromMs, toMs) =>
    detectFrozen(
      between(samples, fromMs - BASELINE_DAYS * DAY_MS, fromMs, ({ atMs }) => atMs),
      between(samples, fromMs, toMs, ({ atMs }) => atMs),
    ),
  );
  return found ?? { firings: [], notes: [NO_BASELINE] };
}
