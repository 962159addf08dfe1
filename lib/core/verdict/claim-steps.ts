import { BLOCKS_PER_DAY } from './baseline.ts';
import type { LogBlocks } from './blocks.ts';
import type { LookState, StandingInput } from './claim-state.ts';
import { studentUpperQuantile } from './distributions.ts';
import { HOUR_BLOCKS, type Look, plannedHalfWidth } from './interval.ts';
import {
  endsOf,
  isMet,
  isMissed,
  isMostlyMet,
  isWorse,
  keeps,
  type Limits,
  type LogInterval,
} from './limits.ts';
import { meanOf } from './robust.ts';
import { ratioBetween, sumsAt, sumsBreak } from './sum-track.ts';

/** *Met* and *worse* need this many evaluations in a row. */
const IN_A_ROW = 2;
/** A target is not missed before 4 h; a verdict of a watch that became noisier is not final before 4 h either. */
export const MISSED_AFTER_BLOCKS = 4 * HOUR_BLOCKS;
/** Error of *missed* at the end, which is looked at once. */
export const LAST_LOOK_ALPHA = 0.05;

/** What a claim remembers from look to look. */
export interface Walk extends Rows {
  state: LookState;
  sinceBlocks: number;
  wasMet: boolean;
}

/** Evaluations in a row that would do. */
export interface Rows {
  metRow: number;
  mostlyRow: number;
  worseRow: number;
  /** In which the sums contradict a promise that was met. */
  brokenRow: number;
}

/** One look and what it is judged by. */
export interface LookAt {
  look: Look;
  limits: Limits;
  input: StandingInput;
  /** True for the last look of a watch that is over. */
  isEnd: boolean;
}

export function rowsAfter(rows: Rows, at: LookAt): Rows {
  const next = (holds: boolean, before: number) => (holds ? before + 1 : 0);
  return {
    metRow: next(provesMet(at) && doSumsKeep(at, at.limits.met), rows.metRow),
    mostlyRow: next(isMostProven(at), rows.mostlyRow),
    worseRow: next(provesWorse(at), rows.worseRow),
    brokenRow: next(areSumsBroken(at), rows.brokenRow),
  };
}

export function nextState(walk: Walk, rows: Rows, at: LookAt): LookState {
  const { look, limits, input, isEnd } = at;
  // A weak baseline proves nothing either way: the state says where it tends, no more.
  if (input.baseline.isWeak) return tendency(at);
  if (walk.state === 'worse' || walk.state === 'missed') return walk.state;
  if (rows.metRow >= IN_A_ROW) return 'met';
  if (walk.wasMet) {
    // What was once met is lost, never missed: a verdict does not flip.
    if (walk.state === 'relapsed' || isRelapsed(at) || rows.worseRow >= IN_A_ROW) return 'relapsed';
    if (rows.brokenRow >= IN_A_ROW) return 'undecided';
    if (!isEnd) return walk.state === 'undecided' && rows.brokenRow > 0 ? 'undecided' : 'met';
    // The end needs its own proof: what was once met and is not proven any more is graded again.
    if (!keeps(limits.direction, look.estimate, limits.met)) return 'relapsed';
  }
  if (rows.worseRow >= IN_A_ROW) return 'worse';
  if (isTargetMissed(at)) return 'missed';
  if (rows.mostlyRow >= (isEnd ? 1 : IN_A_ROW)) return 'mostly_met';
  // What is not told by the end is not told, wherever it was heading.
  return isEnd ? 'undecided' : runningState(at);
}

/** The whole interval on its good side, cumulative or of the last 2 h, and the last 2 h no worse than the limit. */
function provesMet({ look, limits }: LookAt): boolean {
  const { trailing } = look;
  const isProven =
    isMet(limits, intervalOf(look.estimate, look.clearance)) ||
    (trailing !== null && isMet(limits, intervalOf(trailing.estimate, trailing.halfWidth)));
  return isProven && (trailing === null || keeps(limits.direction, trailing.estimate, limits.met));
}

/** The same for most of the promise. The sums must reach what the logarithms reach: all of it where these say so. */
function isMostProven(at: LookAt): boolean {
  const { look, limits, isEnd } = at;
  if (!isMostlyMet(limits, intervalOf(look.estimate, look.clearance), isEnd)) return false;
  const reachesAll = keeps(limits.direction, look.estimate, limits.met);
  return doSumsKeep(at, reachesAll ? limits.met : (limits.mostly ?? limits.met));
}

/** The whole interval is the wrong way by more than the margin, and the sums do not say the contrary. */
function provesWorse({ look, limits, input }: LookAt): boolean {
  if (!isWorse(limits, intervalOf(look.estimate, look.clearance))) return false;
  const ratio = input.sums === null ? null : ratioBetween(input.sums, input.sums.settleBlocks, look.atBlocks);
  return ratio === null || !keeps(limits.direction, Math.log(ratio), 0);
}

function doSumsKeep({ look, limits: { direction }, input }: LookAt, limit: number): boolean {
  return input.sums === null || sumsAt(input.sums, look.atBlocks, { direction, limit }).keeps;
}

function areSumsBroken({ look, limits: { direction, met }, input }: LookAt): boolean {
  return input.sums !== null && sumsBreak(input.sums, look.atBlocks, { direction, limit: met });
}

/** The last 2 h alone lie beyond the limit by the distance of an alarm. */
function isRelapsed({ look: { trailing }, limits }: LookAt): boolean {
  return trailing !== null && isMissed(limits, intervalOf(trailing.estimate, trailing.alarmWidth));
}

/**
 * Missed: from 4 h on the whole interval and the last 2 h lie beyond the limit, the last hour is no better than the one
 * before (a warm-up would be), and less than most of the promise is proven. Or at the end, which is one look and needs no
 * allowance for peeking, a plain test at 5 % says so: the estimate alone would call every second promise missed that is
 * kept just so. What promised no amount is only missed where the whole interval says it. Never where the sums keep what
 * was promised: then only the spread over the day has changed.
 */
function isTargetMissed(at: LookAt): boolean {
  const { look, limits, input, isEnd } = at;
  const interval = intervalOf(look.estimate, look.clearance);
  if (input.sums !== null && !areSumsBroken(at)) return false;
  const isTarget = limits.mostly !== null;
  if (isTarget && isMostlyMet(limits, interval, isEnd)) return false;
  if (isEnd) return isMissed(limits, isTarget ? lastInterval(at) : interval);
  const { trailing } = look;
  return (
    look.atBlocks >= MISSED_AFTER_BLOCKS &&
    isTarget &&
    isMissed(limits, interval) &&
    trailing !== null &&
    isMissed(limits, intervalOf(trailing.estimate, trailing.halfWidth)) &&
    isRecovering(input.deviations, look.atBlocks, limits.direction) === false
  );
}

/** The interval of one look alone, with as much more for noise as that of all looks has. */
function lastInterval({ look, input: { baseline } }: LookAt): LogInterval {
  const freedom = baseline.placebo.freedomOf(look.n);
  const share = studentUpperQuantile(LAST_LOOK_ALPHA, freedom) / baseline.placebo.multipleAt(look.n);
  return intervalOf(look.estimate, share * look.halfWidth);
}

/** Whether the last hour is better than the one before; null where one of them was not measured. */
export function isRecovering(
  deviations: LogBlocks,
  atBlocks: number,
  direction: Limits['direction'],
): boolean | null {
  const hour = (back: number): number | null => {
    const from = atBlocks - back * HOUR_BLOCKS;
    const values = deviations.slice(Math.max(0, from), from + HOUR_BLOCKS).flatMap((value) => value ?? []);
    return values.length < HOUR_BLOCKS / 2 ? null : meanOf(values);
  };
  const [last, before] = [hour(1), hour(2)];
  if (last === null || before === null) return null;
  return direction === 'down' ? last < before : last > before;
}

/** The states on the way: failing, undecided, on or off track. Alarms use the half-width itself, also before 1 h. */
function runningState(at: LookAt): LookState {
  const { look, limits } = at;
  const alarm = intervalOf(look.estimate, look.halfWidth);
  const goesWrongWay = !keeps(limits.direction, endsOf(limits.direction, alarm).good, 0);
  if (goesWrongWay) return 'failing';
  const { trailing } = look;
  const isLate = trailing !== null && keeps(limits.direction, trailing.estimate, limits.met);
  if (isMissed(limits, alarm) && isLate) return 'failing';
  return isHopeless(at) ? 'undecided' : tendency(at);
}

/** Even the precision of the whole watch would not tell the estimate from the limit. */
function isHopeless({ look, limits, input: { baseline, watchBlocks = BLOCKS_PER_DAY } }: LookAt): boolean {
  const interval = intervalOf(look.estimate, look.halfWidth);
  if (isMissed(limits, interval) || isMet(limits, interval)) return false;
  const noise = Math.max(0, look.n * (look.standardError ** 2 - baseline.placebo.varianceOf(look.n)));
  return plannedHalfWidth(baseline, watchBlocks, noise) > Math.abs(look.estimate - limits.met);
}

/** Where it heads. Logarithms that keep the limit while the sums do not say nothing: bursts carry the difference. */
function tendency(at: LookAt): LookState {
  const { look, limits } = at;
  if (!keeps(limits.direction, look.estimate, limits.met)) return 'off_track';
  return doSumsKeep(at, limits.met) ? 'on_track' : 'undecided';
}

function intervalOf(estimate: number, width: number): LogInterval {
  return { estimate, low: estimate - width, high: estimate + width };
}
