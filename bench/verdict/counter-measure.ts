import { type CounterFaults, countSamples, makeCounter } from '../../lib/core/verdict/test-counters.ts';
import { randomPoisson, seededRandom } from '../../lib/core/verdict/test-series.ts';

/** One counter with faults: what was counted, and what could be. */
export interface CounterOutcome {
  counted: number;
  knowable: number;
  missable: number;
  holds: boolean;
}

const RATES = [0.01, 0.1, 1, 10, 200, 12_000] as const;
const INTERVALS = [10_000, 15_000, 30_000, 60_000] as const;
const TELLS = ['start', 'marker', 'nothing'] as const;
const HALF_DAY_MINUTES = 720;

/** Half a day of a counter with faults drawn by the seed. */
export function measureCounter(_params: object, seed: number): CounterOutcome {
  const random = seededRandom(seed);
  const perMinute = pick(random, RATES);
  const counts = Array.from({ length: HALF_DAY_MINUTES }, () => randomPoisson(random, perMinute));
  const { samples, knowable, missable } = makeCounter(counts, seed, faultsOf(random));
  const counted = countSamples(samples).reduce((sum, { increase }) => sum + increase, 0);
  return { counted, knowable, missable, holds: counted <= knowable && counted >= knowable - missable };
}

function faultsOf(random: () => number): CounterFaults {
  const tells = pick(random, TELLS);
  const upTo = (most: number) => Math.floor((most + 1) * random());
  return {
    intervalMs: pick(random, INTERVALS),
    jitter: 0.05 * random(),
    missed: 0.05 * random(),
    gaps: upTo(4),
    freezes: upTo(2),
    restarts: upTo(6),
    restartAtMinute: random() < 0.5 ? HALF_DAY_MINUTES / 2 : null,
    replicaSwitches: tells === 'start' ? upTo(4) : 0,
    decreases: 0.05 * random(),
    duplicates: 0.1 * random(),
    outOfOrder: 0.05 * random(),
    wraps: random() < 0.3,
    tells,
  };
}

function pick<T>(random: () => number, values: readonly [T, ...T[]]): T {
  return values[Math.floor(random() * values.length)] ?? values[0];
}
