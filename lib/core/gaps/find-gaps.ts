import type { ScrapeErrorKind } from '../model/scrape.ts';
import type { TimeRange } from '../time/range.ts';

/** Why a stretch of a target has no data. `not_watched`: no visit was made, we were not running or it was not configured. */
export type GapReason = 'not_watched' | ScrapeErrorKind;

export interface Gap extends TimeRange {
  reason: GapReason;
}

/** What is needed of a visit to find gaps. */
export interface VisitMark {
  atMs: number;
  intervalMs: number;
  ok: boolean;
  errorKind: ScrapeErrorKind | null;
}

/** The same measure as for increments: up to three scheduled intervals between two good visits is no gap. */
const GAP_INTERVALS = 3;

/**
 * Stretches of `range` without good visits, oldest first. `marks` are one target's visits, oldest first, and may begin
 * before the range. The end of the range is now: younger than three intervals there is not a gap yet.
 */
export function findGaps(marks: readonly VisitMark[], range: TimeRange): Gap[] {
  const gaps: Gap[] = [];
  let sinceMs = range.startMs;
  let good: VisitMark | null = null;
  let failed: ScrapeErrorKind | null = null;
  for (const mark of marks) {
    if (!mark.ok) {
      failed ??= mark.errorKind;
      continue;
    }
    addGap(gaps, range, good?.atMs ?? sinceMs, mark.atMs, mark.intervalMs, failed);
    good = mark;
    sinceMs = mark.atMs;
    failed = null;
  }
  const intervalMs = marks.at(-1)?.intervalMs ?? 0;
  addGap(gaps, range, sinceMs, range.endMs, intervalMs, failed);
  return gaps;
}

function addGap(
  gaps: Gap[],
  range: TimeRange,
  fromMs: number,
  toMs: number,
  intervalMs: number,
  failed: ScrapeErrorKind | null,
): void {
  const startMs = Math.max(fromMs, range.startMs);
  const endMs = Math.min(toMs, range.endMs);
  if (endMs <= startMs || toMs - fromMs <= GAP_INTERVALS * intervalMs) return;
  gaps.push({ startMs, endMs, reason: failed ?? 'not_watched' });
}

/** Words of at most four for the hatch. */
export function gapText(reason: GapReason): string {
  switch (reason) {
    case 'not_watched':
      return 'not watched';
    case 'timeout':
      return 'no answer';
    case 'network':
      return 'unreachable';
    case 'auth':
      return 'login refused';
    case 'grant':
      return 'grant missing';
    case 'limit':
      return 'over a limit';
    case 'http':
      return 'HTTP error';
    case 'parse':
      return 'unreadable answer';
    case 'quota':
      return 'quota exhausted';
    case 'internal':
      return 'our own fault';
    default:
      return reason satisfies never;
  }
}
