import type { Label } from '@/lib/core/chart/labels.ts';
import type { LayerProps } from './layer-props.ts';
import { onWidth } from './on-width.ts';

function inkOf(kind: Label['kind']): string {
  switch (kind) {
    case 'value':
      return 'fill-ink font-medium';
    case 'goal':
    case 'gap':
      return 'fill-ink-2 font-medium';
    case 'plan':
    case 'context':
      return 'fill-ink-3';
    default:
      return kind satisfies never;
  }
}

/** Restarts of a counter: a small tick on the axis, where a line would otherwise show a spike. */
export function ResetsLayer({ geometry }: Readonly<LayerProps>) {
  const { baseY, resets } = geometry;
  return resets.map((x) => (
    <line key={x} x1={`${x}%`} x2={`${x}%`} y1={baseY - 5} y2={baseY} className="stroke-ink-3" />
  ));
}

/** Names of levels and lines: in the margin at the right where there is one, else on the plot above their lines. */
export function LabelsLayer({ geometry }: Readonly<LayerProps>) {
  return (
    <>
      <g className={onWidth(['wide', 'roomy'])}>
        {geometry.labels.map(({ y, text, kind }) => (
          <text key={kind + text} x="100%" dx={8} y={y + 3.5} className={`halo ${inkOf(kind)}`}>
            {text}
          </text>
        ))}
      </g>
      <g className={onWidth(['narrow'])}>
        {geometry.labelsNarrow.map(({ y, text, kind }) => (
          <text
            key={kind + text}
            x="100%"
            dx={-4}
            y={y + 3.5}
            textAnchor="end"
            className={`halo ${inkOf(kind)}`}
          >
            {text}
          </text>
        ))}
      </g>
    </>
  );
}
