import { alignDown, BLOCK_MS, type TimeRange } from '../time/range.ts';
import type { Increment } from './increments.ts';

/** Five minutes of one series. Fields that were never fed are null or 0 as said. */
export interface Block {
  /** Start of the block, a multiple of 300 s. */
  startMs: number;
  /** Samples inside the block. */
  n: number;
  /** Of the sample values for a gauge; of the increments' rates per second for a counter. Null without any. */
  min: number | null;
  max: number | null;
  /** Sum of sample values for a gauge (mean = sum / n); 0 for a counter. */
  sum: number;
  /** Last sample value; null without a sample. */
  last: number | null;
  /** Events whose time is known. */
  increase: number;
  /** Events that fell into a gap that ended in this block: they count for totals, never for rates. */
  gapIncrease: number;
  /** Ms of the block covered by increments (counter) or by samples on schedule (gauge). */
  coveredMs: number;
}

export function emptyBlock(startMs: number): Block {
  return {
    startMs,
    n: 0,
    min: null,
    max: null,
    sum: 0,
    last: null,
    increase: 0,
    gapIncrease: 0,
    coveredMs: 0,
  };
}

/** Start of the block that holds `atMs`. */
export function blockStartMs(atMs: number): number {
  return alignDown(atMs, BLOCK_MS);
}

/** Stored blocks share whole events in parts of 1/1024: such parts add up exactly and pack small. */
export const BLOCK_PARTS = 1024;

/**
 * Shares the events of `[fromMs, toMs)` out over the buckets of `widthMs` that it touches, by time. With `parts`,
 * the shares of a whole number are multiples of 1/parts. Law: the shares add up to `increase`.
 */
export function shareByTime(
  { fromMs, toMs, increase }: Pick<Increment, 'fromMs' | 'toMs' | 'increase'>,
  widthMs: number,
  parts: number | null,
  add: (startMs: number, share: number, insideMs: number) => void,
): void {
  const spanMs = toMs - fromMs;
  const grain = parts !== null && Number.isInteger(increase) ? parts : null;
  let given = 0;
  for (let startMs = alignDown(fromMs, widthMs); startMs < toMs; startMs += widthMs) {
    const endMs = Math.min(startMs + widthMs, toMs);
    const exact = (increase * (endMs - fromMs)) / spanMs;
    const upTo = endMs === toMs ? increase : grain === null ? exact : Math.round(exact * grain) / grain;
    add(startMs, upTo - given, endMs - Math.max(startMs, fromMs));
    given = upTo;
  }
}

/**
 * Shares one increment out over the blocks that it touches, by time; `blockAt` gives the block to add to.
 * Law: Σ increase + Σ gapIncrease over all blocks = the increment's increase.
 */
export function addIncrement(blockAt: (startMs: number) => Block, increment: Increment): void {
  const { fromMs, toMs, increase } = increment;
  const spanMs = toMs - fromMs;
  if (increment.gap || spanMs <= 0) {
    // A sample that stands exactly on an edge closes the block before it.
    blockAt(blockStartMs(toMs - 1)).gapIncrease += increase;
    return;
  }
  const rate = (increase * 1000) / spanMs;
  shareByTime(increment, BLOCK_MS, BLOCK_PARTS, (startMs, share, insideMs) => {
    const block = blockAt(startMs);
    block.increase += share;
    block.coveredMs += insideMs;
    widen(block, rate);
  });
}

/** Adds one gauge sample; it covers the scheduled interval before it, as far as that lies in the block. */
export function addGaugeSample(block: Block, value: number, intervalMs: number): void {
  block.n += 1;
  block.sum += value;
  block.last = value;
  block.coveredMs = Math.min(BLOCK_MS, block.coveredMs + Math.min(intervalMs, BLOCK_MS));
  widen(block, value);
}

/** Notes a counter sample's own value; its increment is added apart. */
export function addCounterSample(block: Block, value: number): void {
  block.n += 1;
  block.last = value;
}

function widen(block: Block, value: number): void {
  block.min = block.min === null ? value : Math.min(block.min, value);
  block.max = block.max === null ? value : Math.max(block.max, value);
}

/** One bucket of an answer. */
export interface Bucket {
  startMs: number;
  /** Events with known time inside the bucket, and the ms that they cover. */
  increase: number;
  coveredMs: number;
  /** Events known only in total. */
  gapIncrease: number;
  /** Gauge: mean of samples; null without one. */
  mean: number | null;
  min: number | null;
  max: number | null;
  last: number | null;
}

/** Rate per second of a bucket; null when less than half of `wantedMs` is covered: unknown is not zero. */
export function bucketRate(bucket: Pick<Bucket, 'increase' | 'coveredMs'>, wantedMs: number): number | null {
  if (bucket.coveredMs <= 0 || bucket.coveredMs < wantedMs / 2) return null;
  return (bucket.increase * 1000) / bucket.coveredMs;
}

/** The aligned grid of bucket starts that covers `range`. */
export function bucketStarts(range: TimeRange, stepMs: number): number[] {
  const starts: number[] = [];
  for (let at = alignDown(range.startMs, stepMs); at < range.endMs; at += stepMs) starts.push(at);
  return starts;
}
