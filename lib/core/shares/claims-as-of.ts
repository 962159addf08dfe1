import type { ClaimView } from '../model/claim.ts';
import type { WatchRecord } from '../model/verdict.ts';

/**
 * The claims of a watch as they stood at `atMs`. Where it went on judging after that, states are those of then, with the
 * evidence that was written down with them, and what was measured later is null. None of a watch that began later.
 */
export function claimsAsOf(
  claims: readonly ClaimView[],
  { openedMs, judgedMs, changes }: Pick<WatchRecord, 'openedMs' | 'judgedMs' | 'changes'>,
  atMs: number,
): ClaimView[] {
  if (judgedMs <= atMs) return [...claims];
  if (openedMs > atMs) return [];
  return claims.map((claim) => {
    const then = changes.findLast((change) => change.claimId === claim.id && change.atMs <= atMs);
    const evidence = then?.evidence.trim() ?? '';
    return {
      ...claim,
      // Settling is how each begins, and no change.
      state: then?.to ?? 'settling',
      provisional: then?.provisional ?? false,
      reason: then?.reason ?? null,
      sinceMs: then?.atMs ?? null,
      why: evidence === '' ? null : evidence,
      ...{ measured: null, effectPct: null, interval: null, provenShare: null, decidableByMs: null },
    };
  });
}
