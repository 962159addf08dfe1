import { BLOCK_MS, DAY_MS } from '../time/range.ts';
import { BLOCKS_PER_DAY } from '../verdict/baseline.ts';
import type { LogBlocks } from '../verdict/blocks.ts';
import { studentUpperQuantile } from '../verdict/distributions.ts';
import { medianOf } from '../verdict/robust.ts';
import { type WrongWay, wrongBy } from './block-series.ts';
import { theilSen } from './drift.ts';
import { DETECTOR_ALPHA, type Firing, shortNumber } from './firing.ts';

/** Less than two weeks cannot tell a slope from a weekend; less than this in all is not worth a word. */
const LEAST_DAYS = 14;
const LEAST_CHANGE = 0.1;
/** A day with fewer measured blocks than this share has no level. */
const DAY_SHARE = 0.5;

/**
 * Drift over weeks: five deploys of +9 % each stay inside a margin of 10 % each time, and together are +54 %. The
 * Theil–Sen slope of daily medians over all days, against the spread of those days around it at α; fires at 10 % over the
 * whole time and more. `logs` begin at `startMs`; whole days only, the last one ending with the series. Null where too few
 * days are measured, or where it did not move.
 */
export function detectSlowDrift(
  { startMs, logs }: { startMs: number; logs: LogBlocks },
  levelOf: (y: number) => number,
  way: WrongWay,
): Firing | null {
  const levels = dailyMedians(logs);
  const perDay = theilSen(levels, LEAST_DAYS);
  if (perDay === null) return null;
  const known = levels.flatMap((level, day) => (level === null ? [] : { day, level }));
  const middle = medianOf(known.map(({ day, level }) => level - perDay * day)) ?? 0;
  const squares = known.reduce((sum, { day, level }) => sum + (level - middle - perDay * day) ** 2, 0);
  const meanDay = known.reduce((sum, { day }) => sum + day, 0) / known.length;
  const reach = known.reduce((sum, { day }) => sum + (day - meanDay) ** 2, 0);
  const freedom = known.length - 2;
  const error = Math.sqrt(squares / freedom / reach) * correlationFactor(known, middle, perDay);
  const multiple = studentUpperQuantile(DETECTOR_ALPHA / 2, freedom);
  const days = levels.length - 1;
  const score = Math.min(
    wrongBy(perDay, way) / Math.max(multiple * error, Number.MIN_VALUE),
    wrongBy(perDay * days, way) / Math.log(1 + LEAST_CHANGE),
  );
  if (score < 1) return null;
  const percent = 100 * Math.expm1(perDay * days);
  const firstMs = startMs + (logs.length % BLOCKS_PER_DAY) * BLOCK_MS;
  return {
    startMs: firstMs + days * DAY_MS,
    endMs: null,
    score,
    value: levelOf(middle + perDay * days),
    expected: levelOf(middle),
    what: `${percent < 0 ? 'fell' : 'rose'} by ${shortNumber(Math.abs(percent))} % over ${levels.length} days`,
    isSevere: false,
  };
}

/** Days that lean on each other say less than their number: √((1 + r)/(1 − r)), r at most 0.8. */
function correlationFactor(
  known: readonly { day: number; level: number }[],
  middle: number,
  perDay: number,
): number {
  const away = known.map(({ day, level }) => level - middle - perDay * day);
  const squares = away.reduce((sum, value) => sum + value * value, 0);
  if (squares === 0) return 1;
  const lagged = away.reduce((sum, value, i) => sum + value * (away[i + 1] ?? 0), 0);
  const correlation = Math.min(0.8, Math.max(0, lagged / squares));
  return Math.sqrt((1 + correlation) / (1 - correlation));
}

function dailyMedians(logs: LogBlocks): LogBlocks {
  const count = Math.floor(logs.length / BLOCKS_PER_DAY);
  const first = logs.length - count * BLOCKS_PER_DAY;
  return Array.from({ length: count }, (_, day) => {
    const known = logs
      .slice(first + day * BLOCKS_PER_DAY, first + (day + 1) * BLOCKS_PER_DAY)
      .flatMap((value) => value ?? []);
    return known.length < DAY_SHARE * BLOCKS_PER_DAY ? null : medianOf(known);
  });
}
