/**
 * How wide the container of a plot is: under 460 px, under 540, and from 540 on. The server does not know it, so what
 * needs room is laid out for all three and container-query classes choose.
 */
export const PLOT_WIDTHS = ['narrow', 'wide', 'roomy'] as const;
export type PlotWidth = (typeof PLOT_WIDTHS)[number];

/** The narrowest plot of each class, px: what fits here fits everywhere in its class. */
export const LEAST_PLOT_PX: Readonly<Record<PlotWidth, number>> = { narrow: 250, wide: 302, roomy: 382 };
