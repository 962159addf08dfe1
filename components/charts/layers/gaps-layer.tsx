import { useId } from 'react';
import type { GapGeometry } from '@/lib/core/chart/geometry.ts';
import type { GapLabel } from '@/lib/core/chart/labels.ts';
import { PLOT_WIDTHS, type PlotWidth } from '@/lib/core/chart/plot-width.ts';
import { HatchPattern } from '../../ui/hatch.tsx';
import type { LayerProps } from './layer-props.ts';
import { onWidth } from './on-width.ts';

/** Stretches without data: hatched, with the reason on them. */
export function GapsLayer({ geometry }: Readonly<LayerProps>) {
  const hatchId = useId();
  const { gaps, topY, baseY } = geometry;
  if (gaps.length === 0) return null;
  return (
    <>
      <defs>
        <HatchPattern id={hatchId} />
      </defs>
      {gaps.map((gap) => (
        <g key={`${gap.x}+${gap.width}`}>
          <rect
            x={`${gap.x}%`}
            width={`${gap.width}%`}
            y={topY}
            height={baseY - topY}
            fill={`url(#${hatchId})`}
          />
          {PLOT_WIDTHS.map((width) => (
            <Reason
              key={width}
              gap={gap}
              label={gap.labels[width]}
              on={[width]}
              middleY={(topY + baseY) / 2}
            />
          ))}
        </g>
      ))}
    </>
  );
}

function Reason({
  gap,
  label,
  on,
  middleY,
}: Readonly<{ gap: GapGeometry; label: GapLabel | null; on: readonly PlotWidth[]; middleY: number }>) {
  if (label === null) return null;
  const { lines, layout } = label;
  return (
    <svg
      aria-hidden="true"
      x={`${gap.x + gap.width / 2}%`}
      y={middleY}
      overflow="visible"
      className={onWidth(on)}
    >
      <g transform={layout === 'upright' ? 'rotate(-90)' : undefined}>
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
  );
}
