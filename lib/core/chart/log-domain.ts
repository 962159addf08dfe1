import type { ShelfGeometry } from './geometry-types.ts';

/** A logarithmic extent between two round numbers, in the numbers that the axis shows. */
export interface LogDomain {
  min: number;
  max: number;
  ticks: readonly number[];
}

/** How much of the plot the shelf of zeros takes, gap included. */
export const SHELF_SHARE = 0.16;
/** Written at the break between the shelf of zeros and the scale. */
export const SHELF_TEXT: ShelfGeometry['text'] = 'break';

const EPSILON = 1e-9;
/** Smaller than anything that is measured; near the end of the numbers their logarithms lose their digits. */
const LEAST = 1e-200;
const LEADS = [1, 2, 5] as const;

/** The largest of 1, 2, 5 × 10ⁿ at or under `value` (`up`: the smallest at or above it). `value` > 0. */
function roundNumber(value: number, up: boolean): number {
  const power = Math.floor(Math.log10(value) + EPSILON);
  const near = [power - 1, power, power + 1].flatMap((n) => LEADS.map((lead) => Number(`${lead}e${n}`)));
  const fits = near.filter((candidate) =>
    up ? candidate >= value * (1 - EPSILON) : candidate <= value * (1 + EPSILON),
  );
  return (up ? fits[0] : fits.at(-1)) ?? value;
}

/** Powers of ten in the extent, thinned to `maxTicks`; with less than two of them 1, 2 and 5 in between as well. */
function ticksOf(min: number, max: number, maxTicks: number): number[] {
  const first = Math.ceil(Math.log10(min) - EPSILON);
  const last = Math.floor(Math.log10(max) + EPSILON);
  const decades: number[] = [];
  const every = Math.max(1, Math.ceil((last - first + 1) / maxTicks));
  for (let n = last; n >= first; n -= every) decades.unshift(Number(`1e${n}`));
  if (decades.length > 2) return decades;
  const fine: number[] = [];
  for (let n = first - 1; n <= last + 1; n++) {
    for (const lead of LEADS) {
      const tick = Number(`${lead}e${n}`);
      if (tick >= min * (1 - EPSILON) && tick <= max * (1 + EPSILON)) fine.push(tick);
    }
  }
  return fine.length <= maxTicks + 1 || decades.length < 2 ? fine : decades;
}

/**
 * The extent of a log axis for positive values (levels in reach included); null without any.
 * It ends in 1, 2 or 5 × 10ⁿ on both sides and always spans at least a factor of ten.
 */
export function logDomain(
  values: readonly number[],
  levels: readonly number[],
  maxTicks: number,
): LogDomain | null {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const value of values) {
    if (!(value > LEAST) || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (high === 0) return null;
  const [dataLow, dataHigh] = [low, high];
  for (const level of levels) {
    if (!logLevelIsInSight(level, dataLow, dataHigh)) continue;
    low = Math.min(low, level);
    high = Math.max(high, level);
  }
  // Air on both sides, so that a level never lies on an edge.
  let min = roundNumber(low / 1.1, false);
  const max = roundNumber(high * 1.1, true);
  if (max / min < 10) min = roundNumber(max / 10, false);
  return { min, max, ticks: ticksOf(min, max, maxTicks) };
}

/** True when a level lies within a factor of ten of the data. */
export function logLevelIsInSight(level: number, low: number, high: number): boolean {
  return level > LEAST && level >= low / 10 && level <= high * 10;
}

/** Height of a value, 0–1: 0 stands on the shelf, anything above it on the scale over the shelf. */
export function logShare(value: number, { min, max }: LogDomain, hasShelf: boolean): number {
  const floor = hasShelf ? SHELF_SHARE : 0;
  if (!(value > 0)) return 0;
  const along = Math.log(value / min) / Math.log(max / min);
  return floor + Math.min(1, Math.max(0, along)) * (1 - floor);
}
