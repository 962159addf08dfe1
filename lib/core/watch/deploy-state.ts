import { CANT_TELL_REASONS, type CantTellReason, type ClaimState } from '../model/claim.ts';
import type { ClaimVerdict, WatchRecord } from '../model/verdict.ts';
import type { ClaimTarget } from '../verdict/judge-types.ts';
import { areAnyProven } from './proven.ts';

export { followUpsOf } from './follow-ups.ts';
export { watchSentence } from './watch-sentence.ts';

/** A claim of a deploy as the whole is made of it. */
export interface StandingClaim {
  verdict: Pick<
    ClaimVerdict,
    'state' | 'provisional' | 'reason' | 'effectPct' | 'interval' | 'before' | 'baseline'
  >;
  /** What it promises; null where that could not be read. */
  target: ClaimTarget | null;
}

/** Where a deploy as a whole stands. */
export type DeployStanding = Pick<WatchRecord, 'state' | 'provisional' | 'reason'>;

/** On their way, the one that is named first. */
const OPEN_ORDER = [
  'off_track',
  'undecided',
  'on_track',
  'settling',
] as const satisfies readonly ClaimState[];

/**
 * Where a deploy stands by its claims: missed or worse when one is, met when every one is. While the watch runs, one claim
 * of many that looks missed must be so beyond what the number of claims makes likely (Holm); until then the deploy is
 * failing. A claim that nobody can tell keeps the whole from being told, unless another one failed.
 */
export function deployState(claims: readonly StandingClaim[], isOver: boolean): DeployStanding {
  const verdicts = claims.map(({ verdict }) => verdict);
  const having = (state: ClaimState) => verdicts.filter((one) => one.state === state);
  const failed = claims.filter(({ verdict: { state } }) => state === 'worse' || state === 'missed');
  if (failed.length > 0 && (isOver || areAnyProven(failed, claims.length))) {
    const isProvisional = failed.every(({ verdict }) => verdict.provisional);
    return told(having('worse').length > 0 ? 'worse' : 'missed', isProvisional);
  }
  if (having('relapsed').length > 0) return told('relapsed', !isOver);
  if (failed.length > 0 || having('failing').length > 0) return told('failing', !isOver);
  const untold = having('cant_tell');
  const open = OPEN_ORDER.find((state) => having(state).length > 0);
  const reason = firstReason(untold.flatMap(({ reason: one }) => one ?? []));
  // What no source measures was so from the beginning: it does not hide how the others go on.
  const isHidden = reason === 'unmeasurable' && open !== undefined;
  // What ended the watch of every claim ended that of the deploy.
  const mayChange = !isOver && verdicts.some(({ provisional }) => provisional);
  if (reason !== null && !isHidden) return { state: 'cant_tell', provisional: mayChange, reason };
  if (open !== undefined) {
    const isAllSettling = verdicts.every(({ state }) => state === 'settling' || state === 'cant_tell');
    return told(open === 'settling' && !isAllSettling ? 'on_track' : open, true);
  }
  if (verdicts.length === 0) return told('settling', true);
  const isProvisional = verdicts.some(({ provisional }) => provisional);
  return told(having('mostly_met').length > 0 ? 'mostly_met' : 'met', isProvisional);
}

function told(state: ClaimState, provisional: boolean): DeployStanding {
  return { state, provisional, reason: null };
}

/** The reason that is named where there are several. */
export function firstReason(reasons: readonly CantTellReason[]): CantTellReason | null {
  return CANT_TELL_REASONS.find((reason) => reasons.includes(reason)) ?? null;
}
