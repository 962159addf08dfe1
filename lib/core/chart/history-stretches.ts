import type { ChartView, ComparisonView, HistorySpan, UsualView } from '../model/view.ts';
import { IMPORTED } from '../series/history.ts';
import { formatDuration } from '../units/duration.ts';
import { possessive } from '../units/possessive.ts';
import { type Columns, distanceToLines } from './columns.ts';
import type { HistoryGeometry } from './geometry-types.ts';
import { LEAST_PLOT_PX, type PlotWidth } from './plot-width.ts';
import { xPercent } from './x-place.ts';

const CHAR_PX = 6.4;
/** From the edges of the plot to the foot of letters. */
const UNDER_TOP_PX = 14;
const OVER_BASE_PX = 8;
/** Farther from a line than this is as good as anywhere. */
const CLEAR_PX = 40;

/** `from Prometheus’ own history`, `from an imported file` */
export function historyText({ provider }: Pick<HistorySpan, 'provider'>): string {
  return provider === IMPORTED ? `from ${provider}` : `from ${possessive(provider)} own history`;
}

/** With how fine it is: `from Prometheus’ own history, in 5 min`. */
export function historyRemark(span: HistorySpan): string {
  return `${historyText(span)}, in ${formatDuration(span.resolutionMs)}`;
}

/** Whose memory the usual is made of: `9 of 14 days from Prometheus`; null where all of it was measured. */
export function usualSource({ backfilled }: Pick<UsualView, 'backfilled'>): string | null {
  if (backfilled === undefined) return null;
  const { days, of, provider } = backfilled;
  return days === of ? `all from ${provider}` : `${days} of ${of} days from ${provider}`;
}

/** Whose memory the second window is drawn from: `from Prometheus`; null where all of it was measured. */
export function comparisonSource({ history = [] }: Pick<ComparisonView, 'history'>): string | null {
  const [span] = history;
  return span === undefined ? null : `from ${span.provider}`;
}

/** Where remembered stretches lie, and where each says whose memory it is: away from lines, at the top, the foot or in the middle. */
export function layOutHistory(
  { history = [], range }: ChartView,
  columns: Columns,
  levelYs: readonly number[],
  { topY, baseY }: { topY: number; baseY: number },
): HistoryGeometry[] {
  return history.map((span) => {
    const x = xPercent(span.startMs, range);
    const width = Math.max(0, Math.round((xPercent(span.endMs, range) - x) * 100) / 100);
    const clearAt = (y: number) =>
      Math.min(
        distanceToLines(columns, x, x + width, y - 4, CLEAR_PX),
        ...levelYs.map((levelY) => Math.abs(levelY - (y - 4))),
      );
    const places = [topY + UNDER_TOP_PX, baseY - OVER_BASE_PX, (topY + baseY) / 2];
    const textOn = (on: PlotWidth) => fitting(span, (width / 100) * LEAST_PLOT_PX[on]);
    return {
      x,
      width,
      textY: places.reduce((best, y) => (clearAt(y) > clearAt(best) ? y : best)),
      texts: { narrow: textOn('narrow'), wide: textOn('wide'), roomy: textOn('roomy') },
    };
  });
}

/** The longest words that fit. */
function fitting(span: HistorySpan, widthPx: number): string | null {
  const words = [historyText(span), `${possessive(span.provider)} history`, 'history'];
  return words.find((text) => text.length * CHAR_PX <= widthPx - 8) ?? null;
}
