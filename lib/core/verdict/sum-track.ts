import { BLOCK_MS, MINUTE_MS } from '../time/range.ts';
import { BLOCKS_PER_DAY } from './baseline.ts';
import { type CountBlock, isUsable, type LogBlocks } from './blocks.ts';
import { TRAILING_BLOCKS } from './boundary.ts';
import { keeps, type Limits } from './limits.ts';

/** Warm-ups after T₀ that the sums may leave out, shortest first: a cache fills, and its first hour is not what was promised. */
export const WARM_UPS_MS = [0, 30 * MINUTE_MS, 60 * MINUTE_MS, 120 * MINUTE_MS] as const;

/** Running sums of what was counted and of what was usual at the same clock times, so that each look costs a few reads. */
export interface SumTrack {
  counted: Float64Array;
  usual: Float64Array;
  settleBlocks: number;
  /** First block that counts after each warm-up. */
  warmUps: readonly { warmUpMs: number; fromBlock: number }[];
}

/** How the sums stand against a limit at one look. */
export interface SumsStanding {
  /** Whether both sums keep the limit; what is not known does not stand against it. */
  keeps: boolean;
  /** Measured over usual since T₀, without the warm-up; null where nothing was usual. */
  cumulative: number | null;
  /** The same over the last 2 h. */
  trailing: number | null;
  /** The shortest warm-up with which they keep it; 0 where none does. */
  warmUpMs: number;
}

export interface TrackInput {
  /** Blocks from the one that holds T₀ on; null for what must not count. */
  after: readonly CountBlock[];
  /** Usual events per ms by clock block, as `expectedRates` gives them. */
  rates: LogBlocks;
  settleBlocks: number;
  /** T₀ after the start of the first block, ms. */
  offsetMs: number;
}

/** Sums up a watch once, for all its looks. */
export function trackSums({ after, rates, settleBlocks, offsetMs }: TrackInput): SumTrack {
  const counted = new Float64Array(after.length + 1);
  const usual = new Float64Array(after.length + 1);
  for (const [i, block] of after.entries()) {
    const rate = rates[i % BLOCKS_PER_DAY] ?? null;
    const counts = rate !== null && isUsable(block);
    counted[i + 1] = (counted[i] ?? 0) + (counts ? block.increase : 0);
    usual[i + 1] = (usual[i] ?? 0) + (counts ? rate * block.coveredMs : 0);
  }
  const warmUps = WARM_UPS_MS.map((warmUpMs) => ({
    warmUpMs,
    fromBlock: warmUpBlocks(warmUpMs, offsetMs, settleBlocks),
  }));
  return { counted, usual, settleBlocks, warmUps };
}

/** First block that counts after a warm-up: none that begins before it is over. */
export function warmUpBlocks(warmUpMs: number, offsetMs: number, settleBlocks: number): number {
  return Math.max(settleBlocks, warmUpMs === 0 ? 0 : Math.ceil((offsetMs + warmUpMs) / BLOCK_MS));
}

/** Measured over usual in blocks [from, to); null where nothing was usual, or nothing was measured. */
export function ratioBetween({ counted, usual }: SumTrack, from: number, to: number): number | null {
  const expected = (usual[to] ?? 0) - (usual[from] ?? 0);
  return to > from && expected > 0 ? ((counted[to] ?? 0) - (counted[from] ?? 0)) / expected : null;
}

/**
 * The sums beside the interval (method 3.5): the last 2 h must keep the limit, and all since T₀ after the shortest
 * warm-up that does. `limit` is a logarithm, `direction` its good side.
 */
export function sumsAt(
  track: SumTrack,
  atBlocks: number,
  { direction, limit }: { direction: Limits['direction']; limit: number },
): SumsStanding {
  const holds = (ratio: number | null) => ratio !== null && keeps(direction, Math.log(ratio), limit);
  const trailing = ratioBetween(track, Math.max(track.settleBlocks, atBlocks - TRAILING_BLOCKS), atBlocks);
  const all = ratioBetween(track, track.settleBlocks, atBlocks);
  if (all === null) return { keeps: true, cumulative: null, trailing, warmUpMs: 0 };
  for (const { warmUpMs, fromBlock } of track.warmUps) {
    const cumulative = ratioBetween(track, fromBlock, atBlocks);
    if (holds(cumulative)) {
      return { keeps: trailing === null || holds(trailing), cumulative, trailing, warmUpMs };
    }
  }
  return { keeps: false, cumulative: all, trailing, warmUpMs: 0 };
}

/** Whether everything since T₀, whatever the warm-up, is beyond a limit. */
export function sumsBreak(
  track: SumTrack,
  atBlocks: number,
  { direction, limit }: { direction: Limits['direction']; limit: number },
): boolean {
  const ratios = track.warmUps.map(({ fromBlock }) => ratioBetween(track, fromBlock, atBlocks));
  return (
    ratios[0] !== null && ratios.every((ratio) => ratio === null || !keeps(direction, Math.log(ratio), limit))
  );
}
