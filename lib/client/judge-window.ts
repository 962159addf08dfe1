import { LONGEST_WINDOW_MS, SHORTEST_WINDOW_MS } from '@/lib/core/time/page-window.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';

/** What keeps a page from showing this window, in words without a full stop; null when nothing does. */
export function judgeWindow({ startMs, endMs }: TimeRange): string | null {
  if (startMs < 0) return 'Nothing was watched before 1970';
  if (endMs <= startMs) return 'The asked time ends before it begins';
  if (endMs - startMs < SHORTEST_WINDOW_MS) return 'The shortest time shown is a minute';
  if (endMs - startMs > LONGEST_WINDOW_MS) return 'The longest time shown is 90 days';
  return null;
}
