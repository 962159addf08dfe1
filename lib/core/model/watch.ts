import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/range.ts';
import type { CheckBlock, CheckState } from './check.ts';
import type { CantTellReason, ClaimCounts, ClaimState, ClaimView } from './claim.ts';
import type { MarkKind } from './view.ts';

/** The looks of a watch, after T₀. */
export const WATCH_STOPS_MS = [
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
] as const;

/** One look on the rail. */
export interface WatchStopView {
  /** After T₀, ms; one of {@link WATCH_STOPS_MS}. */
  offsetMs: number;
  /** The worst of the checks that are due then. */
  state: CheckState;
  /** Set if and only if the state is `blocked`. */
  block: CheckBlock | null;
  /** True for a pass that a later look may take back. */
  provisional: boolean;
}

/** A deploy and the promises that it is held to. */
export interface WatchView {
  /** `v1206`; for a deploy without a release a few words. */
  release: string;
  /** Page of the deploy; null while there is none. */
  href: string | null;
  /** T₀: its first machine. */
  originMs: number;
  /** Normally T₀ + 24 h; what the summary calls the next review may move it. */
  endMs: number;
  nowMs: number;
  /** Where the deploy as a whole stands: met when every claim is, missed when one is. */
  state: ClaimState;
  provisional: boolean;
  /** Set if and only if the state is `cant_tell`. */
  reason: CantTellReason | null;
  /** Ascending. */
  stops: readonly WatchStopView[];
  /** What cut the watch short: another deploy, or a change of settings or mode. Null when nothing did. */
  interruption: { atMs: number; release: string; kind: MarkKind } | null;
  /** Null when no look is left. */
  nextLookMs: number | null;
  /** What can be told by when, and on which condition; null when nothing is open. */
  decidable: { what: string; byMs: number; condition: string | null } | null;
  /** What the verdict stands on: `32 of 32 blocks, 14 baseline days`; null before the first look. */
  evidence: string | null;
  claims: readonly ClaimView[];
  counts: ClaimCounts;
  /** Machines that the summary counted on; null when it named none. */
  assumedMachines: number | null;
}

/** How far the watch is, 0–1; 1 once it is over. */
export function watchProgress({ originMs, endMs, nowMs }: WatchView): number {
  return endMs <= originMs ? 1 : Math.min(1, Math.max(0, (nowMs - originMs) / (endMs - originMs)));
}
