import { BLOCK_MS, HOUR_MS } from '../time/range.ts';
import { BLOCKS_PER_DAY } from '../verdict/baseline.ts';
import type { LogBlocks } from '../verdict/blocks.ts';
import { studentUpperQuantile } from '../verdict/distributions.ts';
import { medianOf, middleOf } from '../verdict/robust.ts';
import { type BlockSeries, type WrongWay, wrongBy } from './block-series.ts';
import { DETECTOR_ALPHA, type Firing, type Seen, shortNumber } from './firing.ts';
import { expectedAt } from './moving-mean.ts';

/** Hours after T₀ at which it is looked at; each has its part of the error. */
const LOOKS_HOURS = [6, 12, 18, 24] as const;
const BLOCKS_PER_HOUR = HOUR_MS / BLOCK_MS;
/** A drift of less in 24 h is not worth a word. */
const LEAST_CHANGE = 0.1;
/** An hour with fewer measured blocks has no median, a look with fewer such hours no slope. */
const LEAST_BLOCKS = 6;
const LEAST_HOURS = 4;
const LEAST_DAYS = 3;

export interface DriftInput {
  series: BlockSeries;
  /** Residuals of the days before against each other, on the clock of the watch: what slopes come by chance. */
  placeboDays: readonly LogBlocks[];
  way: WrongWay;
}

/**
 * Drift (method 3.7): the Theil–Sen slope of hourly medians since T₀ against the same slope on the days before, looked
 * at after 6, 12, 18 and 24 h, each at a quarter of α. Fires at 10 % in 24 h and more. One firing, open once it is found.
 */
export function detectDrift({ series, placeboDays, way }: DriftInput): Firing[] {
  const { startMs } = series;
  const course = driftCourse({ series, placeboDays });
  const firings: Firing[] = [];
  for (const look of LOOKS_HOURS) {
    const seen = driftLook(course, look, way);
    const open = firings[0];
    if (seen === null || (open === undefined ? seen.score < 1 : seen.score <= open.score)) continue;
    const { score, value, expected, what } = seen;
    const found = { score, value, expected, what };
    if (open === undefined) {
      const lastBlock = look * BLOCKS_PER_HOUR - 1;
      firings.push({ startMs: startMs + lastBlock * BLOCK_MS, endMs: null, isSevere: false, ...found });
    } else Object.assign(open, found);
  }
  return firings;
}

/** What all looks at one drift share: medians by hour, of the watch and of the days before. */
export interface DriftCourse {
  hours: LogBlocks;
  days: readonly LogBlocks[];
  /** Blocks since T₀. */
  blocks: number;
  series: BlockSeries;
}

export function driftCourse({ series, placeboDays }: Omit<DriftInput, 'way'>): DriftCourse {
  const deviations = series.deviations.slice(series.leadBlocks);
  return {
    hours: hourlyMedians(deviations),
    days: placeboDays.map(hourlyMedians),
    blocks: deviations.length,
    series,
  };
}

/** The looks that are due once so many blocks have passed since T₀, in hours. */
export function driftLooksDue(blocks: number): readonly number[] {
  return LOOKS_HOURS.filter((look) => blocks >= look * BLOCKS_PER_HOUR);
}

/** What the look after `look` hours sees; null before it, and where too little was measured for a slope. */
export function driftLook(
  { hours, days, blocks, series }: DriftCourse,
  look: number,
  way: WrongWay,
): Seen | null {
  const lastBlock = look * BLOCKS_PER_HOUR - 1;
  if (blocks <= lastBlock) return null;
  const perHour = theilSen(hours.slice(0, look));
  const slopes = days.flatMap((day) => theilSen(day.slice(0, look)) ?? []);
  const usual = expectedAt(series.baseline, lastBlock);
  if (perHour === null || usual === null || slopes.length < LEAST_DAYS) return null;

  const count = slopes.length;
  // As with means: a residual day strays more from the other days than the watch does from all of them.
  const variance = slopes.reduce((sum, slope) => sum + slope * slope, 0) / (count + 1 / count);
  const multiple = studentUpperQuantile(DETECTOR_ALPHA / LOOKS_HOURS.length / 2, count - 1);
  const inDay = 24 * perHour;
  const percent = 100 * Math.expm1(inDay);
  return {
    score: Math.min(
      wrongBy(perHour, way) / Math.max(multiple * Math.sqrt(variance), Number.MIN_VALUE),
      wrongBy(inDay, way) / Math.log(1 + LEAST_CHANGE),
    ),
    value: series.levelOf(usual + inDay),
    expected: series.levelOf(usual),
    windowMs: look * HOUR_MS,
    what: `${percent < 0 ? 'falls' : 'rises'} by ${shortNumber(Math.abs(percent))} % in 24 h`,
  };
}

function hourlyMedians(blocks: LogBlocks): LogBlocks {
  return Array.from({ length: Math.min(24, Math.floor(blocks.length / BLOCKS_PER_HOUR)) }, (_, hour) => {
    const known = blocks
      .slice(hour * BLOCKS_PER_HOUR, (hour + 1) * BLOCKS_PER_HOUR)
      .flatMap((value) => value ?? []);
    return known.length < LEAST_BLOCKS ? null : medianOf(known);
  });
}

/** Median of the slopes between all pairs, for one place; null with too few. A wild one in four moves it little. */
export function theilSen(values: LogBlocks, leastValues = LEAST_HOURS): number | null {
  const known = values.flatMap((value, at) => (value === null ? [] : { at, value }));
  if (known.length < leastValues) return null;
  const slopes: number[] = [];
  for (const [i, one] of known.entries()) {
    for (const other of known.slice(i + 1)) slopes.push((other.value - one.value) / (other.at - one.at));
  }
  return middleOf(slopes.sort((a, b) => a - b));
}

/** Cuts a row of residuals that ends at T₀ into days, on the clock of the watch. */
export function daysOfResiduals(residuals: LogBlocks): LogBlocks[] {
  const count = Math.floor(residuals.length / BLOCKS_PER_DAY);
  const first = residuals.length - count * BLOCKS_PER_DAY;
  return Array.from({ length: count }, (_, day) =>
    residuals.slice(first + day * BLOCKS_PER_DAY, first + (day + 1) * BLOCKS_PER_DAY),
  );
}
