import 'server-only';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@/lib/core/time/range.ts';

/** After a failed try, so long until the next; the last one repeats. */
const STEPS_MS = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  6 * HOUR_MS,
] as const;
/** A message that nobody took for so long is given up. */
export const GIVE_UP_MS = DAY_MS;

/**
 * When to try again after `attempts` failed tries; null once the message is given up. The last try stands at the end of
 * the 24 h. `chance` (0–1) spreads senders apart: each waits half of its step to all of it.
 */
export function nextTryMs(
  { createdMs, attempts }: { createdMs: number; attempts: number },
  nowMs: number,
  { chance, retryAfterMs }: { chance: number; retryAfterMs: number | null },
): number | null {
  const lastMs = createdMs + GIVE_UP_MS;
  if (nowMs >= lastMs) return null;
  const step = STEPS_MS[Math.min(attempts, STEPS_MS.length) - 1] ?? STEPS_MS[0];
  const wait = Math.max(step / 2 + (step / 2) * chance, retryAfterMs ?? 0);
  return Math.min(nowMs + wait, lastMs);
}
