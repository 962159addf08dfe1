import type { CantTellReason, ClaimState } from '../model/claim.ts';
import { alignDown, BLOCK_MS, HOUR_MS } from '../time/range.ts';
import { formatClock } from '../units/clock.ts';
import { effectText } from '../units/format-claim.ts';
import { resolvePromise } from '../verdict/promise.ts';
import {
  blocked,
  type CheckedClaim,
  type CheckFacts,
  type CheckFound,
  done,
  failing,
  holds,
  waiting,
} from './check-types.ts';
import { firstReason } from './deploy-state.ts';
import { REASON_NAMES, STATE_NAMES } from './verdict-text.ts';

/** States that go, or went, the wrong way. */
const BAD: readonly ClaimState[] = ['failing', 'missed', 'worse', 'relapsed'];
const GOOD: readonly ClaimState[] = ['met', 'mostly_met', 'on_track'];
/** Claims that are named in one line of evidence. */
const MOST_NAMED = 3;
const MOST_TITLE = 60;

/** How a claim goes before anything can be told: by its alarm interval, never by its verdict. */
type Early = 'moving' | 'steady' | 'flat' | 'alarm' | 'early' | 'settling' | 'untold';

/**
 * Whether the claims begin to do what was promised, for checks that are due within the first hour: they move the right way,
 * and none raises an alarm.
 */
export function earlyCheck({ claims, asOfMs }: CheckFacts, dueMs: number): CheckFound {
  if (claims.length === 0 || asOfMs < dueMs) return waiting();
  const read = claims.map((claim) => ({ claim, early: earlyOf(claim) }));
  const those = (...kinds: readonly Early[]) => read.filter(({ early }) => kinds.includes(early));
  const words = (some: typeof read) =>
    some.slice(0, MOST_NAMED).map(({ claim, early }) => earlyWords(claim, early));
  const bad = those('alarm', 'flat');
  if (bad.length > 0) return failing(words(bad).join('; '));
  const good = those('moving', 'steady');
  const rest = those('early', 'settling').length;
  const untold = those('untold').map(({ claim }) => claim);
  const reason = happened(untold) ?? (good.length + rest === 0 ? firstReason(reasonsOf(untold)) : null);
  if (reason !== null) {
    return blocked(
      reason,
      [...words(good), `${untold.length} can’t be told: ${REASON_NAMES[reason]}`].join('; '),
    );
  }
  if (good.length === 0) return waiting('too early to see');
  return done([...words(good), ...(rest === 0 ? [] : [`${rest} too early to see`])].join('; '));
}

/** The same for a stage of a roll-out: an alarm at any look up to its time fails it at once. */
export function stageCheck(facts: CheckFacts, dueMs: number): CheckFound {
  const alarms = facts.claims.filter((claim) => earlyOf(claim) === 'alarm');
  if (alarms.length === 0) return earlyCheck(facts, dueMs);
  const words = alarms.slice(0, MOST_NAMED).map((claim) => earlyWords(claim, 'alarm'));
  return failing(`${words.join('; ')} at ${formatClock(Math.min(facts.asOfMs, dueMs))}`);
}

function earlyOf({ target, verdict: look }: CheckedClaim): Early {
  if (look.state === 'cant_tell') return 'untold';
  if (look.state === 'settling') return 'settling';
  if (BAD.includes(look.state)) return 'alarm';
  const promise = target === null ? null : (resolvePromise(target, look.before, true)?.promise ?? null);
  if (promise?.kind === 'guard') return 'steady';
  if (look.interval === null || promise === null) return GOOD.includes(look.state) ? 'moving' : 'early';
  const [low, high] = look.interval;
  const isDown = promise.kind === 'improve' ? promise.toward === 'down' : promise.ratio < 1;
  if (isDown ? low > 0 : high < 0) return 'alarm';
  if (isDown ? high < 0 : low > 0) return 'moving';
  if (promise.kind === 'improve') return 'early';
  // Neither a change nor none is ruled out yet.
  const promised = (promise.ratio - 1) * 100;
  return promised >= low && promised <= high ? 'early' : 'flat';
}

function earlyWords(claim: CheckedClaim, early: Early): string {
  const effect = effectText(claim.verdict);
  const going = early === 'flat' ? 'not moved' : early === 'alarm' ? 'goes the wrong way' : early;
  return `${shortTitle(claim)}: ${going}${effect === null ? '' : `, ${effect}`}`;
}

/** Where the claims stand at a time from 1 h on: none goes wrong, and what can be told is on track. */
export function standingCheck({ claims, asOfMs }: CheckFacts, dueMs: number): CheckFound {
  if (asOfMs < dueMs || claims.length === 0) return waiting();
  const bad = claims.filter(({ verdict: { state } }) => BAD.includes(state) || state === 'off_track');
  if (bad.length > 0) return failing(stateWords(bad));
  const good = claims.filter(({ verdict: { state } }) => GOOD.includes(state));
  const others = good.length === claims.length ? '' : `, ${otherWords(claims)}`;
  const words = `${good.length} of ${claims.length} on track or met${others}`;
  const reason = happened(claims) ?? (good.length === 0 ? firstReason(reasonsOf(claims)) : null);
  if (reason !== null) return blocked(reason, words);
  return good.length === 0 ? waiting(words) : done(words);
}

function reasonsOf(claims: readonly CheckedClaim[]): CantTellReason[] {
  return claims.flatMap(({ verdict }) => verdict.reason ?? []);
}

/** What came in between for some claims. That one was never measured was so from the beginning: it holds up no other. */
function happened(claims: readonly CheckedClaim[]): CantTellReason | null {
  return firstReason(
    reasonsOf(claims).filter((reason) => reason !== 'unmeasurable' && reason !== 'no_baseline'),
  );
}

/** Whether every claim has its final verdict, once the watch is over. */
export function finalCheck({ claims, asOfMs, watchEndMs }: CheckFacts): CheckFound {
  // The last block that is over ends up to 5 min before the watch does.
  if (asOfMs < alignDown(watchEndMs, BLOCK_MS) || claims.length === 0) return waiting();
  const broken = claims.filter(({ verdict }) => BAD.includes(verdict.state));
  if (broken.length > 0) return failing(stateWords(broken));
  const kept = claims.filter(({ verdict: { state } }) => state === 'met' || state === 'mostly_met').length;
  if (kept === claims.length) return done(`${kept} of ${claims.length} met`);
  const words = `${kept} of ${claims.length} met, ${otherWords(claims)}`;
  const reason = firstReason(reasonsOf(claims));
  return reason === null ? failing(words) : blocked(reason, words);
}

/** What a check of the summary says that asks for a claim: where the claim stands. */
export function followClaim(facts: CheckFacts, claim: CheckedClaim, dueMs: number): CheckFound {
  const { verdict } = claim;
  if (dueMs < facts.originMs + HOUR_MS) return earlyCheck({ ...facts, claims: [claim] }, dueMs);
  const words = [STATE_NAMES[verdict.state], effectText(verdict)].filter((part) => part !== null).join(', ');
  if (verdict.state === 'cant_tell') {
    const reason: CantTellReason = verdict.reason ?? 'no_data';
    return blocked(reason, `can’t be told: ${REASON_NAMES[reason]}`);
  }
  if (BAD.includes(verdict.state)) return failing(words);
  if (verdict.state === 'met' || verdict.state === 'mostly_met') return holds(!verdict.provisional, words);
  return waiting(words);
}

function stateWords(claims: readonly CheckedClaim[]): string {
  const words = claims.slice(0, MOST_NAMED).map((claim) => {
    const effect = effectText(claim.verdict);
    return `${shortTitle(claim)}: ${STATE_NAMES[claim.verdict.state]}${effect === null ? '' : `, ${effect}`}`;
  });
  const more = claims.length - MOST_NAMED;
  return [...words, ...(more > 0 ? [`${more} more`] : [])].join('; ');
}

/** `1 undecided, 2 can’t tell`: what is neither met nor on track. */
function otherWords(claims: readonly CheckedClaim[]): string {
  const counts = new Map<string, number>();
  for (const { verdict } of claims) {
    const name = STATE_NAMES[verdict.state];
    if (!GOOD.includes(verdict.state)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${count} ${name}`).join(', ');
}

function shortTitle({ title }: CheckedClaim): string {
  return title.length <= MOST_TITLE ? title : `${title.slice(0, MOST_TITLE - 1).trimEnd()}…`;
}
