import type { ParsedClaim } from '@/lib/core/claims/document.ts';
import { type ExpectedClaim, FORMS, type Form, linesOf, piecesOf } from './label.ts';
import { compareFields, matchClaim } from './match-claim.ts';
import type { LabelledDocument } from './read-set.ts';
import type { DocumentScore } from './score.ts';
import { type Share, shareOf } from './share.ts';
import { pairUp } from './words.ts';

type ClaimScore = Pick<
  DocumentScore,
  'claims' | 'byForm' | 'repeatedClaims' | 'missedClaims' | 'inventedClaims' | 'fields' | 'lines'
>;

/** Pairs found claims with expected ones, each at most once, and tells what is left on either side. */
export function scoreClaims({ text, expected }: LabelledDocument, got: readonly ParsedClaim[]): ClaimScore {
  const lines = expected.claims.map((claim) => linesOf(text, piecesOf(claim)));
  const touches = (left: number, claim: ParsedClaim) =>
    claim.source.lines.some((line) => lines[left]?.includes(line) ?? false);
  const matchOf = (left: number, right: number) => {
    const [wanted, claim] = [expected.claims[left], got[right]];
    if (wanted === undefined || claim === undefined) return 'other';
    return matchClaim(wanted, claim, touches(left, claim));
  };
  const pairs = pairUp(expected.claims.length, got.length, (left, right) => {
    if (matchOf(left, right) !== 'same') return 0;
    const [wanted, claim] = [expected.claims[left], got[right]];
    // Among claims with the same numbers the one of the same place, then the required one.
    return 1 + (claim !== undefined && touches(left, claim) ? 2 : 0) + (wanted?.required === true ? 1 : 0);
  });
  const right = new Set(pairs.map((pair) => pair.left));
  const used = new Set(pairs.map((pair) => pair.right));
  const rest = got.flatMap((claim, index) => (used.has(index) ? [] : [{ claim, index }]));
  const isRepeated = (index: number) => expected.claims.some((_, left) => matchOf(left, index) !== 'other');
  const required = expected.claims.flatMap((claim, index) => (claim.required ? [{ claim, index }] : []));
  const missed = required.filter(({ index }) => !right.has(index));
  const fields = pairs.flatMap(({ left, right: at }) => {
    const [wanted, claim] = [expected.claims[left], got[at]];
    return wanted === undefined || claim === undefined ? [] : Object.entries(compareFields(wanted, claim));
  });
  return {
    claims: { wanted: required.length, right: required.length - missed.length },
    byForm: shareByForm(required.map(({ claim, index }) => ({ claim, isRight: right.has(index) }))),
    repeatedClaims: rest.filter(({ index }) => isRepeated(index)).length,
    missedClaims: missed.map(({ claim }) => piecesOf(claim).join(' … ')),
    inventedClaims: rest.filter(({ index }) => !isRepeated(index)).map(({ claim }) => describeClaim(claim)),
    fields: Object.fromEntries(
      [...new Set(fields.map(([name]) => name))].map((name) => [
        name,
        shareOf(fields.filter(([other]) => other === name).map(([, isRight]) => isRight)),
      ]),
    ),
    lines: shareOf(
      pairs.map(({ left, right: at }) => {
        const claim = got[at];
        return claim !== undefined && touches(left, claim);
      }),
    ),
  };
}

function shareByForm(claims: readonly { claim: ExpectedClaim; isRight: boolean }[]): Record<Form, Share> {
  const ofForm = (form: Form) =>
    shareOf(claims.filter(({ claim }) => claim.form === form).map(({ isRight }) => isRight));
  return Object.fromEntries(FORMS.map((form) => [form, ofForm(form)])) as Record<Form, Share>;
}

function describeClaim(claim: ParsedClaim): string {
  const { before, after, changePct, changePp, delta, factor, limit, unit, window } = claim;
  const numbers = Object.entries({ before, after, changePct, changePp, delta, factor, limit, unit, window });
  const said = numbers.filter(([, value]) => value !== null).map(([key, value]) => `${key} ${value}`);
  return `${claim.source.line}: ${claim.text} [${said.join(', ')}]`;
}
