import type { ClaimState } from '../model/claim.ts';
import type { ClaimLook, HeldState } from '../model/verdict.ts';
import { BLOCK_MS } from '../time/range.ts';
import type { RouteLook } from './route-look.ts';
import { type Freeze, frozenSinceMs } from './spans.ts';
import { levelAt } from './verdict-numbers.ts';
import type { Watched } from './watched.ts';

/** States that say how it came out, for now or for good. */
const DECIDED: ReadonlySet<ClaimState> = new Set(['met', 'mostly_met', 'missed', 'worse', 'relapsed']);

export function isDecided(state: ClaimState): boolean {
  return DECIDED.has(state);
}

/** Where a claim stands when so many blocks are over. */
export interface Standing {
  state: ClaimState;
  provisional: boolean;
  /** Why it cannot be told; null where it can. */
  freeze: Freeze | null;
  /** The last look that was taken by then; null while settling. */
  look: RouteLook | null;
  sinceMs: number | null;
}

/** The standing when `atBlocks` blocks are over: that of the last look, unless a guard froze it. */
export function standingAt(watched: Watched, atBlocks: number): Standing {
  const look = lookAt(watched, atBlocks);
  const freeze = look !== null && isSettled(look) ? null : freezeAt(watched, atBlocks);
  const { input } = watched;
  if (freeze !== null) {
    const provisional = !freeze.final && !(watched.isOver && atBlocks === watched.atBlocks);
    return { state: 'cant_tell', provisional, freeze, look, sinceMs: freeze.fromMs };
  }
  if (look === null) return { state: 'settling', provisional: true, freeze, look, sinceMs: null };
  return {
    state: look.state,
    provisional: look.isProvisional || input.caps.length > 0 || input.backfilledStepMs !== null,
    freeze,
    look,
    sinceMs: look.sinceBlocks === null ? null : watched.startMs + look.sinceBlocks * BLOCK_MS,
  };
}

/** A verdict that was lost for good before the guard: what comes later does not undo it. */
function isSettled({ state }: RouteLook): boolean {
  return state === 'missed' || state === 'worse';
}

function lookAt({ route, atBlocks: now }: Watched, atBlocks: number): RouteLook | null {
  const look =
    atBlocks === now && route.end !== null
      ? route.end
      : (route.looks.findLast((each) => each.atBlocks <= atBlocks) ?? null);
  if (look === null || route.kind === 'stated' || route.kind === 'none') return look;
  // What was there before the deploy is kept, and still no change that anybody could show.
  const isKept = look.state === 'met' || look.state === 'mostly_met';
  return isKept && route.resolved.alreadyThere ? { ...look, state: 'on_track' } : look;
}

function freezeAt({ plan, route, input }: Watched, atBlocks: number): Freeze | null {
  const freeze = plan.freezes[atBlocks] ?? null;
  if (freeze !== null || route.kind !== 'none') return freeze;
  return { reason: route.reason, fromMs: input.originMs, final: true, evidence: null };
}

/** What stood before a guard froze the claim; null where none did, or nothing stood yet. */
export function heldAt(watched: Watched, { freeze, look }: Standing): HeldState | null {
  const untilMs = frozenSinceMs(watched.plan, watched.atBlocks);
  if (freeze === null || look === null || untilMs === null) return null;
  return {
    state: look.state,
    provisional: look.isProvisional,
    sinceMs: look.sinceBlocks === null ? null : watched.startMs + look.sinceBlocks * BLOCK_MS,
    untilMs,
    effectPct: look.effectPct,
    interval: look.interval,
    after: levelAt(watched.blocks, look.atBlocks),
  };
}

/** The claim as it stood at the end of a block. */
export function claimLook(watched: Watched, atBlocks: number): ClaimLook {
  const { state, provisional, freeze, look } = standingAt(watched, atBlocks);
  return {
    atMs: watched.startMs + atBlocks * BLOCK_MS,
    state,
    provisional,
    reason: freeze?.reason ?? null,
    effectPct: freeze === null ? (look?.effectPct ?? null) : null,
    interval: freeze === null ? (look?.interval ?? null) : null,
  };
}
