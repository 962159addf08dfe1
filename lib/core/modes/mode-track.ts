import type { RedisMode } from '../model/redis-mode.ts';
import type { Quality } from '../model/sample.ts';
import type { SeenMode } from './evidence.ts';

/** What is known of one mode over time: of a fleet or of one machine. */
export interface ModeTrack {
  mode: RedisMode;
  quality: Quality;
  evidence: string;
  /** Since when; null when it was like that at our first look. */
  sinceMs: number | null;
  /** Since when nothing tells; the last known mode stays. Null while it is known, or never was. */
  unknownSinceMs: number | null;
  /** Another mode that was seen once; it counts when it is seen again. */
  pending: { mode: RedisMode; atMs: number } | null;
}

/**
 * One look. Another mode counts when it is seen at two looks in a row, with the time of the first one, or at once when a
 * machine's own word carries it. When nothing tells, the known mode stays and the time since when is kept beside it.
 */
export function stepTrack(track: ModeTrack | null, seen: SeenMode, nowMs: number): ModeTrack {
  const { mode, quality, evidence } = seen;
  const now = { mode, quality, evidence, unknownSinceMs: null, pending: null };
  if (track === null) return { ...now, sinceMs: null };
  if (mode === track.mode) return { ...now, sinceMs: track.sinceMs };
  // What we could not see before did not begin when we first saw it.
  if (track.mode === 'unknown') return { ...now, sinceMs: null };
  if (mode === 'unknown') {
    return { ...track, unknownSinceMs: track.unknownSinceMs ?? nowMs, pending: null };
  }
  if (seen.isOwnWord) return { ...now, sinceMs: nowMs };
  if (track.pending?.mode === mode && track.pending.atMs < nowMs) {
    return { ...now, sinceMs: track.pending.atMs };
  }
  if (track.pending?.mode === mode) return track;
  return { ...track, unknownSinceMs: null, pending: { mode, atMs: nowMs } };
}
