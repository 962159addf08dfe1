import type { ClaimsDocument } from '@/lib/core/claims/document.ts';
import { type Decoding, decodeWrongly, type Keeps } from './decodings.ts';
import type { Harm } from './harms.ts';
import { type LabelledDocument, readClaimsSet } from './read-set.ts';
import { type DocumentScore, scoreDocument } from './score.ts';

/** What is done to each document before it is read; nothing by default. */
export interface Treatment {
  readonly decoding?: Decoding;
  readonly keeps?: Keeps;
  readonly harm?: Harm;
}

/**
 * Scores of one reader over the whole set, by name. A document that is already wrongly decoded is left out where it
 * would be decoded a second time.
 */
export function scoreReader(
  read: (text: string) => ClaimsDocument,
  treatment: Treatment = {},
  set: readonly LabelledDocument[] = readClaimsSet(),
): DocumentScore[] {
  const { decoding, keeps, harm } = treatment;
  return set
    .filter(({ expected }) => decoding === undefined || !expected.damage.includes('iso_8859_13'))
    .map((document) => {
      const harmed = harm === undefined ? document.text : harm.apply(document.text);
      const text = decoding === undefined ? harmed : decodeWrongly(harmed, decoding, keeps);
      const answer = read(text);
      return scoreDocument(document, harm === undefined ? answer : bringBack(document.text, answer, harm));
    });
}

/** The answer with the lines that the text had before it was harmed; lines that the harm put in become 0. */
function bringBack(text: string, answer: ClaimsDocument, harm: Harm): ClaimsDocument {
  const before = new Map(text.split('\n').map((_, index) => [harm.lineOf(index + 1), index + 1]));
  const lineOf = (line: number) => before.get(line) ?? 0;
  const moved = <T extends { line: number }>(one: T): T => ({ ...one, line: lineOf(one.line) });
  return {
    ...answer,
    claims: answer.claims.map((claim) => ({
      ...claim,
      source: { line: lineOf(claim.source.line), lines: claim.source.lines.map(lineOf) },
    })),
    checks: answer.checks.map(moved),
    followUps: answer.followUps.map(moved),
    rollback: answer.rollback.map(moved),
  };
}
