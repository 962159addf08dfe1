import { memo, useId } from 'react';
import { type ChartGeometry, type GapGeometry, PATH_WIDTH } from '@/lib/core/chart/geometry.ts';
import { HatchPattern } from '../ui/hatch.tsx';
import { seriesLook } from './series-look.ts';

interface ChartPlotProps {
  geometry: ChartGeometry;
  variant: 'line' | 'bars';
  stale: boolean;
  /** Index of the first series colour. */
  firstSeries: number;
  /** Test id of the first line; its data attributes carry what was drawn. */
  lineTestId?: string | undefined;
}

/**
 * The still picture of a chart. Horizontal places are percentages, vertical ones px, and only the paths are
 * stretched (with strokes that do not scale): the same markup is crisp at every width, on the server as in the browser.
 */
export const ChartPlot = memo(function ChartPlot({
  geometry,
  variant,
  stale,
  firstSeries,
  lineTestId,
}: ChartPlotProps) {
  const hatchId = useId();
  const { heightPx, baseY, topY } = geometry;
  return (
    <svg width="100%" height={heightPx} aria-hidden="true" className="block overflow-visible text-axis">
      <defs>
        <HatchPattern id={hatchId} />
      </defs>
      {geometry.yTicks.map(({ y, text }, index) => (
        <g key={text}>
          <line
            x1={0}
            x2="100%"
            y1={y}
            y2={y}
            className={index === 0 ? 'stroke-line-strong' : 'stroke-line'}
            shapeRendering="crispEdges"
          />
          <text x={-8} y={y + 3.5} textAnchor="end" className="fill-ink-3">
            {text}
          </text>
        </g>
      ))}
      {geometry.xTicks.map(({ x, text, minor }) => (
        <g key={text} className={minor ? 'max-tablet:hidden' : undefined}>
          <line x1={`${x}%`} x2={`${x}%`} y1={baseY} y2={baseY + 4} className="stroke-line-strong" />
          <text
            x={`${x}%`}
            y={baseY + 16}
            textAnchor={x < 4 ? 'start' : x > 96 ? 'end' : 'middle'}
            className="fill-ink-3"
          >
            {text}
          </text>
        </g>
      ))}
      {geometry.gaps.map((gap) => (
        <Gap key={`${gap.x}+${gap.width}`} gap={gap} topY={topY} baseY={baseY} hatch={`url(#${hatchId})`} />
      ))}
      {geometry.goals.map(({ y, text }) => y !== null && <GoalLine key={text} y={y} />)}
      <svg
        aria-hidden="true"
        x={0}
        y={0}
        width="100%"
        height={heightPx}
        viewBox={`0 0 ${PATH_WIDTH} ${heightPx}`}
        preserveAspectRatio="none"
        overflow="hidden"
      >
        {variant === 'bars' ? (
          <Bars geometry={geometry} stale={stale} firstSeries={firstSeries} lineTestId={lineTestId} />
        ) : (
          <Lines geometry={geometry} stale={stale} firstSeries={firstSeries} lineTestId={lineTestId} />
        )}
      </svg>
      {variant === 'line' &&
        geometry.lines.map(
          ({ key, end }, index) =>
            end && (
              <circle
                key={key}
                cx={`${end.x}%`}
                cy={end.y}
                r={3.5}
                strokeWidth={1.5}
                className={`stroke-canvas ${seriesLook(firstSeries + index, stale).fill}`}
              />
            ),
        )}
      {geometry.resets.map((x) => (
        <line key={x} x1={`${x}%`} x2={`${x}%`} y1={baseY - 5} y2={baseY} className="stroke-ink-3" />
      ))}
      <PlotLabels geometry={geometry} />
    </svg>
  );
});

type PaintProps = Pick<ChartPlotProps, 'geometry' | 'stale' | 'firstSeries' | 'lineTestId'>;

function Lines({ geometry, stale, firstSeries, lineTestId }: PaintProps) {
  const line = { fill: 'none', strokeWidth: 1.75, strokeLinejoin: 'round', strokeLinecap: 'round' } as const;
  return geometry.lines.map(({ key, path, partialPath, area, measured, lastClosed }, index) => {
    const look = seriesLook(firstSeries + index, stale);
    return (
      <g key={key}>
        {index === 0 && <path d={area} className={`fill-tint ${look.fill}`} />}
        <path
          d={path}
          {...line}
          vectorEffect="non-scaling-stroke"
          className={look.stroke}
          {...(index === 0 && lineTestId !== undefined ? { 'data-testid': lineTestId } : {})}
          data-points={measured}
          data-last={lastClosed?.value}
          data-last-at={lastClosed?.atMs}
        />
        {partialPath !== '' && (
          <path
            d={partialPath}
            {...line}
            strokeDasharray="2 3"
            vectorEffect="non-scaling-stroke"
            className={look.stroke}
          />
        )}
      </g>
    );
  });
}

function Bars({ geometry, stale, firstSeries, lineTestId }: PaintProps) {
  const { fill } = seriesLook(firstSeries, stale);
  const [line] = geometry.lines;
  return (
    <>
      <path d={geometry.bars.measuredFloor} className={fill} fillOpacity={0.35} />
      <path
        d={geometry.bars.closed}
        className={fill}
        {...(lineTestId === undefined ? {} : { 'data-testid': lineTestId })}
        data-points={line?.measured}
        data-last={line?.lastClosed?.value}
        data-last-at={line?.lastClosed?.atMs}
      />
      <path d={geometry.bars.open} className={fill} fillOpacity={0.45} />
    </>
  );
}

function GoalLine({ y }: Readonly<{ y: number }>) {
  return (
    <g className="stroke-ink-2">
      <line x1={0} x2="100%" y1={y} y2={y} />
      <line x1={0.5} x2={0.5} y1={y - 3} y2={y + 3} />
      <line x1="100%" x2="100%" y1={y - 3.5} y2={y + 3.5} />
    </g>
  );
}

function Gap({
  gap,
  topY,
  baseY,
  hatch,
}: Readonly<{ gap: GapGeometry; topY: number; baseY: number; hatch: string }>) {
  const height = baseY - topY;
  const lines = gap.label?.lines ?? [];
  const isUpright = gap.label?.layout === 'upright';
  return (
    <>
      <rect x={`${gap.x}%`} width={`${gap.width}%`} y={topY} height={height} fill={hatch} />
      {gap.label !== null && (
        <svg aria-hidden="true" x={`${gap.x + gap.width / 2}%`} y={topY + height / 2} overflow="visible">
          <g transform={isUpright ? 'rotate(-90)' : undefined}>
            {lines.map((line, index) => (
              <text
                key={line}
                y={3.5 + (index - (lines.length - 1) / 2) * 14}
                textAnchor="middle"
                className={`halo ${index === 0 ? 'fill-ink-2 font-medium' : 'fill-ink-3'}`}
              >
                {line}
              </text>
            ))}
          </g>
        </svg>
      )}
    </>
  );
}

/** In the margin at the right where there is one; on a narrow chart a goal is named above its line. */
function PlotLabels({ geometry }: Readonly<{ geometry: ChartGeometry }>) {
  return (
    <>
      {geometry.labels.map(({ y, text, kind }) => (
        <text
          key={kind + text}
          x="100%"
          dx={8}
          y={y + 3.5}
          className={`font-medium @max-[459px]:hidden ${kind === 'goal' ? 'fill-ink-2' : 'fill-ink'}`}
        >
          {text}
        </text>
      ))}
      {geometry.goals.map(({ y, text }) => (
        <text
          key={text}
          x="100%"
          dx={-4}
          y={y === null || y < geometry.topY + 14 ? (y ?? geometry.topY) + 14 : y - 5}
          textAnchor="end"
          className="halo fill-ink-2 font-medium @[460px]:hidden"
        >
          {y === null ? text.replace(/^▾/, '▴') : text}
        </text>
      ))}
    </>
  );
}
