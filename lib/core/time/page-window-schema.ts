import { z } from 'zod';
import { NAMED_RANGES } from './named-range.ts';
import { COMPARISONS, LONGEST_WINDOW_MS, type PageWindow, SHORTEST_WINDOW_MS } from './page-window.ts';
import { MINUTE_MS } from './range.ts';

/** Clocks of a browser and a server differ: a window that ends this far ahead is taken as ending now. */
const CLOCK_SKEW_MS = MINUTE_MS;
/** Largest instant that a `Date` can hold. */
const LAST_INSTANT_MS = 8.64e15;

const instantSchema = z.number().int().nonnegative().max(LAST_INSTANT_MS);

/** A window as it comes from outside: its parts and its length are checked here, its end by `windowFault`. */
export const pageWindowSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('live'), name: z.enum(NAMED_RANGES) }),
  z
    .strictObject({
      kind: z.literal('fixed'),
      name: z.enum(NAMED_RANGES),
      startMs: instantSchema,
      endMs: instantSchema,
    })
    .refine(({ startMs, endMs }) => endMs - startMs >= SHORTEST_WINDOW_MS, {
      path: ['endMs'],
      message: 'at least a minute after startMs was expected',
    })
    .refine(({ startMs, endMs }) => endMs - startMs <= LONGEST_WINDOW_MS, {
      path: ['endMs'],
      message: 'at most 90 days after startMs was expected',
    }),
]) satisfies z.ZodType<PageWindow>;

/** The second window, or null for none. */
export const comparisonSchema = z.enum(COMPARISONS).nullable();

/** What is wrong with a window at `nowMs`, in words; null when nothing is. A live window is always right. */
export function windowFault(shown: PageWindow, nowMs: number): string | null {
  if (shown.kind === 'live' || shown.endMs <= nowMs + CLOCK_SKEW_MS) return null;
  return 'window.endMs: a time that has passed was expected';
}
