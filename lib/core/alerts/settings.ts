import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/range.ts';
import type { AlertRuleId } from './rules/rule.ts';

/** What a team may set about its rules. Shares are 0–1. */
export interface AlertSettings {
  http429: {
    /** So many in five minutes, however few responses there are. */
    atLeast: number;
    /** Of all responses in those minutes: on a busy app a handful is no news. */
    shareAtLeast: number;
  };
  /** Redis suspended on purpose is expected to last no longer than this. */
  suspendedForMs: number;
  /** What Redis mode the team expects; null where it has not said. */
  expect: 'suspended' | null;
  /** A drift of less than this share in 24 h is no news. */
  driftAtLeast: number;
  /** A quota that likely lasts no longer than this. */
  quotaWithinMs: number;
  /** Cost of a day at the present rate, in dollars; null where no budget is set: then nothing is judged. */
  costPerDay: number | null;
  /** Cost of a calendar month, in dollars, as `budget.perMonth` says; null where none is set. */
  costPerMonth: number | null;
  /** Another plan is news where it is cheaper by this share of the cost of now, and by so many dollars a month. */
  planCheaper: { shareAtLeast: number; usdPerMonthAtLeast: number };
  /** Connections of all machines together, as a share of what the database takes. */
  poolShareAtLeast: number;
  /** A database that could sleep and has not slept for so long. */
  awakeForMs: number;
  /** So many restarts of machines in ten minutes, without a deploy. */
  restartsAtLeast: number;
  /** Machines on different releases for longer than this. */
  skewForMs: number;
  /** GETs that Redis counts and no known machine sent: at least this share of all, and so many a minute. */
  unaccounted: { shareAtLeast: number; perMinuteAtLeast: number };
  /** Rules that are not evaluated. */
  off: readonly AlertRuleId[];
}

/** Five 429s in five minutes, or one response in a thousand where that is more; a day of planned suspension. */
export const DEFAULT_ALERT_SETTINGS: AlertSettings = {
  http429: { atLeast: 5, shareAtLeast: 0.001 },
  suspendedForMs: DAY_MS,
  expect: null,
  driftAtLeast: 0.1,
  quotaWithinMs: 20 * HOUR_MS,
  costPerDay: null,
  costPerMonth: null,
  planCheaper: { shareAtLeast: 0.2, usdPerMonthAtLeast: 5 },
  poolShareAtLeast: 0.8,
  awakeForMs: DAY_MS,
  restartsAtLeast: 3,
  skewForMs: 15 * MINUTE_MS,
  unaccounted: { shareAtLeast: 0.2, perMinuteAtLeast: 60 },
  off: [],
};
