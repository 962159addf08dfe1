import type { CantTellReason, ClaimState } from '../model/claim.ts';
import { CLAIM_STATES } from '../model/claim.ts';
import type { WatchRecord } from '../model/verdict.ts';
import { formatStamp } from '../units/clock.ts';

/** A verdict as much of it as words need. */
export type Standing = Pick<WatchRecord, 'state' | 'provisional' | 'reason'>;

/** States in the middle of a sentence, for everything that leaves the product as text. */
export const STATE_NAMES: Readonly<Record<ClaimState, string>> = {
  settling: 'settling',
  on_track: 'on track',
  off_track: 'off track',
  undecided: 'undecided',
  met: 'met',
  mostly_met: 'mostly met',
  failing: 'failing',
  missed: 'missed',
  worse: 'worse',
  relapsed: 'relapsed',
  cant_tell: 'can’t tell',
};

/** Why nobody can tell, as the rest of a sentence. */
export const REASON_NAMES: Readonly<Record<CantTellReason, string>> = {
  no_data: 'no data',
  no_baseline: 'no baseline',
  source_down: 'source down',
  redis_suspended: 'redis suspended',
  limiter_off: 'limiter off',
  traffic_lost: 'traffic lost',
  machines_not_converged: 'machines not converged',
  interrupted: 'interrupted by another deploy',
  unmeasurable: 'no source measures it',
};

/** Verdicts that others are told of. The rest are on their way to one. */
const DECIDED: ReadonlySet<ClaimState> = new Set([
  'met',
  'mostly_met',
  'missed',
  'worse',
  'relapsed',
  'cant_tell',
]);
/** What ends a wait: kept, or not kept. */
const KEPT: ReadonlySet<ClaimState> = new Set(['met', 'mostly_met']);
const BROKEN: ReadonlySet<ClaimState> = new Set(['missed', 'worse', 'failing', 'relapsed']);
/** In a count of claims these come first. */
const FIRST: readonly ClaimState[] = ['met', 'mostly_met', 'missed', 'worse', 'relapsed', 'failing'];

/** True for a verdict that others are told of; `provisional` may still take it back. */
export function isDecided(state: ClaimState): boolean {
  return DECIDED.has(state);
}

/** Whether promises are kept (`kept`), are not (`broken`), or nobody knows yet (null). */
export function outcomeOf(state: ClaimState | null): 'kept' | 'broken' | null {
  if (state === null) return null;
  if (KEPT.has(state)) return 'kept';
  return BROKEN.has(state) ? 'broken' : null;
}

/** `met, provisional`, `can’t tell: redis suspended`. */
export function standingText({ state, provisional, reason }: Standing): string {
  const name = STATE_NAMES[state];
  if (reason !== null) return `${name}: ${REASON_NAMES[reason]}`;
  return provisional && DECIDED.has(state) ? `${name}, provisional` : name;
}

/** `2 met, 1 on track`: how many stand where, the decided ones first. Empty without any. */
export function tallyText(states: readonly ClaimState[]): string {
  const order = [...FIRST, ...CLAIM_STATES.filter((state) => !FIRST.includes(state))];
  return order
    .flatMap((state) => {
      const count = states.filter((one) => one === state).length;
      return count === 0 ? [] : [`${count} ${STATE_NAMES[state]}`];
    })
    .join(', ');
}

export interface SentenceFacts extends Standing {
  release: string;
  /** Of every claim that counts. */
  claims: readonly ClaimState[];
  endMs: number;
  closed: boolean;
  override: { state: ClaimState; by: string } | null;
}

/** The verdict on a deploy in one or two plain sentences. */
export function verdictSentence(facts: SentenceFacts): string {
  const { claims, override } = facts;
  const tally = tallyText(claims);
  const of = claims.length === 1 ? 'its one claim' : `its ${claims.length} claims`;
  const machine = [lead(facts), ...(tally === '' ? [] : [`Of ${of}: ${tally}.`])].join(' ');
  if (override === null) return machine;
  return `${override.by} calls it ${STATE_NAMES[override.state]}. Measured: ${machine}`;
}

function lead({ release, state, provisional, reason, endMs, closed }: SentenceFacts): string {
  const until = closed || !provisional ? '' : ` That may change until ${formatStamp(endMs)}.`;
  switch (state) {
    case 'met':
      return closed && !provisional
        ? `${release} did what it promised.`
        : `${release} does what it promised so far.${until}`;
    case 'mostly_met':
      return closed && !provisional
        ? `${release} did most of what it promised.`
        : `${release} does most of what it promised so far.${until}`;
    case 'missed':
      return `${release} did not do what it promised.`;
    case 'worse':
      return `${release} made worse what it promised to mend.`;
    case 'relapsed':
      return `${release} did what it promised, and then lost it again.`;
    case 'failing':
      return `${release} goes the wrong way.`;
    case 'on_track':
      return `${release} is on track, and nothing is proven yet.`;
    case 'off_track':
      return `${release} is off track, and nothing is proven yet.`;
    case 'undecided':
      return closed
        ? `${release} could not be decided in its watch.`
        : `${release} is undecided, and may stay so until its watch ends.`;
    case 'settling':
      return `${release} is settling: nothing can be told yet.`;
    case 'cant_tell':
      return `Nobody can tell whether ${release} did what it promised${
        reason === null ? '' : `: ${REASON_NAMES[reason]}`
      }.`;
    default:
      return state satisfies never;
  }
}
