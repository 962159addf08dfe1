import { describe, expect, it } from 'vitest';
import type { ClaimsDocument } from '@/lib/core/claims/document.ts';
import { emptyAnswer, perfectAnswer } from './answers.ts';
import { decodeWrongly } from './decodings.ts';
import { HARMS } from './harms.ts';
import { readClaimsSet } from './read-set.ts';
import { scoreReader } from './score-reader.ts';
import { totalScores } from './totals.ts';

const set = readClaimsSet();

describe('scoreReader', () => {
  it('gives the reader the text as it is treated', () => {
    const given: string[] = [];
    const read = (text: string) => {
      given.push(text);
      return emptyAnswer();
    };
    const clear = set.filter(({ expected }) => !expected.damage.includes('iso_8859_13'));
    scoreReader(read, { decoding: 'macintosh' });
    expect(given).toEqual(clear.map(({ text }) => decodeWrongly(text, 'macintosh')));
    expect(clear.length).toBe(set.length - 1);
  });

  it.each(HARMS)('holds lines against those of the text before $name', (harm) => {
    const answers = new Map(
      set.map((one) => [harm.apply(one.text), moveLines(perfectAnswer(one), harm.lineOf)]),
    );
    const totals = totalScores(scoreReader((text) => answers.get(text) ?? emptyAnswer(), { harm }));
    expect(totals).toMatchObject({ recall: 1, strictPrecision: 1, checksRecall: 1, stateAccuracy: 1 });
    expect(totals.lines.right).toBe(totals.lines.wanted);
  });

  it('an empty reader invents nothing and finds nothing in the whole set', () => {
    const totals = totalScores(scoreReader(emptyAnswer));
    expect(totals).toMatchObject({
      recall: 0,
      checksRecall: 0,
      rollbackRecall: 0,
      falseClaims: 0,
      precision: null,
    });
    expect(totals.documents).toBe(set.length);
  });
});

function moveLines(answer: ClaimsDocument, lineOf: (line: number) => number): ClaimsDocument {
  return {
    ...answer,
    claims: answer.claims.map((claim) => ({
      ...claim,
      source: { line: lineOf(claim.source.line), lines: claim.source.lines.map(lineOf) },
    })),
    checks: answer.checks.map((check) => ({ ...check, line: lineOf(check.line) })),
  };
}
