import type { Quality } from '../model/sample.ts';
import type { TimeRange } from '../time/range.ts';

/** Who counts the same commands. `provider`: the company that runs Redis; `redis`: Redis itself; `machines`: the app. */
export const RECONCILE_SIDES = ['provider', 'redis', 'machines'] as const;
export type ReconcileSideKey = (typeof RECONCILE_SIDES)[number];

/** Closed set. `elsewhere`: more was seen than the machines sent; `machines_more`: less. */
export const RECONCILE_VERDICTS = ['agree', 'elsewhere', 'machines_more', 'cant_tell'] as const;
export type ReconcileVerdict = (typeof RECONCILE_VERDICTS)[number];

export interface ReconcileSideView {
  key: ReconcileSideKey;
  /** `Upstash`, `Redis`, `2 machines`. */
  name: string;
  /** Commands per second over the window, without our own; null when this side is missing. */
  perSecond: number | null;
  /** Share of the window that this side covers, 0–1. */
  coveredShare: number;
  quality: Quality;
  /** How far its newest numbers lie behind a visit; its stretch is taken that much later. 0 for none. */
  lagMs: number;
  intervalMs: number | null;
  /** Why there is no number; null when there is one. */
  missing: string | null;
}

/** Commands a second that cannot be put down to a machine, and how sure that is. */
export interface ReconcileView {
  /** The stretch that all sides cover; null when they share none. */
  range: TimeRange | null;
  /** In the order of {@link RECONCILE_SIDES}; every side is there, missing ones too. */
  sides: readonly ReconcileSideView[];
  verdict: ReconcileVerdict;
  /** Seen minus sent, per second; negative when the machines sent more. Null when a side is missing. */
  remainderPerSecond: number | null;
  /** What timing and sampling alone can make of it, per second. */
  boundPerSecond: number | null;
  /** What it means, in one sentence. */
  sentence: string;
  /** What else to know: silent machines, machines that do not count, commands left out. */
  notes: readonly string[];
}
