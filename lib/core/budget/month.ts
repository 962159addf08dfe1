import { DAY_MS } from '../time/range.ts';

/** The calendar month, UTC, that an instant lies in. Bills and monthly counts begin with it. */
export function monthOf(atMs: number): { startMs: number; endMs: number; days: number } {
  const at = new Date(atMs);
  const startMs = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1);
  const endMs = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
  return { startMs, endMs, days: (endMs - startMs) / DAY_MS };
}
