import 'server-only';
import type { StartMarker } from '@/lib/core/model/sample.ts';

/** The total of pg_stat_statements as one visit found it. */
export interface StatementsTotal {
  atMs: number;
  calls: number;
  /** How often the server dropped its least used statements since `resetMs`; null where it does not tell. */
  dealloc: number | null;
  /** When its statistics began; null where it does not tell. */
  resetMs: number | null;
}

/** A counter made of totals. Plain data, kept by the session between visits. */
export interface QueryCounter {
  last: StatementsTotal;
  /** Our own count and since when, once statements have been dropped; null while the total itself can be trusted. */
  own: { calls: number; sinceMs: number } | null;
}

export interface QueryCount {
  counter: QueryCounter;
  value: number;
  start: StartMarker | null;
  quality: 'measured' | 'inferred';
}

/**
 * Turns the total of pg_stat_statements into a counter that only rises. When the server holds too many different
 * statements it drops the least used, calls and all: the total falls although nothing restarted. From the first such
 * drop on we count what each visit adds, as a counter of our own that begins at 0; then it is inferred, and low.
 */
export function countQueries(prev: QueryCounter | null, now: StatementsTotal): QueryCount {
  const known = prev !== null && prev.last.resetMs === now.resetMs ? prev : null;
  const dropsStatements = now.dealloc !== null && now.dealloc > 0;
  if (!dropsStatements) {
    const start = now.resetMs === null ? null : { marker: `statements ${now.resetMs}`, atMs: now.resetMs };
    return { counter: { last: now, own: null }, value: now.calls, start, quality: 'measured' };
  }
  const added = known === null ? 0 : Math.max(0, now.calls - known.last.calls);
  // Begins just after the visit before, so that what this visit added lies inside the new count.
  const sinceMs = known?.own?.sinceMs ?? (known === null ? now.atMs : known.last.atMs + 1);
  const own = { calls: (known?.own?.calls ?? 0) + added, sinceMs };
  return {
    counter: { last: now, own },
    value: own.calls,
    start: { marker: `counted ${sinceMs}`, atMs: sinceMs },
    quality: 'inferred',
  };
}
