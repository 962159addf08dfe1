import { BLOCKS_PER_DAY } from '../verdict/baseline.ts';
import type { LogBlocks } from '../verdict/blocks.ts';
import { medianOf } from '../verdict/robust.ts';
import { type WrongWay, wrongBy } from './block-series.ts';

/** A step is read off the first six hours after it, against the same hours of up to seven days before it. */
const STEP_BLOCKS = 72;
const DAYS_BACK = 7;
/** Fewer blocks say nothing yet; so many are needed where nobody said that it would come. */
const LEAST_BLOCKS = 3;
const STEADY_BLOCKS = 54;
/** Nine blocks of ten lie on its side, and it is a fifth at least: less is no step that a detector would trip over. */
const SAME_SIDE = 0.9;
const LEAST_LOG = Math.log(1.25);
/** Told in parts of 2 %: what rests on it is not made anew with every block. */
const GRAIN = 0.02;

/** A change of level that came with a deploy. */
export interface FoundStep {
  /** First block of the new level. */
  at: number;
  /** Blocks from `at` on in which it was still under way. */
  settleBlocks: number;
  /** Logarithm of the new level over the old one. */
  log: number;
}

/** Where to look for a step: the block of a deploy, and how long it rolled and settled. */
export interface StepPlace {
  at: number;
  settleBlocks: number;
}

/**
 * The step at a deploy as it shows by block `until` (left out); null where there is none. `isClaimed`: somebody said that
 * it would come and nothing contradicts, so a quarter of an hour is enough; else it has to stand for hours.
 */
export function findStep(
  logs: LogBlocks,
  { at, settleBlocks }: StepPlace,
  until: number,
  isClaimed: boolean,
): FoundStep | null {
  const away: number[] = [];
  const first = at + settleBlocks;
  for (let i = first; i < Math.min(until, first + STEP_BLOCKS); i++) {
    const log = logs[i] ?? null;
    const usual = usualBefore(logs, i, at);
    if (log !== null && usual !== null) away.push(log - usual);
  }
  if (away.length < (isClaimed ? LEAST_BLOCKS : STEADY_BLOCKS)) return null;
  const log = Math.round((medianOf(away) ?? 0) / GRAIN) * GRAIN;
  const sameSide = away.filter((one) => Math.sign(one) === Math.sign(log)).length / away.length;
  return Math.abs(log) >= LEAST_LOG && sameSide >= SAME_SIDE ? { at, settleBlocks, log } : null;
}

/** Median of the same clock block on the days before `at`. */
function usualBefore(logs: LogBlocks, i: number, at: number): number | null {
  const before: number[] = [];
  for (let day = 1; day <= DAYS_BACK; day++) {
    const place = i - day * BLOCKS_PER_DAY;
    const log = place < at && place >= 0 ? (logs[place] ?? null) : null;
    if (log !== null) before.push(log);
  }
  return medianOf(before);
}

/** A deploy that may have moved a row. */
export interface StepCandidate extends StepPlace {
  isClaimed: boolean;
}

/**
 * The steps that count, oldest first, as they show by block `until`. One that nobody claimed counts only where it is for the
 * better: what a deploy made worse is what alerts are for.
 */
export function findSteps(
  logs: LogBlocks,
  candidates: readonly StepCandidate[],
  until: number,
  way: WrongWay,
): FoundStep[] {
  const found: FoundStep[] = [];
  for (const { isClaimed, ...place } of candidates.toSorted((a, b) => a.at - b.at)) {
    const step = findStep(moveBySteps(logs, found), place, until, isClaimed);
    if (step !== null && (isClaimed || wrongBy(step.log, way) < 0)) found.push(step);
  }
  return found;
}

/** All that lies before a step, moved by it, oldest step first, so that it compares with what follows. */
export function moveBySteps(logs: LogBlocks, steps: readonly FoundStep[]): LogBlocks {
  if (steps.length === 0) return logs;
  return logs.map((log, i) => {
    if (log === null || steps.some(({ at, settleBlocks }) => i >= at && i < at + settleBlocks)) return null;
    return log + heldSince(steps, i);
  });
}

/** Sum of the steps after block `i`. */
export function heldSince(steps: readonly FoundStep[], i: number): number {
  let sum = 0;
  for (const { at, log } of steps) if (at > i) sum += log;
  return sum;
}
