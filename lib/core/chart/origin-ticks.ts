import type { OriginView } from '../model/view.ts';
import { alignUp, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, type TimeRange } from '../time/range.ts';
import type { OriginTick } from './geometry-types.ts';
import { LEAST_PLOT_PX, PLOT_WIDTHS, type PlotWidth } from './plot-width.ts';
import { xPercent } from './x-place.ts';

const STEPS_MS = [
  10 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
  2 * DAY_MS,
  7 * DAY_MS,
] as const;
const MAX_TICKS = 9;
const CHAR_PX = 5.9;
const GAP_PX = 4;
/** Longer ago than this, a range is no longer read as time since the deploy. */
const FOLLOWED_MS = 7 * DAY_MS;

/** `1h`, `1h30m`, `2d`, `40s`: at most two parts, without spaces, for an axis. */
function spanText(ms: number): string {
  const parts = [
    [Math.floor(ms / DAY_MS), 'd'],
    [Math.floor((ms % DAY_MS) / HOUR_MS), 'h'],
    [Math.floor((ms % HOUR_MS) / MINUTE_MS), 'm'],
    [Math.floor((ms % MINUTE_MS) / SECOND_MS), 's'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .slice(0, 2)
    .map(([count, name]) => `${count}${name}`)
    .join('');
}

/** `T₀ v1206`, `T+1h` … under the wall clock, thinned so that none touch; empty when the range lies before T₀. */
export function layOutOriginTicks(range: TimeRange, origin: OriginView | null): OriginTick[] {
  if (origin === null || origin.atMs >= range.endMs || range.startMs - origin.atMs > FOLLOWED_MS) return [];
  const lengthMs = range.endMs - range.startMs;
  const stepMs =
    STEPS_MS.find((step) => lengthMs / step <= MAX_TICKS) ?? alignUp(lengthMs / MAX_TICKS, DAY_MS);
  const ticks: Omit<OriginTick, 'on'>[] = [];
  const firstMs = Math.max(0, alignUp(range.startMs - origin.atMs, stepMs));
  for (let sinceMs = firstMs; origin.atMs + sinceMs < range.endMs; sinceMs += stepMs) {
    const atMs = origin.atMs + sinceMs;
    const text = sinceMs === 0 ? `T₀ ${origin.release}` : `T+${spanText(sinceMs)}`;
    ticks.push({ x: xPercent(atMs, range), atMs, text, textNarrow: sinceMs === 0 ? 'T₀' : text });
  }
  const shown = Object.fromEntries(PLOT_WIDTHS.map((width) => [width, thin(ticks, width)])) as Record<
    PlotWidth,
    Set<number>
  >;
  return ticks.map((tick) => ({ ...tick, on: PLOT_WIDTHS.filter((width) => shown[width].has(tick.atMs)) }));
}

/** From left to right, each that does not touch the one before; the last ones must stay inside the page. */
function thin(ticks: readonly Omit<OriginTick, 'on'>[], width: PlotWidth): Set<number> {
  const plotPx = LEAST_PLOT_PX[width];
  const shown = new Set<number>();
  let usedPx = Number.NEGATIVE_INFINITY;
  for (const { x, atMs, text, textNarrow } of ticks) {
    const halfPx = ((width === 'narrow' ? textNarrow : text).length * CHAR_PX) / 2;
    const atPx = (x / 100) * plotPx;
    if (atPx - halfPx < usedPx + GAP_PX || atPx + halfPx > plotPx + (width === 'narrow' ? 8 : 100)) continue;
    shown.add(atMs);
    usedPx = atPx + halfPx;
  }
  return shown;
}
