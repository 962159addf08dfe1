import 'server-only';
import type { Bucket } from '@/lib/core/metrics/blocks.ts';
import { alignDown, BLOCK_MS, HOUR_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { GRID_COLUMNS, Grid } from '../grid.ts';
import type { Head } from '../head/head.ts';
import type { HeadSeries } from '../head/registry.ts';
import { reachMs } from '../head/target-head.ts';
import type { PackedSeries } from '../packed/protocol.ts';
import { feedHour } from '../series-hour.ts';
import type { BucketColumns } from '../store.ts';

/** Series of one turn: few enough that neither thread is held up for 10 ms. */
export const BATCH_SERIES = 24;
/** More buckets than any screen can show: a slip in the range, not a wish. */
const MOST_BUCKETS = 200_000;

export interface GridRange {
  startMs: number;
  stepMs: number;
  length: number;
}

/** The aligned grid that covers `range`. Throws RangeError on a step or range that makes no sense. */
export function gridRange(range: TimeRange, stepMs: number): GridRange {
  const startMs = alignDown(range.startMs, stepMs);
  const length = Math.max(0, Math.ceil((range.endMs - startMs) / stepMs));
  if (!Number.isInteger(stepMs) || stepMs <= 0 || !(length <= MOST_BUCKETS)) {
    throw new RangeError(
      `store: a step of ${stepMs} ms over ${range.endMs - range.startMs} ms gives no grid of 0 to ${MOST_BUCKETS} buckets`,
    );
  }
  return { startMs, stepMs, length };
}

/** What to ask the worker about a series; null when nothing packed can lie in the range. */
export function askFor(head: Head, series: HeadSeries, startMs: number): PackedSeries | null {
  const target = head.target(series.info.targetId);
  const packedHour = target?.packedHour ?? null;
  if (target === undefined || packedHour === null || startMs >= (packedHour + 1) * HOUR_MS) return null;
  const reachHours = Math.ceil(reachMs(target.head.maxIntervalMs) / HOUR_MS);
  return { id: series.info.id, target: target.number, counter: series.counter, packedHour, reachHours };
}

/** What to ask the worker about a backfilled series: all of it is packed, whatever its target's hours are. */
export function askForHistory({ info, counter }: HeadSeries): PackedSeries {
  return { id: info.id, target: 0, counter, packedHour: Number.MAX_SAFE_INTEGER, reachHours: 0 };
}

/**
 * Room that one series after another is read into: thousands of them would otherwise leave as many columns behind. What
 * was read is good until the next read.
 */
export class ReadScratch {
  readonly #grids = new Map<string, Grid>();
  readonly values = new Float64Array(MOST_VISITS);

  /** An empty grid; the same memory for the same place and shape. */
  grid(place: 'answer' | 'blocks', startMs: number, stepMs: number, length: number): Grid {
    const known = this.#grids.get(place);
    if (known?.startMs === startMs && known.stepMs === stepMs && known.length === length)
      return known.clear();
    const made = new Grid(startMs, stepMs, length);
    this.#grids.set(place, made);
    return made;
  }
}

/** In an hour, at an interval of one second; an hour of more is read into room of its own. */
const MOST_VISITS = 3_600;

/**
 * What the hours in memory add to the grid: its last part only, as far back as they reach. A baseline of days asks for
 * thousands of buckets, of which these hours fill a few. With `scratch` it is good until the next read.
 */
export function readHead(head: Head, series: HeadSeries, range: GridRange, scratch?: ReadScratch): Grid {
  const target = head.target(series.info.targetId);
  const hours = target?.head.hours ?? [];
  const first = hours[0];
  const endMs = range.startMs + range.length * range.stepMs;
  if (target === undefined || first === undefined) return new Grid(endMs, range.stepMs, 0);
  const room = (place: 'answer' | 'blocks', startMs: number, stepMs: number, length: number): Grid =>
    scratch?.grid(place, startMs, stepMs, length) ?? new Grid(startMs, stepMs, length);
  const firstMs = first.hour * HOUR_MS - reachMs(target.head.maxIntervalMs);
  const fromMs = Math.max(range.startMs, alignDown(firstMs, range.stepMs));
  const grid = room('answer', fromMs, range.stepMs, Math.max(0, (endMs - fromMs) / range.stepMs));
  if (grid.length === 0) return grid;
  // Whole blocks go through the same steps as when they are packed, so that packing changes no answer.
  const byBlocks = range.stepMs % BLOCK_MS === 0;
  const blocksFromMs = Math.max(range.startMs, alignDown(firstMs, BLOCK_MS));
  const blocks = byBlocks
    ? room('blocks', blocksFromMs, BLOCK_MS, Math.max(0, (endMs - blocksFromMs) / BLOCK_MS))
    : grid;
  for (const hour of hours) {
    if ((hour.hour + 1) * HOUR_MS <= range.startMs) continue;
    if (hour.hour * HOUR_MS - reachMs(target.head.maxIntervalMs) >= endMs) continue;
    const rows = hour.readSeries(series.info.id, series.counter, scratch?.values);
    if (rows !== null) feedHour(blocks, rows);
  }
  if (byBlocks) grid.addGrid(blocks.settle(series.counter));
  return grid;
}

/** The last part of a range as all of it. */
export function padded(part: Grid, range: GridRange, counter: boolean): (Bucket | null)[] {
  const own = part.toBuckets(counter);
  if (own.length === range.length) return own;
  return [...new Array<null>(range.length - own.length).fill(null), ...own];
}

/** A series with what was read of it: the last part of the range, or all of it. */
export interface ReadPart {
  series: HeadSeries;
  grid: Grid;
}

/** Joins packed and live parts, earlier ones first. `memory` holds the grids of `packed` one after another. */
export function joinParts(
  series: readonly HeadSeries[],
  range: GridRange,
  live: readonly Grid[],
  packed: readonly PackedSeries[],
  memory: Float64Array,
): ReadPart[] {
  const size = range.length * GRID_COLUMNS.length;
  const places = new Map(packed.map(({ id }, i) => [id, i]));
  return series.map((one, i) => {
    const place = places.get(one.info.id);
    const own = live[i] ?? null;
    if (place === undefined) {
      return { series: one, grid: own ?? new Grid(range.startMs, range.stepMs, 0) };
    }
    const part = memory.subarray(place * size, (place + 1) * size);
    const grid = new Grid(range.startMs, range.stepMs, range.length, part);
    if (own !== null) grid.addGrid(own);
    return { series: one, grid };
  });
}

/** Columns of the asked range, as the store tells them. */
export function columnsOf(grid: Grid, range: GridRange): BucketColumns {
  return {
    first: range.length - grid.length,
    length: grid.length,
    n: grid.n,
    sum: grid.sum,
    min: grid.min,
    max: grid.max,
    last: grid.last,
    increase: grid.increase,
    gapIncrease: grid.gapIncrease,
    coveredMs: grid.coveredMs,
    isEmpty: (i) => grid.isEmpty(i),
  };
}
