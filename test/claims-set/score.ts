import type { ClaimsDocument, Finding } from '@/lib/core/claims/document.ts';
import { compareDeploy } from './compare-deploy.ts';
import { type ExpectedDocument, type Form, linesOf } from './label.ts';
import type { LabelledDocument } from './read-set.ts';
import { scoreClaims } from './score-claims.ts';
import { type Share, shareOf } from './share.ts';
import { likeness, pairUp } from './words.ts';

/** What the reader made of one document. Counts only, and the texts of what went wrong for a person to read. */
export interface DocumentScore {
  readonly name: string;
  /** True where the label holds no claim at all, not even a debatable one. */
  readonly holdsNone: boolean;
  /** Required claims. Debatable ones count nowhere, found or not. */
  readonly claims: Share;
  readonly byForm: Readonly<Record<Form, Share>>;
  /** Found claims that say again, or in part, what is expected once: neither right nor invented. */
  readonly repeatedClaims: number;
  readonly missedClaims: readonly string[];
  readonly inventedClaims: readonly string[];
  /** Fields that the labels of matched claims state: unit, window, direction, percent … */
  readonly fields: Readonly<Record<string, Share>>;
  /** Matched claims whose lines touch the lines of the label. */
  readonly lines: Share;
  readonly checks: Share;
  readonly checkStates: Share;
  readonly missedChecks: readonly string[];
  readonly wrongStates: readonly string[];
  readonly inventedChecks: readonly string[];
  readonly followUps: Share;
  readonly followUpDues: Share;
  readonly rollback: Share;
  readonly executable: Share;
  readonly missedRollback: readonly string[];
  readonly inventedRollback: readonly string[];
  readonly deploy: Share;
  readonly wrongDeploy: readonly string[];
  readonly redactions: Share;
  /** Secrets of the label that stand somewhere in the answer. */
  readonly leaked: number;
  readonly audit: Share;
  readonly missedAudit: readonly string[];
  readonly inventedAudit: readonly string[];
}

/** Holds the answer of a reader against the label of its document. */
export function scoreDocument(document: LabelledDocument, got: ClaimsDocument): DocumentScore {
  const { name, expected } = document;
  return {
    name,
    holdsNone: expected.claims.length === 0,
    ...scoreClaims(document, got.claims),
    ...scoreChecks(document, got),
    ...scoreFollowUps(document, got),
    ...scoreRollback(expected, got),
    ...compareDeploy(expected.deploy, got.deploy),
    redactions: { wanted: expected.redactions, right: Math.min(got.redactions, expected.redactions) },
    leaked: countLeaks(expected, got),
    ...scoreAudit(expected, got.audit),
  };
}

/**
 * Wanted and unwanted kinds of findings. What is told for information only is never unwanted. Used for one document and
 * for several together.
 */
export function scoreAudit(
  expected: Pick<ExpectedDocument, 'audit' | 'auditAllowed'>,
  findings: readonly Finding[],
): Pick<DocumentScore, 'audit' | 'missedAudit' | 'inventedAudit'> {
  const missedAudit = expected.audit.filter((kind) => !findings.some((finding) => finding.kind === kind));
  const inventedAudit = findings
    .filter(({ kind, severity }) => {
      return severity !== 'info' && !expected.audit.includes(kind) && !expected.auditAllowed.includes(kind);
    })
    .map(({ kind, message }) => `${kind}: ${message}`);
  const wanted = expected.audit.length;
  return { audit: { wanted, right: wanted - missedAudit.length }, missedAudit, inventedAudit };
}

function scoreChecks(
  { text, expected }: LabelledDocument,
  got: ClaimsDocument,
): Pick<DocumentScore, 'checks' | 'checkStates' | 'missedChecks' | 'wrongStates' | 'inventedChecks'> {
  const { pairs, required, missed, rest } = pairTexts(text, expected.checks, got.checks);
  const states = pairs.flatMap(({ left, right }) => {
    const [wanted, check] = [expected.checks[left], got.checks[right]];
    return wanted === undefined || check === undefined
      ? []
      : [{ wanted, isRight: wanted.state === check.state }];
  });
  return {
    checks: { wanted: required, right: required - missed.length },
    checkStates: shareOf(states.map(({ isRight }) => isRight)),
    missedChecks: missed,
    wrongStates: states
      .filter(({ isRight }) => !isRight)
      .map(({ wanted }) => `${wanted.says} (${wanted.state})`),
    inventedChecks: rest,
  };
}

function scoreFollowUps(
  { text, expected }: LabelledDocument,
  got: ClaimsDocument,
): Pick<DocumentScore, 'followUps' | 'followUpDues'> {
  const { pairs, required, missed } = pairTexts(text, expected.followUps, got.followUps);
  const dues = pairs.flatMap(({ left, right }) => {
    const due = expected.followUps[left]?.due;
    return due === undefined ? [] : [got.followUps[right]?.due?.startsWith(due) ?? false];
  });
  return { followUps: { wanted: required, right: required - missed.length }, followUpDues: shareOf(dues) };
}

function pairTexts(
  text: string,
  expected: readonly { readonly says: string; readonly required: boolean }[],
  got: readonly { readonly text: string; readonly line: number }[],
) {
  const lines = expected.map(({ says }) => linesOf(text, [says]));
  const pairs = pairUp(expected.length, got.length, (left, right) => {
    const [wanted, found] = [expected[left], got[right]];
    if (wanted === undefined || found === undefined) return 0;
    const isOnOneLine = lines[left]?.includes(found.line) ?? false;
    const value = likeness(wanted.says, found.text, isOnOneLine);
    return value === 0 ? 0 : value + (isOnOneLine ? 1 : 0);
  });
  const found = new Set(pairs.map((pair) => pair.left));
  const used = new Set(pairs.map((pair) => pair.right));
  return {
    pairs,
    required: expected.filter((one) => one.required).length,
    missed: expected.filter((one, index) => one.required && !found.has(index)).map((one) => one.says),
    rest: got.filter((_, index) => !used.has(index)).map((one) => `${one.line}: ${one.text}`),
  };
}

function scoreRollback(
  expected: ExpectedDocument,
  got: ClaimsDocument,
): Pick<DocumentScore, 'rollback' | 'executable' | 'missedRollback' | 'inventedRollback'> {
  const commandsOf = (command: string) =>
    got.rollback.filter((step) => plain(step.command) === plain(command));
  const required = expected.rollback.filter((step) => step.required);
  const missed = required.filter((step) => commandsOf(step.command).length === 0);
  const known = new Set(expected.rollback.map((step) => plain(step.command)));
  return {
    rollback: { wanted: required.length, right: required.length - missed.length },
    executable: shareOf(
      expected.rollback
        .filter((step) => !step.executableUnsure)
        .flatMap((step) => commandsOf(step.command).map((found) => found.executable === step.executable)),
    ),
    missedRollback: missed.map((step) => step.command),
    inventedRollback: got.rollback
      .map((step) => step.command)
      .filter((command) => !known.has(plain(command))),
  };
}

/** A command without its prompt and with single spaces. */
function plain(command: string): string {
  return command
    .replace(/^[$>]\s+/, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function countLeaks(expected: ExpectedDocument, got: ClaimsDocument): number {
  const answer = JSON.stringify(got);
  return expected.secrets.filter((secret) => answer.includes(secret)).length;
}
