import { parseDurationMs } from './named-range.ts';
import type { TimeRange } from './range.ts';

/** What a caller says of a range: a length that ends now, or both ends. */
export interface AskedRange {
  range?: string | undefined;
  start?: string | undefined;
  end?: string | undefined;
}

/** The span that was asked for, or a text that says what was expected. Ends are ISO instants or Unix ms. */
export function readAskedRange(asked: AskedRange, nowMs: number): TimeRange | { fault: string } {
  if (asked.range !== undefined && (asked.start !== undefined || asked.end !== undefined)) {
    return { fault: 'give range, or start and end, not both' };
  }
  if (asked.start === undefined && asked.end === undefined) {
    const lengthMs = parseDurationMs(asked.range ?? '1h');
    if (lengthMs === null || lengthMs === 0)
      return { fault: 'range: a length such as 15m, 1h or 7d was expected' };
    return { startMs: nowMs - lengthMs, endMs: nowMs };
  }
  const startMs = readInstant(asked.start ?? '');
  const endMs = asked.end === undefined ? nowMs : readInstant(asked.end);
  if (startMs === null)
    return { fault: 'start: an ISO instant such as 2026-04-09T17:54:00Z or Unix ms was expected' };
  if (endMs === null)
    return { fault: 'end: an ISO instant such as 2026-04-09T17:54:00Z or Unix ms was expected' };
  if (endMs <= startMs) return { fault: 'end lies not after start' };
  return { startMs, endMs: Math.min(endMs, nowMs) };
}

function readInstant(text: string): number | null {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  // Only full instants with a zone: a bare date would mean another moment in each zone.
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}
