import type { ChartGeometry } from '@/lib/core/chart/geometry.ts';

/** What every layer of a plot takes: it draws inside any `<svg>` that is as wide as the plot. */
export interface LayerProps {
  geometry: ChartGeometry;
}

/** Layers that wear the colour of the series. */
export interface SeriesLayerProps extends LayerProps {
  variant: 'line' | 'bars';
  /** Data that are out of date lose their colour. */
  stale: boolean;
  /** Index of the first series colour. */
  firstSeries: number;
}
