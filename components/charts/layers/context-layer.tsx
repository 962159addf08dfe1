import type { PlacedText } from '@/lib/core/chart/geometry.ts';
import type { LayerProps } from './layer-props.ts';
import { Stretched } from './stretched.tsx';

const LINE = { fill: 'none', strokeWidth: 1.25, vectorEffect: 'non-scaling-stroke' } as const;

/** What is usual at this time of day with its band, and the same line in the second window: both behind the series. */
export function ContextLayer({ geometry }: Readonly<LayerProps>) {
  const { usual, comparison, topY, heightPx } = geometry;
  if (usual === null && comparison === null) return null;
  return (
    <Stretched fromY={topY - 2} toY={heightPx}>
      {usual !== null && (
        <>
          <path d={usual.band} className="fill-band" />
          <path d={usual.path} {...LINE} strokeDasharray="4 3" className="stroke-base" />
        </>
      )}
      {comparison !== null && (
        <path d={comparison.path} {...LINE} strokeLinejoin="round" className="stroke-base" />
      )}
    </Stretched>
  );
}

/** Their names, each on its own line; above the series, so that these do not run through them. */
export function ContextNames({ geometry }: Readonly<LayerProps>) {
  return (
    <>
      <Name at={geometry.usual?.label ?? null} />
      <Name at={geometry.comparison?.label ?? null} />
    </>
  );
}

function Name({ at }: Readonly<{ at: PlacedText | null }>) {
  return (
    at !== null && (
      <text x={`${at.x}%`} y={at.y} textAnchor={at.anchor} className="halo fill-ink-3">
        {at.text}
      </text>
    )
  );
}
