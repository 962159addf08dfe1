import type { Baseline } from '../verdict/baseline.ts';
import type { LogBlocks } from '../verdict/blocks.ts';
import { clip, medianOf } from '../verdict/robust.ts';

/** A moving window with fewer measured blocks than this share says nothing. */
const WINDOW_SHARE = 0.75;
/** A deviation counts up to this many spreads from the median of its window. */
const CLIP_SPREADS = 3;

/** Mean of the deviations in the last `blocks` up to and with block `i`, clipped around their median; null where too few are measured. */
export function clippedMean(deviations: LogBlocks, i: number, blocks: number, scale: number): number | null {
  const values = deviations.slice(Math.max(0, i + 1 - blocks), i + 1).flatMap((value) => value ?? []);
  if (i + 1 < blocks || values.length < WINDOW_SHARE * blocks) return null;
  const middle = medianOf(values) ?? 0;
  let sum = 0;
  for (const value of values) sum += clip(value, middle, CLIP_SPREADS * scale);
  return sum / values.length;
}

/** Plain mean of the same window; null where too few are measured. */
export function plainMean(deviations: LogBlocks, i: number, blocks: number): number | null {
  if (i + 1 < blocks) return null;
  let sum = 0;
  let known = 0;
  for (let at = i + 1 - blocks; at <= i; at++) {
    const value = deviations[at] ?? null;
    if (value === null) continue;
    sum += value;
    known += 1;
  }
  return known < WINDOW_SHARE * blocks ? null : sum / known;
}

/** Usual logarithm at block `i` of a watch; null where never measured. */
export function expectedAt({ expected }: Baseline, i: number): number | null {
  return expected[((i % expected.length) + expected.length) % expected.length] ?? null;
}
