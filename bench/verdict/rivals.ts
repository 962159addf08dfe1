import { normalQuantile, normalUpperTail } from '../../lib/core/verdict/distributions.ts';

/** A moment of the watch, in minutes after T₀, at which a method says that something changed. */
export type Alarm = number | null;

/**
 * Sample by sample: what was measured since T₀, the same clock times of the day before, and of the three days before.
 * That is the control that a dashboard has; Kayenta asks for a control group beside the deploy.
 */
export interface RivalSeries {
  /** Minutes from one sample to the next. */
  stepMinutes: number;
  watch: readonly number[];
  yesterday: readonly number[];
  lastThreeDays: readonly (readonly number[])[];
}

/** Two-sided p of the Mann–Whitney test, normal approximation with ties and continuity; 1 where nothing can be told. */
export function mannWhitneyP(one: readonly number[], other: readonly number[]): number {
  const pair = new GrowingPair();
  for (const value of one) pair.addToFirst(value);
  for (const value of other) pair.addToSecond(value);
  return pair.p();
}

/** Two samples that grow value by value, with the statistic of their ranks kept up to date. */
export class GrowingPair {
  readonly first: number[] = [];
  readonly second: number[] = [];
  /** Pairs in which the first is larger, ties half. */
  private u = 0;

  addToFirst(value: number): void {
    const { below, equal } = placeOf(this.second, value);
    this.u += below + equal / 2;
    insert(this.first, value);
  }

  addToSecond(value: number): void {
    const { below, equal } = placeOf(this.first, value);
    this.u += this.first.length - below - equal / 2;
    insert(this.second, value);
  }

  p(): number {
    const [n, m] = [this.first.length, this.second.length];
    const sigma = Math.sqrt(varianceOfU(this.first, this.second));
    if (!(sigma > 0)) return 1;
    const away = Math.max(0, Math.abs(this.u - (n * m) / 2) - 0.5);
    return Math.min(1, 2 * normalUpperTail(away / sigma));
  }
}

/** Variance of U without a difference, less for ties. Both sorted. */
function varianceOfU(one: readonly number[], other: readonly number[]): number {
  const [n, m] = [one.length, other.length];
  const all = n + m;
  let ties = 0;
  for (let i = 0, j = 0; i < n || j < m; ) {
    const value = Math.min(one[i] ?? Number.POSITIVE_INFINITY, other[j] ?? Number.POSITIVE_INFINITY);
    let count = 0;
    for (; i < n && one[i] === value; i++) count += 1;
    for (; j < m && other[j] === value; j++) count += 1;
    ties += count ** 3 - count;
  }
  return ((n * m) / 12) * (all + 1 - ties / (all * (all - 1)));
}

function placeOf(sorted: readonly number[], value: number): { below: number; equal: number } {
  const below = firstAt(sorted, (one) => one >= value);
  return { below, equal: firstAt(sorted, (one) => one > value) - below };
}

function insert(sorted: number[], value: number): void {
  sorted.splice(
    firstAt(sorted, (one) => one > value),
    0,
    value,
  );
}

/** First index at which a condition that stays true begins to hold. */
function firstAt(sorted: readonly number[], holds: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Hodges–Lehmann shift of the first sample against the second, with its interval. */
export interface Shift {
  low: number;
  estimate: number;
  high: number;
}

/**
 * The shift between two sorted samples and its interval at `confidence`, by the normal approximation: the shifts at
 * which so many of all differences are larger. Null with fewer than two values.
 */
export function shiftBetween(
  first: readonly number[],
  second: readonly number[],
  confidence: number,
): Shift | null {
  const [n, m] = [first.length, second.length];
  if (n < 2 || m < 2) return null;
  const reach =
    normalQuantile(1 - (1 - confidence) / 2) * Math.sqrt(Math.max(0, varianceOfU(first, second))) + 0.5;
  return {
    low: differenceAt(first, second, (n * m) / 2 - reach),
    estimate: differenceAt(first, second, (n * m) / 2),
    high: differenceAt(first, second, (n * m) / 2 + reach),
  };
}

/** The difference of which `below` of all n·m are smaller, found by halving: the differences themselves are too many. */
function differenceAt(first: readonly number[], second: readonly number[], below: number): number {
  let low = (first[0] ?? 0) - (second.at(-1) ?? 0);
  let high = (first.at(-1) ?? 0) - (second[0] ?? 0);
  const fine = 1e-6 * (high - low);
  if (fine === 0) return low;
  while (high - low > fine) {
    const middle = (low + high) / 2;
    if (differencesBelow(first, second, middle) < below) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Pairs whose difference lies below a shift, ties half. */
function differencesBelow(first: readonly number[], second: readonly number[], shift: number): number {
  let below = 0;
  let under = 0;
  let upTo = 0;
  for (const value of second) {
    while (under < first.length && (first[under] ?? 0) - value < shift) under += 1;
    while (upTo < first.length && (first[upTo] ?? 0) - value <= shift) upTo += 1;
    below += (under + upTo) / 2;
  }
  return below;
}

/** Share of the shift that Kayenta forgives, its confidence, and the least effect of its stricter form. */
const TOLERANCE = 0.25;
const CONFIDENCE = 0.98;
const LEAST_EFFECT = 0.1;

/** Kayenta's rule: the whole interval of the shift lies beyond a quarter of the shift itself; `strict` asks for ±10 % of the mean too. */
export function kayentaSays(
  experiment: readonly number[],
  control: readonly number[],
): { changed: boolean; strict: boolean } {
  const shift = shiftBetween(experiment, control, CONFIDENCE);
  if (shift === null) return { changed: false, strict: false };
  const bound = TOLERANCE * Math.abs(shift.estimate);
  const changed = shift.low > bound || shift.high < -bound;
  const effect = meanOf(experiment) / meanOf(control) - 1;
  return { changed, strict: changed && Math.abs(effect) >= LEAST_EFFECT };
}

/** First alarms of each rival over a watch of a day, in minutes after T₀. */
export interface RivalAlarms {
  mannWhitney05: Alarm;
  mannWhitney001: Alarm;
  kayenta: Alarm;
  kayentaStrict: Alarm;
  tenPercent: Alarm;
}

const MANN_WHITNEY_EVERY = 15;
const KAYENTA_EVERY = 30;
const HOUR = 60;
const ALLOWED_RISE = 1.1;

/** Runs every rival over one watch, each at its own rhythm. */
export function watchRivals({ stepMinutes, watch, yesterday, lastThreeDays }: RivalSeries): RivalAlarms {
  const alarms: RivalAlarms = {
    mannWhitney05: null,
    mannWhitney001: null,
    kayenta: null,
    kayentaStrict: null,
    tenPercent: null,
  };
  const hour = Math.max(1, HOUR / stepMinutes);
  const pair = new GrowingPair();
  for (let count = 1; count <= watch.length; count++) {
    pair.addToFirst(watch[count - 1] ?? 0);
    pair.addToSecond(yesterday[count - 1] ?? 0);
    const minute = count * stepMinutes;
    if (minute % MANN_WHITNEY_EVERY === 0 && alarms.mannWhitney001 === null) {
      const p = pair.p();
      if (p < 0.05) alarms.mannWhitney05 ??= minute;
      if (p < 0.001) alarms.mannWhitney001 ??= minute;
    }
    if (minute % KAYENTA_EVERY === 0 && alarms.kayentaStrict === null) {
      const says = kayentaSays(pair.first, pair.second);
      if (says.changed) alarms.kayenta ??= minute;
      if (says.strict) alarms.kayentaStrict ??= minute;
    }
    if (minute % HOUR === 0 && rises(watch, lastThreeDays, count, hour)) alarms.tenPercent ??= minute;
  }
  return alarms;
}

/** "At most 10 % above the mean of the last three days", for the hour that ends now. */
function rises(
  watch: readonly number[],
  lastThreeDays: readonly (readonly number[])[],
  upTo: number,
  length: number,
): boolean {
  const hour = (row: readonly number[]) => meanOf(row.slice(upTo - length, upTo));
  return hour(watch) > ALLOWED_RISE * meanOf(lastThreeDays.map(hour));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
