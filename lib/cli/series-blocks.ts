import { shareByTime } from '@/lib/core/metrics/blocks.ts';
import { type CounterState, stepCounter } from '@/lib/core/metrics/increments.ts';
import {
  alignDown,
  alignUp,
  BLOCK_MS,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  SECOND_MS,
} from '@/lib/core/time/range.ts';
import { COVERED_SHARE, type CountBlock } from '@/lib/core/verdict/blocks.ts';
import type { ClaimBlocks } from '@/lib/core/verdict/judge-types.ts';
import { medianOf } from '@/lib/core/verdict/robust.ts';
import type { SeriesPoint } from './series-csv.ts';

/**
 * What the values of a series are. `rate`: events in a unit of time, from the row on; `counter`: all events so far;
 * `count`: events since the row before; `gauge`: a level, from the row on.
 */
export const SERIES_KINDS = ['rate', 'counter', 'gauge', 'count'] as const;
export type SeriesKind = (typeof SERIES_KINDS)[number];

/** How a series is to be read. */
export interface SeriesShape {
  kind: SeriesKind;
  /** Of a rate: what its events are counted in; null where nobody says, so that it counts per second and no events. */
  unitMs: number | null;
}

const UNITS: Readonly<Record<string, number>> = {
  s: SECOND_MS,
  sec: SECOND_MS,
  second: SECOND_MS,
  m: MINUTE_MS,
  min: MINUTE_MS,
  minute: MINUTE_MS,
  h: HOUR_MS,
  hour: HOUR_MS,
  d: DAY_MS,
  day: DAY_MS,
};

/** The unit of a rate as `/min`, `per minute`, `min`, in ms; null for any other word. */
export function parseUnitMs(text: string): number | null {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/^(?:\/|per\s+)\s*/, '');
  return Object.hasOwn(UNITS, word) ? (UNITS[word] ?? null) : null;
}

/** Rows further apart than this many usual distances leave a hole, as with scrapes. */
const GAP_ROWS = 3;
/** Levels are written with at most so many digits; more is noise of a conversion. */
const MOST_DECIMALS = 9;

/** The usual distance of two rows; one block where there are fewer than two. */
export function rowIntervalMs(points: readonly SeriesPoint[]): number {
  const steps = points.slice(1).map(({ atMs }, i) => atMs - (points[i]?.atMs ?? atMs));
  return medianOf(steps) ?? BLOCK_MS;
}

/** What happened in one bucket on the clock: a number of events, or a mean level, over the part that was measured. */
export interface Buckets {
  startMs: number;
  stepMs: number;
  /** Events in the bucket; 0 throughout for a gauge. */
  increase: Float64Array;
  coveredMs: Float64Array;
  /** Level times ms: over `coveredMs` it is the mean. 0 throughout for events. */
  weighted: Float64Array;
}

/** A series on a grid of `stepMs` that begins at `startMs` and ends with the last bucket that is over by `endMs`. */
export function bucketsOf(
  points: readonly SeriesPoint[],
  shape: SeriesShape,
  { startMs, endMs, stepMs }: { startMs: number; endMs: number; stepMs: number },
): Buckets {
  const length = Math.max(0, Math.floor((endMs - startMs) / stepMs));
  const buckets: Buckets = {
    startMs,
    stepMs,
    increase: new Float64Array(length),
    coveredMs: new Float64Array(length),
    weighted: new Float64Array(length),
  };
  const add = (fromMs: number, toMs: number, increase: number, level: number): void => {
    if (toMs <= fromMs) return;
    shareByTime({ fromMs, toMs, increase }, stepMs, null, (bucketMs, share, insideMs) => {
      const i = Math.round((bucketMs - startMs) / stepMs);
      if (i < 0 || i >= length) return;
      buckets.increase[i] = (buckets.increase[i] ?? 0) + share;
      buckets.coveredMs[i] = (buckets.coveredMs[i] ?? 0) + insideMs;
      buckets.weighted[i] = (buckets.weighted[i] ?? 0) + level * insideMs;
    });
  };
  const spans = spansOf(points, shape);
  for (const { fromMs, toMs, increase, level } of spans) add(fromMs, toMs, increase, level);
  return buckets;
}

interface Span {
  fromMs: number;
  toMs: number;
  increase: number;
  level: number;
}

function spansOf(points: readonly SeriesPoint[], shape: SeriesShape): Span[] {
  switch (shape.kind) {
    case 'rate':
      return heldSpans(points).flatMap(({ fromMs, toMs, level }) => {
        const increase = (level * (toMs - fromMs)) / (shape.unitMs ?? SECOND_MS);
        // A rate below zero is a slip of whoever made it, and no number of events.
        return increase < 0 ? [] : { fromMs, toMs, increase, level: 0 };
      });
    case 'gauge':
      return heldSpans(points);
    case 'count':
      return countedSpans(points);
    case 'counter':
      return counterSpans(points);
    default:
      return shape.kind satisfies never;
  }
}

/** Each row holds until the next one, unless that is far away: then for a usual distance. */
function heldSpans(points: readonly SeriesPoint[]): Span[] {
  const intervalMs = rowIntervalMs(points);
  return points.flatMap(({ atMs, value }, i) => {
    if (value === null) return [];
    const nextMs = points[i + 1]?.atMs ?? Number.POSITIVE_INFINITY;
    const toMs = nextMs - atMs > GAP_ROWS * intervalMs ? atMs + intervalMs : nextMs;
    return [{ fromMs: atMs, toMs, increase: 0, level: value }];
  });
}

/** Events since the row before. The first row counts over a usual distance; after a hole nobody knows when they were. */
function countedSpans(points: readonly SeriesPoint[]): Span[] {
  const intervalMs = rowIntervalMs(points);
  return points.flatMap(({ atMs, value }, i) => {
    const fromMs = points[i - 1]?.atMs ?? atMs - intervalMs;
    if (value === null || value < 0 || atMs - fromMs > GAP_ROWS * intervalMs) return [];
    return [{ fromMs, toMs: atMs, increase: value, level: 0 }];
  });
}

/** By the rules that stored counters go by: resets, small decreases, holes. */
function counterSpans(points: readonly SeriesPoint[]): Span[] {
  const intervalMs = rowIntervalMs(points);
  const spans: Span[] = [];
  let state: CounterState | null = null;
  let previousVisitMs: number | null = null;
  for (const { atMs, value } of points) {
    if (value === null) continue;
    const step = stepCounter(state, {
      atMs,
      value,
      intervalMs,
      start: null,
      previousVisitMs,
      absentThen: false,
    });
    state = step.state;
    previousVisitMs = atMs;
    const { increment } = step;
    if (increment === null || increment.gap) continue;
    spans.push({ fromMs: increment.fromMs, toMs: increment.toMs, increase: increment.increase, level: 0 });
  }
  return spans;
}

/** What was counted between rows, hole by hole null: for detectors that look at single samples. */
export function counterSpansOf(
  points: readonly SeriesPoint[],
  shape: SeriesShape,
): { fromMs: number; toMs: number; increase: number | null }[] {
  const spans = shape.kind === 'gauge' ? [] : spansOf(points, shape);
  return spans.flatMap(({ fromMs, toMs, increase }, i) => {
    const lastMs = spans[i - 1]?.toMs ?? fromMs;
    const hole = fromMs > lastMs ? [{ fromMs: lastMs, toMs: fromMs, increase: null }] : [];
    return [...hole, { fromMs, toMs, increase }];
  });
}

/** The grid of a whole series, from the bucket of its first row to the last one that its rows cover. */
export function wholeGrid(
  points: readonly SeriesPoint[],
  { kind }: SeriesShape,
  stepMs: number,
): { startMs: number; endMs: number; stepMs: number } {
  const intervalMs = rowIntervalMs(points);
  const holds = kind === 'rate' || kind === 'gauge';
  const firstMs = (points[0]?.atMs ?? 0) - (kind === 'count' ? intervalMs : 0);
  const lastMs = (points.at(-1)?.atMs ?? 0) + (holds ? intervalMs : 0);
  const startMs = alignDown(firstMs, stepMs);
  // Rows that stand beside the clock leave a last bucket that is covered for the most part: it is one.
  const lastStartMs = alignDown(lastMs, stepMs);
  const endMs = lastMs - lastStartMs >= COVERED_SHARE * stepMs ? lastStartMs + stepMs : lastStartMs;
  return { startMs, endMs, stepMs };
}

/** Events by minute, or by the whole minutes between two rows where those are further apart; null where not measured. */
export function minuteCounts(
  points: readonly SeriesPoint[],
  shape: SeriesShape,
): { startMs: number; stepMs: number; counts: (number | null)[] } {
  const stepMs = Math.max(MINUTE_MS, alignUp(rowIntervalMs(points), MINUTE_MS));
  const { startMs, increase, coveredMs } = bucketsOf(points, shape, wholeGrid(points, shape, stepMs));
  const counts = Array.from(increase, (sum, i) => {
    const covered = coveredMs[i] ?? 0;
    // Half a bucket stands for the whole of it, as with blocks.
    return covered > 0 && covered >= COVERED_SHARE * stepMs ? (sum * stepMs) / covered : null;
  });
  return { startMs, stepMs, counts };
}

/** Blocks of 5 min over a grid, as counters give them; null where nothing was measured. */
export function countBlocksOf({ increase, coveredMs }: Buckets): CountBlock[] {
  return Array.from(increase, (sum, i) => {
    const covered = coveredMs[i] ?? 0;
    return covered > 0 ? { increase: sum, coveredMs: covered } : null;
  });
}

/** Mean levels of the same; null where less than half of a block was measured. */
export function levelBlocksOf({ weighted, coveredMs }: Buckets): (number | null)[] {
  return Array.from(weighted, (sum, i) => {
    const covered = coveredMs[i] ?? 0;
    return covered > 0 && covered >= COVERED_SHARE * BLOCK_MS ? sum / covered : null;
  });
}

/**
 * The blocks of a claim around T₀, on the clock: `before` ends where the block that holds T₀ begins, `after` begins with
 * it and ends with the last block that is over by `untilMs` and by the last row. At most `days` days before, where told.
 */
export function claimBlocksOf(
  points: readonly SeriesPoint[],
  shape: SeriesShape,
  { originMs, untilMs, days }: { originMs: number; untilMs: number | null; days: number | null },
): ClaimBlocks {
  const grid = wholeGrid(points, shape, BLOCK_MS);
  const originBlockMs = alignDown(originMs, BLOCK_MS);
  const firstMs = days === null ? grid.startMs : Math.max(grid.startMs, originBlockMs - days * DAY_MS);
  const endMs = Math.min(grid.endMs, untilMs === null ? grid.endMs : alignDown(untilMs, BLOCK_MS));
  const startMs = Math.min(firstMs, originBlockMs);
  const buckets = bucketsOf(points, shape, {
    startMs,
    endMs: Math.max(endMs, originBlockMs),
    stepMs: BLOCK_MS,
  });
  const split = (originBlockMs - startMs) / BLOCK_MS;
  if (shape.kind === 'gauge') {
    const levels = levelBlocksOf(buckets);
    return {
      kind: 'levels',
      before: levels.slice(0, split),
      after: levels.slice(split),
      resolution: resolutionOf(points),
    };
  }
  const blocks = countBlocksOf(buckets);
  return {
    kind: 'counts',
    before: blocks.slice(0, split),
    after: blocks.slice(split),
    countsEvents: shape.kind !== 'rate' || shape.unitMs !== null,
  };
}

/** Smallest step that the written values can show, a power of ten; null without a value. */
export function resolutionOf(points: readonly SeriesPoint[]): number | null {
  let decimals = -1;
  for (const { value } of points) {
    if (value === null) continue;
    const text = String(value);
    const [digits = '', exponent = '0'] = text.split('e');
    const own = (digits.split('.')[1]?.length ?? 0) - Number(exponent);
    decimals = Math.max(decimals, own);
    if (decimals >= MOST_DECIMALS) break;
  }
  return decimals < 0 ? null : 10 ** -Math.min(decimals, MOST_DECIMALS);
}
