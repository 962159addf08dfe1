import { BLOCK_MS } from '../time/range.ts';
import { type Baseline, BLOCKS_PER_DAY, MIN_BASELINE_DAYS } from './baseline.ts';
import { FIRST_LOOK_BLOCKS } from './boundary.ts';
import { countLimits, promisedPerHour } from './count-limits.ts';
import { anytimeLowerRate, anytimeUpperRate, routeOf } from './count-route.ts';
import { countingNoise, EARLY_CLEARANCE, HOUR_BLOCKS, plannedHalfWidth } from './interval.ts';
import { type ClaimPromise, keeps, limitsOf } from './limits.ts';
import { SETTLE_BLOCKS } from './watch.ts';

const BLOCKS_PER_HOUR = HOUR_BLOCKS;
/** A change that only shows beyond this factor is as good as none. */
const LARGEST_LOG_CHANGE = Math.log(1_000);
/** φ that is taken where nobody has measured it: the least that is ever believed. */
const USUAL_DISPERSION = 1.2;

/** What can be told of a claim before its deploy. */
export interface ClaimForecast {
  /** Ms after T₀ (settle time included) when the promise is told if it is kept exactly; null with the reason in `why`. */
  decidableAfterMs: number | null;
  /** Smallest change in the claim's direction that shows by then, 0.12 for 12 %; null where no change can be told. */
  smallestChange: { after1h: number | null; after6h: number | null; after24h: number | null };
  baselineDays: number;
  /** Fewer than seven comparable days: no verdict beyond on track. */
  weak: boolean;
  /** One plain sentence; null when it can be told. */
  why: string | null;
}

export interface ForecastInput {
  /** Null where there is no comparable day. */
  baseline: Baseline | null;
  promise: ClaimPromise;
  /** Length of the watch. */
  maxHours?: number;
  settleBlocks?: number;
  /** φ of rare events, from `dispersionOf`. */
  dispersion?: number;
  /** φ at the promised level, from `claimedDispersion`; the same where it is not given. */
  claimed?: number;
  /** The level where one was promised, events per hour. */
  levelPerHour?: number | null;
}

/**
 * Whether, and when at the latest, a promise can be told on this metric (method 3.5: first n with h_n ≤ |expected effect
 * − b|, three of them before 1 h), with the counting noise of the promised level. From the baseline alone. Pure.
 */
export function forecastClaim({
  baseline,
  promise,
  maxHours = 24,
  settleBlocks = SETTLE_BLOCKS,
  dispersion = USUAL_DISPERSION,
  claimed = dispersion,
  levelPerHour = null,
}: ForecastInput): ClaimForecast {
  if (baseline === null) {
    return {
      decidableAfterMs: null,
      smallestChange: { after1h: null, after6h: null, after24h: null },
      baselineDays: 0,
      weak: true,
      why: 'There is no comparable day before it.',
    };
  }
  const isCounted = routeOf(baseline.eventsPerBlock, promise) === 'counts';
  const smallestAfter = (hours: number): number | null =>
    isCounted ? null : smallestChange(baseline, directionOf(promise), hours * BLOCKS_PER_HOUR);
  const known = {
    smallestChange: {
      after1h: smallestAfter(1),
      after6h: smallestAfter(6),
      after24h: smallestAfter(24),
    },
    baselineDays: baseline.days,
    weak: baseline.isWeak,
  };
  const told = (why: string): ClaimForecast => ({ ...known, decidableAfterMs: null, why });
  if (baseline.isWeak) {
    const days = baseline.days === 1 ? 'one comparable day' : `${baseline.days} comparable days`;
    return told(`Only ${days} before it; ${MIN_BASELINE_DAYS} are needed for a verdict.`);
  }

  const lastBlock = Math.floor(maxHours * BLOCKS_PER_HOUR) - settleBlocks;
  const found = isCounted
    ? firstCountedBlock(baseline, promise, lastBlock, { dispersion, claimed, levelPerHour })
    : firstLoggedBlock(baseline, promise, lastBlock, maxHours);
  if (typeof found === 'string') return told(found);
  return { ...known, decidableAfterMs: (found + settleBlocks) * BLOCK_MS, why: null };
}

/** The first n at which a promise that is kept exactly is proven; else why none is. */
function firstLoggedBlock(
  baseline: Baseline,
  promise: ClaimPromise,
  lastBlock: number,
  maxHours: number,
): number | string {
  const limits = limitsOf(promise);
  if (limits === null) return 'It promises no change that could be told.';
  if (promise.kind === 'improve') return 'It promises no amount, so nothing says how soon it shows.';
  const expected = promise.kind === 'change' ? Math.log(promise.ratio) : 0;
  const room = Math.abs(expected - limits.met);
  // Without events nothing is told before 1 h.
  const first = baseline.eventsPerBlock === null ? HOUR_BLOCKS : FIRST_LOOK_BLOCKS;
  for (let n = first; n <= lastBlock; n++) {
    const width = plannedHalfWidth(baseline, n, noiseAt(baseline, expected));
    if ((n < HOUR_BLOCKS ? EARLY_CLEARANCE * width : width) <= room) return n;
  }
  const last = Math.max(FIRST_LOOK_BLOCKS, lastBlock);
  const left = plannedHalfWidth(baseline, last, noiseAt(baseline, expected));
  return `After ${maxHours} h this metric is known to ±${percent(left)} only; the promise leaves room for ${percent(room)}.`;
}

/** The same for rare events, which are counted one by one. */
function firstCountedBlock(
  baseline: Baseline,
  promise: ClaimPromise,
  lastBlock: number,
  { dispersion, claimed, levelPerHour }: { dispersion: number; claimed: number; levelPerHour: number | null },
): number | string {
  const perHour = (baseline.eventsPerBlock ?? 0) * BLOCKS_PER_HOUR;
  const hours = (baseline.days * BLOCKS_PER_DAY) / BLOCKS_PER_HOUR;
  const counted = { events: perHour * hours, hours };
  const limits = countLimits(promise, counted, dispersion, levelPerHour);
  if (limits === null) return 'Its events are too rare to prove that they become more.';
  const promised = promisedPerHour(promise, counted, levelPerHour);
  const limitOf = limits.direction === 'down' ? anytimeUpperRate : anytimeLowerRate;
  for (let n = FIRST_LOOK_BLOCKS; n <= lastBlock; n++) {
    const after = n / BLOCKS_PER_HOUR;
    const since = { events: promised * after, hours: after };
    if (keeps(limits.direction, limitOf(since, claimed, promised), limits.met)) return n;
  }
  return 'Its events are too rare: they do not tell in the time that is watched.';
}

function directionOf(promise: ClaimPromise): 'down' | 'up' {
  switch (promise.kind) {
    case 'change':
      return promise.ratio < 1 ? 'down' : 'up';
    case 'guard':
      return promise.against === 'rise' ? 'up' : 'down';
    case 'improve':
      return promise.toward;
    default:
      return promise satisfies never;
  }
}

/** A of one block when the level has come to e^`logRatio` of the baseline. */
function noiseAt({ eventsPerBlock }: Baseline, logRatio: number): number {
  return eventsPerBlock === null ? 0 : countingNoise(eventsPerBlock, eventsPerBlock * Math.exp(logRatio), 1);
}

/** Smallest change that the interval tells from none after n blocks; a fall is counted with the noise of its own level. */
function smallestChange(baseline: Baseline, direction: 'down' | 'up', n: number): number | null {
  const sign = direction === 'down' ? -1 : 1;
  let size = plannedHalfWidth(baseline, n, 0);
  for (let step = 0; step < 100; step++) {
    if (size > LARGEST_LOG_CHANGE) return null;
    const next = plannedHalfWidth(baseline, n, noiseAt(baseline, sign * size));
    if (next - size <= 1e-6) break;
    size = next;
  }
  return Math.abs(Math.expm1(sign * size));
}

/** A distance of logarithms as people say it: 0.12 → `13 %`. */
function percent(log: number): string {
  const value = 100 * Math.expm1(log);
  return `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} %`;
}
