import { BLOCK_MS } from '../time/range.ts';
import type { CountBlock } from './blocks.ts';

/**
 * Seeded series for tests and for the accuracy bench: one seed is one bit-identical series. The rate of a minute is
 * λ · exp(daily course + weekend + AR(1) + slow day wobble + spikes + what the deploy does); its count is Poisson, or
 * negative binomial.
 */
export interface SeriesFamily {
  name: string;
  /** λ, events per minute. */
  perMinute: number;
  /** AR(1) noise of the logarithm, minute by minute: correlation and standard deviation. */
  correlation: number;
  spread: number;
  /** Ornstein–Uhlenbeck wobble with a memory of 12 h. */
  daySpread: number;
  /** Amplitude of the daily course (two harmonics). */
  daily: number;
  /** Share that a weekend is lower by, 0–1. */
  weekendDrop: number;
  /** Spikes a day of ten minutes, and their factor. */
  spikesPerDay: number;
  spikeFactor: number;
  /** Variance of a count over its mean; 1 is Poisson. */
  dispersion: number;
}

/** A calm family, to be spread into others. */
export const CALM: SeriesFamily = {
  name: 'iid',
  perMinute: 200,
  correlation: 0,
  spread: 0.1,
  daySpread: 0,
  daily: 0,
  weekendDrop: 0,
  spikesPerDay: 0,
  spikeFactor: 1,
  dispersion: 1,
};

/** The families of the accuracy table (method 4). */
export const FAMILIES: readonly SeriesFamily[] = [
  CALM,
  { ...CALM, name: 'AR .5', correlation: 0.5 },
  { ...CALM, name: 'AR .9', correlation: 0.9 },
  { ...CALM, name: 'AR .9, daily', correlation: 0.9, daily: 0.5 },
  { ...CALM, name: 'AR .97', correlation: 0.97 },
  { ...CALM, name: 'AR .9, daily, day 3 %', correlation: 0.9, daily: 0.5, daySpread: 0.03 },
  {
    ...CALM,
    name: 'AR .9, daily, day 5 %, spikes',
    correlation: 0.9,
    daily: 0.5,
    daySpread: 0.05,
    spikesPerDay: 4,
    spikeFactor: 3,
  },
  { ...CALM, name: 'AR .97, daily, day 5 %', correlation: 0.97, daily: 0.5, daySpread: 0.05 },
  { ...CALM, name: 'weekend −20 %', correlation: 0.9, daily: 0.5, weekendDrop: 0.2 },
  { ...CALM, name: '2 a minute', correlation: 0.9, perMinute: 2 },
];

/** What a deploy does to the rate: from `onsetMinutes` after T₀ on, over a ramp. */
export interface SeriesEffect {
  ratio: number;
  onsetMinutes: number;
  rampMinutes: number;
  /** Minutes after T₀ at which the ratio is taken back: the end of a spike, or a relapse. It stays where absent. */
  endsAfterMinutes?: number;
  /** Ratio that 24 h of slow drift come to, on top of the rest: 1.4 is +40 % a day. */
  driftPerDay?: number;
  /** Highest rate a minute that gets through: a plateau. */
  capPerMinute?: number;
  /** Noise that comes with the deploy, beside the one that was there. */
  addedNoise?: { correlation: number; spread: number };
}

export const NO_EFFECT: SeriesEffect = { ratio: 1, onsetMinutes: 0, rampMinutes: 0 };

/** A step to a ratio of what was, right at T₀. */
export function stepTo(ratio: number): SeriesEffect {
  return { ...NO_EFFECT, ratio };
}

/** Counts minute by minute, and where T₀ is. */
export interface MinuteSeries {
  counts: number[];
  /** Index of the first minute of the watch. */
  deployAt: number;
  /** 0 is Monday. */
  firstWeekday: number;
}

export interface TestSeries {
  /** Blocks before T₀, oldest first, and from T₀ on. */
  before: readonly CountBlock[];
  after: readonly CountBlock[];
  /** Whether a block counted from T₀ lies on a weekend. */
  isWeekend: (index: number) => boolean;
}

export type Random = () => number;

const MINUTES_PER_DAY = 1_440;
const MINUTES_PER_BLOCK = 5;
const BLOCKS_PER_DAY = MINUTES_PER_DAY / MINUTES_PER_BLOCK;
const WOBBLE_MEMORY_MINUTES = 720;
const SPIKE_MINUTES = 10;

/** Uniform numbers in [0, 1) from a 32-bit seed (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One standard normal number (Box and Muller). */
export function randomNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A Poisson count; above a mean of 50 the rounded normal, which no block of five minutes can tell from it. */
export function randomPoisson(random: Random, mean: number): number {
  if (mean <= 0) return 0;
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * randomNormal(random)));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}

/** A gamma number with mean 1 (Marsaglia and Tsang): mixed into a Poisson's mean it gives a negative binomial. */
function randomGammaShare(random: Random, shape: number): number {
  if (shape < 1) return (randomGammaShare(random, shape + 1) * (shape + 1) * random() ** (1 / shape)) / shape;
  const d = shape - 1 / 3;
  for (;;) {
    const normal = randomNormal(random);
    const v = (1 + normal / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * normal * normal + d - d * v + d * Math.log(v))
      return (d * v) / shape;
  }
}

/** Noise of its own stream, so that a series with and without it is the same up to T₀. */
const ADDED_NOISE_STREAM = 0x5bd1e995;

/** Counts per minute over `days` before T₀ and `watchDays` after it. */
export function minuteCounts(
  family: SeriesFamily,
  seed: number,
  days: number,
  effect: SeriesEffect,
  watchDays = 1,
): MinuteSeries {
  const random = seededRandom(seed);
  const phase = 2 * Math.PI * random();
  const firstWeekday = Math.floor(7 * random());
  const deployAt = days * MINUTES_PER_DAY;
  const shock = Math.sqrt(1 - family.correlation ** 2);
  const wobbleKept = Math.exp(-1 / WOBBLE_MEMORY_MINUTES);
  const wobbleShock = Math.sqrt(1 - wobbleKept ** 2);
  const change = effectWalk(effect, seed);
  let noise = randomNormal(random);
  let wobble = randomNormal(random);
  let spikeLeft = 0;
  const counts: number[] = [];
  for (let minute = 0; minute < deployAt + watchDays * MINUTES_PER_DAY; minute++) {
    noise = family.correlation * noise + shock * randomNormal(random);
    if (family.daySpread > 0) wobble = wobbleKept * wobble + wobbleShock * randomNormal(random);
    if (family.spikesPerDay > 0 && random() < family.spikesPerDay / MINUTES_PER_DAY)
      spikeLeft = SPIKE_MINUTES;
    const clock = (2 * Math.PI * minute) / MINUTES_PER_DAY + phase;
    const log =
      family.daily * (Math.sin(clock) + 0.4 * Math.sin(2 * clock + 1)) +
      (isWeekendMinute(minute, firstWeekday) ? Math.log(1 - family.weekendDrop) : 0) +
      family.spread * noise +
      family.daySpread * wobble +
      (spikeLeft > 0 ? Math.log(family.spikeFactor) : 0) +
      (minute < deployAt ? 0 : change(minute - deployAt));
    spikeLeft -= 1;
    const rate = family.perMinute * Math.exp(log);
    const capped = minute < deployAt ? rate : Math.min(rate, effect.capPerMinute ?? rate);
    counts.push(randomCount(random, capped, family.dispersion));
  }
  return { counts, deployAt, firstWeekday };
}

/** The logarithm of what the deploy does, asked minute by minute from T₀ on. */
function effectWalk(effect: SeriesEffect, seed: number): (minute: number) => number {
  const { driftPerDay, addedNoise } = effect;
  const drift = driftPerDay === undefined ? 0 : Math.log(driftPerDay) / MINUTES_PER_DAY;
  if (addedNoise === undefined) return (minute) => logEffect(effect, minute) + drift * minute;
  const random = seededRandom(seed ^ ADDED_NOISE_STREAM);
  const shock = Math.sqrt(1 - addedNoise.correlation ** 2);
  let noise = randomNormal(random);
  return (minute) => {
    noise = addedNoise.correlation * noise + shock * randomNormal(random);
    return logEffect(effect, minute) + drift * minute + addedNoise.spread * noise;
  };
}

function randomCount(random: Random, mean: number, dispersion: number): number {
  if (dispersion <= 1 || mean <= 0) return randomPoisson(random, mean);
  return randomPoisson(random, mean * randomGammaShare(random, mean / (dispersion - 1)));
}

function isWeekendMinute(minute: number, firstWeekday: number): boolean {
  return (Math.floor(minute / MINUTES_PER_DAY) + firstWeekday) % 7 >= 5;
}

function logEffect(
  { ratio, onsetMinutes, rampMinutes, endsAfterMinutes }: SeriesEffect,
  minute: number,
): number {
  if (ratio === 1 || minute < onsetMinutes) return 0;
  if (endsAfterMinutes !== undefined && minute >= endsAfterMinutes) return 0;
  const share = rampMinutes === 0 ? 1 : Math.min(1, (minute - onsetMinutes) / rampMinutes);
  return Math.log(1 + share * (ratio - 1));
}

/** A series by blocks of five minutes, each wholly covered. */
export function makeSeries(
  family: SeriesFamily,
  seed: number,
  { days = 14, effect = NO_EFFECT }: { days?: number; effect?: SeriesEffect } = {},
): TestSeries {
  return blocksOfMinutes(minuteCounts(family, seed, days, effect));
}

/** Minutes taken together to blocks of five, each wholly covered. */
export function blocksOfMinutes({ counts, deployAt, firstWeekday }: MinuteSeries): TestSeries {
  const blocks: { increase: number; coveredMs: number }[] = [];
  for (let from = 0; from < counts.length; from += MINUTES_PER_BLOCK) {
    let increase = 0;
    for (let minute = from; minute < from + MINUTES_PER_BLOCK; minute++) increase += counts[minute] ?? 0;
    blocks.push({ increase, coveredMs: BLOCK_MS });
  }
  const deployBlock = deployAt / MINUTES_PER_BLOCK;
  return {
    before: blocks.slice(0, deployBlock),
    after: blocks.slice(deployBlock),
    isWeekend: (index) => (Math.floor((index + deployBlock) / BLOCKS_PER_DAY) + firstWeekday) % 7 >= 5,
  };
}

/** The values that the parameters of a made series may take (method 5.1). */
const GRID = {
  perMinute: [10, 200, 2_000, 12_000],
  correlation: [0, 0.5, 0.9, 0.97],
  spread: [0.03, 0.1, 0.3],
  daySpread: [0, 0.03, 0.05, 0.1],
  daily: [0, 0.5, 1],
  weekendDrop: [0, 0.2],
  spikesPerDay: [0, 0, 4],
  dispersion: [1, 1, 4],
} as const;

/** A family from anywhere on the grid, by its seed; all are told by logarithms (20 events a block and more). */
export function gridFamily(seed: number): SeriesFamily {
  const random = seededRandom(seed);
  const pick = (values: readonly number[]): number => values[Math.floor(random() * values.length)] ?? 0;
  return {
    name: `grid ${seed}`,
    perMinute: pick(GRID.perMinute),
    correlation: pick(GRID.correlation),
    spread: pick(GRID.spread),
    daySpread: pick(GRID.daySpread),
    daily: pick(GRID.daily),
    weekendDrop: pick(GRID.weekendDrop),
    spikesPerDay: pick(GRID.spikesPerDay),
    spikeFactor: 3,
    dispersion: pick(GRID.dispersion),
  };
}
