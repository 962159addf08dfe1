import { describe, expect, it } from 'vitest';
import { parseClaims } from '../lib/core/claims/index.ts';
import { DECODINGS, decodeWrongly } from '../test/claims-set/decodings.ts';
import { readClaimsSet } from '../test/claims-set/read-set.ts';
import { scoreReader } from '../test/claims-set/score-reader.ts';
import { totalScores } from '../test/claims-set/totals.ts';
import { numbersOf } from './claims.ts';
import { fuzzText, seeded } from './lib/fuzz-text.ts';

const set = readClaimsSet();
const totals = totalScores(scoreReader(parseClaims, {}, set));

describe('the reader over the labelled set', () => {
  it.each([
    ['claims', totals.recall, 0.93],
    ['precision', totals.precision, 0.97],
    ['checks', totals.checksRecall, 0.95],
    ['states', totals.stateAccuracy, 0.98],
    ['rollback', totals.rollbackRecall, 1],
  ])('keeps %s above its floor', (_name, part, floor) => {
    expect(part).toBeGreaterThanOrEqual(floor);
  });

  it('lets no secret out and counts each', () => {
    expect(totals.leaked).toBe(0);
    expect(totals.redactions.right).toBe(totals.redactions.wanted);
  });

  it('finds next to nothing where nothing is claimed', () => {
    expect(totals.falseClaims).toBeLessThanOrEqual(1);
  });

  it.each(DECODINGS)('reads the same claims when the text was decoded as %s', (decoding) => {
    const clear = set.filter(({ expected }) => !expected.damage.includes('iso_8859_13'));
    const other = clear.filter(({ text }) => numbersOf(text) !== numbersOf(decodeWrongly(text, decoding)));
    // Where the bytes of a mark are lost, its place cannot always tell what it was.
    expect(other.length).toBeLessThanOrEqual(decoding === 'iso-8859-13' ? 6 : 0);
  });

  it('survives two thousand made-up texts', () => {
    const random = seeded(7);
    for (let i = 0; i < 2_000; i += 1) expect(() => parseClaims(fuzzText(random))).not.toThrow();
  });
});
