import { describe, expect, it } from 'vitest';
import { HARMS } from './harms.ts';
import { type ExpectedClaim, FORMS, piecesOf } from './label.ts';
import { readClaimsSet, readTogether } from './read-set.ts';

const set = readClaimsSet();
const together = readTogether();

/** Every claim with the kinds of findings that its document may bring. */
const labelled = set.flatMap(({ name, expected }) =>
  expected.claims.map((claim) => ({ name, claim, audit: [...expected.audit, ...expected.auditAllowed] })),
);

describe('the labelled set', () => {
  it('has the size and the mix that were asked for', () => {
    expect(set.length).toBeGreaterThanOrEqual(46);
    expect(set.filter(({ expected }) => expected.claims.length === 0).length).toBeGreaterThanOrEqual(10);
    expect(set.filter(({ expected }) => expected.language === 'es').length).toBeGreaterThanOrEqual(5);
    expect(set.filter(({ name }) => name.startsWith('seed-'))).toHaveLength(3);
  });

  it.each(FORMS)('has %s in three documents at least', (form) => {
    const holding = set.filter(({ expected }) =>
      expected.claims.some((claim) => claim.form === form && (claim.required || form === 'words')),
    );
    expect(holding.length).toBeGreaterThanOrEqual(3);
  });

  it.each(set)('$name: every label stands in its text', ({ text, expected }) => {
    const lines = text.split('\n');
    const pieces = [
      ...expected.claims.flatMap(piecesOf),
      ...[...expected.checks, ...expected.followUps].map((one) => one.says),
      ...expected.rollback.map((step) => step.command),
      ...expected.secrets,
    ];
    expect(pieces.filter((piece) => !lines.some((line) => line.includes(piece)))).toEqual([]);
  });

  it.each(set)('$name: every claim says something', ({ expected }) => {
    const silent = expected.claims.filter((claim) => claim.form !== 'words' && !hasNumber(claim));
    expect(silent).toEqual([]);
    expect(expected.claims.filter((claim) => claim.form === 'words' && claim.required)).toEqual([]);
  });

  it('the direction of each claim fits its pair', () => {
    const wrong = labelled.filter(({ claim: { before, after, direction } }) => {
      if (typeof before !== 'number' || typeof after !== 'number' || direction === undefined) return false;
      return direction !== directionOf(before, after);
    });
    expect(wrong.map(told)).toEqual([]);
  });

  it('the sign of each change fits its direction', () => {
    const wrong = labelled.filter(({ claim: { changePct, changePp, delta, direction } }) =>
      [changePct, changePp, delta].some((span) => {
        const low = typeof span === 'object' ? span[0] : span;
        return low !== undefined && direction !== undefined && direction !== directionOf(0, low);
      }),
    );
    expect(wrong.map(told)).toEqual([]);
  });

  it('each percent fits its pair, or the label wants a finding of it', () => {
    const wrong = labelled.filter(({ claim: { before, after, changePct }, audit }) => {
      if (typeof before !== 'number' || typeof after !== 'number' || typeof changePct !== 'number')
        return false;
      return Math.abs((after / before - 1) * 100 - changePct) >= 0.6 && !audit.includes('percent');
    });
    expect(wrong.map(told)).toEqual([]);
  });

  it('ranges begin with their low end', () => {
    const spans = labelled.flatMap(
      ({ claim: { before, after, changePct, changePp, delta, factor, limit } }) =>
        [before, after, changePct, changePp, delta, factor, limit].filter((span) => typeof span === 'object'),
    );
    expect(spans.length).toBeGreaterThan(10);
    expect(spans.filter(([low, high]) => low >= high)).toEqual([]);
  });

  it.each(HARMS)('$name leaves each line where it says', ({ apply, lineOf }) => {
    const wrong = set.filter(({ text }) => {
      const harmed = apply(text).split('\n');
      return text
        .split('\n')
        .some((line, index) => readable(harmed[lineOf(index + 1) - 1]) !== readable(line));
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it('each set of documents read together exists', () => {
    const names = set.map(({ name }) => name);
    expect(together.flatMap(({ documents }) => documents).filter((name) => !names.includes(name))).toEqual(
      [],
    );
  });
});

/** A line without what the harms put in. */
function readable(line: string | undefined): string | undefined {
  return line?.replace(/[\r\0\ufeff]/g, '').replaceAll('\u00a0', ' ');
}

function told({ name, claim }: { name: string; claim: ExpectedClaim }): string {
  return `${name}: ${piecesOf(claim).join(' … ')}`;
}

function hasNumber(claim: ExpectedClaim): boolean {
  const { before, after, changePct, changePp, delta, factor, limit } = claim;
  return [before, after, changePct, changePp, delta, factor, limit].some((span) => span !== undefined);
}

function directionOf(before: number, after: number): string {
  if (after === before) return 'unchanged';
  return after < before ? 'down' : 'up';
}
