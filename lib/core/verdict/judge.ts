import type { ClaimVerdict } from '../model/verdict.ts';
import type { JudgeInput, Judgement } from './judge-types.ts';
import { blankVerdict, verdictOf } from './judge-verdict.ts';
import { claimLook } from './timeline.ts';
import { layOut } from './watched.ts';

/**
 * The verdict on a claim from its blocks, its guard spans and nothing else (method 3): all looks are walked anew from T₀,
 * so that the same blocks always give the same verdict. With `looks` also what it would have been at the end of each
 * block. Pure.
 */
export function judgeClaim(input: JudgeInput, { looks = false }: { looks?: boolean } = {}): Judgement {
  const watched = layOut(input);
  return {
    verdict: verdictOf(watched),
    looks: looks ? Array.from({ length: watched.atBlocks }, (_, i) => claimLook(watched, i + 1)) : [],
  };
}

/** The verdict on a claim that nothing measures; `why` names what is missing. */
export function unmeasurable(why: string): ClaimVerdict {
  return { ...blankVerdict(), state: 'cant_tell', provisional: false, reason: 'unmeasurable', why };
}
