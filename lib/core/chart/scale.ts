/**
 * How heights are read: `level` in the unit of the chart, `index` with the level before the deploy as 100, `log` with a
 * shelf for measured zeros. Never switched silently.
 */
export const CHART_SCALES = ['level', 'index', 'log'] as const;
export type ChartScale = (typeof CHART_SCALES)[number];
