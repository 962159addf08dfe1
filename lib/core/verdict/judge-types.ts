import type { ClaimLook, ClaimVerdict, GuardSpan } from '../model/verdict.ts';
import type { TimeRange } from '../time/range.ts';
import type { CountBlock } from './blocks.ts';
import type { ClaimPromise } from './limits.ts';

/**
 * The numbers of one claim in blocks of 5 min on the clock. `before` is oldest first and ends where the block that holds
 * T₀ begins; `after` begins with that block and ends with the last block that is over. Null: not measured.
 */
export type ClaimBlocks =
  | {
      kind: 'counts';
      before: readonly CountBlock[];
      after: readonly CountBlock[];
      /** False where the numbers count no single events (a rate of unknown unit): no counting noise is known. */
      countsEvents: boolean;
    }
  | {
      kind: 'levels';
      /** Mean of each block, base unit. */
      before: readonly (number | null)[];
      after: readonly (number | null)[];
      /** Smallest step of the number; null where it has none. */
      resolution: number | null;
    };

/** What a claim promises, in base units, before it is held against a measured level. */
export interface ClaimTarget {
  /** By a ratio of what is usual, or null where a level was promised. */
  promise: ClaimPromise | null;
  /** A promised level (per second for a rate); the promise is this over what is usual. Null where a ratio was promised. */
  level: { value: number; direction: 'down' | 'up' } | null;
  /** The level that the summary says it was before; null where it says none. */
  statedBefore: number | null;
}

/** All that a verdict is made of. */
export interface JudgeInput {
  target: ClaimTarget;
  blocks: ClaimBlocks;
  /** Requests served in the same blocks; null where they are not counted. */
  requests: { before: readonly CountBlock[]; after: readonly CountBlock[] } | null;
  /** T₀. */
  originMs: number;
  /** End of the settle time: nothing before it counts. */
  settledMs: number;
  /** End of the last block of `after`. */
  asOfMs: number;
  /** End of the watch. */
  endMs: number;
  /** Finest step of the baseline where parts of it are a provider's memory; null where all was measured. */
  backfilledStepMs: number | null;
  isWeekend: ((blockStartMs: number) => boolean) | null;
  spans: readonly GuardSpan[];
  /** Stretches in which silence is no fault, such as a database that slept; none when left out. */
  quiet?: readonly TimeRange[];
  /** Why it can be no more than provisional, found outside. */
  caps: readonly string[];
}

/** The verdict, and what it would have been at each look. */
export interface Judgement {
  verdict: ClaimVerdict;
  /** Oldest first; only where the caller asks for them. */
  looks: readonly ClaimLook[];
}
