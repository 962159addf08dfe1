'use client';

import { createContext, memo, useContext, useMemo, useState } from 'react';
import {
  CartesianGrid,
  ComposedChart,
  Curve,
  useXAxisScale,
  useYAxisScale,
  XAxis,
  type XAxisTickContentProps,
  YAxis,
  type YAxisTickContentProps,
} from 'recharts';
import type { ChartGeometry, DrawnPoint, LineGeometry } from '@/lib/core/chart/geometry.ts';
import { areaPath, linePath, type Place, segments } from '@/lib/core/chart/path.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import { Backdrop } from './layers/backdrop.tsx';
import { Foreground } from './layers/foreground.tsx';
import { InsetBelow } from './layers/inset-layer.tsx';
import type { SeriesLayerProps } from './layers/layer-props.ts';
import { onWidth } from './layers/on-width.ts';
import { SeriesLayer } from './layers/series-layer.tsx';
import { seriesLook } from './series-look.ts';

export interface RichChartProps extends SeriesLayerProps {
  range: TimeRange;
  /** Width of the plot, px. */
  widthPx: number;
  /** Test id of the first line; its data attributes carry what was drawn. */
  lineTestId?: string | undefined;
}

const GeometryContext = createContext<ChartGeometry | null>(null);
const UNIT_DOMAIN: [number, number] = [0, 1];
/** Recharts gives an axis no scale before there are data; the lines themselves bring their own. */
const CORNERS = [
  { x: 0, y: 0 },
  { x: 1, y: 1 },
];

/**
 * The chart drawn by Recharts: its surface, axes, grid, scales and curves, fed with the layout that the server's
 * picture was made from, so that one takes over from the other without a jump. Lines are `Curve`s on Recharts' scales
 * and no `Line`s: those keep every point in a store, and a tick of six lines with 600 points took 85 ms.
 */
export const RichChart = memo(function RichChart(props: Readonly<RichChartProps>) {
  const { geometry, variant, stale, firstSeries, widthPx, lineTestId } = props;
  const paint = { geometry, variant, stale, firstSeries };
  const { heightPx, topY, baseY } = geometry;
  const margin = useMemo(
    () => ({ top: topY, right: 0, bottom: heightPx - baseY, left: 0 }),
    [topY, heightPx, baseY],
  );
  const xTicks = useSame(geometry.xTicks.map(({ x }) => x / 100));
  const yTicks = useSame(geometry.yTicks.map(({ share }) => share));
  const gridYs = useSame(geometry.yTicks.map(({ y }) => y));
  return (
    <GeometryContext value={geometry}>
      <ComposedChart
        width={widthPx}
        height={heightPx}
        margin={margin}
        data={CORNERS}
        accessibilityLayer={false}
        className="pointer-events-none text-axis [&>svg]:overflow-visible"
      >
        <CartesianGrid vertical={false} horizontalPoints={gridYs} horizontal={GridLine} zIndex={0} />
        <XAxis
          dataKey="x"
          type="number"
          domain={UNIT_DOMAIN}
          allowDataOverflow
          ticks={xTicks}
          tick={XTick}
          axisLine={false}
          tickLine={false}
          interval={0}
          // Mirrored into the plot, an axis takes no room of its own: the margins are the layout's.
          mirror
        />
        <YAxis
          dataKey="y"
          type="number"
          domain={UNIT_DOMAIN}
          allowDataOverflow
          ticks={yTicks}
          tick={YTick}
          axisLine={false}
          tickLine={false}
          interval={0}
          mirror
        />
        <Backdrop geometry={geometry} />
        {variant === 'bars' ? <SeriesLayer {...paint} lineTestId={lineTestId} /> : <Series {...props} />}
        <Foreground {...paint} />
      </ComposedChart>
      <InsetBelow {...paint} />
    </GeometryContext>
  );
});

/** The same array as long as it holds the same numbers: Recharts lays axes out anew for every new one. */
function useSame(numbers: number[]): number[] {
  const [kept, setKept] = useState(numbers);
  const isSame = kept.length === numbers.length && kept.every((one, index) => one === numbers[index]);
  if (!isSame) setKept(numbers);
  return isSame ? kept : numbers;
}

function GridLine({ index, x1, x2, y1, y2 }: Readonly<Record<'index' | 'x1' | 'x2' | 'y1' | 'y2', number>>) {
  return (
    <line
      key={index}
      x1={x1}
      x2={x2}
      y1={y1}
      y2={y2}
      className={index === 0 ? 'stroke-line-strong' : 'stroke-line'}
      shapeRendering="crispEdges"
    />
  );
}

function YTick({ payload }: YAxisTickContentProps) {
  return <YTickText share={Number(payload.value)} />;
}

function XTick({ payload }: XAxisTickContentProps) {
  return <XTickText share={Number(payload.value)} />;
}

/** The curves, on the scales that Recharts made of the layout. */
function Series({ geometry, range, stale, firstSeries, lineTestId }: Readonly<RichChartProps>) {
  const xScale = useXAxisScale();
  const yScale = useYAxisScale();
  if (xScale === undefined || yScale === undefined) return null;
  const scales = { xScale, yScale, range, zeroY: geometry.yOf(0) };
  return geometry.lines.map((line, index) => (
    <SeriesCurve
      key={line.key}
      line={line}
      isFirst={index === 0}
      look={seriesLook(firstSeries + index, stale)}
      testId={index === 0 ? lineTestId : undefined}
      {...scales}
    />
  ));
}

type Scale = NonNullable<ReturnType<typeof useXAxisScale>>;
interface SeriesCurveProps {
  line: LineGeometry;
  /** The first line has a tint under it. */
  isFirst: boolean;
  look: { stroke: string; fill: string };
  testId: string | undefined;
  range: TimeRange;
  zeroY: number;
  xScale: Scale;
  yScale: Scale;
}

const LINE = {
  fill: 'none',
  strokeWidth: 1.75,
  strokeLinejoin: 'round',
  strokeLinecap: 'round',
} as const;

function SeriesCurve({
  line,
  isFirst,
  look,
  testId,
  range,
  zeroY,
  xScale,
  yScale,
}: Readonly<SeriesCurveProps>) {
  const { drawn, open } = line;
  const paths = useMemo(() => {
    const lengthMs = range.endMs - range.startMs;
    const place = ({ atMs, share }: DrawnPoint): Place | null => {
      const x = xScale(lengthMs > 0 ? (atMs - range.startMs) / lengthMs : 0);
      const y = share === null ? undefined : yScale(share);
      return x === undefined || y === undefined ? null : { x, y };
    };
    const parts = segments(drawn.map(place));
    // Over a bucket without data between them the two are not joined.
    const before = line.partialPath.includes('L') ? drawn.at(-1) : undefined;
    const tail = [before, open].flatMap((point) => (point == null ? [] : (place(point) ?? [])));
    return {
      closed: linePath(parts),
      area: isFirst ? areaPath(parts, zeroY) : '',
      open: tail.length === 0 ? '' : linePath([tail]),
    };
  }, [drawn, open, line.partialPath, range, zeroY, isFirst, xScale, yScale]);
  return (
    <>
      {isFirst && <Curve path={paths.area} className={`fill-tint ${look.fill}`} />}
      <Curve
        {...LINE}
        path={paths.closed}
        className={look.stroke}
        {...(testId === undefined ? {} : { 'data-testid': testId })}
        data-points={line.measured}
        data-last={line.lastClosed?.value}
        data-last-at={line.lastClosed?.atMs}
      />
      {paths.open !== '' && (
        <Curve {...LINE} path={paths.open} strokeDasharray="2 3" className={look.stroke} />
      )}
    </>
  );
}

/** Texts stand where the layout says and not where Recharts would put them: it rounds, and hides what it thinks too near. */
function XTickText({ share }: Readonly<{ share: number }>) {
  const geometry = useContext(GeometryContext);
  const tick = geometry?.xTicks.find(({ x }) => x / 100 === share);
  const x = useXAxisScale()?.(share);
  if (geometry === null || tick === undefined || x === undefined) return null;
  const { baseY } = geometry;
  return (
    <g className={tick.minor ? onWidth(['wide', 'roomy']) : undefined}>
      <line x1={x} x2={x} y1={baseY} y2={baseY + 4} className="stroke-line-strong" />
      <text
        x={x}
        y={baseY + 16}
        textAnchor={tick.x < 4 ? 'start' : tick.x > 96 ? 'end' : 'middle'}
        className="fill-ink-3"
      >
        {tick.text}
      </text>
    </g>
  );
}

function YTickText({ share }: Readonly<{ share: number }>) {
  const tick = useContext(GeometryContext)?.yTicks.find((one) => one.share === share);
  if (tick === undefined) return null;
  return (
    <text x={-8} y={tick.y + 3.5} textAnchor="end" className="fill-ink-3">
      {tick.text}
    </text>
  );
}
