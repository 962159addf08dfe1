import type { MarkKind, MarkView, OriginView } from '../model/view.ts';
import type { TimeRange } from '../time/range.ts';
import { formatClock, formatDate, formatSinceOrigin, formatStamp } from '../units/clock.ts';
import type { Zone } from '../units/zone.ts';
import { type ChipWish, chipText, chipWidthPx, placeChips } from './chips.ts';
import type { ChipGeometry, MarkGeometry } from './geometry-types.ts';
import { PLOT_WIDTHS, type PlotWidth } from './plot-width.ts';
import { xPercent } from './x-place.ts';

export { CHIP_PX, CHIP_RISE_PX, chipLeftPx, chipText, chipWidthPx, GLYPH_CHIP_PX } from './chips.ts';

/** Free space above the plot for chips. */
export const MARK_HEADROOM_PX = 34;
/** What happened, in a word or two: `deploy`, `Redis suspended`. */
export function markWord(kind: MarkKind): string {
  switch (kind) {
    case 'code':
      return 'deploy';
    case 'config':
      return 'settings';
    case 'secret':
      return 'secrets';
    case 'scale':
      return 'scale';
    case 'suspend':
      return 'Redis suspended';
    case 'resume':
      return 'Redis resumed';
    default:
      return kind satisfies never;
  }
}

/** How far a deploy has come: `2/3 machines on v1203`; null where that is not known. */
export function rolledText({ rolled, release }: MarkView): string | null {
  return rolled === null ? null : `${rolled.done}/${rolled.of} machines on ${release}`;
}

const lastMs = ({ startMs, endMs }: MarkView, range: TimeRange) => endMs ?? Math.max(startMs, range.endMs);
const isOrigin = (mark: MarkView, origin: OriginView | null) =>
  origin !== null && mark.startMs === origin.atMs && mark.release === origin.release;

/** Marks that belong on a chart of this range: those that touch it, and the deploy that is followed wherever it lies. */
export function marksInSight(
  marks: readonly MarkView[],
  range: TimeRange,
  origin: OriginView | null,
): MarkView[] {
  return marks
    .filter((mark) => {
      const touches = mark.startMs < range.endMs && lastMs(mark, range) >= range.startMs;
      return touches || isOrigin(mark, origin);
    })
    .sort((a, b) => a.startMs - b.startMs);
}

function sideOf(mark: MarkView, range: TimeRange): MarkGeometry['side'] {
  return mark.startMs < range.startMs ? 'before' : mark.startMs >= range.endMs ? 'after' : 'inside';
}

/** Marks with their chips, kept apart on every class of plot. Oldest first. */
export function layOutMarks(
  marks: readonly MarkView[],
  range: TimeRange,
  origin: OriginView | null,
  zone: Zone,
): MarkGeometry[] {
  const seen = marksInSight(marks, range, origin);
  const wishes = seen.map((mark, index): ChipWish => {
    const side = sideOf(mark, range);
    return {
      index,
      x: xPercent(mark.startMs, range),
      minor: mark.minor,
      textPx: chipWidthPx(chipText(mark.release, side)),
    };
  });
  const placed = Object.fromEntries(PLOT_WIDTHS.map((width) => [width, placeChips(wishes, width)])) as Record<
    PlotWidth,
    ChipGeometry[]
  >;
  return seen.map((mark, index) => {
    const side = sideOf(mark, range);
    const x = xPercent(mark.startMs, range);
    const endX = xPercent(lastMs(mark, range), range);
    const chip = (width: PlotWidth): ChipGeometry =>
      placed[width][index] ?? { form: 'line', anchor: 'middle' };
    return {
      id: mark.id,
      kind: mark.kind,
      release: mark.release,
      x,
      endX: endX > x ? endX : null,
      side,
      minor: mark.minor,
      href: mark.href,
      title: [
        rolledText(mark) ?? mark.release,
        markWord(mark.kind),
        formatStamp(mark.startMs, 'minutes', zone),
      ].join(', '),
      chips: { narrow: chip('narrow'), wide: chip('wide'), roomy: chip('roomy') },
    };
  });
}

/** One line of the list of deploys under a chart. */
export interface MarkItem {
  id: string;
  release: string;
  kind: MarkKind;
  /** `deploy`, `Redis suspended`. */
  what: string;
  /** `20:34Z`, with its date when it lies on another day than the end of the range. */
  time: string;
  startMs: number;
  /** `T−01:36`; null when no deploy is followed. */
  since: string | null;
  /** `2/3 machines on v1203`; null where that is not known. */
  rolled: string | null;
  minor: boolean;
  href: string | null;
  side: MarkGeometry['side'];
}

/** The marks that a chart of this range shows, as a list, newest first: for people who do not see or point at them. */
export function listMarks(
  marks: readonly MarkView[],
  range: TimeRange,
  zone: Zone = 'UTC',
  origin: OriginView | null = null,
): MarkItem[] {
  const today = formatDate(range.endMs, zone);
  return marksInSight(marks, range, origin)
    .toReversed()
    .map((mark) => ({
      id: mark.id,
      release: mark.release,
      kind: mark.kind,
      what: markWord(mark.kind),
      time:
        formatDate(mark.startMs, zone) === today
          ? formatClock(mark.startMs, 'minutes', zone)
          : formatStamp(mark.startMs, 'minutes', zone),
      startMs: mark.startMs,
      since: origin === null ? null : formatSinceOrigin(mark.startMs, origin.atMs),
      rolled: rolledText(mark),
      minor: mark.minor,
      href: mark.href,
      side: sideOf(mark, range),
    }));
}

/** The mark nearest to an instant, at most `toleranceMs` away; inside a rolling deploy that one. Null without any. */
export function markAt(marks: readonly MarkView[], atMs: number, toleranceMs: number): MarkView | null {
  let best: { mark: MarkView; distanceMs: number } | null = null;
  for (const mark of marks) {
    const endMs = Math.max(mark.startMs, mark.endMs ?? mark.startMs);
    const distanceMs = Math.max(0, mark.startMs - atMs, atMs - endMs);
    // Of two at the same distance the newer one.
    if (distanceMs <= toleranceMs && (best === null || distanceMs <= best.distanceMs))
      best = { mark, distanceMs };
  }
  return best?.mark ?? null;
}
