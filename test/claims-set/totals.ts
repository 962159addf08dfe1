import { FORMS, type Form } from './label.ts';
import type { DocumentScore } from './score.ts';
import type { Share } from './share.ts';

/** The scores of many documents in one. A part of nothing is null, never 1. Parts are 0–1. */
export interface Totals {
  readonly documents: number;
  readonly claims: Share;
  /** Required claims found. */
  readonly recall: number | null;
  /** Required claims found, of those and the invented ones; debatable and repeated ones are in neither. */
  readonly precision: number | null;
  /** The same, every repeated claim held against the reader. */
  readonly strictPrecision: number | null;
  readonly byForm: Readonly<Record<Form, Share>>;
  readonly repeatedClaims: number;
  readonly inventedClaims: number;
  /** Claims found in documents that hold none, and how many such documents there are. */
  readonly falseClaims: number;
  readonly documentsWithoutClaims: number;
  readonly fields: Readonly<Record<string, Share>>;
  readonly lines: Share;
  readonly checks: Share;
  readonly checksRecall: number | null;
  readonly checkStates: Share;
  readonly stateAccuracy: number | null;
  readonly inventedChecks: number;
  readonly followUps: Share;
  readonly followUpDues: Share;
  readonly rollback: Share;
  readonly rollbackRecall: number | null;
  readonly executable: Share;
  readonly inventedRollback: number;
  readonly deploy: Share;
  readonly redactions: Share;
  readonly leaked: number;
  readonly audit: Share;
  readonly auditRecall: number | null;
  readonly inventedAudit: number;
}

/** Sums up; an empty list gives zeros and nulls. */
export function totalScores(scores: readonly DocumentScore[]): Totals {
  const sum = (count: (score: DocumentScore) => number) => scores.reduce((all, one) => all + count(one), 0);
  const share = (pick: (score: DocumentScore) => Share | undefined): Share => ({
    wanted: sum((one) => pick(one)?.wanted ?? 0),
    right: sum((one) => pick(one)?.right ?? 0),
  });
  const repeatedClaims = sum((one) => one.repeatedClaims);
  const inventedClaims = sum((one) => one.inventedClaims.length);
  const without = scores.filter((one) => one.holdsNone);
  const fieldNames = [...new Set(scores.flatMap((one) => Object.keys(one.fields)))].sort();
  const claims = share((one) => one.claims);
  const checks = share((one) => one.checks);
  const checkStates = share((one) => one.checkStates);
  const rollback = share((one) => one.rollback);
  const audit = share((one) => one.audit);
  return {
    documents: scores.length,
    claims,
    recall: partOf(claims.right, claims.wanted),
    precision: partOf(claims.right, claims.right + inventedClaims),
    strictPrecision: partOf(claims.right, claims.right + inventedClaims + repeatedClaims),
    byForm: Object.fromEntries(FORMS.map((form) => [form, share((one) => one.byForm[form])])) as Record<
      Form,
      Share
    >,
    repeatedClaims,
    inventedClaims,
    falseClaims: without.reduce((all, one) => all + one.inventedClaims.length, 0),
    documentsWithoutClaims: without.length,
    fields: Object.fromEntries(fieldNames.map((name) => [name, share((one) => one.fields[name])])),
    lines: share((one) => one.lines),
    checks,
    checksRecall: partOf(checks.right, checks.wanted),
    checkStates,
    stateAccuracy: partOf(checkStates.right, checkStates.wanted),
    inventedChecks: sum((one) => one.inventedChecks.length),
    followUps: share((one) => one.followUps),
    followUpDues: share((one) => one.followUpDues),
    rollback,
    rollbackRecall: partOf(rollback.right, rollback.wanted),
    executable: share((one) => one.executable),
    inventedRollback: sum((one) => one.inventedRollback.length),
    deploy: share((one) => one.deploy),
    redactions: share((one) => one.redactions),
    leaked: sum((one) => one.leaked),
    audit,
    auditRecall: partOf(audit.right, audit.wanted),
    inventedAudit: sum((one) => one.inventedAudit.length),
  };
}

function partOf(right: number, wanted: number): number | null {
  return wanted === 0 ? null : right / wanted;
}
