import { HOUR_MS, MINUTE_MS } from '../time/range.ts';
import { BLOCKS_PER_DAY } from './baseline.ts';
import { type CountBlock, isUsable } from './blocks.ts';
import type { ClaimPromise } from './limits.ts';
import { logGamma } from './special-functions.ts';

/** Fewer events per block than this are counted one by one: their logarithms say nothing (method 3.2, 3.5). */
export const LEAST_EVENTS = 20;
/** Shape and hours of the gamma mixture of the anytime interval (method 3.6), for rates of one an hour and below. */
const MIX_SHAPE = 0.5;
const MIX_HOURS = 0.5;
export const COUNT_ALPHA = 0.05;
const HALVINGS = 60;
/** Least variance over mean that is believed, and with a baseline of fewer events than named. */
const LEAST_DISPERSION = 1.2;
const FEW_EVENTS = 30;
const FEW_DISPERSION = 3;
/** Counts stray over 5 min, an hour and 6 h: bursts last longer than a block. */
const DISPERSION_BLOCKS = [1, 12, 72] as const;
/** Clock blocks on either side that say how busy one is, and how much of the mean is mixed in. */
const REACH_BLOCKS = 12;
const SHRINK_MS = 120 * MINUTE_MS;

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

/**
 * How busy each clock block usually is beside the mean of the day (1), so that a quiet night proves no fall: counts within
 * an hour on either side, drawn to the mean by two hours of it (method 3.6). All 1 where nothing was counted.
 * `before` ends at T₀.
 */
export function clockWeights(before: readonly CountBlock[]): readonly number[] {
  const events = new Float64Array(BLOCKS_PER_DAY);
  const coveredMs = new Float64Array(BLOCKS_PER_DAY);
  let total = 0;
  let totalMs = 0;
  for (const [i, block] of before.entries()) {
    if (!isUsable(block)) continue;
    const j = clockIndex(i - before.length);
    events[j] = (events[j] ?? 0) + block.increase;
    coveredMs[j] = (coveredMs[j] ?? 0) + block.coveredMs;
    total += block.increase;
    totalMs += block.coveredMs;
  }
  if (total === 0) return Array.from(events, () => 1);
  const perMs = total / totalMs;
  return Array.from(events, (_, j) => {
    let near = perMs * SHRINK_MS;
    let nearMs = SHRINK_MS;
    for (let k = j - REACH_BLOCKS; k <= j + REACH_BLOCKS; k++) {
      near += events[clockIndex(k)] ?? 0;
      nearMs += coveredMs[clockIndex(k)] ?? 0;
    }
    return near / nearMs / perMs;
  });
}

/** What was counted in the hours that count: of a quiet hour a part, of a busy one more than one. */
export function countWeighted(
  blocks: readonly CountBlock[],
  weights: readonly number[],
  from: number,
): Counted {
  let events = 0;
  let hours = 0;
  for (const [i, block] of blocks.entries()) {
    if (!isUsable(block)) continue;
    events += block.increase;
    hours += ((weights[clockIndex(i + from)] ?? 1) * block.coveredMs) / HOUR_MS;
  }
  return { events, hours };
}

/**
 * φ of a baseline: how much more its counts vary than a Poisson's with the usual course of the day, Σ(N − μ)²/Σμ over
 * blocks, hours and quarters of a day, whichever says most; never below 1.2, nor 3 with few events.
 */
export function dispersionOf(
  before: readonly CountBlock[],
  weights: readonly number[] = clockWeights(before),
): number {
  const { events, hours } = countWeighted(before, weights, -before.length);
  const least = events < FEW_EVENTS ? FEW_DISPERSION : LEAST_DISPERSION;
  if (events === 0) return least;
  const shown = DISPERSION_BLOCKS.map((width) => {
    let squares = 0;
    for (let to = before.length; to - width >= 0; to -= width) {
      const own = countWeighted(before.slice(to - width, to), weights, to - width - before.length);
      squares += (own.events - (events / hours) * own.hours) ** 2;
    }
    return squares / events;
  });
  return Math.max(least, ...shown);
}

/**
 * The part of φ that stays when a rate comes down: how much blocks stray from the one before, Σ(N − N′)²/2Σμ. A level
 * that wanders by a share of itself leaves φ at a hundred where there are thousands of events; of few events it leaves
 * nothing. Bursts stay.
 */
export function shortDispersionOf(
  before: readonly CountBlock[],
  weights: readonly number[] = clockWeights(before),
): number {
  const { events, hours } = countWeighted(before, weights, -before.length);
  const least = events < FEW_EVENTS ? FEW_DISPERSION : LEAST_DISPERSION;
  if (events === 0) return least;
  let squares = 0;
  let expected = 0;
  for (const [i, block] of before.entries()) {
    const last = before[i - 1] ?? null;
    if (!isUsable(block) || !isUsable(last)) continue;
    const index = i - before.length;
    const usualOf = (covered: number, at: number) =>
      ((events / hours) * (weights[clockIndex(at)] ?? 1) * covered) / HOUR_MS;
    const [here, there] = [usualOf(block.coveredMs, index), usualOf(last.coveredMs, index - 1)];
    squares += (block.increase - here - (last.increase - there)) ** 2;
    expected += here + there;
  }
  return expected > 0 ? Math.max(least, squares / expected) : least;
}

/** φ at a promised level: of what only comes from a wandering level, the share that is left of it. */
export function claimedDispersion(
  { dispersion, shortDispersion }: { dispersion: number; shortDispersion: number },
  promise: ClaimPromise,
): number {
  const ratio = promise.kind === 'change' ? Math.min(1, Math.max(0, promise.ratio)) : 1;
  const short = Math.min(dispersion, shortDispersion);
  return short + ratio * (dispersion - short);
}

function clockIndex(index: number): number {
  return ((index % BLOCKS_PER_DAY) + BLOCKS_PER_DAY) % BLOCKS_PER_DAY;
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
  const isRejected = rejects({ events, hours }, dispersion, expectedPerHour, alpha);
  let low = events / hours;
  let high = low + 1;
  while (!isRejected(high)) high *= 2;
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    if (isRejected(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The lower limit of the same set of rates: both hold together, at every time of looking. 0 without an event. */
export function anytimeLowerRate(
  { events, hours }: Counted,
  dispersion: number,
  expectedPerHour = 0,
  alpha = COUNT_ALPHA,
): number {
  if (hours <= 0 || events <= 0) return 0;
  const isRejected = rejects({ events, hours }, dispersion, expectedPerHour, alpha);
  let low = 0;
  let high = events / hours;
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    if (isRejected(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Whether the mixture speaks against a rate per hour at level α. */
function rejects(
  { events, hours }: Counted,
  dispersion: number,
  expectedPerHour: number,
  alpha: number,
): (rate: number) => boolean {
  const n = events / dispersion;
  const t = hours / dispersion;
  const mixHours = MIX_HOURS / Math.max(1, expectedPerHour);
  const mixture =
    MIX_SHAPE * Math.log(mixHours) +
    logGamma(MIX_SHAPE + n) -
    logGamma(MIX_SHAPE) -
    (MIX_SHAPE + n) * Math.log(mixHours + t);
  const needed = Math.log(1 / alpha);
  return (rate) => mixture + rate * t - (n > 0 ? n * Math.log(rate) : 0) >= needed;
}
