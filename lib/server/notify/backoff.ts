import 'server-only';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@/lib/core/time/range.ts';

/** After so many failed tries in a row, at most so long until the next; the last one repeats. */
const STEPS_MS = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  6 * HOUR_MS,
] as const;
/** Never two tries closer than this. */
const LEAST_MS = SECOND_MS;
/** A receiver that asks for more is asked all the same: its clock may be wrong. */
const MOST_ASKED_MS = 6 * HOUR_MS;

/** A message that nobody took for so long is given up. */
export const GIVE_UP_MS = 3 * DAY_MS;

/**
 * How long to wait after `failures` failed tries in a row: by chance (0–1) anywhere up to the step, so that senders do not
 * come back together; never sooner than the receiver asked for.
 */
export function retryWaitMs(
  failures: number,
  { chance, retryAfterMs }: { chance: number; retryAfterMs: number | null },
): number {
  const step = STEPS_MS[Math.min(Math.max(failures, 1), STEPS_MS.length) - 1] ?? STEPS_MS[0];
  return Math.max(step * chance, Math.min(retryAfterMs ?? 0, MOST_ASKED_MS), LEAST_MS);
}
