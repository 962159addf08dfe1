import type { CantTellReason, ClaimState } from '../model/claim.ts';
import type { HeldState } from '../model/verdict.ts';
import { formatDuration } from '../units/duration.ts';
import { levelText, lowerFirst, upperFirst } from './why-words.ts';

/** Why nobody can tell, with what stood before. `evidence`: what a guard saw, a plain clause. */
export function tellCantTell(
  reason: CantTellReason,
  { evidence, held, originMs }: { evidence: string | null; held: HeldState | null; originMs: number },
): string {
  const because =
    evidence === null ? REASONS[reason] : `${upperFirst(evidence)}: ${lowerFirst(REASONS[reason])}`;
  if (held === null) return because;
  const after = formatDuration(held.untilMs - originMs);
  const effect = held.effectPct === null ? '' : `, ${levelText(held.effectPct)}`;
  return `${HELD[held.state]} after ${after}${effect}. ${because}`;
}

const REASONS: Record<CantTellReason, string> = {
  no_data: 'No numbers came for 15 min or more, and silence is neither a pass nor a fail.',
  no_baseline:
    'Nothing comparable was measured before the deploy, so there is nothing to hold it against; a first watch is no pass.',
  source_down: 'The source gives no numbers, so nothing can be told until it does.',
  redis_suspended: 'What is measured since then is the suspension, not the deploy.',
  limiter_off: 'Nothing was limited, so few rejections prove nothing.',
  traffic_lost: 'With so much less traffic a fall proves nothing.',
  machines_not_converged: 'As long as not every machine runs the release, the numbers are of two versions.',
  interrupted: 'What is measured since then is the work of both deploys.',
  unmeasurable: 'Nothing measures it.',
};

const HELD: Record<ClaimState, string> = {
  settling: 'It had not settled',
  on_track: 'It was on track',
  off_track: 'It was off track',
  undecided: 'It was undecided',
  met: 'It was met so far',
  mostly_met: 'It was mostly met so far',
  failing: 'It was failing',
  missed: 'It was missed',
  worse: 'It was worse',
  relapsed: 'It had relapsed',
  cant_tell: 'It could not be told',
};

/** The state of a promised level that has no history. */
export function tellStated(state: 'settling' | 'on_track' | 'off_track', isMeasuredZero: boolean): string {
  if (state === 'settling') {
    return 'Too early to tell: it settles first, and the first look follows 15 min later.';
  }
  const where =
    state === 'on_track' ? 'It is where it was promised to be' : 'It is not where it was promised to be';
  return isMeasuredZero
    ? `${where}. Before the deploy it was 0 all the time, so this is a tendency and no verdict.`
    : `${where}. Nobody measured the time before the deploy, so this is a tendency and no verdict.`;
}
