import type { LookState } from './claim-state.ts';
import { LAST_LOOK_ALPHA, MISSED_AFTER_BLOCKS } from './claim-steps.ts';
import type { CountLimits } from './count-limits.ts';
import type { CountWindow } from './count-window.ts';
import { endsOf, keeps } from './limits.ts';
import { gammaShares } from './special-functions.ts';

/** *Met* and *worse* need this many evaluations in a row. */
const IN_A_ROW = 2;

/** What was counted since the settle time, with and without a warm-up. */
export interface CountLook {
  atBlocks: number;
  n: number;
  /** Since the settle time. */
  whole: CountWindow;
  /** The same and those that leave a warm-up out, shortest first, once they have blocks enough. */
  windows: readonly CountWindow[];
}

export interface CountWalk {
  state: LookState;
  sinceBlocks: number;
  metRow: number;
  mostlyRow: number;
  worseRow: number;
  wasMet: boolean;
}

export interface CountAt {
  look: CountLook;
  /** Null for a promise that counting cannot tell. */
  limits: CountLimits | null;
  /** True where an amount was promised: only that can be missed before the end. */
  isTarget: boolean;
  hoursAtEnd: number;
  isWeak: boolean;
  isEnd: boolean;
}

/** One step of the walk over the looks: the same states as by logarithms, from the anytime interval. */
export function nextCountState(walk: CountWalk, at: CountAt): CountWalk {
  const { look, limits } = at;
  const row = (holds: boolean, before: number) => (holds ? before + 1 : 0);
  const rows = {
    metRow: row(limits !== null && isKept(look, limits, limits.met), walk.metRow),
    mostlyRow: row(limits !== null && isMostly(at, limits), walk.mostlyRow),
    worseRow: row(limits !== null && isBeyond(look, limits, limits.worse), walk.worseRow),
  };
  const state = limits === null ? 'undecided' : stateAfter({ ...walk, ...rows }, at, limits);
  return {
    ...rows,
    state,
    sinceBlocks: state === walk.state ? walk.sinceBlocks : look.atBlocks,
    wasMet: walk.wasMet || state === 'met',
  };
}

function stateAfter(walk: CountWalk, at: CountAt, limits: CountLimits): LookState {
  const { look, isEnd } = at;
  const isHeaded = look.windows.some(({ rate }) => keeps(limits.direction, rate, limits.estimate));
  const heads = isHeaded ? 'on_track' : 'off_track';
  if (at.isWeak) return heads;
  if (walk.state === 'worse' || walk.state === 'missed') return walk.state;
  if (walk.metRow >= IN_A_ROW) return 'met';
  if (walk.wasMet) {
    // What was once met is lost, never missed: a verdict does not flip.
    if (walk.state === 'relapsed' || isBeyond(look, limits, limits.missed)) return 'relapsed';
    if (!isEnd) return 'met';
    if (heads === 'off_track') return 'relapsed';
  }
  if (walk.worseRow >= IN_A_ROW) return 'worse';
  const isLate = look.atBlocks >= MISSED_AFTER_BLOCKS;
  if (walk.mostlyRow >= (isEnd ? 1 : IN_A_ROW)) return 'mostly_met';
  if (at.isTarget && isLate && isBeyond(look, limits, limits.missed)) return 'missed';
  if (isEnd) {
    const isMissed = isBeyond(look, limits, limits.missed) || (at.isTarget && isLastBeyond(look, limits));
    return isMissed ? 'missed' : 'undecided';
  }
  if (isBeyond(look, limits, limits.missed)) return 'failing';
  return isHopeless(at, limits) ? 'undecided' : heads;
}

/** Whether one of the windows keeps a limit with its whole interval, and its estimate what is asked of it. */
function isKept(look: CountLook, limits: CountLimits, limit: number): boolean {
  return look.windows.some((part) => keepsWith(part, limits, limit));
}

function keepsWith(part: CountWindow, { direction, estimate }: CountLimits, limit: number): boolean {
  return keeps(direction, endsOf(direction, part).bad, limit) && keeps(direction, part.rate, estimate);
}

/** Whether every window lies beyond a limit: a warm-up alone is no failure. */
function isBeyond(look: CountLook, { direction }: CountLimits, limit: number): boolean {
  return look.windows.every((part) => !keeps(direction, endsOf(direction, part).good, limit));
}

/** The end is one look and needs no allowance for peeking: a plain share of the belief decides. */
function isLastBeyond(look: CountLook, limits: CountLimits): boolean {
  return look.windows.every(({ events, hours, dispersion }) => {
    const { below, above } = gammaShares((limits.missed * hours) / dispersion, (events + 0.5) / dispersion);
    return (limits.direction === 'down' ? below : above) < LAST_LOOK_ALPHA;
  });
}

/** The window that a look shows: the shortest warm-up that keeps the promise, else everything since the settle time. */
export function shownWindow({ whole, windows }: CountLook, limits: CountLimits | null): CountWindow {
  return windows.find((part) => limits !== null && keepsWith(part, limits, limits.met)) ?? whole;
}

/** 90 % of the change is proven; or at the end the estimate keeps the limit and half of it is. */
function isMostly({ look, isEnd }: CountAt, limits: CountLimits): boolean {
  const { mostly, half } = limits;
  if (mostly !== null && isKept(look, { ...limits, estimate: mostly }, mostly)) return true;
  return isEnd && half !== null && isKept(look, limits, half);
}

/** Were it to go on like this, the end would still not tell. */
function isHopeless({ look, hoursAtEnd }: CountAt, limits: CountLimits): boolean {
  if (isKept(look, limits, limits.met)) return false;
  return look.windows.every((part) => {
    const hours = Math.max(part.hours, hoursAtEnd);
    const then = { ...part, ...part.rateAt(part.rate * hours, hours) };
    const { direction, met, missed } = limits;
    return !keepsWith(then, limits, met) && keeps(direction, endsOf(direction, then).good, missed);
  });
}
