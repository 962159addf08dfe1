import { describe, expect, it } from 'vitest';
import type { ParsedClaim } from '@/lib/core/claims/document.ts';
import { answerClaim, emptyAnswer, perfectAnswer } from './answers.ts';
import { expectedClaimSchema, expectedDocumentSchema, linesOf } from './label.ts';
import { matchClaim } from './match-claim.ts';
import type { LabelledDocument } from './read-set.ts';
import { readClaimsSet } from './read-set.ts';
import { scoreAudit, scoreDocument } from './score.ts';
import { totalScores } from './totals.ts';

const set = readClaimsSet();

const TEXT = [
  'Reads: 733K/hour → 24K/hour (-96.7%)',
  'Half as many queries: 50% fewer',
  '- [ ] look at the dashboard',
  '- [x] smoke tests',
  'fly deploy -a harbor',
  'token: abcdefgh12345678',
].join('\n');

const made: LabelledDocument = {
  name: 'made',
  text: TEXT,
  expected: expectedDocumentSchema.parse({
    about: 'Made for the scorer.',
    language: 'en',
    claims: [
      {
        form: 'arrow',
        says: 'Reads: 733K/hour',
        unit: 'GETs',
        window: 'h',
        before: 733_000,
        after: 24_000,
        changePct: -96.7,
        direction: 'down',
      },
      { form: 'percent', says: '50% fewer', changePct: -50, direction: 'down' },
      { form: 'multiplier', says: 'Half as many', factor: 2, required: false },
    ],
    checks: [
      { says: 'look at the dashboard', state: 'waiting' },
      { says: 'smoke tests', state: 'done' },
    ],
    rollback: [{ command: 'fly deploy -a harbor', executable: true }],
    deploy: { version: '7', time: '2026-04-09T17:54:52Z' },
    redactions: 1,
    secrets: ['abcdefgh12345678'],
    audit: ['percent'],
  }),
};

const perfect = () => perfectAnswer(made);

/** A claim that says only what is given. */
function claim(fields: Partial<ParsedClaim>): ParsedClaim {
  const bare = expectedClaimSchema.parse({ form: 'words', says: 'x' });
  return { ...answerClaim(bare, 'c9', [99]), ...fields };
}

describe('scoreDocument', () => {
  it.each(set)('a perfect answer to $name has all and invents nothing', (document) => {
    const score = scoreDocument(document, perfectAnswer(document));
    const totals = totalScores([score]);
    expect([totals.recall, totals.strictPrecision, totals.checksRecall, totals.stateAccuracy]).toEqual([
      totals.claims.wanted > 0 ? 1 : null,
      score.claims.right > 0 ? 1 : null,
      totals.checks.wanted > 0 ? 1 : null,
      document.expected.checks.length > 0 ? 1 : null,
    ]);
    for (const share of [
      score.followUps,
      score.followUpDues,
      score.rollback,
      score.executable,
      score.deploy,
    ]) {
      expect(share.right).toBe(share.wanted);
    }
    expect({ fields: Object.values(score.fields).filter((share) => share.right < share.wanted) }).toEqual({
      fields: [],
    });
    expect(score.lines.right).toBe(score.claims.right);
    expect(score.audit.right).toBe(document.expected.audit.length);
    expect([score.inventedChecks, score.inventedRollback, score.inventedAudit]).toEqual([[], [], []]);
    expect(score.leaked).toBe(0);
  });

  it('an empty answer recalls nothing, and its precision is not known', () => {
    const totals = totalScores([scoreDocument(made, emptyAnswer())]);
    expect(totals).toMatchObject({
      recall: 0,
      precision: null,
      checksRecall: 0,
      stateAccuracy: null,
      rollbackRecall: 0,
      auditRecall: 0,
      deploy: { wanted: 2, right: 0 },
      redactions: { wanted: 1, right: 0 },
    });
  });

  it('an invented claim costs precision and nothing else', () => {
    const invented = claim({ before: 10, after: 5, text: 'Ten to five' });
    const score = scoreDocument(made, { ...perfect(), claims: [...perfect().claims, invented] });
    expect(totalScores([score])).toMatchObject({ recall: 1, precision: 2 / 3, repeatedClaims: 0 });
    expect(score.inventedClaims).toEqual(['99: Ten to five [before 10, after 5]']);
  });

  it('a debatable claim counts neither when missed nor when found', () => {
    const debatable = claim({ factor: 2 });
    const totals = totalScores([
      scoreDocument(made, { ...perfect(), claims: [...perfect().claims, debatable] }),
    ]);
    expect(totals).toMatchObject({ recall: 1, precision: 1, strictPrecision: 1 });
  });

  it('a promise said twice, and its percent alone, is counted once and is not invented', () => {
    const again = perfect().claims.slice(0, 1);
    const percent = claim({ changePct: -96.7 });
    const answer = { ...perfect(), claims: [...perfect().claims, ...again, percent] };
    expect(totalScores([scoreDocument(made, answer)])).toMatchObject({
      recall: 1,
      precision: 1,
      strictPrecision: 2 / 4,
      repeatedClaims: 2,
    });
  });

  it('a percent alone does not find a promise that has its pair in the text', () => {
    const score = scoreDocument(made, { ...emptyAnswer(), claims: [claim({ changePct: -96.7 })] });
    expect(score.claims).toEqual({ wanted: 2, right: 0 });
    expect(score.inventedClaims).toEqual([]);
  });

  it('each claim is found at most once', () => {
    const twice = { ...made, expected: { ...made.expected, claims: made.expected.claims.slice(1, 2) } };
    const answer = { ...emptyAnswer(), claims: [claim({ changePct: -50 }), claim({ changePct: -50 })] };
    expect(scoreDocument(twice, answer)).toMatchObject({
      claims: { wanted: 1, right: 1 },
      repeatedClaims: 1,
    });
  });

  it('a wrong state, unit or direction is told apart from a claim or a check not found', () => {
    const answer = perfect();
    const wrong = {
      ...answer,
      claims: answer.claims.map((one) => ({ ...one, direction: 'up' as const })),
      checks: answer.checks.map((check) => ({ ...check, state: 'done' as const })),
    };
    const totals = totalScores([scoreDocument(made, wrong)]);
    expect(totals).toMatchObject({ recall: 1, checksRecall: 1, stateAccuracy: 0.5 });
    expect(totals.fields.direction).toEqual({ wanted: 2, right: 0 });
  });

  it('checks are found by their words, whatever their marks and case', () => {
    const checks = [
      { text: '✅ Look at the **dashboard** (1 h)', state: 'waiting' as const, line: 3 },
      { text: 'Read the news', state: 'waiting' as const, line: 40 },
    ];
    expect(scoreDocument(made, { ...perfect(), checks })).toMatchObject({
      checks: { wanted: 2, right: 1 },
      missedChecks: ['smoke tests'],
      inventedChecks: ['40: Read the news'],
    });
  });

  it('a rollback command is the same whatever its prompt and spaces, and another one is told', () => {
    const rollback = [
      { command: '$ fly  deploy -a harbor', executable: false, line: 5 },
      { command: 'rm -rf data', executable: true, line: 6 },
    ];
    expect(scoreDocument(made, { ...perfect(), rollback })).toMatchObject({
      rollback: { wanted: 1, right: 1 },
      executable: { wanted: 1, right: 0 },
      inventedRollback: ['rm -rf data'],
    });
  });

  it('a secret anywhere in the answer is a leak', () => {
    const checks = [{ text: 'token: abcdefgh12345678', state: 'waiting' as const, line: 6 }];
    expect(scoreDocument(made, { ...perfect(), checks }).leaked).toBe(1);
  });

  it('facts of the deploy are compared as times and versions, not as texts', () => {
    const deploy = { ...perfect().deploy, version: 'v7', time: '2026-04-09T17:54:52.000Z' };
    expect(scoreDocument(made, { ...perfect(), deploy }).wrongDeploy).toEqual([]);
    const other = { ...deploy, version: '8' };
    expect(scoreDocument(made, { ...perfect(), deploy: other }).wrongDeploy).toEqual(['version']);
  });
});

describe('scoreAudit', () => {
  const finding = { message: 'm', stated: 's', computed: 'c', lines: [] };

  it('tells wanted kinds that are missing and unwanted ones that are there', () => {
    const score = scoreAudit({ audit: ['percent', 'month'], auditAllowed: ['price'] }, [
      { ...finding, kind: 'percent', severity: 'info' },
      { ...finding, kind: 'price', severity: 'error' },
      { ...finding, kind: 'ttl', severity: 'warning' },
      { ...finding, kind: 'window', severity: 'info' },
    ]);
    expect(score).toEqual({
      audit: { wanted: 2, right: 1 },
      missedAudit: ['month'],
      inventedAudit: ['ttl: m'],
    });
  });
});

describe('matchClaim', () => {
  const expected = (fields: object) => expectedClaimSchema.parse({ form: 'arrow', says: 'x', ...fields });

  it.each<[what: string, label: object, got: Partial<ParsedClaim>]>([
    [
      'another window',
      { before: 733_000, after: 24_000, window: 'h' },
      { before: 203.6, after: 6.667, window: 's' },
    ],
    ['three hours', { before: 733_000, window: 'h' }, { before: 2_200_000, window: '3h' }],
    [
      'another unit of time',
      { before: 8200, after: 310, unit: 'ms' },
      { before: 8.2, after: 0.31, unit: 's' },
    ],
    ['decimal kilobytes', { before: 2400, after: 780, unit: 'KB' }, { before: 2.4, after: 0.78, unit: 'MB' }],
    ['binary kilobytes', { before: 1024, after: 512, unit: 'KB' }, { before: 1, after: 0.5, unit: 'MB' }],
    [
      'a pair of MB and KB, binary',
      { before: 2400, after: 780, unit: 'KB' },
      { before: 2457.6, after: 780, unit: 'KB' },
    ],
    ['another noun', { before: 2, after: 1, unit: 'GETs' }, { before: 2, after: 1, unit: 'requests' }],
    ['a unit left out', { before: 2, after: 1 }, { before: 2, after: 1, unit: 'queries', window: 'day' }],
    ['half a percent off', { before: 1000, after: 200 }, { before: 1004, after: 199.5 }],
    ['a range', { before: [40, 60], after: [4, 6] }, { before: [40, 60], after: [4, 6] }],
    ['a month of 365/12 days', { delta: -365, window: 'month' }, { delta: -12, window: 'day' }],
    ['another reading of faster', { changePct: 35, altPct: [-35] }, { changePct: -35 }],
    ['a target found by what was reached', { limit: 10, after: 0.027, unit: 'ms' }, { after: 0.027 }],
    ['a level found as a limit', { after: 0 }, { limit: 0, limitOp: '=' }],
    ['zero requests as a level', { limit: 0, limitOp: '=' }, { after: 0 }],
    ['percentage points', { changePp: -3 }, { changePp: -3 }],
  ])('%s is the same promise', (_what, label, got) => {
    expect(matchClaim(expected(label), claim(got), false)).toBe('same');
  });

  it.each<[what: string, label: object, got: Partial<ParsedClaim>]>([
    ['swapped ends', { before: 10, after: 5 }, { before: 5, after: 10 }],
    ['one percent off', { before: 1000, after: 200 }, { before: 1010, after: 200 }],
    ['another dimension', { before: 50, after: 20, unit: 'ms' }, { before: 50, after: 20, unit: '%' }],
    [
      'the same numbers in another window',
      { before: 10, after: 5, window: 'h' },
      { before: 10, after: 5, window: 'day' },
    ],
    ['one end of a range', { before: [40, 60], after: 5 }, { before: 40, after: 5 }],
    ['the other sign', { changePct: -50 }, { changePct: 50 }],
    ['a pair where the text has none', { changePct: -50 }, { changePct: -50, before: 2, after: 1 }],
    ['a target as a change', { limit: 10, after: 1 }, { before: 10, after: 1 }],
    ['a percent as a level', { changePct: -5 }, { after: 5, unit: '%' }],
    ['words alone elsewhere', { guard: true }, { guard: true }],
  ])('%s is another one', (_what, label, got) => {
    expect(matchClaim(expected(label), claim(got), false)).toBe('other');
  });

  it('a promise without numbers is found on its line, by a claim without numbers', () => {
    expect(matchClaim(expected({ guard: true }), claim({ guard: true }), true)).toBe('same');
    expect(matchClaim(expected({ guard: true }), claim({ guard: true, limit: 3 }), true)).toBe('other');
  });
});

describe('totalScores', () => {
  it('weighs every claim the same, whatever its document', () => {
    const small = { ...made, expected: { ...made.expected, claims: made.expected.claims.slice(0, 1) } };
    const totals = totalScores([
      scoreDocument(small, perfectAnswer(small)),
      scoreDocument(made, emptyAnswer()),
    ]);
    expect(totals.recall).toBe(1 / 3);
    expect(totals.byForm.arrow).toEqual({ wanted: 2, right: 1 });
  });

  it('counts as false what is found where the label holds nothing', () => {
    const bare = { ...made, expected: { ...made.expected, claims: [] } };
    const totals = totalScores([scoreDocument(bare, perfect()), scoreDocument(made, perfect())]);
    expect(totals).toMatchObject({ falseClaims: 2, documentsWithoutClaims: 1, inventedClaims: 2 });
  });

  it('of nothing knows nothing', () => {
    expect(totalScores([])).toMatchObject({
      documents: 0,
      recall: null,
      precision: null,
      stateAccuracy: null,
    });
  });
});

describe('linesOf', () => {
  it('counts from 1 and gives every line that holds a piece', () => {
    expect(linesOf('a\nb c\nc', ['c', 'a'])).toEqual([1, 2, 3]);
  });
});
