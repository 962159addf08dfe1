import 'server-only';
import type { Flow } from '@/lib/core/series/family-sum.ts';
import { BLOCK_MS } from '@/lib/core/time/range.ts';
import { type CountBlock, isUsable } from '@/lib/core/verdict/blocks.ts';

/** What one target counted, block by block. */
export interface Counted {
  flow: Flow;
  /** It gave numbers before the first block. */
  begun: boolean;
  /** Nobody watches it any more: after its last number it has none to give. */
  gone: boolean;
}

/**
 * Counts of several targets as one row of blocks, each block over as long as the best covered target. Null where one that
 * has begun is not measured: a sum without one of its machines would look like a fall.
 */
export function sumCounts(targets: readonly Counted[], length: number): CountBlock[] {
  const known = targets.map(({ flow, begun, gone }) => ({
    flow,
    first: begun ? 0 : flow.findIndex(isUsable),
    last: gone ? flow.findLastIndex(isUsable) : length - 1,
  }));
  return Array.from({ length }, (_, i): CountBlock => {
    let perMs: number | null = null;
    let coveredMs = 0;
    for (const { flow, first, last } of known) {
      if (first === -1 || i < first || i > last) continue;
      const block = flow[i] ?? null;
      if (!isUsable(block)) return null;
      perMs = (perMs ?? 0) + block.increase / block.coveredMs;
      coveredMs = Math.max(coveredMs, block.coveredMs);
    }
    return perMs === null ? null : { increase: perMs * coveredMs, coveredMs };
  });
}

/** A level that is a rate as counts of a whole block. */
export function countsOfRate(values: readonly (number | null)[]): CountBlock[] {
  return values.map((value) =>
    value === null ? null : { increase: (value * BLOCK_MS) / 1000, coveredMs: BLOCK_MS },
  );
}

/** Levels of several targets as one, by the same rule: null where one that has begun tells nothing. */
export function combineLevels(
  targets: readonly { values: readonly (number | null)[]; gone: boolean }[],
  combine: 'sum' | 'mean' | 'max',
  length: number,
): (number | null)[] {
  const known = targets.map(({ values, gone }) => ({
    values,
    first: values.findIndex((value) => value !== null),
    last: gone ? values.findLastIndex((value) => value !== null) : length - 1,
  }));
  return Array.from({ length }, (_, i) => {
    const found: number[] = [];
    for (const { values, first, last } of known) {
      if (first === -1 || i < first || i > last) continue;
      const value = values[i] ?? null;
      if (value === null) return null;
      found.push(value);
    }
    return joinLevels(found, combine);
  });
}

/** Several levels of one time as one; null without any. */
export function joinLevels(values: readonly number[], combine: 'sum' | 'mean' | 'max'): number | null {
  if (values.length === 0) return null;
  switch (combine) {
    case 'sum':
      return values.reduce((sum, value) => sum + value, 0);
    case 'mean':
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    case 'max':
      return Math.max(...values);
    default:
      return combine satisfies never;
  }
}
