import type { Block } from '../metrics/blocks.ts';
import type { Labels } from './sample.ts';

/** One stretch of a provider's memory. `value`: the increase in it for a counter, the mean level for a gauge. */
export interface HistoryStretch {
  startMs: number;
  endMs: number;
  value: number;
}

/** One series of what a provider still knows from before our first visit. */
export interface HistorySeries {
  /** A name of the metric catalogue. */
  metric: string;
  labels: Labels;
  /** How good the provider's own numbers are; what is kept of them is `backfilled` in any case. */
  quality: 'measured' | 'inferred';
  /** Ascending, not overlapping. */
  stretches: readonly HistoryStretch[];
  /** Whole 5-minute blocks, ascending, where they are known exactly: taken as they are, beside empty `stretches`. */
  blocks?: readonly Block[];
}
