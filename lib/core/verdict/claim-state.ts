import type { ClaimState } from '../model/claim.ts';
import { type Baseline, BLOCKS_PER_DAY } from './baseline.ts';
import type { LogBlocks } from './blocks.ts';
import { MISSED_AFTER_BLOCKS, nextState, rowsAfter, type Walk } from './claim-steps.ts';
import type { Look } from './interval.ts';
import { type ClaimPromise, type Limits, type LogInterval, limitsOf, provenShare } from './limits.ts';
import type { SumTrack } from './sum-track.ts';

/** A final verdict needs this share of the watch measured. */
export const FINAL_COVERAGE = 0.8;

/** The states that looks alone can give; `cant_tell` comes from guards outside. */
export type LookState = Exclude<ClaimState, 'cant_tell'>;

/** Where a claim stands after its looks. */
export interface ClaimStanding {
  state: LookState;
  /** True until the end of the watch, and after it where too little was measured. */
  isProvisional: boolean;
  /** Blocks from T₀ at which this state began; null while settling. */
  sinceBlocks: number | null;
  /** The interval of the last look, on the logarithm of the ratio; null while settling. */
  interval: LogInterval | null;
  /** Share of the promised change that is proven; null where no amount was promised, or while settling. */
  provenShare: number | null;
}

export interface StandingInput {
  baseline: Baseline;
  promise: ClaimPromise;
  looks: readonly Look[];
  /** Length of the watch, 24 h unless said. */
  watchBlocks?: number;
  /** True once the watch is over: only then is the last look its end. */
  isOver: boolean;
  /** d_j since T₀, the same that the looks were made from. */
  deviations: LogBlocks;
  /** What was counted since T₀; null for a gauge, which has no sums. */
  sums: SumTrack | null;
}

const SETTLING: ClaimStanding = {
  state: 'settling',
  isProvisional: true,
  sinceBlocks: null,
  interval: null,
  provenShare: null,
};

/**
 * The state of a claim from all its looks (method 3.5). A function of the looks alone: replay gives what live gave.
 * `missed` and `worse` stay; `met` stays until the last 2 h alone, or the sums, show it lost. Null for a promise without
 * limits.
 */
export function standingOf(input: StandingInput): ClaimStanding | null {
  const limits = limitsOf(input.promise);
  if (limits === null) return null;
  const { running, end } = standingsOf(input, limits);
  return end ?? running.at(-1) ?? SETTLING;
}

/**
 * The same at every look: `running` as it stood then, one for each look, and `end` as the last look is graded once the
 * watch is over; null before.
 */
export function standingsOf(
  input: StandingInput,
  limits: Limits,
): { running: ClaimStanding[]; end: ClaimStanding | null } {
  const running: ClaimStanding[] = [];
  let end: ClaimStanding | null = null;
  let walk: Walk = {
    state: 'settling',
    sinceBlocks: 0,
    metRow: 0,
    mostlyRow: 0,
    worseRow: 0,
    brokenRow: 0,
    wasMet: false,
  };
  for (const [i, look] of input.looks.entries()) {
    if (input.isOver && i === input.looks.length - 1) {
      end = standing(step(walk, look, limits, input, true), look, limits, input, true);
    }
    walk = step(walk, look, limits, input, false);
    running.push(standing(walk, look, limits, input, false));
  }
  return { running, end };
}

function step(walk: Walk, look: Look, limits: Limits, input: StandingInput, isEnd: boolean): Walk {
  const at = { look, limits, input, isEnd };
  const rows = rowsAfter(walk, at);
  const state = nextState(walk, rows, at);
  return {
    state,
    sinceBlocks: state === walk.state ? walk.sinceBlocks : look.atBlocks,
    ...rows,
    wasMet: walk.wasMet || state === 'met',
  };
}

function standing(
  { state, sinceBlocks }: Walk,
  look: Look,
  limits: Limits,
  input: StandingInput,
  isEnd: boolean,
): ClaimStanding {
  const { estimate, halfWidth } = look;
  const interval = { estimate, low: estimate - halfWidth, high: estimate + halfWidth };
  return {
    state,
    isProvisional: isProvisional(state, look, input, isEnd),
    sinceBlocks,
    interval,
    provenShare: provenShare(input.promise, limits, interval),
  };
}

function isProvisional(
  state: LookState,
  look: Look,
  { watchBlocks = BLOCKS_PER_DAY, baseline }: StandingInput,
  isEnd: boolean,
): boolean {
  if (state === 'missed' || state === 'worse') return false;
  if (!isEnd || baseline.isWeak) return true;
  if (look.n < FINAL_COVERAGE * watchBlocks) return true;
  return look.noisierSinceBlocks !== null && look.atBlocks - look.noisierSinceBlocks < MISSED_AFTER_BLOCKS;
}
