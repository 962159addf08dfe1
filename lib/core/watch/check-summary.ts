import type { ParsedCheck } from '../claims/document.ts';
import { dueOf, findWhen } from '../claims/due.ts';
import type { WatchCheck } from '../model/verdict.ts';
import { HOUR_MS } from '../time/range.ts';
import { followClaim } from './check-claims.ts';
import { limiterCheck } from './check-limiter.ts';
import { type CheckFacts, type CheckFound, waiting } from './check-types.ts';

/** `Rate limiting must still enforce`: the product looks at that itself. */
const LIMITER = /\brate[- ]?limit\w*|\blimiters?\b|\blimits? (?:are )?still\b/i;
const ENFORCES = /\benforc\w*|\bstill works?\b|\bworks? correctly\b|\bstill (?:hold|limit)\w*/i;

/**
 * The checks that a summary asks for. One that asks for a claim follows it, whatever the author ticked; what nothing here can
 * look at waits for a person. Without a time of its own a check is due at the end of the watch.
 */
export function summaryChecks(
  checks: readonly ParsedCheck[],
  facts: CheckFacts,
  kept: readonly WatchCheck[],
): WatchCheck[] {
  return checks.map((check, i): WatchCheck => {
    const dueMs = dueAfter(check.text, facts);
    // A look of the first hour is at one moment: what was seen then stays.
    const seen = kept.find((one) => one.title === check.text && one.automatic && isSeen(one));
    if (dueMs < HOUR_MS && seen !== undefined) return { ...seen, id: `s${i + 1}`, dueMs, signed: null };
    const claim = facts.claims.find(({ id }) => id === check.claimId);
    const atMs = facts.originMs + dueMs;
    const asksLimiter = LIMITER.test(check.text) && ENFORCES.test(check.text);
    const found: CheckFound | null =
      claim !== undefined
        ? followClaim(facts, claim, atMs)
        : asksLimiter && facts.limiter !== null
          ? limiterCheck(facts, atMs)
          : null;
    return {
      id: `s${i + 1}`,
      title: check.text,
      dueMs,
      automatic: found !== null,
      signed: null,
      ...(found ?? byHand(check)),
    };
  });
}

/** True once a look at one moment has shown something; what could not be looked at then may be a little later. */
export function isSeen({ state }: Pick<WatchCheck, 'state'>): boolean {
  return state === 'done' || state === 'failing';
}

function byHand({ state }: ParsedCheck): CheckFound {
  return state === 'done'
    ? { state: 'done', block: null, provisional: false, evidence: 'ticked in the summary' }
    : waiting();
}

/** `within 15 minutes`: after T₀, ms, never beyond the end of the watch. */
function dueAfter(text: string, { originMs, watchEndMs }: CheckFacts): number {
  const lengthMs = watchEndMs - originMs;
  const when = findWhen(text);
  const due = when === null ? null : dueOf(when, new Date(originMs).toISOString());
  const ms = due === null || !due.includes('T') ? Number.NaN : Date.parse(due) - originMs;
  return ms > 0 && ms <= lengthMs ? ms : lengthMs;
}
