import type { HourSums } from './hours.ts';

const DAY = 24;
const WEEK = 168;
/** So many days, or weeks, make a usual one. */
const MOST_DAYS = 7;
const MOST_WEEKS = 4;

/** Where a forecast is made: after so many hours, of which the last `since` are of the level of now. */
export interface Origin {
  at: number;
  since: number;
}

/** Use over the next `ahead` hours by one plain idea; NaN where the history is too short for it. */
type PlainForecast = (use: Use, origin: Origin, ahead: number) => number;

/** What was used, as it was and with bursts cut off. */
export interface Use {
  sums: HourSums;
  calm: HourSums;
}

/** The mean of the last hours goes on. */
const flat =
  (hours: number): PlainForecast =>
  ({ sums }, { at, since }, ahead) => {
    const window = Math.min(hours, since);
    // A shorter window than asked for is another idea, which stands in the list by itself.
    return window < hours && hours > DAY && window < 2 * DAY
      ? Number.NaN
      : (sums.sum(at - window, at) / window) * ahead;
  };

/** What the same hours of some days (or weeks) before used. */
const same =
  (period: number, most: number): PlainForecast =>
  ({ sums }, { at, since }, ahead) =>
    since < Math.min(2 * period, at) ? Number.NaN : usualUse(sums, at, ahead, { period, most, first: 1 });

/** The same hours of the days (or weeks) before, as many times as high as the last hours were against theirs. */
const scaled =
  (hours: number, period: number, most: number): PlainForecast =>
  ({ sums }, { at, since }, ahead) => {
    const window = Math.min(hours, since);
    // Days before a step give the shape; the hours since then give its height.
    const first = since >= 2 * DAY || since >= at ? 1 : 1 + Math.ceil(since / period);
    const past = usualUse(sums, at - window, window, { period, most, first });
    if (!(past > 0)) return Number.NaN;
    return (usualUse(sums, at, ahead, { period, most, first }) * sums.sum(at - window, at)) / past;
  };

/** An idea, of a history without its bursts. */
const calm =
  (idea: PlainForecast): PlainForecast =>
  (use, origin, ahead) =>
    idea({ sums: use.calm, calm: use.calm }, origin, ahead);

/** All ideas that are mixed. Their order is of no account. */
export const PLAIN_FORECASTS: readonly PlainForecast[] = [
  flat(1),
  flat(3),
  flat(DAY),
  flat(WEEK),
  same(DAY, 1),
  same(DAY, MOST_DAYS),
  same(WEEK, 1),
  same(WEEK, MOST_WEEKS),
  scaled(1, DAY, MOST_DAYS),
  scaled(3, DAY, MOST_DAYS),
  scaled(DAY, DAY, MOST_DAYS),
  scaled(DAY, WEEK, MOST_WEEKS),
  calm(flat(DAY)),
  calm(flat(WEEK)),
  calm(same(DAY, MOST_DAYS)),
  calm(same(WEEK, MOST_WEEKS)),
];

interface Usual {
  period: number;
  /** Of so many periods at most the mean is taken. */
  most: number;
  /** Periods back that the first one lies. */
  first: number;
}

/** Mean over periods before `at` of what was used in the same `ahead` hours; NaN without any. */
function usualUse(sums: HourSums, at: number, ahead: number, { period, most, first }: Usual): number {
  const whole = Math.floor(ahead / period);
  const rest = ahead - whole * period;
  let total = 0;
  let known = 0;
  for (let back = first; back < first + most && at - back * period >= 0; back += 1) {
    const from = at - back * period;
    const use = (whole === 0 ? 0 : whole * sums.sum(from, from + period)) + sums.sum(from, from + rest);
    if (Number.isNaN(use)) continue;
    total += use;
    known += 1;
  }
  return known === 0 ? Number.NaN : total / known;
}
