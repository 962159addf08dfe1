import type { CheckBlock, CheckState } from '@/lib/core/model/check.ts';
import type { CantTellReason, ClaimCounts, ClaimState, ClaimView } from '@/lib/core/model/claim.ts';
import { CLAIM_STATES } from '@/lib/core/model/claim.ts';
import type { MarkKind } from '@/lib/core/model/view.ts';
import type { WatchView } from '@/lib/core/model/watch.ts';
import { formatClock, formatSinceOrigin } from '@/lib/core/units/clock.ts';
import { NBSP } from '@/lib/core/units/decimal.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import type { GlyphName } from '../ui/glyph.tsx';
import type { StateWords } from './words.ts';

/** How each state of a claim is shown once it is final; `met` has an outline while it is provisional. */
export const CLAIM_WORDS: Record<ClaimState, StateWords> = {
  settling: { glyph: 'starting', word: 'Settling' },
  on_track: { glyph: 'track', word: 'On track' },
  off_track: { glyph: 'warn_outline', word: 'Off track' },
  undecided: { glyph: 'undecided', word: 'Undecided' },
  met: { glyph: 'good', word: 'Met' },
  mostly_met: { glyph: 'mostly', word: 'Mostly met' },
  failing: { glyph: 'bad_outline', word: 'Failing' },
  missed: { glyph: 'bad', word: 'Missed' },
  worse: { glyph: 'worse', word: 'Worse' },
  relapsed: { glyph: 'relapsed', word: 'Relapsed' },
  cant_tell: { glyph: 'unknown', word: 'Can’t tell' },
};

/** Why nobody can tell, in lower case beside the state. */
export const REASON_WORDS: Record<CantTellReason, string> = {
  no_data: 'no data',
  no_baseline: 'no baseline',
  source_down: 'source down',
  redis_suspended: 'redis suspended',
  limiter_off: 'limiter off',
  traffic_lost: 'traffic lost',
  machines_not_converged: 'machines not converged',
  interrupted: 'interrupted',
  unmeasurable: 'no source measures it',
};

/** How each state of a check is shown; `done` is a pass that no later look takes back. */
export const CHECK_WORDS: Record<CheckState, StateWords> = {
  waiting: { glyph: 'idle', word: 'Waiting' },
  passing: { glyph: 'good_outline', word: 'Passing' },
  failing: { glyph: 'warn', word: 'Failing' },
  done: { glyph: 'good', word: 'Done' },
  blocked: { glyph: 'unknown', word: 'Blocked' },
};

/** Why a check cannot be looked at. */
export const BLOCK_WORDS: Record<CheckBlock, string> = {
  ...REASON_WORDS,
  no_demand: 'no demand reached the limit',
};

/** The glyph of each kind of change. */
export const MARK_GLYPHS: Record<MarkKind, GlyphName> = {
  code: 'mark',
  config: 'mark',
  secret: 'mark',
  scale: 'mark',
  suspend: 'paused',
  resume: 'runs',
};

/** What the state of a claim or of a whole watch is called, with what goes beside it. */
export function claimWords(
  claim: Pick<ClaimView, 'state' | 'provisional' | 'reason'> &
    Partial<Pick<ClaimView, 'sinceMs' | 'provenShare'>>,
  zone: Zone = 'UTC',
): StateWords {
  const words = CLAIM_WORDS[claim.state];
  const glyph = claim.state === 'met' && claim.provisional ? 'good_outline' : words.glyph;
  const detail = claimDetail(claim, zone);
  return { ...words, glyph, ...(detail === null ? {} : { detail }) };
}

function claimDetail(claim: Parameters<typeof claimWords>[0], zone: Zone): string | null {
  if (claim.reason !== null) return REASON_WORDS[claim.reason];
  if (claim.state === 'relapsed' && claim.sinceMs != null) return formatClock(claim.sinceMs, 'minutes', zone);
  if (claim.state === 'mostly_met' && claim.provenShare != null)
    return `${Math.floor(claim.provenShare * 100)}${NBSP}%`;
  return isProvisional(claim) ? 'provisional' : null;
}

/** States that say that something is proven; of the others everybody knows that they may change. */
const PROVEN: readonly ClaimState[] = ['met', 'mostly_met', 'missed', 'worse', 'relapsed'];

/** True for a verdict that may still be lost. */
export function isProvisional({ state, provisional }: Pick<ClaimView, 'state' | 'provisional'>): boolean {
  return provisional && PROVEN.includes(state);
}

/** What a check is called, with its reason when it is blocked. */
export function checkWords(check: {
  state: CheckState;
  block: CheckBlock | null;
  provisional: boolean;
}): StateWords {
  const words = CHECK_WORDS[check.state];
  if (check.block === null) return words;
  const glyph = check.block === 'redis_suspended' ? 'paused' : words.glyph;
  return { ...words, glyph, detail: BLOCK_WORDS[check.block] };
}

/** `1 met so far, 3 on track, 1 undecided`: how the claims stand, the decided ones first. */
export function tallyWords(counts: ClaimCounts, isOver: boolean): string {
  const decided: ClaimState[] = ['met', 'mostly_met', 'missed', 'worse', 'relapsed'];
  const order = [...decided, ...CLAIM_STATES.filter((state) => !decided.includes(state))];
  return order
    .flatMap((state) => {
      if (counts[state] === 0) return [];
      const soFar = state === 'met' && !isOver ? ' so far' : '';
      return [`${counts[state]} ${CLAIM_WORDS[state].word.toLowerCase()}${soFar}`];
    })
    .join(', ');
}

const SMALL_NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** `five things`, `one thing`, `14 things`. */
export function thingsWords(count: number): string {
  return `${SMALL_NUMBERS[count] ?? count} ${count === 1 ? 'thing' : 'things'}`;
}

/** The running watch as the header's chip says it: `v1206`, `T+02:40 / 24:00`, `on track`. */
export function watchChipWords(watch: WatchView): {
  release: string;
  tPlus: string;
  word: string;
  glyph: GlyphName;
} {
  const { originMs, nowMs, endMs, release } = watch;
  const { glyph, word } = claimWords(watch);
  const total = formatSinceOrigin(endMs, originMs).replace('T+', '');
  const lower = `${word.charAt(0).toLowerCase()}${word.slice(1)}`;
  return {
    release,
    tPlus: `${formatSinceOrigin(Math.min(nowMs, endMs), originMs)} / ${total}`,
    // The reason is on the page; a header has no room for it.
    word: isProvisional(watch) ? `${lower}, provisional` : lower,
    glyph,
  };
}
