import type { ClaimState } from '../../model/claim.ts';

/** Series that detectors watch in every app, where something tells them. */
export const WATCHED_SERIES = [
  'redis_gets',
  'db_queries',
  'requests',
  'limited',
  'server_errors',
  'latency_p95',
] as const;
export type WatchedSeries = (typeof WATCHED_SERIES)[number];

/** One look of a detector at one series. Scores: at least 1 fires, below half of that it is over. */
export interface DetectorLook {
  score: number;
  /** What was seen and what is usual then, in the unit of the series (per second for a rate). */
  value: number;
  expected: number;
  /** Over how long it was seen, ms. */
  windowMs: number;
  /** One plain clause without a full stop: `8 in 5 min, 0.2 are usual`. */
  what: string;
  /** True where something beside the series makes it worse. */
  isSevere: boolean;
}

/** One series and what each detector sees in it; null where it cannot be told now, or this detector does not watch it. */
export interface SeriesFact {
  series: WatchedSeries;
  /** As it is called on charts: `Redis GETs`. */
  title: string;
  /** A spike of rare events, for `limited` and `server_errors`. */
  countSpike: DetectorLook | null;
  /** Some minutes far from usual, in the wrong direction. */
  spike: DetectorLook | null;
  /** Two hours in the wrong direction. */
  regression: DetectorLook | null;
  plateau: DetectorLook | null;
  stall: DetectorLook | null;
  /** Looked at 6, 12, 18 and 24 h after a deploy. */
  drift: DetectorLook | null;
  /** Where most of it comes from: the name of a machine; null where it is all of them alike. */
  place: string | null;
}

/** A confirmed claim of a watch that runs, as it stands. */
export interface ClaimFact {
  deployId: string;
  release: string;
  claimId: string;
  text: string;
  state: ClaimState;
  /** Since when, ms. */
  sinceMs: number;
  /** What was seen, one sentence. */
  evidence: string;
  /** The watched series that it is about; null for any other. */
  series: WatchedSeries | null;
}
