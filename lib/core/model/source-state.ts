import type { ScrapeErrorKind } from './scrape.ts';

/** Closed set, in the words of the glossary. */
export const SOURCE_STATES = [
  'starting',
  'ok',
  'stale',
  'down',
  'refused',
  'limited',
  'paused_budget',
  'asleep',
  'misconfigured',
  'not_configured',
  'unknown',
] as const;
export type SourceState = (typeof SOURCE_STATES)[number];

/** What is remembered of a target's latest visits; enough to name its state. */
export interface SourceHistory {
  intervalMs: number;
  lastOkAtMs: number | null;
  lastScrapeAtMs: number | null;
  /** Failed visits since the last good one. */
  failures: number;
  lastErrorKind: ScrapeErrorKind | null;
}

/**
 * State of a source at `nowMs`. Older than two intervals is stale; a second failure in a row is down,
 * unless the target answered and said no (refused), said "too many" (limited) or needs a person (misconfigured).
 */
export function sourceState(history: SourceHistory, nowMs: number): SourceState {
  if (history.lastScrapeAtMs === null) return 'starting';
  if (history.failures > 0) {
    switch (history.lastErrorKind) {
      case 'auth':
        return 'refused';
      case 'grant':
      case 'parse':
        return 'misconfigured';
      case 'limit':
      case 'quota':
        return 'limited';
      case 'asleep':
        return 'asleep';
      case 'unseen':
        return 'unknown';
      case 'budget':
        return 'paused_budget';
      case 'timeout':
      case 'network':
      case 'http':
      case 'internal':
        return history.failures > 1 || history.lastOkAtMs === null ? 'down' : 'stale';
      case null:
        return 'unknown';
      default:
        return history.lastErrorKind satisfies never;
    }
  }
  if (history.lastOkAtMs === null) return 'unknown';
  return nowMs - history.lastOkAtMs > 2 * history.intervalMs ? 'stale' : 'ok';
}
