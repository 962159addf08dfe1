import type { GoalView, OriginView, PlanView } from '../model/view.ts';
import type { TimeRange } from '../time/range.ts';
import type { LevelGeometry } from './geometry-types.ts';
import type { Heights } from './heights.ts';
import type { Label } from './labels.ts';
import { xPercent } from './x-place.ts';

/** `▾ ≤ 24K/h target`: which side of the line is good, the level as it was written. */
export function goalText({ direction, text }: GoalView): string {
  return direction === 'atMost' ? `▾ ≤ ${text} target` : `▴ ≥ ${text} target`;
}

function levelOf(
  value: number,
  text: string,
  fromX: number,
  heights: Heights,
  yOf: (value: number) => number,
): LevelGeometry {
  const place = heights.placeOf(value);
  return place === 'inside'
    ? { y: Math.round(yOf(value)) + 0.5, edge: null, fromX, text }
    : { y: null, edge: place, fromX, text };
}

/** Goals begin at their deploy when it is in the range, plans at the left edge. */
export function layOutGoals(
  goals: readonly GoalView[],
  heights: Heights,
  yOf: (value: number) => number,
  range: TimeRange,
  origin: OriginView | null,
): LevelGeometry[] {
  const isInRange = origin !== null && origin.atMs > range.startMs && origin.atMs < range.endMs;
  const fromX = isInRange ? xPercent(origin.atMs, range) : 0;
  return goals.map((goal) => levelOf(goal.value, goalText(goal), fromX, heights, yOf));
}

/** Levels that money depends on. */
export function layOutPlans(
  plans: readonly PlanView[],
  heights: Heights,
  yOf: (value: number) => number,
): LevelGeometry[] {
  return plans.map(({ value, text }) => levelOf(value, text, 0, heights, yOf));
}

/** What a level is called beside the plot; one that lies outside points there. */
export function levelLabel(
  { y, edge, text }: LevelGeometry,
  kind: Label['kind'],
  topY: number,
  baseY: number,
): Label {
  if (y !== null) return { y, text, kind };
  const bare = text.replace(/^[▾▴] /, '');
  return edge === 'bottom' ? { y: baseY, text: `▾ ${bare}`, kind } : { y: topY, text: `▴ ${bare}`, kind };
}
