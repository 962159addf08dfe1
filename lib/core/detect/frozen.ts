import { type Firing, joinSights, type Sight, shortNumber } from './firing.ts';
import type { LevelSample } from './plateau.ts';

/** A run of the same value this unlikely is frozen (method 3.7). */
const LEAST_CHANCE = 1e-5;
const LEAST_SAMPLES = 3;
const HOLDING = { fireAfter: 1, clearBelow: 1, clearAfterMs: 0 };

/**
 * Frozen gauge (method 3.7): the same value for n samples with (usual share of repeats)ⁿ < 10⁻⁵, and for more samples in
 * a row than it ever was. A value that often stands still (0 at night) has to stand longer than it did; one that never
 * moved is not frozen. Null samples are left out: no data is not the same value.
 */
export function detectFrozen(before: readonly LevelSample[], after: readonly LevelSample[]): Firing[] {
  if (before.length < LEAST_SAMPLES) return [];
  let repeats = 0;
  let longest = 0;
  let run = 0;
  for (let i = 1; i < before.length; i++) {
    const isSame = before[i]?.value === before[i - 1]?.value;
    run = isSame ? run + 1 : 0;
    if (isSame) repeats += 1;
    longest = Math.max(longest, run);
  }
  // Half a repeat stands for those never seen; a share of 1 leaves no evidence at all.
  const share = (repeats + 0.5) / before.length;
  return share >= 1 ? [] : joinSights(sightsOf(before, after, share, longest), HOLDING);
}

function* sightsOf(
  before: readonly LevelSample[],
  after: readonly LevelSample[],
  share: number,
  longest: number,
): Generator<Sight> {
  let previous = before.at(-1) ?? null;
  let run = 0;
  for (const sample of after) {
    run = sample.value === previous?.value ? run + 1 : 0;
    const isLong = run >= LEAST_SAMPLES && run > longest;
    yield {
      startMs: previous?.atMs ?? sample.atMs,
      endMs: sample.atMs,
      score: isLong ? (run * Math.log(share)) / Math.log(LEAST_CHANCE) : 0,
      value: sample.value,
      expected: sample.value,
      what: `${shortNumber(sample.value)} ${run + 1} times in a row`,
    };
    previous = sample;
  }
}
