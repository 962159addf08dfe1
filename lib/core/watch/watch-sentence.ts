import type { ClaimState, ClaimView } from '../model/claim.ts';
import type { SentenceView } from '../model/view.ts';
import type { WatchView } from '../model/watch.ts';
import { DAY_MS } from '../time/range.ts';
import { formatClock, formatStamp } from '../units/clock.ts';
import { REASON_NAMES, STATE_NAMES } from './verdict-text.ts';

const KEPT: readonly ClaimState[] = ['met', 'mostly_met'];

/**
 * Where a deploy stands, in one sentence, and what holds it back in another: `v1203: 3 of 5 promises met so far.` `2 can’t
 * be told since 20:34Z: Redis suspended by v1205.`
 */
export function watchSentence(view: WatchView): SentenceView {
  const { release, claims, state } = view;
  if (claims.length === 0) return { verdict: `${release} promises nothing that is watched.`, limit: null };
  const untold = untoldWords(view);
  switch (state) {
    case 'met':
      return {
        verdict: `${release} ${isOver(view) ? 'kept' : 'keeps'} ${allOf(claims.length)}${soFar(view)}.`,
        limit: until(view),
      };
    case 'mostly_met':
      return {
        verdict: `${release} ${isOver(view) ? 'kept' : 'keeps'} most of what it promised${soFar(view)}: ${metOf(view)}, ${count(
          view,
          'mostly_met',
        )} for the most part.`,
        limit: until(view),
      };
    case 'missed':
    case 'worse':
    case 'relapsed':
    case 'failing':
      return { verdict: `${release} ${badWords(view)}`, limit: join([othersOf(view), untold]) };
    case 'off_track':
    case 'undecided':
    case 'on_track':
      return { verdict: `${release} ${openWords(view)}`, limit: join([untold, decidableWords(view)]) };
    case 'settling':
      return {
        verdict: `${release} is settling: nothing can be told yet.`,
        limit: decidableWords(view),
      };
    case 'cant_tell':
      return count(view, 'cant_tell') === claims.length
        ? { verdict: `Nobody can tell whether ${release} kept ${itsWords(claims.length)}.`, limit: untold }
        : { verdict: `${release}: ${metOf(view)}${soFar(view)}.`, limit: join([untold, openTally(view)]) };
    default:
      return state satisfies never;
  }
}

function isOver({ nowMs, endMs }: WatchView): boolean {
  return nowMs >= endMs;
}

function soFar(view: WatchView): string {
  return isOver(view) ? '' : ' so far';
}

function until(view: WatchView): string | null {
  if (!view.provisional) return null;
  return isOver(view)
    ? 'It stays provisional: something could not be looked at.'
    : `That is provisional until ${timeWords(view.endMs, view)}.`;
}

/** A time of day; with its date where it is not the day that is looked at. */
function timeWords(atMs: number, { nowMs }: Pick<WatchView, 'nowMs'>): string {
  const isNear = Math.floor(atMs / DAY_MS) === Math.floor(nowMs / DAY_MS);
  return isNear ? formatClock(atMs) : formatStamp(atMs);
}

function count(view: WatchView, ...states: readonly ClaimState[]): number {
  return states.reduce((sum, state) => sum + view.counts[state], 0);
}

function allOf(claims: number): string {
  return claims === 1 ? 'its promise' : `all ${claims} promises`;
}

function itsWords(claims: number): string {
  return claims === 1 ? 'its promise' : `its ${claims} promises`;
}

function metOf(view: WatchView): string {
  const { length } = view.claims;
  const met = count(view, 'met');
  return length === 1
    ? `its promise is ${met === 1 ? '' : 'not '}met`
    : `${met === 0 ? 'none' : met} of ${length} promises met`;
}

/** `3 of 5`, or `its promise`. */
function partOf(part: number, view: WatchView): string {
  return view.claims.length === 1 ? 'its promise' : `${part} of ${view.claims.length} promises`;
}

function titlesOf(view: WatchView, states: readonly ClaimState[]): string {
  const titles = view.claims.filter(({ state }) => states.includes(state)).map(({ title }) => title);
  const [first = ''] = titles;
  return titles.length > 1 ? `${first}, and ${titles.length - 1} more` : first;
}

function badWords(view: WatchView): string {
  const { state } = view;
  const part = (...states: readonly ClaimState[]) => partOf(count(view, ...states), view);
  switch (state) {
    case 'missed':
      return `did not keep ${part('missed')}: ${titlesOf(view, ['missed'])}.`;
    case 'worse':
      return `went the wrong way on ${part('worse')}: ${titlesOf(view, ['worse'])}.`;
    case 'relapsed':
      return `kept ${part('relapsed')} and lost ${count(view, 'relapsed') === 1 ? 'it' : 'them'} again: ${titlesOf(view, ['relapsed'])}.`;
    default: {
      const bad = ['failing', 'missed', 'worse'] as const;
      return `goes the wrong way on ${part(...bad)}: ${titlesOf(view, bad)}.`;
    }
  }
}

function openWords(view: WatchView): string {
  const met = count(view, ...KEPT);
  const tail = met === 0 ? 'nothing is proven yet' : `${met} of ${view.claims.length} met so far`;
  switch (view.state) {
    case 'off_track':
      return `is off track with ${partOf(count(view, 'off_track'), view)}: ${titlesOf(view, ['off_track'])}.`;
    case 'undecided':
      return isOver(view)
        ? `could not be decided on ${partOf(count(view, 'undecided'), view)} in its watch.`
        : `is undecided on ${partOf(count(view, 'undecided'), view)}; ${tail}.`;
    default:
      return `is on track; ${tail}.`;
  }
}

/** `2 can’t be told since 20:34Z: Redis suspended by v1205.` */
function untoldWords(view: WatchView): string | null {
  const untold = view.claims.filter(({ state }) => state === 'cant_tell');
  if (untold.length === 0) return null;
  const own = untold.filter(({ reason }) => reason === view.reason);
  const [first] = own.length > 0 ? own : untold;
  const { reason, sinceMs } = first ?? { reason: null, sinceMs: null };
  const since = sinceMs === null || reason === 'unmeasurable' ? '' : ` since ${timeWords(sinceMs, view)}`;
  const whole = untold.length === view.claims.length;
  const lead = whole
    ? since === ''
      ? 'It can’t be told'
      : `It can’t be told${since}`
    : `${untold.length} can’t be told${since}`;
  return `${lead}: ${reasonWords(reason, view)}.`;
}

function reasonWords(reason: ClaimView['reason'], { interruption }: WatchView): string {
  if (reason === 'redis_suspended' && interruption !== null)
    return `Redis suspended by ${interruption.release}`;
  if (reason === 'interrupted' && interruption !== null) return `${interruption.release} came in between`;
  return reason === null ? 'nothing measures it' : REASON_NAMES[reason];
}

function othersOf(view: WatchView): string | null {
  const met = count(view, ...KEPT);
  return met === 0 ? null : `${met} of ${view.claims.length} met${soFar(view)}.`;
}

/** What is still open beside what can’t be told: `1 on track.` */
function openTally(view: WatchView): string | null {
  const states = ['off_track', 'undecided', 'on_track', 'settling'] as const;
  const parts = states.flatMap((state) =>
    view.counts[state] === 0 ? [] : [`${view.counts[state]} ${STATE_NAMES[state]}`],
  );
  return parts.length === 0 ? null : `${parts.join(', ')}.`;
}

function decidableWords(view: WatchView): string | null {
  if (view.decidable === null || isOver(view)) return null;
  const { what, byMs, condition } = view.decidable;
  return `${what} can be told by ${timeWords(byMs, view)}${condition === null ? '' : `, ${condition}`}.`;
}

function join(parts: readonly (string | null)[]): string | null {
  return parts.filter((part) => part !== null).join(' ') || null;
}
