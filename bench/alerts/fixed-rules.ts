import { countUpperTail } from '../../lib/core/verdict/distributions.ts';

/** A rule that many dashboards offer: when it says that something is wrong, bucket by bucket. */
export interface FixedRule {
  name: string;
  /** For each bucket after the baseline whether it stands at its end. */
  stands: (before: readonly number[], after: readonly number[]) => boolean[];
}

const SIGMAS = 3;
const POISSON_P = 0.001;
const RATIO = 2;

/** More than three standard deviations above the mean of the baseline, in one bucket. */
const threeSigma: FixedRule = {
  name: '3σ',
  stands: (before, after) => {
    const { mean, deviation } = momentsOf(before);
    return after.map((count) => count > mean + SIGMAS * deviation);
  },
};

/** A count that a Poisson of the baseline's mean reaches once in a thousand. */
const poisson: FixedRule = {
  name: 'Poisson p < .001',
  stands: (before, after) => {
    const mean = (sumOf(before) + 0.5) / before.length;
    const least = leastUnlikely(mean);
    return after.map((count) => count >= least);
  },
};

function leastUnlikely(mean: number): number {
  let count = Math.max(1, Math.floor(mean));
  while (countUpperTail(count, mean, mean) >= POISSON_P) count += 1;
  return count;
}

/** More than twice the mean of the baseline, over so many buckets together. */
function twice(name: string, buckets: number): FixedRule {
  return {
    name,
    stands: (before, after) => {
      const usual = (sumOf(before) / before.length) * buckets;
      return runningSums(after, buckets).map((sum) => sum > 0 && sum > RATIO * usual);
    },
  };
}

/** A fixed number in so many buckets, whatever is usual. */
function fixedLevel(name: string, level: number, buckets: number): FixedRule {
  return { name, stands: (_, after) => runningSums(after, buckets).map((sum) => sum >= level) };
}

/** For counts minute by minute. */
export const COUNT_RULES: readonly FixedRule[] = [
  { ...threeSigma, name: '3σ per minute' },
  { ...poisson, name: 'Poisson p < .001 per minute' },
  twice('> 2× usual in 5 min', 5),
  fixedLevel('5 in 5 min', 5, 5),
];

/** For rates in blocks of 5 minutes. */
export const RATE_RULES: readonly FixedRule[] = [
  { ...threeSigma, name: '3σ per 5 min' },
  { ...poisson, name: 'Poisson p < .001 per 5 min' },
  twice('> 2× usual in 5 min', 1),
];

function runningSums(counts: readonly number[], buckets: number): number[] {
  let sum = 0;
  return counts.map((count, i) => {
    sum += count - (i >= buckets ? (counts[i - buckets] ?? 0) : 0);
    return sum;
  });
}

function momentsOf(counts: readonly number[]): { mean: number; deviation: number } {
  const mean = sumOf(counts) / counts.length;
  const square = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length;
  return { mean, deviation: Math.sqrt(square) };
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
