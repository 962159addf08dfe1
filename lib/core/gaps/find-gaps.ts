import type { ScrapeErrorKind } from '../model/scrape.ts';
import type { TimeRange } from '../time/range.ts';

/**
 * Why a stretch of a target has no data. `not_watched`: no visit was made, we were not running; `not_watched_yet`: the
 * same before the first visit of all; `before_retention`: too old to be kept; `failed`: visits failed, and why is no
 * longer kept.
 */
export type GapReason = 'not_watched' | 'not_watched_yet' | 'before_retention' | 'failed' | ScrapeErrorKind;

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
export const GAP_INTERVALS = 3;

/**
 * Stretches of `range` without good visits, oldest first. `marks` are one target's visits, oldest first, and may begin
 * before the range and reach beyond it. `untilMs`: up to when all visits are in `marks`, at least the end of the range.
 * What is younger than three intervals then is not a gap yet.
 */
export function findGaps(marks: readonly VisitMark[], range: TimeRange, untilMs = range.endMs): Gap[] {
  const gaps: Gap[] = [];
  let sinceMs = range.startMs;
  let failed: VisitMark | null = null;
  for (const mark of marks) {
    if (!mark.ok) {
      failed ??= mark;
      continue;
    }
    addGap(gaps, range, { startMs: sinceMs, endMs: mark.atMs }, mark.intervalMs, failed);
    sinceMs = mark.atMs;
    failed = null;
  }
  addGap(gaps, range, { startMs: sinceMs, endMs: untilMs }, marks.at(-1)?.intervalMs ?? 0, failed);
  return gaps;
}

/** `silence` lies between two good visits (or ends); `failed` is the first failed visit in it. */
function addGap(
  gaps: Gap[],
  range: TimeRange,
  silence: TimeRange,
  intervalMs: number,
  failed: VisitMark | null,
): void {
  if (silence.endMs - silence.startMs <= GAP_INTERVALS * intervalMs) return;
  if (failed === null) {
    addPart(gaps, range, silence, 'not_watched');
    return;
  }
  // Failed visits speak for the time since the visit before was due, not for hours in which nobody looked.
  const nobodyLooked = failed.atMs - silence.startMs > GAP_INTERVALS * failed.intervalMs;
  const failingMs = nobodyLooked ? failed.atMs : silence.startMs;
  addPart(gaps, range, { startMs: silence.startMs, endMs: failingMs }, 'not_watched');
  addPart(gaps, range, { startMs: failingMs, endMs: silence.endMs }, failed.errorKind ?? 'failed');
}

function addPart(gaps: Gap[], range: TimeRange, part: TimeRange, reason: GapReason): void {
  const startMs = Math.max(part.startMs, range.startMs);
  const endMs = Math.min(part.endMs, range.endMs);
  if (endMs > startMs) gaps.push({ startMs, endMs, reason });
}

/** Words of at most four for the hatch. */
export function gapText(reason: GapReason): string {
  switch (reason) {
    case 'not_watched':
      return 'not watched';
    case 'not_watched_yet':
      return 'not watched yet';
    case 'before_retention':
      return 'before retention';
    case 'failed':
      return 'visits failed';
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
    case 'asleep':
      return 'database asleep';
    case 'unseen':
      return 'not asked';
    case 'budget':
      return 'paused, budget';
    case 'internal':
      return 'our own fault';
    default:
      return reason satisfies never;
  }
}
