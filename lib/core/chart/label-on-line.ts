import { type Columns, distanceToLines } from './columns.ts';
import type { PlacedText, PlotPoint } from './geometry-types.ts';
import { LEAST_PLOT_PX } from './plot-width.ts';

const CHAR_PX = 6.2;
/** Farther away than this is as good as anywhere. */
const CLEAR_PX = 40;
/** From the line to the foot of letters over it, and under it. */
const RISES_PX = [-8, 16] as const;
/** Places that are tried along a line. */
const TRIES = 32;

/** A part of the plot that hides what is under it: `x` in percent, `y` in px. */
export interface Obstacle {
  fromX: number;
  toX: number;
  topY: number;
  bottomY: number;
}

/** What a label on the plot must keep clear of. */
export interface Surroundings {
  /** All other lines. */
  lines: readonly Columns[];
  obstacles: readonly Obstacle[];
  topY: number;
  baseY: number;
}

/**
 * Where a name stands best on its own line: above or under it, where other lines are farthest away. Null when it would
 * stand nowhere free of obstacles.
 */
export function labelOnLine(
  text: string,
  places: readonly PlotPoint[],
  own: Columns,
  around: Surroundings,
): PlacedText | null {
  const halfWidth = ((text.length * CHAR_PX) / 2 / LEAST_PLOT_PX.narrow) * 100;
  let best: { clearance: number; at: PlotPoint } | null = null;
  const every = Math.max(1, Math.floor(places.length / TRIES));
  for (let index = 0; index < places.length; index += every) {
    const place = places[index];
    if (!place || place.x < halfWidth || place.x > 100 - halfWidth) continue;
    for (const rise of RISES_PX) {
      const y = place.y + rise;
      if (y < around.topY + 10 || y > around.baseY - 5) continue;
      // Measured from the middle of the letters.
      const clearance = clearanceAt({ x: place.x, y: y - 4 }, halfWidth, own, around);
      if (best === null || clearance > best.clearance) best = { clearance, at: { x: place.x, y } };
    }
  }
  return best !== null && best.clearance >= 0 ? { ...best.at, text, anchor: 'middle' } : null;
}

/** Distance in px to the nearest line under the text; −1 on an obstacle. */
function clearanceAt(
  { x, y }: PlotPoint,
  halfWidth: number,
  own: Columns,
  { lines, obstacles }: Surroundings,
): number {
  const [fromX, toX] = [x - halfWidth, x + halfWidth];
  for (const other of obstacles) {
    if (other.fromX < toX && other.toX > fromX && y > other.topY - 8 && y < other.bottomY + 8) return -1;
  }
  // A steep line of its own runs through its name as well, but may come nearer than others.
  let least = Math.min(CLEAR_PX, 8 + distanceToLines(own, fromX, toX, y, CLEAR_PX));
  for (const columns of lines) least = distanceToLines(columns, fromX, toX, y, least);
  return least;
}
