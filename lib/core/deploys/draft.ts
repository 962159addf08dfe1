import type { ParsedClaim } from '../claims/document.ts';
import type { HeldClaim } from '../model/deploy.ts';

/** A claim while its summary is still being written: what was read, and what a person made of it. */
export interface DraftClaim {
  /** Stays the same while the text around it changes. */
  key: string;
  claim: ParsedClaim;
  /** As it was last read; null for one that a person added. */
  read: ParsedClaim | null;
  isRemoved: boolean;
}

/** True when a person changed or wrote it. */
export function isEdited({ claim, read }: DraftClaim): boolean {
  return read === null || JSON.stringify({ ...claim, id: '' }) !== JSON.stringify({ ...read, id: '' });
}

function signature({ source: _source, id: _id, ...said }: ParsedClaim): string {
  return JSON.stringify(said);
}

/**
 * Claims after the text was read anew. What a person did to a claim stays with it as long as it is read with the same
 * words and numbers, wherever its line went, or on the same line with the same metric; what was edited or added is never
 * lost. `makeKey` gives a key that no other claim has.
 */
export function joinDraft(
  before: readonly DraftClaim[],
  parsed: readonly ParsedClaim[],
  makeKey: () => string,
): readonly DraftClaim[] {
  const left = new Set(before.filter(({ read }) => read !== null));
  const take = (fits: (read: ParsedClaim) => boolean): DraftClaim | undefined => {
    for (const one of left) {
      if (one.read === null || !fits(one.read)) continue;
      left.delete(one);
      return one;
    }
    return undefined;
  };
  const same = parsed.map((claim) => {
    const said = signature(claim);
    return take((read) => signature(read) === said);
  });
  const joined = parsed.map((claim, i): DraftClaim => {
    const old =
      same[i] ??
      take(
        (read) =>
          read.source.line === claim.source.line && (read.metric === claim.metric || claim.metric === null),
      );
    if (old === undefined) return { key: makeKey(), claim, read: claim, isRemoved: false };
    if (!isEdited(old)) return { ...old, claim, read: claim };
    return { ...old, claim: { ...old.claim, source: claim.source }, read: claim };
  });
  const kept = before.filter(
    (one) => one.read === null || (left.has(one) && !one.isRemoved && isEdited(one)),
  );
  return [...joined, ...kept.map((one) => ({ ...one, read: null }))];
}

/** The claims as they are handed over: numbered anew, removed ones kept, the rest in force. */
export function heldClaims(drafts: readonly DraftClaim[]): readonly HeldClaim[] {
  return drafts.map((draft, i) => ({
    ...draft.claim,
    id: `c${i + 1}`,
    standing: draft.isRemoved ? 'removed' : 'confirmed',
    edited: isEdited(draft),
  }));
}

/** An empty claim, on a line of the text when there is one. */
export function blankClaim(text: string, line: number | null): ParsedClaim {
  return {
    id: 'c0',
    text,
    metric: null,
    labels: {},
    confidence: 0,
    unit: null,
    window: null,
    before: null,
    after: null,
    direction: null,
    changePct: null,
    delta: null,
    factor: null,
    changePp: null,
    limit: null,
    limitOp: null,
    guard: false,
    approximate: false,
    source: { line: line ?? 0, lines: line === null ? [] : [line] },
  };
}
