import { useId } from 'react';
import { PLOT_WIDTHS } from '@/lib/core/chart/plot-width.ts';
import type { LayerProps } from './layer-props.ts';
import { onWidth } from './on-width.ts';

/**
 * Stretches of a line that a provider remembers: stripes of the page over them break the line, so that it never looks
 * measured, and words say whose memory it is.
 */
export function HistoryLayer({ geometry }: Readonly<LayerProps>) {
  const stripesId = useId();
  const { history, topY, baseY } = geometry;
  if (history.length === 0) return null;
  return (
    <>
      <defs>
        <pattern
          id={stripesId}
          width={5}
          height={5}
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <line x1={1.25} y1={0} x2={1.25} y2={5} className="stroke-canvas" strokeWidth={2.5} />
        </pattern>
      </defs>
      {history.map(({ x, width, textY, texts }) => (
        <g key={`${x}+${width}`} data-testid="chart-history">
          <rect
            x={`${x}%`}
            width={`${width}%`}
            y={topY}
            height={baseY - topY - 1}
            fill={`url(#${stripesId})`}
            fillOpacity={0.85}
          />
          {PLOT_WIDTHS.map(
            (on) =>
              texts[on] !== null && (
                <text
                  key={on}
                  x={`${x + width / 2}%`}
                  y={textY}
                  textAnchor="middle"
                  className={`halo fill-ink-3 ${onWidth([on]) ?? ''}`}
                >
                  {texts[on]}
                </text>
              ),
          )}
        </g>
      ))}
    </>
  );
}
