import 'server-only';
import { createHash } from 'node:crypto';
import { alignUp } from '@/lib/core/time/range.ts';

/** A metered target is visited within this many ms of its beat, always by the same offset. */
const BEAT_SPREAD_MS = 10_000;
/** First visits after a start are spread over this, so that the first rate comes soon and no herd runs. */
const FIRST_VISIT_SPREAD_MS = 3_000;

export interface Beat {
  intervalMs: number;
  fixedBeat: boolean;
}

/** A number in [0, 1) that a target always gets: spreads visits without drift and without chance. */
export function targetFraction(targetId: string): number {
  return createHash('sha256').update(targetId).digest().readUInt32BE(0) / 2 ** 32;
}

/** Delay of the very first visit. */
export function firstDelayMs(targetId: string): number {
  return Math.round(targetFraction(targetId) * FIRST_VISIT_SPREAD_MS);
}

/**
 * Delay to the next visit. Ordinary targets stand on a grid of the monotonic clock, shifted by their hash; a fixed
 * beat stands on the wall clock (:00, :05 …) ± 5 s. At least `minimumShare` of an interval lies before the next visit;
 * a beat that was missed is left out, never caught up.
 */
export function nextDelayMs(
  targetId: string,
  beat: Beat,
  now: { wallMs: number; monoMs: number },
  minimumShare = 0.5,
): number {
  const { intervalMs } = beat;
  const [clockMs, offsetMs] = beat.fixedBeat
    ? [now.wallMs, (targetFraction(targetId) - 0.5) * BEAT_SPREAD_MS]
    : [now.monoMs, targetFraction(targetId) * intervalMs];
  const soonestMs = clockMs + intervalMs * minimumShare;
  const dueMs = alignUp(soonestMs - offsetMs, intervalMs) + offsetMs;
  return Math.max(0, dueMs - clockMs);
}
