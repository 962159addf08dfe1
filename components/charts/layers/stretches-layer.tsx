import type { LayerProps } from './layer-props.ts';

/** Stretches of time under the line, such as those in which an alert fired; its edge is seen where the stretch is not. */
export function StretchesLayer({ geometry }: Readonly<LayerProps>) {
  const { stretches, topY, baseY } = geometry;
  return stretches.map(({ x, width, title }) => (
    <g key={`${x}+${width} ${title}`} data-testid="chart-stretch">
      <title>{title}</title>
      <rect
        x={`${x}%`}
        width={`${width}%`}
        y={topY}
        height={baseY - topY}
        fillOpacity={0.14}
        className="fill-bad"
      />
      <line x1={`${x}%`} x2={`${x}%`} y1={topY} y2={baseY} strokeWidth={1.5} className="stroke-bad-edge" />
    </g>
  ));
}
