import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../time/range.ts';
import type { ComputeState } from './compute-state.ts';

/**
 * Two visits of ours are at least this far apart: a visit restarts the clock of five minutes after which Neon puts a
 * compute to sleep, so anything shorter would keep it awake for ever.
 */
export const MIN_VISIT_SECONDS = 360;
const MIN_WAIT_MS = MIN_VISIT_SECONDS * SECOND_MS;

/** What a compute says about itself at the moment of the question; instants on our clock. */
export interface ComputeFacts {
  state: ComputeState;
  /** Last activity of anybody, ours included; it may be behind. */
  lastActiveMs: number | null;
  startedMs: number | null;
  /** Seconds without activity until it is suspended; null for never. */
  suspendSeconds: number | null;
}

/** What is remembered between visits. Plain data. */
export interface GateMemory {
  /**
   * End of the latest visit of ours to the compute, of any source; before the first one the moment when we began to
   * watch, since an earlier process of ours may have been the last to be active.
   */
  ownEndMs: number;
  /** End of the latest visit behind this gate; null before the first. */
  visitEndMs: number | null;
  /** Visits in a row which found that nobody else had asked anything since the visit before. */
  loneVisits: number;
}

/** Why SQL may run now. */
export type OpenReason = 'busy' | 'survived' | 'always_on';
/** Why it may not. */
export type ClosedReason =
  | 'asleep'
  | 'changing'
  | 'disabled'
  | 'unknown_state'
  | 'too_soon'
  | 'only_us'
  | 'winding_down'
  | 'no_evidence';
export type GateVerdict = { open: true; reason: OpenReason } | { open: false; reason: ClosedReason };

/** Our own visit may show in `lastActiveMs` this long after its end (monitor every 0.5 s, statistics flush, clocks). */
const OWN_ECHO_MS = 10 * SECOND_MS;
/** Neon has been seen to suspend this much after its timeout, and `last_active` to be this much behind. */
const LATE_MS = 2 * MINUTE_MS;
/** Activity of others is recent up to this share of the timeout, and never beyond the cap: it bounds what we prolong. */
const RECENT_SHARE = 0.4;
const RECENT_CAP_MS = 2 * MINUTE_MS;
/** A compute that has just started is left alone for this long. */
const SETTLE_MS = 10 * SECOND_MS;
/** The beat of visits is not exact to the second. */
const BEAT_TOLERANCE_MS = 5 * SECOND_MS;
const LONGEST_BACK_OFF_MS = 6 * HOUR_MS;

/** Memory of a gate that begins to watch. */
export function startGate(nowMs: number): GateMemory {
  return { ownEndMs: nowMs, visitEndMs: null, loneVisits: 0 };
}

/**
 * May we run SQL on this compute now? Only while it is active, and only when somebody else was active since our last
 * visit, so recently that our visit prolongs its being awake by at most two minutes a sleep.
 *
 * Evidence of somebody else: activity later than our visit explains; or, where `lastActiveMs` is missing or so far
 * behind that it cannot be true, that the compute is still awake although it would sleep had we been the last.
 */
export function judgeVisit(memory: GateMemory, facts: ComputeFacts, nowMs: number): GateVerdict {
  const { state, suspendSeconds } = facts;
  if (state !== 'active') return { open: false, reason: closedBy(state) };

  const { startedMs } = facts;
  // A start right before a visit could not be told from one that the visit caused.
  if (startedMs !== null && Math.abs(nowMs - startedMs) < SETTLE_MS)
    return { open: false, reason: 'changing' };

  const waitMs = suspendSeconds === null ? MIN_WAIT_MS : backOffMs(memory);
  if (memory.visitEndMs !== null && nowMs - memory.visitEndMs < waitMs - BEAT_TOLERANCE_MS) {
    return { open: false, reason: 'too_soon' };
  }
  if (suspendSeconds === null) return { open: true, reason: 'always_on' };

  const suspendMs = suspendSeconds * SECOND_MS;
  const recentMs = Math.min(suspendMs * RECENT_SHARE, RECENT_CAP_MS);
  const lastActiveMs = believable(facts.lastActiveMs, suspendMs, nowMs);
  if (lastActiveMs !== null) {
    if (lastActiveMs <= memory.ownEndMs + OWN_ECHO_MS) return { open: false, reason: 'only_us' };
    const isRecent = nowMs - lastActiveMs <= recentMs;
    return isRecent ? { open: true, reason: 'busy' } : { open: false, reason: 'winding_down' };
  }
  // Started after our last visit, so by somebody else, and just now.
  const startedByOthers = startedMs !== null && startedMs > memory.ownEndMs + OWN_ECHO_MS;
  if (startedByOthers && nowMs - startedMs <= recentMs) return { open: true, reason: 'busy' };
  const survivedMs = nowMs - Math.max(memory.ownEndMs, startedMs ?? memory.ownEndMs);
  return survivedMs > suspendMs + LATE_MS
    ? { open: true, reason: 'survived' }
    : { open: false, reason: 'no_evidence' };
}

/** What to remember after a question that was answered. A compute that sleeps proves that we do not hold it awake. */
export function noteFacts(memory: GateMemory, facts: ComputeFacts): GateMemory {
  return facts.state === 'asleep' && memory.loneVisits > 0 ? { ...memory, loneVisits: 0 } : memory;
}

/**
 * What to remember after a visit, good or bad: a failed one may have reached the compute too. `sawOthers` is what the
 * statistics of the visit say: false when nobody else had asked anything since the visit before, null when unknown.
 */
export function noteVisit(
  memory: GateMemory,
  visit: { endMs: number; sawOthers: boolean | null },
): GateMemory {
  const { endMs, sawOthers } = visit;
  const loneVisits = sawOthers === null ? memory.loneVisits : sawOthers ? 0 : memory.loneVisits + 1;
  return { ownEndMs: Math.max(endMs, memory.ownEndMs), visitEndMs: endMs, loneVisits };
}

/** What to remember of a visit of ours through another gate to the same compute: nobody else's activity either. */
export function noteSisterVisit(memory: GateMemory, endMs: number): GateMemory {
  return endMs > memory.ownEndMs ? { ...memory, ownEndMs: endMs } : memory;
}

/** The evidence was wrong that many times in a row: wait twice as long for each, so that the compute can sleep. */
function backOffMs({ loneVisits }: GateMemory): number {
  return Math.min(MIN_WAIT_MS * 2 ** Math.min(loneVisits, 10), LONGEST_BACK_OFF_MS);
}

/** An active compute whose last activity lies beyond its timeout would be asleep: then the field is behind the truth. */
function believable(lastActiveMs: number | null, suspendMs: number, nowMs: number): number | null {
  if (lastActiveMs === null || lastActiveMs > nowMs + LATE_MS) return null;
  return nowMs - lastActiveMs <= suspendMs + LATE_MS ? lastActiveMs : null;
}

function closedBy(state: Exclude<ComputeState, 'active'>): ClosedReason {
  switch (state) {
    case 'asleep':
    case 'disabled':
      return state;
    case 'starting':
    case 'stopping':
      return 'changing';
    case 'unknown':
      return 'unknown_state';
    default:
      return state satisfies never;
  }
}
