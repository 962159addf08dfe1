import type { Quality } from '../model/sample.ts';
import type { TimeRange } from '../time/range.ts';
import type { ReconcileVerdict } from './view.ts';

/** One side's count over the window that is compared. */
export interface SideCount {
  /** Mean over the part of the window that is covered, without our own commands. */
  perSecond: number;
  /** 0–1. */
  coveredShare: number;
  /** `inferred` for what a provider samples. */
  quality: Quality;
  /** Time between two visits: a span that crosses an edge of the window is shared out evenly. */
  spanMs: number;
  /** How much the lag of this side changed inside the window. */
  lagJitterMs: number;
  /** Our own commands, taken off; as many again may hide in new connections. 0 for none. */
  ownPerSecond: number;
}

export interface Reconciled {
  verdict: ReconcileVerdict;
  /** Seen minus sent, per second; null when a side is missing. */
  remainderPerSecond: number | null;
  /** Null when a side is missing. */
  boundPerSecond: number | null;
}

/** What a count that is added up from sampled points may be off by: late corrections of single points. */
const SAMPLED_SHARE = 0.02;
/** Counts are whole: one event at each edge of the window. */
const EDGE_EVENTS = 2;

/**
 * How far a side may be off, per second. Five parts, added up because they may all point one way:
 * - edges: the span that crosses an edge is shared out by time. While the rate inside it stays under twice its mean,
 *   that is off by at most half its events; with two edges `rate × span ÷ window`;
 * - lag: a stretch taken too early or late by the jitter gains at one edge what it loses at the other, at most
 *   `rate × jitter ÷ window`;
 * - cover: what was not covered is taken to be like the rest, and may be nothing or twice that;
 * - sampling, and whole events;
 * - our own commands: reconnects need a few that are not counted apart.
 */
export function sideBound(side: SideCount, windowMs: number): number {
  const { perSecond, coveredShare, quality, spanMs, lagJitterMs, ownPerSecond } = side;
  const timing = (perSecond * (spanMs + lagJitterMs)) / windowMs;
  const uncovered = perSecond * (1 - coveredShare);
  const sampled = quality === 'measured' ? 0 : perSecond * SAMPLED_SHARE;
  return timing + uncovered + sampled + (EDGE_EVENTS * 1_000) / windowMs + ownPerSecond;
}

/** What was seen against what the machines sent. Only beyond the joint bound is it called a remainder. */
export function reconcile(
  seen: SideCount | null,
  machines: SideCount | null,
  { startMs, endMs }: TimeRange,
): Reconciled {
  const windowMs = endMs - startMs;
  if (seen === null || machines === null || windowMs <= 0) {
    return { verdict: 'cant_tell', remainderPerSecond: null, boundPerSecond: null };
  }
  const remainderPerSecond = seen.perSecond - machines.perSecond;
  const boundPerSecond = sideBound(seen, windowMs) + sideBound(machines, windowMs);
  const verdict =
    Math.abs(remainderPerSecond) <= boundPerSecond
      ? 'agree'
      : remainderPerSecond > 0
        ? 'elsewhere'
        : 'machines_more';
  return { verdict, remainderPerSecond, boundPerSecond };
}
