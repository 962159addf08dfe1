import { describeChange } from '../chart/describe-change.ts';
import { chartValueText } from '../chart/readout.ts';
import type { FrozenChart, FrozenCopy } from '../model/share.ts';
import { shareStandingText } from '../shares/standing-text.ts';
import { formatClock, formatDate, formatFullStamp } from '../units/clock.ts';
import { formatDuration } from '../units/duration.ts';
import { impactText } from '../units/format-impact.ts';
import type { RateWindow } from '../units/format-rate.ts';
import { type ChartLayers, type ChartPlace, chartLayers } from './card-chart.ts';
import { COLOURS } from './card-colours.ts';
import { standingGlyph } from './card-glyph.ts';
import { box, CARD_PX, type CardNode, shape, words } from './card-node.ts';
import { drawableText } from './drawable-text.ts';

/** What chats and pages of others expect of a picture beside a link. */
export const PREVIEW_SIZE = { width: CARD_PX, height: 630 } as const;
const SIDE_PX = 56;
const TITLE_CHARS = 120;
/** Two lines of the large size hold so many. */
const SHORT_TITLE = 84;
const PLOT: ChartPlace = { left: SIDE_PX, top: 366, width: CARD_PX - 2 * SIDE_PX, height: 196 };

/**
 * The picture of a shared copy, from the copy alone: where it stood, place and range, its sentence, the main chart with
 * its deploys, and when it was frozen. Text of others is text in it, never a style, an element or an address.
 */
export function previewCard(copy: FrozenCopy): CardNode {
  const main = copy.charts.find(({ view }) => view.missing === null);
  const layers = main === undefined ? null : chartLayers(main, windowOf(copy, main), PLOT);
  return box(
    {
      ...{ position: 'relative', width: PREVIEW_SIZE.width, height: PREVIEW_SIZE.height },
      ...{ backgroundColor: COLOURS.canvas, color: COLOURS.ink },
    },
    shapesOf(copy, layers),
    words('Afterwatch', { ...at(44), left: SIDE_PX + 42, fontSize: 24, color: COLOURS.ink2 }),
    words(`Frozen ${formatFullStamp(copy.frozenAtMs)}`, {
      ...{ ...at(44), right: SIDE_PX, fontSize: 24, color: COLOURS.ink3 },
    }),
    placeLine(copy),
    words(drawableText(copy.title, TITLE_CHARS), {
      ...{ ...at(146), left: SIDE_PX, right: SIDE_PX, display: 'block', lineClamp: 2 },
      ...{ fontSize: copy.title.length > SHORT_TITLE ? 34 : 44, lineHeight: 1.2, wordBreak: 'break-word' },
      letterSpacing: -0.6,
    }),
    ...(main === undefined || layers === null
      ? [impactBlock(copy)]
      : [chartHead(main, windowOf(copy, main)), ...layers.texts]),
  );
}

/** Everything that is no text, in one drawing: each of its own would cost as much as all of them. */
function shapesOf({ standing }: FrozenCopy, layers: ChartLayers | null): CardNode {
  const { width, height } = PREVIEW_SIZE;
  const logo = ['M10 1.9A8.1 8.1 0 1 0 18.1 10', 'M4.9 10.6h2.4l1.7-4 2.3 6.8 1.5-2.8h2.5'];
  return shape(
    'svg',
    { width, height, viewBox: `0 0 ${width} ${height}` },
    shape(
      'g',
      { transform: `translate(${SIDE_PX} 44) scale(1.5)` },
      ...logo.map((d) =>
        shape('path', {
          ...{ d, fill: 'none', stroke: COLOURS.ink, 'stroke-width': 1.6, 'stroke-linecap': 'round' },
        }),
      ),
    ),
    shape('g', { transform: `translate(${SIDE_PX} 103) scale(1.75)` }, ...standingGlyph(standing)),
    ...(layers === null
      ? []
      : [shape('g', { transform: `translate(${PLOT.left} ${PLOT.top})` }, ...layers.shapes)]),
  );
}

/** What has no room is cut, and says so. */
const ONE_LINE = { display: 'block', lineClamp: 1, wordBreak: 'break-all' } as const;
const at = (top: number) => ({ position: 'absolute', top }) as const;

function placeLine({ standing, place, range, span }: FrozenCopy): CardNode {
  const standingWords = shareStandingText(standing);
  return box(
    { ...at(100), left: standing === null ? SIDE_PX : SIDE_PX + 38, fontSize: 26, color: COLOURS.ink2 },
    ...(standingWords === null ? [] : [words(standingWords, { marginRight: 24, color: COLOURS.ink })]),
    words(drawableText(place, 60), { marginRight: 24, maxWidth: 400, ...ONE_LINE }),
    words(spanText({ startMs: span?.startMs ?? range.startMs, endMs: span?.endMs ?? range.endMs }), {
      color: COLOURS.ink3,
    }),
  );
}

function spanText({ startMs, endMs }: FrozenCopy['range']): string {
  const isOneDay = formatDate(startMs) === formatDate(endMs);
  const to = isOneDay ? formatClock(endMs) : `${formatDate(endMs)} ${formatClock(endMs)}`;
  return `${formatDate(startMs)} ${formatClock(startMs)} – ${to}, ${formatDuration(endMs - startMs)}`;
}

function chartHead(chart: FrozenChart, window: RateWindow): CardNode {
  const figure = figureText(chart, window);
  return box(
    { ...at(286), left: SIDE_PX, fontSize: 24 },
    words(drawableText(chart.title, 80), { marginRight: 16, maxWidth: 700, ...ONE_LINE }),
    ...(figure === null ? [] : [words(figure, { color: COLOURS.ink2 })]),
  );
}

/** `733K/h → 24.0K/h` at the deploy; else the mean or the total of the range. Null where neither is known. */
function figureText({ view }: FrozenChart, window: RateWindow): string | null {
  const change = describeChange(view, window);
  if (change !== null)
    return `${change.before.text}${change.before.suffix} → ${change.after.text}${change.after.suffix}`;
  if (view.overall === null) return null;
  if (view.as === 'increase')
    return `${chartValueText({ ...view, as: 'value' }, view.overall, window)} in all`;
  return `${chartValueText(view, view.overall, window)} on average`;
}

/** Without a chart that shows something: what it did, in numbers. */
function impactBlock({ impact, lead }: FrozenCopy): CardNode {
  const told = impact.filter(({ value }) => value !== null).slice(0, 3);
  const place = { ...at(300), left: SIDE_PX, right: SIDE_PX } as const;
  if (told.length === 0)
    return words(drawableText(lead ?? '', 200), {
      ...place,
      fontSize: 30,
      lineHeight: 1.4,
      color: COLOURS.ink2,
    });
  return box(
    { ...place, flexDirection: 'column' },
    ...told.map((figure) =>
      box(
        { alignItems: 'baseline', marginTop: 18 },
        words(drawableText(impactText(figure), 24), { fontSize: 44, width: 320 }),
        words(drawableText(figure.label, 60), { fontSize: 28, color: COLOURS.ink2 }),
      ),
    ),
  );
}

/** A claim is told in its own window, and so is its chart. */
function windowOf({ claims }: FrozenCopy, { id }: FrozenChart): RateWindow {
  return claims.find((claim) => `claim:${claim.id}` === id)?.window ?? 'h';
}
