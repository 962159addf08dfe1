import type { AlertState } from '../model/alert.ts';
import { DAY_MS, MINUTE_MS } from '../time/range.ts';

/** When a value is worth a person. Values at or above `trigger` count; a state is a value of 1 with a trigger of 1. */
export interface AlertLevels {
  trigger: number;
  /** Below this it is over; half the trigger unless the rule says else. */
  clear: number;
  /** How long the value must have been at the trigger, beside being seen there twice. */
  holdMs: number;
  /** How long it must have been seen below `clear`. */
  clearMs: number;
}

/** Fires on the second evaluation, is over after 15 min below half the trigger. */
export function levelsOf(trigger: number, holdMs = 0): AlertLevels {
  return { trigger, clear: trigger / 2, holdMs, clearMs: 15 * MINUTE_MS };
}

/** All that is remembered of one rule on one subject. */
export interface AlertTrack {
  state: AlertState;
  /** Since when it is in this state. */
  sinceMs: number;
  /** The last evaluation, with or without a value; null before the first. */
  atMs: number | null;
  /** The last known value and when it was seen; null before the first. */
  seen: { atMs: number; value: number } | null;
  /** Evaluations in a row at or above the trigger. */
  hits: number;
  /** When the run of hits began; null outside one. */
  hitSinceMs: number | null;
  /** Known time below `clear`, without the time in which nothing was known. */
  clearForMs: number;
  /** When it last began to fire, and the highest value since; null before that. */
  fired: { atMs: number; peak: number } | null;
}

/** A resolved alert stays in the list for a day. */
const REMEMBERED_MS = DAY_MS;
const EVALUATIONS = 2;

/** A rule that has never been evaluated. */
export function newTrack(nowMs: number): AlertTrack {
  return {
    state: 'inactive',
    sinceMs: nowMs,
    atMs: null,
    seen: null,
    hits: 0,
    hitSinceMs: null,
    clearForMs: 0,
    fired: null,
  };
}

/**
 * One evaluation. `value` null: nothing is known now, which neither fires nor resolves anything and counts for no
 * waiting time. The same instant again, or an earlier one, changes nothing.
 */
export function stepAlert(
  track: AlertTrack,
  value: number | null,
  levels: AlertLevels,
  nowMs: number,
): AlertTrack {
  if (track.atMs !== null && nowMs <= track.atMs) return track;
  if (value === null) return forget({ ...track, atMs: nowMs }, nowMs);
  const isHit = value >= levels.trigger;
  const next: AlertTrack = {
    ...track,
    atMs: nowMs,
    seen: { atMs: nowMs, value },
    hits: isHit ? track.hits + 1 : 0,
    hitSinceMs: isHit ? (track.hitSinceMs ?? nowMs) : null,
    clearForMs: clearTime(track, value, levels, nowMs),
    fired: track.fired === null ? null : { ...track.fired, peak: Math.max(track.fired.peak, value) },
  };
  return forget(move(next, value, levels, nowMs), nowMs);
}

/** Only time between two known values that are both clear counts, and only while nothing was missed between them. */
function clearTime(track: AlertTrack, value: number, levels: AlertLevels, nowMs: number): number {
  const before = track.seen;
  if (value >= levels.clear || before === null || before.value >= levels.clear) return 0;
  const wasMissed = before.atMs !== track.atMs;
  return track.clearForMs + (wasMissed ? 0 : nowMs - before.atMs);
}

function move(track: AlertTrack, value: number, levels: AlertLevels, nowMs: number): AlertTrack {
  const { state, hits, hitSinceMs } = track;
  const enter = (entered: AlertState): AlertTrack => ({ ...track, state: entered, sinceMs: nowMs });
  const isHeld = hits >= EVALUATIONS && hitSinceMs !== null && nowMs - hitSinceMs >= levels.holdMs;
  switch (state) {
    case 'inactive':
    case 'resolved':
      return hits > 0 ? enter('pending') : track;
    case 'pending':
      if (isHeld) return { ...enter('firing'), fired: { atMs: nowMs, peak: value } };
      return hits > 0 ? track : enter('inactive');
    case 'firing':
      return value < levels.clear ? enter('recovering') : track;
    case 'recovering':
      // Back at the trigger is the same incident, not a new one: it keeps the time at which it began.
      if (hits > 0) return enter('firing');
      return track.clearForMs >= levels.clearMs ? enter('resolved') : track;
    default:
      return state satisfies never;
  }
}

/** What was resolved a day ago is no longer listed. */
function forget(track: AlertTrack, nowMs: number): AlertTrack {
  if (track.state !== 'resolved' || nowMs - track.sinceMs < REMEMBERED_MS) return track;
  return { ...track, state: 'inactive', sinceMs: nowMs, fired: null };
}
