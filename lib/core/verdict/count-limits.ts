import { COUNT_ALPHA, type Counted } from './count-route.ts';
import { gammaQuantile } from './distributions.ts';
import { type ClaimPromise, downLimit, GUARD_MARGIN, LEAST_IMPROVEMENT, upLimit } from './limits.ts';

/** A promised 0 is kept below this many an hour, or this share of the baseline; a rise below it is none. */
export const FLOOR_PER_HOUR = 1;
const FLOOR_SHARE = 0.001;
/** Mostly met proves this share of the promised change. */
const MOSTLY_SHARE = 0.9;

/** Limits of a promise about rare events, per hour. `down`: kept at or below; `up`: at or above. */
export interface CountLimits {
  direction: 'down' | 'up';
  /** The whole interval on its good side is *met*; it leaves room for what the baseline does not know. */
  met: number;
  /** The estimate on its good side is on track; the whole interval beyond `missed` is not kept. */
  estimate: number;
  missed: number;
  /** 90 % of the promised change, and half of it on the logarithm; null where no amount was promised. */
  mostly: number | null;
  half: number | null;
  /** The whole interval beyond it is the wrong way by more than the margin. */
  worse: number;
}

/** What is usual per hour, and how far it may lie from that. */
interface Usual {
  low: number;
  mean: number;
  high: number;
}

/** The rate per hour that a kept promise comes to: the mixture of the interval is centred on it. */
export function promisedPerHour(
  promise: ClaimPromise,
  { events, hours }: Counted,
  levelPerHour: number | null = null,
): number {
  if (levelPerHour !== null) return levelPerHour;
  if (hours <= 0) return 0;
  return (events / hours) * (promise.kind === 'change' ? promise.ratio : 1);
}

/** Lower limit of the baseline's rate per hour: the gamma quantile at α/4; 0 where it had no event. */
export function baselineLowerRate({ events, hours }: Counted, dispersion: number): number {
  if (events <= 0 || hours <= 0) return 0;
  return gammaQuantile(COUNT_ALPHA / 4, events / dispersion, hours / dispersion);
}

/** Upper limit of the baseline's rate per hour, with half an event more, so that none is not never. */
export function baselineUpperRate({ events, hours }: Counted, dispersion: number): number {
  if (hours <= 0) return Number.POSITIVE_INFINITY;
  return gammaQuantile(1 - COUNT_ALPHA / 4, (events + 0.5) / dispersion, hours / dispersion);
}

/**
 * Limits of a promise about rare events (method 3.5, 3.6); null where they cannot be told one by one: a rise from nothing
 * by a ratio, a promise of no change. `levelPerHour` is the level where one was promised, which needs no baseline.
 */
export function countLimits(
  promise: ClaimPromise,
  baseline: Counted,
  dispersion: number,
  levelPerHour: number | null = null,
): CountLimits | null {
  const mean = baseline.hours > 0 ? baseline.events / baseline.hours : 0;
  const measured: Usual = {
    low: baselineLowerRate(baseline, dispersion),
    mean,
    high: baselineUpperRate(baseline, dispersion),
  };
  // A level is kept or not, whatever the baseline was.
  const against: Usual = levelPerHour === null ? measured : { low: mean, mean, high: mean };
  switch (promise.kind) {
    case 'change':
      return changeLimits(promise.ratio, against, measured, levelPerHour);
    case 'guard':
      return guardLimits(promise, against, levelPerHour);
    case 'improve':
      return improveLimits(promise.toward, measured);
    default:
      return promise satisfies never;
  }
}

function changeLimits(
  ratio: number,
  { low, mean, high }: Usual,
  measured: Usual,
  levelPerHour: number | null,
): CountLimits | null {
  if (Number.isNaN(ratio) || ratio < 0 || ratio === 1) return null;
  if (ratio > 1) {
    // Of nothing a level is no ratio at all, and yet it can be reached.
    if (mean <= 0) return levelPerHour === null ? null : riseFromNothing(levelPerHour);
    if (!Number.isFinite(ratio)) return null;
    return {
      direction: 'up',
      met: upLimit(ratio) * high,
      estimate: upLimit(ratio) * mean,
      missed: upLimit(ratio) * low,
      mostly: (1 + MOSTLY_SHARE * (ratio - 1)) * high,
      half: Math.sqrt(ratio) * high,
      worse: (1 - GUARD_MARGIN) * measured.low,
    };
  }
  const floor = ratio === 0 ? nothingPerHour(low, mean) : 0;
  return {
    direction: 'down',
    met: Math.max(floor, downLimit(ratio) * low),
    estimate: Math.max(floor, downLimit(ratio) * mean),
    missed: Math.max(floor, downLimit(ratio) * high),
    // None at all is none: there is no most of it.
    mostly: ratio === 0 ? null : (1 - MOSTLY_SHARE * (1 - ratio)) * low,
    half: ratio === 0 ? null : Math.sqrt(ratio) * low,
    worse: Math.max(FLOOR_PER_HOUR, (1 + GUARD_MARGIN) * measured.high),
  };
}

/**
 * What a promised 0 is held to: one an hour, or a thousandth of what was usual where that is more. Where there was less
 * than two an hour it is half of that: else nothing would have to change for it.
 */
function nothingPerHour(low: number, mean: number): number {
  if (mean <= 0) return FLOOR_PER_HOUR;
  return Math.max(FLOOR_SHARE * mean, Math.min(FLOOR_PER_HOUR, low / 2));
}

function riseFromNothing(levelPerHour: number): CountLimits {
  const kept = levelPerHour / 1.25;
  return { direction: 'up', met: kept, estimate: kept, missed: kept, mostly: null, half: null, worse: 0 };
}

function guardLimits(
  { against, margin }: Extract<ClaimPromise, { kind: 'guard' }>,
  { low, mean, high }: Usual,
  levelPerHour: number | null,
): CountLimits | null {
  const plain = { mostly: null, half: null };
  if (against === 'rise') {
    // A level of 0 is none at all, which nothing proves: it has the floor.
    const limit = (usual: number) => levelPerHour || Math.max(FLOOR_PER_HOUR, (1 + margin) * usual);
    return {
      direction: 'down',
      met: limit(low),
      estimate: limit(mean),
      missed: limit(high),
      worse: limit(high),
      ...plain,
    };
  }
  if (mean <= 0 && levelPerHour === null) return null;
  const limit = (usual: number) => levelPerHour ?? (1 - margin) * usual;
  return {
    direction: 'up',
    met: limit(high),
    estimate: limit(mean),
    missed: limit(low),
    worse: limit(low),
    ...plain,
  };
}

function improveLimits(toward: 'down' | 'up', { low, mean, high }: Usual): CountLimits | null {
  if (mean <= 0) return null;
  const plain = { mostly: null, half: null };
  return toward === 'down'
    ? {
        direction: 'down',
        met: low,
        estimate: (1 - LEAST_IMPROVEMENT) * mean,
        missed: high,
        worse: Math.max(FLOOR_PER_HOUR, (1 + GUARD_MARGIN) * high),
        ...plain,
      }
    : {
        direction: 'up',
        met: high,
        estimate: (1 + LEAST_IMPROVEMENT) * mean,
        missed: low,
        worse: (1 - GUARD_MARGIN) * low,
        ...plain,
      };
}
