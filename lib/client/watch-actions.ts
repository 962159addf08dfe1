import { doFollowUp, overrideVerdict, signCheck, unsignCheck } from '@/lib/actions/watch.ts';
import type { ClaimState } from '@/lib/core/model/claim.ts';
import type { ActionResult } from '@/lib/core/model/view.ts';

/** Who does it, as they call themselves. */
interface By {
  deployId: string;
  by: string;
}
type Answer = Promise<ActionResult<{ deployId: string }>>;

/** What a person may do to a watch; passed in, so that a test can answer in the server's place. */
export interface WatchWrites {
  signCheck: (input: By & { checkId: string; note: string | null }) => Answer;
  unsignCheck: (input: By & { checkId: string }) => Answer;
  /** Null withdraws it. */
  overrideVerdict: (input: By & { verdict: { state: ClaimState; reason: string } | null }) => Answer;
  doFollowUp: (input: By & { followUpId: string; done: boolean; owner: string | null }) => Answer;
}

/** The real server actions behind a watch. */
export const watchActions: WatchWrites = { signCheck, unsignCheck, overrideVerdict, doFollowUp };
