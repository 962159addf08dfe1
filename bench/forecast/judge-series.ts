import { forecastUse } from '../../lib/core/budget/forecast/forecast-use.ts';
import { HourSums, MOST_HOURS } from '../../lib/core/budget/forecast/hours.ts';

/** Hours ahead at which forecasts are held against what came. */
export const HORIZONS = [1, 6, 24, 72] as const;
/** Asked for together, since the band between two of them is asked for too. */
const ASKED = [1, 2, 3, 4, 6, 9, 12, 18, 24, 36, 48, 60, 72] as const;
/** Less history has no days to compare. */
const LEAST_HOURS = 48;

/** What people do without a forecast; NaN where the history is too short for it. */
export const NAIVE = {
  'last hour goes on': (sums: HourSums, at: number, ahead: number) => ahead * sums.sum(at - 1, at),
  'mean of 24 h goes on': (sums: HourSums, at: number, ahead: number) => (ahead / 24) * sums.sum(at - 24, at),
  'yesterday again': (sums: HourSums, at: number, ahead: number) => again(sums, at, ahead, 24),
  'last week again': (sums: HourSums, at: number, ahead: number) => again(sums, at, ahead, 168),
} as const;
export type Naive = keyof typeof NAIVE;
export const NAIVE_NAMES = Object.keys(NAIVE) as Naive[];

function again(sums: HourSums, at: number, ahead: number, period: number): number {
  if (at < period) return Number.NaN;
  const whole = Math.floor(ahead / period);
  const rest = ahead - whole * period;
  const all = whole === 0 ? 0 : whole * sums.sum(at - period, at);
  return all + sums.sum(at - period, at - period + rest);
}

/** What came of the forecasts of one series at one distance. Errors are shares of what came. */
export interface Judged {
  ours: number[];
  naive: Readonly<Record<Naive, number[]>>;
  /** Of the same moments, for a fair comparison: NaN where the naive one could not be told. */
  held: boolean[];
  widths: number[];
}

/** Forecasts at every `stride`-th hour of a series from `first` on, by what was known up to there, against what came. */
export function judgeSeries(
  hours: readonly (number | null)[],
  stride: number,
  first: number = LEAST_HOURS,
): Readonly<Record<(typeof HORIZONS)[number], Judged>> {
  const sums = new HourSums(hours);
  const judged = Object.fromEntries(HORIZONS.map((ahead) => [ahead, emptyJudged()])) as Record<
    (typeof HORIZONS)[number],
    Judged
  >;
  for (let at = first; at < hours.length; at += stride) {
    const points = forecastUse(hours.slice(Math.max(0, at - MOST_HOURS), at), null, ASKED);
    if (points === null) continue;
    for (const ahead of HORIZONS) {
      const point = points.find((one) => one.hours === ahead);
      const came = sums.sum(at, at + ahead);
      // Of nothing no share can be told.
      if (point === undefined || !(came > 0)) continue;
      const row = judged[ahead];
      row.ours.push(Math.abs(point.likely - came) / came);
      for (const name of NAIVE_NAMES)
        row.naive[name].push(Math.abs(NAIVE[name](sums, at, ahead) - came) / came);
      const least = 1e-9 * came;
      row.held.push(came >= point.lo - least && came <= point.hi + least);
      row.widths.push((point.hi - point.lo) / Math.max(point.likely, least));
    }
  }
  return judged;
}

function emptyJudged(): Judged {
  return {
    ours: [],
    naive: Object.fromEntries(NAIVE_NAMES.map((name) => [name, [] as number[]])) as Record<Naive, number[]>,
    held: [],
    widths: [],
  };
}

/** Whole hours of a series of 5-minute values, as if they were what was used. */
export function hoursOf(values: readonly (number | null)[]): (number | null)[] {
  const hours: (number | null)[] = [];
  for (let at = 0; at + 12 <= values.length; at += 12) {
    const known = values.slice(at, at + 12).filter((value): value is number => value !== null);
    const sum = known.reduce((all, value) => all + Math.max(0, value), 0);
    hours.push(known.length < 6 ? null : (sum * 12) / known.length);
  }
  return hours;
}

/** The middle one; NaN of none. */
export function medianOf(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return known[Math.floor(known.length / 2)] ?? Number.NaN;
}
