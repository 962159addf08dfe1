import { BLOCK_MS } from '../time/range.ts';
import { formatClock } from '../units/clock.ts';
import { blocked, type CheckFacts, type CheckFound, failing, holds, waiting } from './check-types.ts';

const UNEXPORTED = 'the app does not export app_limiter_decisions_total';

/**
 * Whether the limiter still enforces: it must have turned somebody away, and let nobody pass because it could not ask. No
 * 429 at all is no evidence: nobody may have come near a limit.
 */
export function limiterCheck({ limiter, midMs, settledMs, asOfMs }: CheckFacts, dueMs: number): CheckFound {
  const isDue = asOfMs >= dueMs;
  if (limiter === null) return isDue ? blocked('unmeasurable', UNEXPORTED) : waiting(UNEXPORTED);
  if (settledMs === null) return waiting();
  const first = Math.max(0, Math.ceil((settledMs - midMs) / BLOCK_MS));
  const blocks = limiter.after.slice(first);
  const failedOpen = blocks.reduce((sum, block) => sum + (block?.failedOpen ?? 0), 0);
  const limited = blocks.reduce((sum, block) => sum + (block?.limited ?? 0), 0);
  if (failedOpen > 0) {
    const at = first + blocks.findIndex((block) => (block?.failedOpen ?? 0) > 0);
    return failing(
      `${requestsText(failedOpen)} passed from ${formatClock(midMs + at * BLOCK_MS)} on because the limiter could not ask`,
    );
  }
  if (limited > 0) return holds(isDue, `${requestsText(limited)} turned away, none let through unchecked`);
  const none = 'no demand reached the limit: nobody was turned away';
  if (blocks.every((block) => block === null))
    return isDue ? blocked('no_data', 'the limiter was not counted') : waiting();
  return isDue ? blocked('no_demand', none) : waiting(none);
}

/** `1 request`, `12 requests`: a part of an event is an event of a block beside it. */
export function requestsText(requests: number): string {
  const count = Math.max(1, Math.round(requests));
  return count === 1 ? '1 request' : `${count.toLocaleString('en-US')} requests`;
}
