import type { AlertEvent } from '../alerts/alert-book.ts';
import type { DeployLine } from '../model/deploy.ts';
import type { StateChange } from '../model/verdict.ts';
import type { ModeChange } from '../modes/mode-book.ts';
import type { TimeRange } from '../time/range.ts';

/** A deploy as the timeline tells it. */
export type DeployFact = Pick<
  DeployLine,
  'id' | 'release' | 'kind' | 'startMs' | 'endMs' | 'rolled' | 'title' | 'sign' | 'origin'
>;

/** What was written down of the watch of a deploy. */
export interface WatchFact {
  deployId: string;
  release: string;
  /** Oldest first, whole. */
  changes: readonly StateChange[];
  /** What each claim says, by its id. */
  claims: Readonly<Record<string, string>>;
}

/** A stretch in which machines were asked to suspend Redis and used it all the same; `endMs` null while it lasts. */
export interface VainStretch {
  startMs: number;
  endMs: number | null;
  machines: readonly string[];
}

/** Everything that a timeline is written from. Each list is oldest first, and only grows at its end. */
export interface IncidentFacts {
  deploys: readonly DeployFact[];
  modes: readonly ModeChange[];
  vain: readonly VainStretch[];
  alerts: readonly AlertEvent[];
  /** What was seen when an alert began to fire, by its id and time: `http_429:1775757600000`. */
  alertDetails: Readonly<Record<string, string>>;
  watches: readonly WatchFact[];
}

export function isIn(atMs: number, { startMs, endMs }: TimeRange): boolean {
  return atMs >= startMs && atMs < endMs;
}
