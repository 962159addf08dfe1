'use client';

import { useRef, useSyncExternalStore } from 'react';
import { xPercent } from '@/lib/core/chart/x-place.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import { formatClock } from '@/lib/core/units/clock.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { type CrosshairStore, useCrosshairStore } from '../charts/crosshair-store.ts';
import { usePlotWidth } from '../charts/use-plot-width.ts';
import { Glyph, type GlyphName } from '../ui/glyph.tsx';
import { placeEntries, type StripPlace } from './incident-places.ts';
import { entryDomId, shownEntries, type TimelineEntry } from './incident-timeline.tsx';
import { entryGlyph } from './incident-words.ts';

interface IncidentStripProps {
  /** All of the timeline, in its order. */
  entries: readonly TimelineEntry[];
  /** The range of the charts above. */
  range: TimeRange;
  /** When it began and ended; null while it lasts. */
  span?: { startMs: number; endMs: number | null };
}

const CHART_ID = 'strip';
const LINE_Y = 14;
/** What the server draws for, which knows no width. */
const USUAL_PX = 640;

type Placed = TimelineEntry & { index: number };

/** The timeline on the axis of the charts above it, plot under plot: a glyph an entry, each a way to its line. */
export function IncidentStrip({ entries, range, span }: Readonly<IncidentStripProps>) {
  const plot = useRef<HTMLElement>(null);
  const widthPx = usePlotWidth(plot) ?? USUAL_PX;
  const store = useCrosshairStore();
  const shown = shownEntries(entries).map((entry, index): Placed => ({ ...entry, index }));
  const places = placeEntries(shown, range, widthPx);
  const from = span === undefined ? 0 : xPercent(span.startMs, range);
  const to = span === undefined ? 0 : xPercent(span.endMs ?? range.endMs, range);
  return (
    <div className="@container">
      {/* As wide as the plots of the charts. */}
      <div className="pr-2 pl-11.5 @[460px]:pr-28">
        <nav ref={plot} aria-label="Timeline on the charts’ axis" className="relative">
          {/* biome-ignore lint/a11y/noSvgWithoutTitle: every link in it has its own name. */}
          <svg width="100%" height={40} className="block overflow-visible text-axis">
            <line x1={0} x2="100%" y1={LINE_Y} y2={LINE_Y} className="stroke-line-strong" strokeWidth={1} />
            {to > from && (
              <line
                x1={`${from}%`}
                x2={`${to}%`}
                y1={LINE_Y}
                y2={LINE_Y}
                className="stroke-ink"
                strokeWidth={2}
              />
            )}
            <Pointed store={store} range={range} />
            {places.map((place) => (
              <Place key={place.entries[0]?.id ?? place.x} place={place} store={store} />
            ))}
          </svg>
          <Nearest store={store} shown={shown} range={range} />
        </nav>
      </div>
    </div>
  );
}

function Place({
  place: { x, entries },
  store,
}: Readonly<{ place: StripPlace<Placed>; store: CrosshairStore }>) {
  const { zone } = useChartPage();
  const [first] = entries;
  if (first === undefined) return null;
  const point = () => store.set({ atMs: first.atMs, chartId: CHART_ID });
  const leave = () => store.get()?.chartId === CHART_ID && store.set(null);
  const text = placeText(entries, (atMs) => formatClock(atMs, 'minutes', zone));
  return (
    <a
      href={`#${entryDomId(first.index)}`}
      aria-label={text}
      onPointerEnter={point}
      onPointerLeave={leave}
      onFocus={point}
      onBlur={leave}
    >
      <title>{text}</title>
      <svg aria-hidden="true" x={`${x}%`} y={0} overflow="visible">
        <rect x={-12} y={2} width={24} height={24} fill="transparent" />
        <circle cx={0} cy={LINE_Y} r={9.5} className="fill-canvas" />
        <g transform={`translate(-8 ${LINE_Y - 8})`}>
          <Glyph name={loudest(entries)} />
        </g>
        {entries.length > 1 && (
          <text x={0} y={36} textAnchor="middle" className="fill-ink-3">
            {entries.length}
          </text>
        )}
      </svg>
    </a>
  );
}

/** `20:34Z v1205 sets SUSPEND_REDIS=true and 2 more`. */
function placeText(entries: readonly Placed[], clock: (atMs: number) => string): string {
  const [first] = entries;
  const more = entries.length - 1;
  return `${clock(first?.atMs ?? 0)} ${first?.title ?? ''}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Where several share a place, the one that needs a look most stands for them. */
const LOUDNESS: readonly GlyphName[] = [
  'alarm',
  'bad',
  'worse',
  'relapsed',
  'bad_outline',
  'paused',
  'half',
  'warn',
  'warn_outline',
  'mark',
  'runs',
  'unknown',
];

function loudest(entries: readonly Placed[]): GlyphName {
  const glyphs = entries.map(({ fact }) => entryGlyph(fact));
  return LOUDNESS.find((glyph) => glyphs.includes(glyph)) ?? glyphs[0] ?? 'idle';
}

const noPoint = () => null;

/** The crosshair of the charts, carried on through the strip. */
function Pointed({ store, range }: Readonly<{ store: CrosshairStore; range: TimeRange }>) {
  const state = useSyncExternalStore(store.subscribe, store.get, noPoint);
  if (state === null || state.atMs < range.startMs || state.atMs > range.endMs) return null;
  const x = xPercent(state.atMs, range);
  return <line x1={`${x}%`} x2={`${x}%`} y1={0} y2={28} className="stroke-ink-3" />;
}

/** What had last happened at the time that is pointed at. */
function Nearest({
  store,
  shown,
  range,
}: Readonly<{ store: CrosshairStore; shown: readonly Placed[]; range: TimeRange }>) {
  const { zone } = useChartPage();
  const state = useSyncExternalStore(store.subscribe, store.get, noPoint);
  const last = state === null ? undefined : shown.findLast(({ atMs }) => atMs <= state.atMs);
  const outside = shown.filter(({ atMs }) => atMs < range.startMs || atMs > range.endMs).length;
  const rest =
    outside === 0 ? '' : `, ${outside} ${outside === 1 ? 'lies' : 'lie'} outside of the charts’ range`;
  const told =
    last === undefined
      ? `${shown.length} ${shown.length === 1 ? 'entry' : 'entries'}${rest}`
      : `${formatClock(last.atMs, 'minutes', zone)} ${last.title}`;
  return (
    <p aria-hidden="true" className="min-h-4 truncate text-label text-ink-3">
      {told}
    </p>
  );
}
