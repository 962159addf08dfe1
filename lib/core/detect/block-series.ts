import type { Baseline } from '../verdict/baseline.ts';
import type { LogBlocks } from '../verdict/blocks.ts';

/** What the detectors of rates and levels look at: deviations from a baseline, block by block. */
export interface BlockSeries {
  /** Start of the first block that is judged; the baseline ends there, and its clock begins there. */
  startMs: number;
  /** Blocks before it that `deviations` begins with, so that the first windows are whole; none of them fires. */
  leadBlocks: number;
  /** d = y − m of each block; null where not measured. */
  deviations: LogBlocks;
  baseline: Baseline;
  /** From y back to a number that people know. */
  levelOf: (y: number) => number;
}

/** Which way a metric may not go; `both` where nobody says what is good. */
export type WrongWay = 'up' | 'down' | 'both';

/** A deviation as a distance in the wrong direction. */
export function wrongBy(deviation: number, way: WrongWay): number {
  switch (way) {
    case 'up':
      return deviation;
    case 'down':
      return -deviation;
    case 'both':
      return Math.abs(deviation);
    default:
      return way satisfies never;
  }
}
