import type { PlotPoint } from './geometry-types.ts';

/**
 * Heights that lines pass in each percent of the plot's width, to the nearest 2 px: enough to keep names clear of them,
 * and far less to look through than all their points.
 */
export type Columns = readonly ReadonlySet<number>[];

const COUNT = 101;
const GRAIN_PX = 2;

const toGrain = (y: number) => Math.round(y / GRAIN_PX) * GRAIN_PX;

/** Columns of several lines; a null is a break, between two places a line is straight. */
export function columnsOf(lines: Iterable<readonly (PlotPoint | null)[]>): Columns {
  const columns = Array.from({ length: COUNT }, () => new Set<number>());
  for (const line of lines) {
    let from: PlotPoint | null = null;
    for (const to of line) {
      if (to !== null) trace(columns, from ?? to, to);
      from = to;
    }
  }
  return columns;
}

function trace(columns: readonly Set<number>[], from: PlotPoint, to: PlotPoint): void {
  const first = Math.round(from.x);
  const last = Math.round(to.x);
  columns[last]?.add(toGrain(to.y));
  for (let column = first; column < last; column++) {
    const along = to.x > from.x ? Math.max(0, (column - from.x) / (to.x - from.x)) : 0;
    columns[column]?.add(toGrain(from.y + (to.y - from.y) * along));
  }
}

/** All heights between two places, percent of the width. */
export function heightsBetween(columns: Columns, fromX: number, toX: number): number[] {
  const heights: number[] = [];
  const last = Math.min(COUNT - 1, Math.ceil(toX));
  for (let column = Math.max(0, Math.floor(fromX)); column <= last; column++) {
    for (const y of columns[column] ?? []) heights.push(y);
  }
  return heights;
}

/** Distance in px from `y` to the nearest line between two places; `most` when none is nearer. */
export function distanceToLines(
  columns: Columns,
  fromX: number,
  toX: number,
  y: number,
  most: number,
): number {
  let least = most;
  const last = Math.min(COUNT - 1, Math.ceil(toX));
  for (let column = Math.max(0, Math.floor(fromX)); column <= last; column++) {
    for (const line of columns[column] ?? []) {
      const distance = Math.abs(line - y);
      if (distance < least) least = distance;
    }
  }
  return least;
}
