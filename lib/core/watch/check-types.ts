import type { ClaimVerdict, WatchCheck } from '../model/verdict.ts';
import type { CountBlock } from '../verdict/blocks.ts';
import type { ClaimTarget } from '../verdict/judge-types.ts';
import type { GuardFacts } from './guard-types.ts';

/** A claim with its verdict at this look. */
export interface CheckedClaim {
  id: string;
  /** As it was written. */
  title: string;
  target: ClaimTarget | null;
  verdict: ClaimVerdict;
}

/** All that the checklist of a watch is ticked by. Blocks are of 5 min, the first one holds T₀. */
export interface CheckFacts
  extends Pick<
    GuardFacts,
    | 'originMs'
    | 'midMs'
    | 'settledMs'
    | 'asOfMs'
    | 'release'
    | 'kind'
    | 'rolled'
    | 'modes'
    | 'machines'
    | 'limiter'
  > {
  /** When the deploy ended; null while it rolls. */
  endMs: number | null;
  /** End of the watch. */
  watchEndMs: number;
  /** Those that count. */
  claims: readonly CheckedClaim[];
  /** 429s over the days before and since T₀; null where nobody counts them by their exact code. */
  limited: { before: readonly CountBlock[]; after: readonly CountBlock[] } | null;
}

/** What a look at one check gives. */
export type CheckFound = Pick<WatchCheck, 'state' | 'block' | 'provisional' | 'evidence'>;

export const waiting = (evidence: string | null = null): CheckFound => found('waiting', evidence);
export const failing = (evidence: string): CheckFound => found('failing', evidence);
/** Seen to hold at its time: nothing takes it back. */
export const done = (evidence: string): CheckFound => found('done', evidence);
/** Holds so far. */
export const passing = (evidence: string): CheckFound => ({
  ...found('passing', evidence),
  provisional: true,
});
export const blocked = (block: NonNullable<WatchCheck['block']>, evidence: string): CheckFound => ({
  ...found('blocked', evidence),
  block,
});

function found(state: WatchCheck['state'], evidence: string | null): CheckFound {
  return { state, block: null, provisional: false, evidence };
}

/** What holds at its time is done with; before it, it only holds so far. */
export function holds(isDue: boolean, evidence: string): CheckFound {
  return isDue ? done(evidence) : passing(evidence);
}
