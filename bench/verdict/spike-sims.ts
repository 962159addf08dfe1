import { type CountSeries, detectCountSpikes } from '../../lib/core/detect/count-spike.ts';
import {
  CALM,
  minuteCounts,
  NO_EFFECT,
  type Random,
  randomPoisson,
  seededRandom,
} from '../../lib/core/verdict/test-series.ts';

const MINUTE_MS = 60_000;
const DAY = 1_440;
const DAYS = 14;
/** Every series begins at the same instant: nothing may hang on it. */
const START_MS = Date.UTC(2026, 0, 5);
/** Where in the watch the trouble begins. */
const TROUBLE_AT = 600;

/** Rare events, by how they come. */
export interface CountFamily {
  name: string;
  make: (seed: number, minutes: number) => number[];
}

const steady =
  (perMinute: number, dispersion = 1) =>
  (seed: number, minutes: number) =>
    minuteCounts({ ...CALM, perMinute, spread: 0, dispersion }, seed, minutes / DAY - 1, NO_EFFECT).counts;

/** Bursts at a rate per minute; each of a geometric number of events, all in one minute. */
const bursts = (perMinute: number, size: number) => (seed: number, minutes: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: minutes }, () => {
    let count = 0;
    for (let left = randomPoisson(random, perMinute); left > 0; left--)
      count += randomGeometric(random, size);
    return count;
  });
};

function randomGeometric(random: Random, mean: number): number {
  return 1 + Math.floor(Math.log(1 - random()) / Math.log(1 - 1 / mean));
}

/** The families of the table of 429s (method 4). */
export const COUNT_FAMILIES: readonly CountFamily[] = [
  { name: 'none ever', make: (_, minutes) => Array(minutes).fill(0) },
  { name: '0.001/min', make: steady(0.001) },
  { name: '0.1/min', make: steady(0.1) },
  { name: '1/min', make: steady(1) },
  { name: 'bursts 0.002/min × 8', make: bursts(0.002, 8) },
  { name: 'bursts 0.02/min × 8', make: bursts(0.02, 8) },
  { name: 'NB 0.5/min, φ = 4', make: steady(0.5, 4) },
  { name: 'NB 5/min, φ = 3', make: steady(5, 3) },
];

/** What is added to the watch. */
export interface Trouble {
  name: string;
  /** Events a minute, beside what is there. */
  perMinute: number;
  minutes: number;
  /** Exactly so many each minute, not about. */
  exact?: boolean;
}

export const TROUBLES: readonly Trouble[] = [
  { name: '10/min for 10 min', perMinute: 10, minutes: 10 },
  { name: '2/min sustained', perMinute: 2, minutes: DAY - TROUBLE_AT },
  { name: '0.2/min sustained', perMinute: 0.2, minutes: DAY - TROUBLE_AT },
];

export interface SpikeOutcome {
  /** Fired in a watch in which nothing happened. */
  isFalse: boolean;
  /** Minutes from the first to the alarm, one for each trouble; null where there was none. */
  delays: (number | null)[];
}

/** One watch of 24 h after 14 days, alone and with each trouble. */
export function simulateSpikes(
  family: CountFamily,
  seed: number,
  troubles: readonly Trouble[],
): SpikeOutcome {
  const counts = family.make(seed, (DAYS + 1) * DAY);
  const before = seriesOf(counts.slice(0, DAYS * DAY), 0);
  const after = counts.slice(DAYS * DAY);
  const quiet = detectCountSpikes(before, seriesOf(after, DAYS * DAY));
  const random = seededRandom(seed + 77_777);
  const delays = troubles.map(({ perMinute, minutes, exact = false }) => {
    const troubled = after.map((count, i) => {
      if (i < TROUBLE_AT || i >= TROUBLE_AT + minutes) return count;
      return count + (exact ? perMinute : randomPoisson(random, perMinute));
    });
    const troubleMs = START_MS + (DAYS * DAY + TROUBLE_AT) * MINUTE_MS;
    const found = detectCountSpikes(before, seriesOf(troubled, DAYS * DAY)).find(
      ({ startMs, endMs }) => endMs === null || endMs > troubleMs || startMs >= troubleMs,
    );
    if (found === undefined) return null;
    // Told at the end of its minute.
    return Math.max(1, (found.startMs + MINUTE_MS - troubleMs) / MINUTE_MS);
  });
  return { isFalse: quiet.length > 0, delays };
}

function seriesOf(counts: readonly number[], offsetMinutes: number): CountSeries {
  return { startMs: START_MS + offsetMinutes * MINUTE_MS, stepMs: MINUTE_MS, counts, requests: null };
}
