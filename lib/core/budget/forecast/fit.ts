import { type Origin, PLAIN_FORECASTS, type Use } from './plain-forecasts.ts';

/** Distances in hours at which forecasts of the past are held against what came; between them the mix is blended. */
const DISTANCES = [1, 3, 6, 12, 24, 48, 72, 168, 336] as const;
/** Looked at in each distance, at most. */
const MOST_ORIGINS = 60;
/** A distance is tried where it leaves at least so many hours to begin at. */
const LEAST_SPAN = 24;

/** What was tuned on one half of the public series; the other half was held out. See docs/budget-forecast.md. */
export interface FitTuning {
  /** How much a better idea is preferred: weights go with the error to this power. */
  sharpness: number;
  /** Errors count half after so many hours. */
  halfLife: number;
  /** Ideas are held against the first one with so many errors of the same size added to both. */
  doubt: number;
  /** Own errors count as one to so many of the public series. */
  priorCount: number;
  /** The band is made wider by this. */
  widen: number;
  /** Never narrower than this an hour ahead, as a logarithm: what has not happened yet may. */
  least: number;
  /** Beyond the last distance that could be tried the band grows with time to this power. */
  growth: number;
}

export const FIT_TUNING: FitTuning = {
  sharpness: 12,
  halfLife: 168,
  doubt: 1,
  priorCount: 15,
  widen: 1.2,
  least: 0.02,
  growth: 0.35,
};

/** Logarithms of actual over forecast between which nine of ten lie: `lo` below 0, `hi` above it. */
export interface Band {
  lo: number;
  hi: number;
}

/** How the ideas are mixed at one distance, and how far off the mix has been. */
export interface Mix extends Band {
  ahead: number;
  weights: Float64Array;
}

/** Logarithms of actual over forecast, an hour ahead, that hold nine of ten on the public series taken together. */
const FIRST_HOUR = { lo: -0.6, hi: 0.6 };
/** What was not seen is not thought to be further off than this: five times as much, a fifth. */
const MOST_UNSEEN = Math.log(5);

/** How each distance is best told from a history of `at` hours. Empty where it is too short to try any. */
export function fitMixes(use: Use, { at, since }: Origin, tuning: FitTuning = FIT_TUNING): Mix[] {
  const mixes: Mix[] = [];
  // A mix that is off by next to nothing, against the whole, is not far off, however little was used.
  const mean = Math.max(use.sums.mean(), 1e-9);
  for (const ahead of DISTANCES) {
    if (at - ahead < LEAST_SPAN + 1) break;
    const prior = priorBand(ahead, mixes.at(-1), tuning);
    mixes.push(fitOne(use, { at, since }, { ahead, floor: 0.02 * mean * ahead, prior, tuning }));
  }
  return mixes;
}

function fitOne(
  use: Use,
  { at, since }: Origin,
  { ahead, floor, prior, tuning }: { ahead: number; floor: number; prior: Band; tuning: FitTuning },
): Mix {
  const count = PLAIN_FORECASTS.length;
  const isTold = PLAIN_FORECASTS.map((tell) => !Number.isNaN(tell(use, { at, since }, ahead)));
  const last = at - ahead;
  const first = Math.min(LEAST_SPAN, last - 1);
  const stride = Math.max(1, Math.ceil((last - first) / MOST_ORIGINS));
  const most = Math.floor((last - first) / stride) + 1;
  const told = new Float64Array(most * count).fill(Number.NaN);
  const actuals: number[] = [];
  const recency: number[] = [];
  const errors = new Float64Array(count);
  const against = new Float64Array(count);
  for (let origin = last; origin >= first; origin -= stride) {
    // What ran across the step tells nothing of how well one sees ahead.
    if (origin < at - since && origin + ahead > at - since) continue;
    const actual = use.sums.sum(origin, origin + ahead);
    const then = { at: origin, since: since < at ? Math.min(since, origin) : origin };
    const flat = PLAIN_FORECASTS[0]?.(use, then, ahead) ?? Number.NaN;
    if (Number.isNaN(actual) || Number.isNaN(flat)) continue;
    const row = actuals.length * count;
    const weight = 0.5 ** ((last - origin) / tuning.halfLife);
    const base = Math.abs(Math.log((flat + floor) / (actual + floor)));
    for (let i = 0; i < count; i += 1) {
      // As little was known then as is known now: what a step leaves is tried as short as it is.
      const value = isTold[i] ? (PLAIN_FORECASTS[i]?.(use, then, ahead) ?? Number.NaN) : Number.NaN;
      if (Number.isNaN(value)) continue;
      told[row + i] = value;
      errors[i] = (errors[i] ?? 0) + weight * Math.abs(Math.log((value + floor) / (actual + floor)));
      against[i] = (against[i] ?? 0) + weight * base;
    }
    actuals.push(actual);
    recency.push(weight);
  }
  const tried = recency.reduce((sum, weight) => sum + weight, 0);
  const added = (tried === 0 ? 0 : (tuning.doubt * (against[0] ?? 0)) / tried) + LEAST_ERROR;
  const weights = Float64Array.from(isTold, (known, i) =>
    known ? (((against[i] ?? 0) + added) / ((errors[i] ?? 0) + added)) ** tuning.sharpness : 0,
  );
  const ratios = actuals.map((actual, k) => {
    const mixed = mixOf(weights, told.subarray(k * count, (k + 1) * count));
    return Math.log((actual + floor) / (mixed + floor));
  });
  return { ahead, weights, ...bandOf(ratios, recency, { ahead, at, prior, tuning }) };
}

/** Keeps ideas that were never off from weighing infinitely more than the others. */
const LEAST_ERROR = 1e-6;

/** The ideas that can be told, by their weights; NaN where none can. */
export function mixOf(weights: Float64Array, told: Float64Array): number {
  let sum = 0;
  let all = 0;
  for (let i = 0; i < told.length; i += 1) {
    const value = told[i] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += (weights[i] ?? 0) * value;
    all += weights[i] ?? 0;
  }
  return all === 0 ? Number.NaN : sum / all;
}

/** Where nine of ten ratios lie, own ones and those of the public series by how many own ones there are. */
function bandOf(
  ratios: readonly number[],
  recency: readonly number[],
  { ahead, at, prior, tuning }: { ahead: number; at: number; prior: Band; tuning: FitTuning },
): Band {
  const order = ratios
    .map((ratio, i) => ({ ratio, weight: recency[i] ?? 0 }))
    .filter(({ ratio }) => Number.isFinite(ratio))
    .sort((a, b) => a.ratio - b.ratio);
  if (order.length === 0) return prior;
  const total = order.reduce((sum, { weight }) => sum + weight, 0);
  const quantile = (share: number): number => {
    let sum = 0;
    for (const { ratio, weight } of order) {
      sum += weight;
      if (sum >= share * total) return ratio;
    }
    return order.at(-1)?.ratio ?? 0;
  };
  // Stretches that overlap are hardly more than one.
  const own = Math.min(order.length, (2 * (at - 24)) / ahead);
  const share = own / (own + tuning.priorCount);
  const blend = (ours: number, theirs: number) => share * tuning.widen * ours + (1 - share) * theirs;
  const least = tuning.least * ahead ** tuning.growth;
  return {
    lo: Math.min(-least, blend(quantile(0.05), prior.lo)),
    hi: Math.max(least, blend(quantile(0.95), prior.hi)),
  };
}

/** The band of a distance for another one further away; made for an hour ahead where there is none before it. */
export function priorBand(ahead: number, before: Mix | undefined, { growth }: FitTuning): Band {
  const { lo, hi } = before ?? FIRST_HOUR;
  const wider = Math.max(1, ahead / (before?.ahead ?? 1)) ** growth;
  const most = Math.max(MOST_UNSEEN, -lo, hi);
  return { lo: Math.max(-most, lo * wider), hi: Math.min(most, hi * wider) };
}
