import { niceTicks } from './ticks.ts';

/** Vertical extent of a plot, in the numbers that its axis shows. */
export interface Domain {
  min: number;
  max: number;
  ticks: readonly number[];
}

export interface DomainInput {
  /** Values to be drawn, in axis numbers; nulls left out. */
  values: readonly number[];
  /** Levels that should be in sight, such as goals. */
  levels: readonly number[];
  /** A ratio always stands on the whole scale from 0 to 1. */
  kind: 'ratio' | 'count' | 'amount';
  maxSteps: number;
}

/** A level further than this above the data would flatten them; it is named at the edge instead. */
const LEVEL_REACH = 1.6;
/** Small counts are still read well under a limit further up. */
const COUNT_LEVEL_REACH = 3;
/** Air above the highest point, so that the line does not touch the edge. */
const HEADROOM = 1.08;

/** True when a level is drawn inside the plot. Without data every level is. */
export function levelIsInSight(
  level: number,
  values: readonly number[],
  kind: DomainInput['kind'] = 'amount',
): boolean {
  const top = maxOf(values);
  return top === null || top <= 0 || level <= top * (kind === 'count' ? COUNT_LEVEL_REACH : LEVEL_REACH);
}

/** Extent and ticks of the y axis. Always holds 0: a cut-off axis makes small changes look large. */
export function valueDomain({ values, levels, kind, maxSteps }: DomainInput): Domain {
  if (kind === 'ratio') return { min: 0, max: HEADROOM, ticks: [0, 0.5, 1] };
  const inSight = levels.filter((level) => levelIsInSight(level, values, kind));
  const top = Math.max(0, maxOf(values) ?? 0, maxOf(inSight) ?? 0);
  const bottom = Math.min(0, minOf(values) ?? 0);
  if (top === 0 && bottom === 0) return { min: 0, max: HEADROOM, ticks: [0, 1] };
  const max = top * HEADROOM;
  const min = bottom * HEADROOM;
  const ticks = niceTicks(min, max, maxSteps, kind === 'count');
  // Counts of 0 and 1 only: the step of one still needs a second tick.
  return ticks.length > 1 ? { min, max, ticks } : { min, max: Math.max(max, HEADROOM), ticks: [0, 1] };
}

// Math.max(...values) overflows the stack on long lists.
function maxOf(values: readonly number[]): number | null {
  return values.reduce<number | null>((best, value) => (best === null || value > best ? value : best), null);
}

function minOf(values: readonly number[]): number | null {
  return values.reduce<number | null>((best, value) => (best === null || value < best ? value : best), null);
}
