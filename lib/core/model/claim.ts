import type { Unit } from '../metrics/catalogue/entry.ts';
import type { RateWindow } from '../units/format-rate.ts';
import type { Quality } from './sample.ts';

/**
 * Closed set. `settling`, `on_track`, `off_track` and `undecided` are on their way; `met` may still be provisional and
 * become `relapsed`; the others are final at the end of the watch. `cant_tell` always has a reason.
 */
export const CLAIM_STATES = [
  'settling',
  'on_track',
  'off_track',
  'undecided',
  'met',
  'mostly_met',
  'failing',
  'missed',
  'worse',
  'relapsed',
  'cant_tell',
] as const;
export type ClaimState = (typeof CLAIM_STATES)[number];

/** Why nobody can tell. Closed set; where several apply the first of these is named. */
export const CANT_TELL_REASONS = [
  'redis_suspended',
  'interrupted',
  'machines_not_converged',
  'source_down',
  'traffic_lost',
  'limiter_off',
  'no_data',
  'no_baseline',
  'unmeasurable',
] as const;
export type CantTellReason = (typeof CANT_TELL_REASONS)[number];

/** Place of a reason among those that apply together: the lowest is named. */
export function rankOfReason(reason: CantTellReason): number {
  return CANT_TELL_REASONS.indexOf(reason);
}

/** `atMost` ≤, `atLeast` ≥, `below` <, `above` > (a promise to improve without saying by how much). */
export const PROMISE_DIRECTIONS = ['atMost', 'atLeast', 'below', 'above'] as const;
export type PromiseDirection = (typeof PROMISE_DIRECTIONS)[number];

/** Money is promised too; amounts are dollars, a rate of them dollars per second. */
export type ClaimUnit = Unit | 'usd';

export interface PromiseView {
  direction: PromiseDirection;
  /** As promised. */
  value: number;
  /** The level that decides: the promise with its tolerance. Equal to `value` where there is none. */
  limit: number;
}

/** One promise of a deploy and where it stands. Numbers in base units; null where not known. */
export interface ClaimView {
  id: string;
  /** As a person would say it: `Redis GETs fall by 95 %`. */
  title: string;
  /** The cause or the correction, one short line: `Zero since then is the suspension, not the fix.` */
  why: string | null;
  unit: ClaimUnit;
  /** Numbers are per second and written with this window; null for a level, a ratio or an amount. */
  window: RateWindow | null;
  before: number | null;
  promised: PromiseView | null;
  measured: number | null;
  /** Measured against what was expected, signed, in percent: −96.7. */
  effectPct: number | null;
  /** 95 % interval of the effect in percent, valid at every look; null without one, both ends equal when counted exactly. */
  interval: readonly [lo: number, hi: number] | null;
  /** True for a verdict that may still be lost. */
  provisional: boolean;
  state: ClaimState;
  /** Set if and only if the state is `cant_tell`. */
  reason: CantTellReason | null;
  /** Since when the state holds; null when that is not known. */
  sinceMs: number | null;
  /** Share of the promised change that is proven, 0–1; said beside `mostly_met`. */
  provenShare: number | null;
  /** When it can be told at the latest if nothing changes; null when that is past, or cannot be said. */
  decidableByMs: number | null;
  quality: Quality;
  /** How the number was got, where that is not plain: `GETs per cache operation`. */
  metricNote: string | null;
}

/** How many claims stand where; every state is there. */
export type ClaimCounts = Readonly<Record<ClaimState, number>>;

/** Counts claims by state. */
export function countClaims(claims: readonly Pick<ClaimView, 'state'>[]): ClaimCounts {
  const counts = Object.fromEntries(CLAIM_STATES.map((state) => [state, 0])) as Record<ClaimState, number>;
  for (const { state } of claims) counts[state] += 1;
  return counts;
}
