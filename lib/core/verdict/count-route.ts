import { type CountBlock, isUsable } from './blocks.ts';
import { gammaQuantile } from './distributions.ts';
import { type ClaimPromise, limitsOf } from './limits.ts';
import { logGamma } from './special-functions.ts';

/** Fewer events per block than this are counted one by one: their logarithms say nothing (method 3.2, 3.5). */
export const LEAST_EVENTS = 20;
/** Shape and hours of the gamma mixture of the anytime interval (method 3.6), for rates of one an hour and below. */
const MIX_SHAPE = 0.5;
const MIX_HOURS = 0.5;
const COUNT_ALPHA = 0.05;
/** A promised 0 is kept below this many an hour, or this share of the baseline. */
export const FLOOR_PER_HOUR = 1;
const FLOOR_SHARE = 0.001;
/** Least variance over mean that is believed, and with a baseline of fewer events than named. */
const LEAST_DISPERSION = 1.2;
const FEW_EVENTS = 30;
const FEW_DISPERSION = 3;

/** How many events, over how many hours. */
export interface Counted {
  events: number;
  hours: number;
}

/**
 * Which way a claim is told, chosen once at T₀ from the lower of the baseline and the claimed level: `logs` by intervals
 * of logarithms, `counts` one by one. A gauge (null events) has only logarithms.
 */
export function routeOf(eventsPerBlock: number | null, promise: ClaimPromise): 'logs' | 'counts' {
  if (eventsPerBlock === null) return 'logs';
  const ratio = promise.kind === 'change' ? Math.min(1, promise.ratio) : 1;
  return eventsPerBlock * ratio < LEAST_EVENTS ? 'counts' : 'logs';
}

/** φ of a baseline: how much more its counts vary than a Poisson's with its own mean, Σ(N − μ)²/Σμ, never below 1.2. */
export function dispersionOf(blocks: readonly CountBlock[]): number {
  const usable = blocks.filter(isUsable);
  const events = usable.reduce((sum, block) => sum + block.increase, 0);
  const coveredMs = usable.reduce((sum, block) => sum + block.coveredMs, 0);
  const least = events < FEW_EVENTS ? FEW_DISPERSION : LEAST_DISPERSION;
  if (events === 0) return least;
  const perMs = events / coveredMs;
  const squares = usable.reduce((sum, block) => sum + (block.increase - perMs * block.coveredMs) ** 2, 0);
  return Math.max(least, squares / events);
}

/**
 * Upper limit of a rate per hour that holds at every time of looking (method 3.6): the largest λ₀ with
 * ln[bᵃΓ(a+n)/(Γ(a)(b+t)^(a+n))] − n·ln λ₀ + λ₀t ≤ ln(1/α), n and t divided by φ. Infinite without any time.
 * `expectedPerHour` is fixed at T₀: above one an hour the mixture is centred on it (b = a/λ), else it would lie so far
 * from 180 an hour that a day says nothing. The limit holds for any b.
 */
export function anytimeUpperRate(
  { events, hours }: Counted,
  dispersion: number,
  expectedPerHour = 0,
  alpha = COUNT_ALPHA,
): number {
  if (hours <= 0) return Number.POSITIVE_INFINITY;
  const n = events / dispersion;
  const t = hours / dispersion;
  const mixHours = MIX_HOURS / Math.max(1, expectedPerHour);
  const mixture =
    MIX_SHAPE * Math.log(mixHours) +
    logGamma(MIX_SHAPE + n) -
    logGamma(MIX_SHAPE) -
    (MIX_SHAPE + n) * Math.log(mixHours + t);
  const evidence = (rate: number) => mixture + rate * t - (n > 0 ? n * Math.log(rate) : 0);
  let low = n / t;
  let high = low + 1;
  while (evidence(high) < Math.log(1 / alpha)) high *= 2;
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (evidence(middle) < Math.log(1 / alpha)) low = middle;
    else high = middle;
  }
  return high;
}

/** The rate per hour that a kept promise comes to. */
export function promisedPerHour(promise: ClaimPromise, { events, hours }: Counted): number {
  if (hours <= 0) return 0;
  return (events / hours) * (promise.kind === 'change' ? promise.ratio : 1);
}

/** Lower limit of the baseline's rate per hour: the gamma quantile at α/4; 0 where it had no event. */
export function baselineLowerRate({ events, hours }: Counted, dispersion: number): number {
  if (events <= 0 || hours <= 0) return 0;
  return gammaQuantile(COUNT_ALPHA / 4, events / dispersion, hours / dispersion);
}

/**
 * The highest rate per hour that still keeps a promise about rare events; null for a promised rise, which this route
 * cannot prove. A target of 0 and a guard have an absolute floor of one an hour.
 */
export function rateLimit(promise: ClaimPromise, baseline: Counted, dispersion: number): number | null {
  const lower = baselineLowerRate(baseline, dispersion);
  const usual = baseline.hours > 0 ? baseline.events / baseline.hours : 0;
  switch (promise.kind) {
    case 'change': {
      if (promise.ratio >= 1) return null;
      if (promise.ratio <= 0) return Math.max(FLOOR_PER_HOUR, FLOOR_SHARE * usual);
      return Math.exp(limitsOf(promise)?.met ?? Number.NEGATIVE_INFINITY) * lower;
    }
    case 'guard':
      return promise.against === 'rise' ? Math.max(FLOOR_PER_HOUR, (1 + promise.margin) * lower) : null;
    case 'improve':
      return promise.toward === 'down' ? lower : null;
    default:
      return promise satisfies never;
  }
}

/** Whether what was counted since T₀ proves the promise, at whatever time one looks; null where this route cannot tell. */
export function isCountKept(
  promise: ClaimPromise,
  baseline: Counted,
  since: Counted,
  dispersion: number,
): boolean | null {
  const limit = rateLimit(promise, baseline, dispersion);
  return limit === null
    ? null
    : anytimeUpperRate(since, dispersion, promisedPerHour(promise, baseline)) <= limit;
}
