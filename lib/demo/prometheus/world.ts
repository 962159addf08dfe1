import type { WorldSeries } from './promql.ts';

/** What an engine of the fleet knows: a pure function of time. */
export interface PromWorld {
  /** Every series as it was scraped last before `atMs`; none before the engine remembers. */
  seriesAt(atMs: number): readonly WorldSeries[];
}
