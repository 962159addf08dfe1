import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/range.ts';
import type { CheckBlock, CheckState } from './check.ts';
import type { CantTellReason, ClaimCounts, ClaimState, ClaimView } from './claim.ts';
import type { DeployLine } from './deploy.ts';
import type {
  ClaimVerdict,
  FollowUpState,
  StateChange,
  WatchCheck,
  WatchLine,
  WatchRecord,
} from './verdict.ts';
import type { ChartView, MarkKind, MarkView } from './view.ts';

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

/** A claim before and after its deploy, drawn. */
export interface ClaimChart {
  claimId: string;
  title: string;
  chart: ChartView;
}

/** A watch with all that it rests on: the page of its deploy. */
export interface WatchDetail {
  view: WatchView;
  /** By claim id. */
  verdicts: Readonly<Record<string, ClaimVerdict>>;
  checks: readonly WatchCheck[];
  followUps: readonly FollowUpState[];
  /** Newest first. */
  changes: readonly StateChange[];
  notChecked: WatchRecord['notChecked'];
  override: WatchRecord['override'];
  /** Of the claims that are measured, in their order. */
  charts: readonly ClaimChart[];
  /** Marks and the window that the charts share: from before T₀ to now, or to the end. */
  marks: readonly MarkView[];
  /** The machines and what they run; null where none is known. */
  machines: {
    onRelease: number;
    of: number;
    /** When the last one came to it; null while one is missing. */
    convergedMs: number | null;
    rows: readonly {
      name: string;
      version: string | null;
      onRelease: boolean | null;
      seenMs: number | null;
    }[];
  } | null;
}

/** What can be told of a claim before its deploy, or before enough of its watch has gone by. */
export interface ClaimForecastView {
  claimId: string;
  /** One plain sentence: `Can be told 1 h after the deploy, from 14 days before it.` */
  text: string;
  /** Ms after T₀; null where a day does not do. */
  decidableAfterMs: number | null;
  baselineDays: number;
  /** Whose the days are. */
  baseline: ClaimVerdict['baseline']['kind'];
}

/** A deploy in a list, with its verdict; null where nothing of it is watched. */
export interface WatchedDeployLine extends DeployLine {
  watch: WatchLine | null;
}
