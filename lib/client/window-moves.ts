import { NAMED_RANGES, type NamedRange, namedRange } from '@/lib/core/time/named-range.ts';
import { LONGEST_WINDOW_MS, type PageWindow, SHORTEST_WINDOW_MS } from '@/lib/core/time/page-window.ts';
import { SECOND_MS, type TimeRange } from '@/lib/core/time/range.ts';

const floor = (atMs: number): number => Math.floor(atMs / SECOND_MS) * SECOND_MS;

/** The window of what is seen now, in whole seconds; a fixed one is that already. */
export function freezeWindow(window: PageWindow, seen: TimeRange): PageWindow {
  if (window.kind === 'fixed') return window;
  return { kind: 'fixed', name: window.name, startMs: floor(seen.startMs), endMs: floor(seen.endMs) };
}

/** Back to following the clock. */
export function goLive(window: PageWindow): PageWindow {
  return { kind: 'live', name: window.name };
}

/** The stretch that was dragged over a chart, in whole seconds; widened around its middle where it is under a minute. */
export function zoomTo(window: PageWindow, { startMs, endMs }: TimeRange, nowMs: number): PageWindow {
  const lengthMs = Math.min(LONGEST_WINDOW_MS, Math.max(SHORTEST_WINDOW_MS, endMs - startMs));
  return fixedAround(window.name, (startMs + endMs) / 2, lengthMs, nowMs);
}

/**
 * Twice as much time: a live window takes the next longer preset and stays live, a fixed one grows around its middle,
 * never beyond now. Null when it cannot grow.
 */
export function zoomOut(window: PageWindow, nowMs: number): PageWindow | null {
  if (window.kind === 'live') {
    const next = NAMED_RANGES[NAMED_RANGES.indexOf(window.name) + 1];
    if (next !== undefined) return { kind: 'live', name: next };
  }
  const { startMs, endMs } = window.kind === 'live' ? namedRange(window.name, nowMs) : window;
  const lengthMs = Math.min(LONGEST_WINDOW_MS, 2 * (endMs - startMs));
  if (lengthMs <= endMs - startMs) return null;
  return fixedAround(window.name, (startMs + endMs) / 2, lengthMs, nowMs);
}

function fixedAround(name: NamedRange, middleMs: number, lengthMs: number, nowMs: number): PageWindow {
  const endMs = floor(Math.min(middleMs + lengthMs / 2, nowMs));
  return { kind: 'fixed', name, startMs: Math.max(0, floor(endMs - lengthMs)), endMs };
}
