import type { LayerProps } from './layer-props.ts';
import { onWidth } from './on-width.ts';

/** Horizontal lines with their numbers at the left. */
export function GridLayer({ geometry }: Readonly<LayerProps>) {
  return geometry.yTicks.map(({ y, text }, index) => (
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
  ));
}

/** The wall clock under the plot. */
export function TimeLayer({ geometry }: Readonly<LayerProps>) {
  const { baseY } = geometry;
  return geometry.xTicks.map(({ x, atMs, text, minor }) => (
    <g key={atMs} className={minor ? onWidth(['wide', 'roomy']) : undefined}>
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
  ));
}

/** Time since the deploy, in a second row under the wall clock. */
export function OriginLayer({ geometry }: Readonly<LayerProps>) {
  const y = geometry.baseY + 30;
  return geometry.originTicks.map(({ x, atMs, text, textNarrow, on }) => {
    const isSame = text === textNarrow;
    const wide = isSame ? on : on.filter((width) => width !== 'narrow');
    const common = { x: `${x}%`, y, textAnchor: 'middle', fontSize: 10.5 } as const;
    return (
      <g key={atMs} className="fill-ink-2 font-medium">
        <text {...common} className={onWidth(wide)}>
          {text}
        </text>
        {!isSame && on.includes('narrow') && (
          <text {...common} className={onWidth(['narrow'])}>
            {textNarrow}
          </text>
        )}
      </g>
    );
  });
}

/** The foot of the plot where no tick draws it, and on a log axis the break between the shelf of zeros and the scale. */
export function FootLayer({ geometry }: Readonly<LayerProps>) {
  const { shelf, baseY, yTicks } = geometry;
  const hasLine = yTicks.some(({ share }) => share === 0);
  return (
    <>
      {!hasLine && (
        <line
          x1={0}
          x2="100%"
          y1={baseY + 0.5}
          y2={baseY + 0.5}
          className="stroke-line-strong"
          shapeRendering="crispEdges"
        />
      )}
      {shelf !== null && <Break floorY={shelf.floorY} zeroY={shelf.zeroY} text={shelf.text} />}
    </>
  );
}

function Break({ floorY, zeroY, text }: Readonly<{ floorY: number; zeroY: number; text: string }>) {
  const middleY = Math.round((floorY + zeroY) / 2);
  return (
    <>
      <rect x={0} width="100%" y={middleY - 4} height={8} className="fill-hover" />
      <g className="stroke-line-ink" strokeDasharray="3 3" shapeRendering="crispEdges">
        <line x1={0} x2="100%" y1={middleY - 4} y2={middleY - 4} />
        <line x1={0} x2="100%" y1={middleY + 4} y2={middleY + 4} />
      </g>
      {/* The two strokes that mark a broken axis. */}
      <path
        d={`M-5 ${middleY - 1}l10 -5M-5 ${middleY + 7}l10 -5`}
        className="fill-none stroke-ink-3"
        strokeLinecap="round"
      />
      <text x={-8} y={middleY + 3.5} textAnchor="end" fontSize={10} className="fill-ink-3">
        {text}
      </text>
    </>
  );
}
