import { memo } from 'react';
import { Backdrop } from './layers/backdrop.tsx';
import { Foreground } from './layers/foreground.tsx';
import { GridLayer, TimeLayer } from './layers/grid-layer.tsx';
import { InsetBelow } from './layers/inset-layer.tsx';
import type { SeriesLayerProps } from './layers/layer-props.ts';
import { SeriesLayer } from './layers/series-layer.tsx';

interface ChartPlotProps extends SeriesLayerProps {
  /** Test id of the first line; its data attributes carry what was drawn. */
  lineTestId?: string | undefined;
}

/**
 * The still picture of a chart. Horizontal places are percentages, vertical ones px, and only the paths are
 * stretched (with strokes that do not scale): the same markup is crisp at every width, on the server as in the browser.
 * What needs room is drawn for narrow and wide plots, and container-query classes choose.
 */
export const ChartPlot = memo(function ChartPlot({ lineTestId, ...paint }: ChartPlotProps) {
  const { geometry } = paint;
  return (
    <>
      <svg
        width="100%"
        height={geometry.heightPx}
        aria-hidden="true"
        className="block overflow-visible text-axis"
      >
        <GridLayer geometry={geometry} />
        <TimeLayer geometry={geometry} />
        <Backdrop geometry={geometry} />
        <SeriesLayer {...paint} lineTestId={lineTestId} />
        <Foreground {...paint} />
      </svg>
      <InsetBelow {...paint} />
    </>
  );
});
