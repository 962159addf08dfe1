import type { InsetGeometry, InsetPlacement } from '@/lib/core/chart/geometry.ts';
import { BELOW_GAP_PX } from '@/lib/core/chart/inset.ts';
import { seriesLook } from '../series-look.ts';
import type { SeriesLayerProps } from './layer-props.ts';
import { onWidth } from './on-width.ts';
import { Stretched } from './stretched.tsx';

/** Width of the margin at the left that an inset under the plot takes in. */
const LEFT_MARGIN_PX = 46;
/** How far an inset in the plot reaches into the margin at the right. */
const REACH_PX = 100;

/**
 * After a large drop: a box around the line that came after, and that line on its own scale. In a wide plot it stands in
 * the empty space above; for a narrow one only the box and its hairlines are here, and `InsetBelow` hangs under the plot.
 */
export function InsetLayer({ geometry, stale, firstSeries }: Readonly<SeriesLayerProps>) {
  const { inset, heightPx } = geometry;
  if (inset === null) return null;
  const { box, beside } = inset;
  const height = box.baseY - box.topY;
  return (
    <>
      <rect
        x={`${box.x}%`}
        y={box.topY}
        width={`${100 - box.x}%`}
        height={height}
        rx={2}
        className={`fill-none stroke-line-ink ${beside === null ? onWidth(['narrow']) : ''}`}
      />
      <g className={`stroke-line-strong ${onWidth(['narrow'])}`}>
        <line x1={`${box.x}%`} y1={box.baseY} x2={-LEFT_MARGIN_PX} y2={heightPx + BELOW_GAP_PX} />
        <line x1="100%" y1={box.baseY} x2="100%" y2={heightPx + BELOW_GAP_PX} />
      </g>
      {beside !== null && (
        <g className={onWidth(['wide', 'roomy'])}>
          <line
            x1={`${box.x}%`}
            y1={box.topY}
            x2={`${beside.x}%`}
            y2={beside.y + beside.heightPx}
            className="stroke-line-strong"
          />
          <svg
            aria-hidden="true"
            x={`${beside.x}%`}
            y={beside.y}
            width={`${100 - beside.x}%`}
            height={beside.heightPx}
            overflow="visible"
          >
            {/* calc() in an attribute, because nothing else sizes a nested svg; where it is not known, 100 % holds. */}
            <line
              x1="100%"
              x2={`calc(100% + ${REACH_PX}px)`}
              y1={box.topY - beside.y}
              y2={beside.heightPx}
              className="stroke-line-strong"
            />
            <svg aria-hidden="true" width={`calc(100% + ${REACH_PX}px)`} height={beside.heightPx}>
              <Body inset={inset} placement={beside} stale={stale} firstSeries={firstSeries} />
            </svg>
          </svg>
        </g>
      )}
    </>
  );
}

/** The inset of a narrow plot: stands right under it and is 112 px high; nothing where the plot is wide. */
export function InsetBelow({ geometry, stale, firstSeries }: Readonly<SeriesLayerProps>) {
  const { inset } = geometry;
  if (inset === null) return null;
  return (
    <svg
      aria-hidden="true"
      width="100%"
      height={inset.below.heightPx + BELOW_GAP_PX}
      className={`-ml-11.5 block w-[calc(100%+46px)] overflow-visible pt-2 text-axis ${onWidth(['narrow'])}`}
    >
      <Body inset={inset} placement={inset.below} stale={stale} firstSeries={firstSeries} />
    </svg>
  );
}

interface BodyProps {
  inset: InsetGeometry;
  placement: InsetPlacement;
  stale: boolean;
  firstSeries: number;
}

/** The box with its own plot, as wide as the `<svg>` around it. */
function Body({ inset, placement, stale, firstSeries }: Readonly<BodyProps>) {
  const { heightPx, ticks, goals, plans, textX, end, path, partialPath, area, topY, baseY } = placement;
  const look = seriesLook(firstSeries, stale);
  const line = {
    fill: 'none',
    strokeWidth: 1.6,
    strokeLinejoin: 'round',
    strokeLinecap: 'round',
    vectorEffect: 'non-scaling-stroke',
    className: look.stroke,
  } as const;
  const isLate = end !== null && end.x > 30;
  return (
    <>
      <rect
        x={0.5}
        y={0.5}
        width="calc(100% - 1px)"
        height={heightPx - 1}
        rx={5}
        className="fill-surface stroke-line-strong"
      />
      <text x={8} y={16} fontSize={10.5} className="fill-ink-2 font-medium">
        {inset.title}
      </text>
      {ticks.map(({ y, text }) => (
        <text key={text} x="100%" dx={-6} y={y + 3.5} textAnchor="end" fontSize={10} className="fill-ink-3">
          {text}
        </text>
      ))}
      <svg aria-hidden="true" x={8} width="calc(100% - 48px)" height={heightPx} overflow="visible">
        {ticks.map(({ y, text }) => (
          <line
            key={text}
            x1={0}
            x2="100%"
            y1={y}
            y2={y}
            className="stroke-line"
            shapeRendering="crispEdges"
          />
        ))}
        {plans.map(({ y, textY, text }) => (
          <g key={text}>
            <line
              x1={0}
              x2="100%"
              y1={y}
              y2={y}
              strokeDasharray="1.5 3"
              strokeLinecap="round"
              className="stroke-ink-3"
            />
            <text x={`${textX}%`} dx={5} y={textY} fontSize={10} className="halo fill-ink-3">
              {text}
            </text>
          </g>
        ))}
        {goals.map(({ y, textY, text }) => (
          <g key={text}>
            <line x1={0} x2="100%" y1={y} y2={y} className="stroke-ink-2" />
            <text x={`${textX}%`} dx={5} y={textY} fontSize={10} className="halo fill-ink-2 font-medium">
              {text}
            </text>
          </g>
        ))}
        <Stretched fromY={topY - 1} toY={baseY + 2}>
          <path d={area} className={`fill-tint ${look.fill}`} />
          <path d={path} {...line} data-inset="line" />
          {partialPath !== '' && <path d={partialPath} {...line} strokeDasharray="2 3" />}
        </Stretched>
        {end !== null && (
          <>
            <circle cx={`${end.x}%`} cy={end.y} r={2.6} className={look.fill} />
            <text
              x={`${end.x}%`}
              dx={isLate ? -5 : 5}
              y={end.textY}
              textAnchor={isLate ? 'end' : 'start'}
              className="fill-ink font-semibold"
            >
              {inset.value}
            </text>
          </>
        )}
      </svg>
    </>
  );
}
