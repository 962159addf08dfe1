import { seriesLook } from '../series-look.ts';
import type { SeriesLayerProps } from './layer-props.ts';
import { Stretched } from './stretched.tsx';

const LINE = {
  fill: 'none',
  strokeWidth: 1.75,
  strokeLinejoin: 'round',
  strokeLinecap: 'round',
  vectorEffect: 'non-scaling-stroke',
} as const;

interface Props extends SeriesLayerProps {
  /** Test id of the first line; its data attributes carry what was drawn. */
  lineTestId?: string | undefined;
}

/** The measured lines with a tint under the first, or the bars. */
export function SeriesLayer(props: Readonly<Props>) {
  return (
    <Stretched toY={props.geometry.heightPx}>
      {props.variant === 'bars' ? <Bars {...props} /> : <Lines {...props} />}
    </Stretched>
  );
}

function Lines({ geometry, stale, firstSeries, lineTestId }: Readonly<Props>) {
  return geometry.lines.map(({ key, path, partialPath, area, measured, lastClosed }, index) => {
    const look = seriesLook(firstSeries + index, stale);
    return (
      <g key={key}>
        {index === 0 && <path d={area} className={`fill-tint ${look.fill}`} />}
        <path
          d={path}
          {...LINE}
          className={look.stroke}
          {...(index === 0 && lineTestId !== undefined ? { 'data-testid': lineTestId } : {})}
          data-points={measured}
          data-last={lastClosed?.value}
          data-last-at={lastClosed?.atMs}
        />
        {partialPath !== '' && (
          <path d={partialPath} {...LINE} strokeDasharray="2 3" className={look.stroke} />
        )}
      </g>
    );
  });
}

function Bars({ geometry, stale, firstSeries, lineTestId }: Readonly<Props>) {
  const { fill } = seriesLook(firstSeries, stale);
  const { closed, open, measuredFloor, apart } = geometry.bars;
  const [line] = geometry.lines;
  // A stroke that does not scale, in the colour of the page: half a pixel off both sides is one between two bars.
  const edge = apart
    ? ({ className: `${fill} stroke-canvas`, strokeWidth: 1, vectorEffect: 'non-scaling-stroke' } as const)
    : { className: fill };
  return (
    <>
      <path d={measuredFloor} className={fill} fillOpacity={0.35} />
      <path
        d={closed}
        {...edge}
        {...(lineTestId === undefined ? {} : { 'data-testid': lineTestId })}
        data-points={line?.measured}
        data-last={line?.lastClosed?.value}
        data-last-at={line?.lastClosed?.atMs}
      />
      <path d={open} {...edge} fillOpacity={0.45} />
    </>
  );
}

/** A dot at the newest closed bucket of every line. */
export function EndDots({ geometry, variant, stale, firstSeries }: Readonly<SeriesLayerProps>) {
  if (variant === 'bars') return null;
  return geometry.lines.map(
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
  );
}
