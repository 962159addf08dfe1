'use client';

import { CHART_SCALES, type ChartScale } from '@/lib/core/chart/scale.ts';
import { segmentLook } from '../ui/segmented.tsx';

/** How heights are read, for all charts of the page at once. */
export function ScaleSwitch({
  title,
  scale,
  onScale,
}: Readonly<{ title: string; scale: ChartScale; onScale: (scale: ChartScale) => void }>) {
  return (
    <fieldset className="no-print inline-flex shrink-0 divide-x divide-line overflow-hidden rounded-control border border-line-strong bg-surface focus-within:overflow-visible">
      <legend className="sr-only">Scale of {title}</legend>
      {CHART_SCALES.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === scale}
          className={segmentLook(one === scale)}
          onClick={() => onScale(one)}
        >
          {one}
        </button>
      ))}
    </fieldset>
  );
}
