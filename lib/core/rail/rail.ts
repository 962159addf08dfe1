import type { WatchStopView, WatchView } from '../model/watch.ts';

/** A stop on the rail: T₀ or a look. Positions are shares of the rail's length. */
export interface RailStop {
  at: number;
  offsetMs: number;
  /** Null for T₀. */
  stop: WatchStopView | null;
  passed: boolean;
  /** False where the mark of an interruption stands upon its label. */
  labelled: boolean;
}

/** A place on the rail: beside `at` by so many px. */
export interface RailPlace {
  at: number;
  shiftPx: number;
}

export interface RailGeometry {
  stops: readonly RailStop[];
  /** Where the time now is; 1 once the watch is over. */
  now: number;
  /** Up to where the line is drawn through; from there on to `now` it is broken. */
  whole: number;
  /** Where the watch was cut short; null when it was not. */
  cut: number | null;
  /** The pill with the time, moved aside where it would cover a stop; by how narrow the rail may be. */
  pill: { narrow: RailPlace; wide: RailPlace };
}

/** The shortest rail of each kind, in px: a longer one only gives more room. */
const NARROW_PX = 580;
const WIDE_PX = 790;
/** From the middle of the pill to the middle of the stop that it stands beside. */
const CLEAR_PX = 46;
/** Labels of stops and of an interruption that are nearer than this would touch. */
const LABEL_PX = 34;

/**
 * Stops stand equally far apart, whatever time lies between them; time runs evenly from one to the next. A watch that
 * ends early or late has its last stop at its end.
 */
export function railGeometry(watch: WatchView): RailGeometry {
  const { originMs, nowMs, interruption } = watch;
  const offsets = [0, ...watch.stops.map(({ offsetMs }) => offsetMs)];
  const last = Math.max(1, offsets.length - 1);
  const placeOf = (atMs: number) => placeOfOffset(offsets, atMs - originMs) / last;
  const now = placeOf(nowMs);
  const cut = interruption === null ? null : Math.min(now, placeOf(interruption.atMs));
  const near = LABEL_PX / WIDE_PX;
  return {
    stops: offsets.map((offsetMs, index) => ({
      at: index / last,
      offsetMs,
      stop: watch.stops[index - 1] ?? null,
      passed: originMs + offsetMs <= nowMs,
      labelled: cut === null || Math.abs(index / last - cut) >= near,
    })),
    now,
    whole: cut ?? now,
    cut,
    pill: {
      narrow: placePill(offsets.length, now, cut, NARROW_PX),
      wide: placePill(offsets.length, now, cut, WIDE_PX),
    },
  };
}

/** Index of the stop before, with the share of the way to the next one. */
function placeOfOffset(offsets: readonly number[], offsetMs: number): number {
  const next = offsets.findIndex((stop) => stop > offsetMs);
  if (next === 0) return 0;
  if (next === -1) return offsets.length - 1;
  const from = offsets[next - 1] ?? 0;
  const to = offsets[next] ?? from;
  return next - 1 + (offsetMs - from) / (to - from);
}

/** The place nearest to `now` that covers no stop and no interruption on a rail of `lengthPx`. */
function placePill(stops: number, now: number, cut: number | null, lengthPx: number): RailPlace {
  const last = Math.max(1, stops - 1);
  const obstacles = Array.from({ length: stops }, (_, index) => index / last);
  if (cut !== null) obstacles.push(cut);
  obstacles.sort((a, b) => a - b);
  const clear = CLEAR_PX / lengthPx;
  const spaces = obstacles.slice(1).flatMap((to, index) => {
    const from = obstacles[index] ?? 0;
    return to - from >= 2 * clear ? [{ from, to }] : [];
  });
  const distance = ({ from, to }: { from: number; to: number }) =>
    Math.max(from + clear - now, now - (to - clear), 0);
  const [nearest] = spaces.sort((a, b) => distance(a) - distance(b));
  // So short a rail has no free space: the pill stands between two stops.
  if (nearest === undefined)
    return { at: (Math.min(last - 1, Math.floor(now * last)) + 0.5) / last, shiftPx: 0 };
  if (now < nearest.from + clear) return { at: nearest.from, shiftPx: CLEAR_PX };
  if (now > nearest.to - clear) return { at: nearest.to, shiftPx: -CLEAR_PX };
  return { at: now, shiftPx: 0 };
}
