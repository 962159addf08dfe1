import { INCIDENT_LIMITS } from '../model/incident.ts';
import type { ClaimVerdict, WatchRecord } from '../model/verdict.ts';
import { REASONS } from './verdict-entries.ts';

/** States of a deploy that an incident may be opened from, those that people should look at first. */
export const BAD_STATES = ['worse', 'missed', 'failing', 'relapsed', 'cant_tell'] as const;
export type BadState = (typeof BAD_STATES)[number];

export function isBadState(state: WatchRecord['state']): state is BadState {
  return BAD_STATES.some((bad) => bad === state);
}

/** A claim of a deploy, in its author’s words, with its verdict. */
export interface TitledClaim {
  text: string;
  verdict: Pick<ClaimVerdict, 'state' | 'reason' | 'effectPct' | 'interval' | 'held'>;
}

/** A change smaller than this, in percent, is none worth a word. */
const NO_CHANGE_PCT = 5;
const FALLS = /^(.{2,80}?)\s+(?:should |will |must )?(?:falls?|drops?|decreases?|shrinks?|goes? down)\b/i;
const RISES = /^(.{2,80}?)\s+(?:should |will |must )?(?:rises?|increases?|grows?|goes? up)\b/i;

/**
 * What an incident is called that is opened from a verdict: `Redis GETs did not fall after v1203`. It says what was
 * measured and no more; where nobody can tell, it says that.
 */
export function verdictTitle(
  release: string,
  state: BadState,
  reason: WatchRecord['reason'],
  claims: readonly TitledClaim[],
): string {
  const [worst] = [...claims].sort((a, b) => rankOf(a) - rankOf(b) || shortfallOf(b) - shortfallOf(a));
  const told = worst === undefined || rankOf(worst) >= UNTOLD ? null : changeTitle(release, worst);
  return (told ?? otherTitle(release, state, reason, worst)).slice(0, INCIDENT_LIMITS.titleChars);
}

const UNTOLD = 5;

/** What it was until a guard froze it counts too: it was told then. */
function rankOf({ verdict: { state, held } }: TitledClaim): number {
  switch (state) {
    case 'worse':
    case 'missed':
    case 'failing':
    case 'relapsed':
      return BAD_STATES.indexOf(state);
    case 'off_track':
      return UNTOLD - 1;
    case 'cant_tell':
      return held !== null && (isBadState(held.state) || held.state === 'off_track') ? UNTOLD - 1 : UNTOLD;
    default:
      return UNTOLD + 1;
  }
}

/** How far it went the wrong way, or not the right one, in percent; what names no way comes last. */
function shortfallOf({ text, verdict: { effectPct, held } }: TitledClaim): number {
  const effect = effectPct ?? held?.effectPct ?? null;
  if (effect === null) return Number.NEGATIVE_INFINITY;
  if (FALLS.test(text)) return effect;
  return RISES.test(text) ? -effect : Number.NEGATIVE_INFINITY;
}

function changeTitle(release: string, { text, verdict }: TitledClaim): string | null {
  const effectPct = verdict.effectPct ?? verdict.held?.effectPct ?? null;
  const [down, up] = [FALLS.exec(text)?.[1], RISES.exec(text)?.[1]];
  const subject = down ?? up;
  // “Must not rise” is no promise to rise.
  if (effectPct === null || subject === undefined || /\b(?:not|never|no)$/i.test(subject)) return null;
  const isAsPromised = down === undefined ? effectPct > NO_CHANGE_PCT : effectPct < -NO_CHANGE_PCT;
  const isContrary = down === undefined ? effectPct < -NO_CHANGE_PCT : effectPct > NO_CHANGE_PCT;
  if (isContrary) return `${subject} ${down === undefined ? 'fell' : 'rose'} after ${release}`;
  if (isAsPromised) return `${subject} ${down === undefined ? 'rose' : 'fell'} too little after ${release}`;
  return `${subject} did not ${down === undefined ? 'rise' : 'fall'} after ${release}`;
}

function otherTitle(
  release: string,
  state: BadState,
  reason: WatchRecord['reason'],
  worst: TitledClaim | undefined,
): string {
  if (state === 'cant_tell')
    return `Nobody can tell what ${release} did${reason === null ? '' : `: ${REASONS[reason]}`}`;
  return worst === undefined
    ? `${release} did not keep what it promised`
    : `Not kept by ${release}: ${worst.text}`;
}
