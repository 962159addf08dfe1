import type { ClaimState } from '../model/claim.ts';
import { type Baseline, BLOCKS_PER_DAY } from './baseline.ts';
import { HOUR_BLOCKS, type Look, plannedHalfWidth } from './interval.ts';
import {
  type ClaimPromise,
  endsOf,
  isMet,
  isMissed,
  isMostlyMet,
  isWorse,
  keeps,
  type Limits,
  type LogInterval,
  limitsOf,
  provenShare,
} from './limits.ts';

/** *Met* and *worse* need this many evaluations in a row. */
const IN_A_ROW = 2;
/** A target is not missed before 4 h; a verdict of a watch that became noisier is not final before 4 h either. */
const MISSED_AFTER_BLOCKS = 4 * HOUR_BLOCKS;
/** A final verdict needs this share of the watch measured. */
const FINAL_COVERAGE = 0.8;

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
  /** Last hour and the hour before, as logarithms at a look: false where the last one is no better. Null: not known. */
  isRecovering: (atBlocks: number) => boolean | null;
  /** Whether the ratio of sums keeps a limit (a logarithm) at a look, cumulative and over 2 h; null where it does not apply. */
  sumsKeep: (atBlocks: number, limit: number) => boolean | null;
}

/**
 * The state of a claim from all its looks (method 3.5). A function of the looks alone: replay gives what live gave.
 * `missed` and `worse` stay; `met` stays until the last 2 h alone prove it lost. Null for a promise without limits.
 */
export function standingOf(input: StandingInput): ClaimStanding | null {
  const limits = limitsOf(input.promise);
  if (limits === null) return null;
  const last = input.looks.at(-1);
  if (last === undefined) {
    return { state: 'settling', isProvisional: true, sinceBlocks: null, interval: null, provenShare: null };
  }
  let walk: Walk = { state: 'settling', sinceBlocks: 0, metRow: 0, mostlyRow: 0, worseRow: 0, wasMet: false };
  for (const look of input.looks) walk = step(walk, look, limits, input, input.isOver && look === last);

  const interval = intervalOf(last.estimate, last.halfWidth);
  return {
    state: walk.state,
    isProvisional: isProvisional(walk.state, last, input),
    sinceBlocks: walk.sinceBlocks,
    interval,
    provenShare: provenShare(input.promise, limits, interval),
  };
}

interface Walk {
  state: LookState;
  sinceBlocks: number;
  /** Evaluations in a row that would do. */
  metRow: number;
  mostlyRow: number;
  worseRow: number;
  wasMet: boolean;
}

function step(walk: Walk, look: Look, limits: Limits, input: StandingInput, isEnd: boolean): Walk {
  const metRow = provesMet(look, limits, input) ? walk.metRow + 1 : 0;
  const worseRow = isWorse(limits, intervalOf(look.estimate, look.clearance)) ? walk.worseRow + 1 : 0;
  const mostlyRow = isMostProven(look, limits, input, isEnd) ? walk.mostlyRow + 1 : 0;
  const state = nextState(walk, { metRow, mostlyRow, worseRow }, look, limits, input, isEnd);
  return {
    state,
    sinceBlocks: state === walk.state ? walk.sinceBlocks : look.atBlocks,
    metRow,
    mostlyRow,
    worseRow,
    wasMet: walk.wasMet || state === 'met',
  };
}

function nextState(
  walk: Walk,
  rows: Pick<Walk, 'metRow' | 'mostlyRow' | 'worseRow'>,
  look: Look,
  limits: Limits,
  input: StandingInput,
  isEnd: boolean,
): LookState {
  // A weak baseline proves nothing either way: the state says where it tends, no more.
  if (input.baseline.isWeak) return tendency(look, limits);
  if (walk.state === 'worse' || walk.state === 'missed') return walk.state;
  if (rows.worseRow >= IN_A_ROW) return 'worse';
  if (rows.metRow >= IN_A_ROW) return 'met';
  if (walk.wasMet) {
    if (walk.state === 'relapsed' || isRelapsed(look, limits)) return 'relapsed';
    if (!isEnd) return 'met';
    // The end needs its own proof: what was once met and is not proven any more is graded again.
    if (!keeps(limits.direction, look.estimate, limits.met)) return 'relapsed';
  }
  if (isTargetMissed(look, limits, input, isEnd)) return 'missed';
  if (rows.mostlyRow >= (isEnd ? 1 : IN_A_ROW)) return 'mostly_met';
  // What is not told by the end is not told, wherever it was heading.
  return isEnd
    ? 'undecided'
    : runningState(look, limits, input.baseline, input.watchBlocks ?? BLOCKS_PER_DAY);
}

/** The whole interval on its good side, cumulative or of the last 2 h, the last 2 h no worse than the limit, the sums too. */
function provesMet(look: Look, limits: Limits, { sumsKeep }: StandingInput): boolean {
  const { trailing } = look;
  const isProven =
    isMet(limits, intervalOf(look.estimate, look.clearance)) ||
    (trailing !== null && isMet(limits, intervalOf(trailing.estimate, trailing.halfWidth)));
  if (!isProven) return false;
  if (trailing !== null && !keeps(limits.direction, trailing.estimate, limits.met)) return false;
  return sumsKeep(look.atBlocks, limits.met) !== false;
}

/** The same for most of the promise; the sums must keep the limit that the logarithms kept. */
function isMostProven(look: Look, limits: Limits, { sumsKeep }: StandingInput, isEnd: boolean): boolean {
  const interval = intervalOf(look.estimate, look.clearance);
  if (!isMostlyMet(limits, interval, isEnd)) return false;
  const reached =
    limits.mostly !== null && keeps(limits.direction, endsOf(limits.direction, interval).bad, limits.mostly);
  return sumsKeep(look.atBlocks, reached ? (limits.mostly ?? limits.met) : limits.met) !== false;
}

/** The last 2 h alone lie beyond the limit by the distance of an alarm. */
function isRelapsed({ trailing }: Look, limits: Limits): boolean {
  return trailing !== null && isMissed(limits, intervalOf(trailing.estimate, trailing.alarmWidth));
}

/**
 * Missed: from 4 h on the whole interval and the last 2 h lie beyond the limit and the last hour is no better than the
 * one before (a warm-up would be); or at the end the estimate does, and the interval does not keep it.
 */
function isTargetMissed(
  look: Look,
  limits: Limits,
  { isRecovering }: StandingInput,
  isEnd: boolean,
): boolean {
  const interval = intervalOf(look.estimate, look.clearance);
  if (isEnd)
    return (
      !keeps(limits.direction, look.estimate, limits.met) &&
      !isMet(limits, interval) &&
      !isMostlyMet(limits, interval, true)
    );
  const { trailing } = look;
  return (
    look.atBlocks >= MISSED_AFTER_BLOCKS &&
    limits.mostly !== null &&
    isMissed(limits, interval) &&
    trailing !== null &&
    isMissed(limits, intervalOf(trailing.estimate, trailing.halfWidth)) &&
    isRecovering(look.atBlocks) === false
  );
}

/** The states on the way: failing, undecided, on or off track. Alarms use the half-width itself, also before 1 h. */
function runningState(look: Look, limits: Limits, baseline: Baseline, watchBlocks: number): LookState {
  const alarm = intervalOf(look.estimate, look.halfWidth);
  const goesWrongWay = !keeps(limits.direction, endsOf(limits.direction, alarm).good, 0);
  if (goesWrongWay) return 'failing';
  const { trailing } = look;
  const isLate = trailing !== null && keeps(limits.direction, trailing.estimate, limits.met);
  if (isMissed(limits, alarm) && isLate) return 'failing';
  return isHopeless(look, limits, baseline, watchBlocks) ? 'undecided' : tendency(look, limits);
}

/** Even the precision of the whole watch would not tell the estimate from the limit. */
function isHopeless(look: Look, limits: Limits, baseline: Baseline, watchBlocks: number): boolean {
  const interval = intervalOf(look.estimate, look.halfWidth);
  if (isMissed(limits, interval) || isMet(limits, interval)) return false;
  const noise = Math.max(0, look.n * (look.standardError ** 2 - baseline.placebo.varianceOf(look.n)));
  return plannedHalfWidth(baseline, watchBlocks, noise) > Math.abs(look.estimate - limits.met);
}

function tendency(look: Look, limits: Limits): LookState {
  return keeps(limits.direction, look.estimate, limits.met) ? 'on_track' : 'off_track';
}

function isProvisional(
  state: LookState,
  last: Look,
  { isOver, watchBlocks = BLOCKS_PER_DAY, baseline }: StandingInput,
): boolean {
  if (state === 'missed' || state === 'worse') return false;
  if (!isOver || baseline.isWeak) return true;
  if (last.n < FINAL_COVERAGE * watchBlocks) return true;
  return last.noisierSinceBlocks !== null && last.atBlocks - last.noisierSinceBlocks < MISSED_AFTER_BLOCKS;
}

function intervalOf(estimate: number, width: number): LogInterval {
  return { estimate, low: estimate - width, high: estimate + width };
}
