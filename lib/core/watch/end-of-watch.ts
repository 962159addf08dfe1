import { dueOf, findWhen } from '../claims/due.ts';
import type { Deploy } from '../model/deploy.ts';
import { DAY_MS, HOUR_MS } from '../time/range.ts';

/** How long a deploy is watched when its summary names no next review. */
export const WATCH_MS = DAY_MS;
/** A review sooner than this is no end of a watch: nothing can be told by then. */
const LEAST_WATCH_MS = HOUR_MS;
const LONGEST_WATCH_MS = 7 * DAY_MS;

/** When the watch of a deploy ends, ms: at the next review that its summary names, from 1 h to 7 days on, else after 24 h. */
export function endOf(deploy: Pick<Deploy, 'startMs' | 'document'>): number {
  const { startMs } = deploy;
  const reviewMs = reviewOf(deploy);
  // `In 7 days` names a day, which ends a little later than 7 days from now.
  const latestMs = startMs + LONGEST_WATCH_MS + DAY_MS;
  const isFit = reviewMs !== null && reviewMs > startMs + LEAST_WATCH_MS && reviewMs < latestMs;
  return isFit ? Math.min(reviewMs, startMs + LONGEST_WATCH_MS) : startMs + WATCH_MS;
}

/**
 * When the summary asks for the next review, ms; null where it names no time. Counted from T₀, which is measured, and not
 * from the time that the summary gives itself; a day without a time ends with it.
 */
export function reviewOf({
  startMs,
  document: summary,
}: Pick<Deploy, 'startMs' | 'document'>): number | null {
  const facts = summary?.deploy;
  if (facts?.nextReview == null) return null;
  const when = findWhen(facts.nextReview);
  const due = when === null ? null : dueOf(when, new Date(startMs).toISOString());
  const text = due ?? facts.nextReviewAt;
  if (text === null) return null;
  const ms = Date.parse(text) + (/^\d{4}-\d{2}-\d{2}$/.test(text) ? DAY_MS : 0);
  return Number.isFinite(ms) ? ms : null;
}
