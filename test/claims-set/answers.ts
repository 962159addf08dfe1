import type { ClaimsDocument, ParsedClaim } from '@/lib/core/claims/document.ts';
import { type ExpectedClaim, linesOf, piecesOf } from './label.ts';
import type { LabelledDocument } from './read-set.ts';

/** The answer of a reader that saw nothing. */
export function emptyAnswer(): ClaimsDocument {
  return {
    deploy: {
      app: null,
      version: null,
      time: null,
      machinesRunning: null,
      machinesAssumed: null,
      status: null,
      commits: [],
      links: [],
      nextReview: null,
      nextReviewAt: null,
    },
    claims: [],
    checks: [],
    followUps: [],
    rollback: [],
    audit: [],
    redactions: 0,
  };
}

/** The answer that the label asks for, debatable claims left out. */
export function perfectAnswer({ text, expected }: LabelledDocument): ClaimsDocument {
  const lineOf = (says: string) => linesOf(text, [says])[0] ?? 0;
  return {
    deploy: { ...emptyAnswer().deploy, ...withoutUndefined(expected.deploy) },
    claims: expected.claims
      .filter((claim) => claim.required)
      .map((claim, index) => answerClaim(claim, `c${index + 1}`, linesOf(text, piecesOf(claim)))),
    checks: expected.checks.map(({ says, state }) => ({ text: says, state, line: lineOf(says) })),
    followUps: expected.followUps.map(({ says, due, when }) => ({
      text: says,
      due: due ?? null,
      when: when ?? null,
      line: lineOf(says),
    })),
    rollback: expected.rollback.map(({ command, executable }) => ({
      command,
      executable,
      line: lineOf(command),
    })),
    audit: expected.audit.map((kind) => ({
      kind,
      severity: 'error',
      message: 'The numbers disagree.',
      stated: '1',
      computed: '2',
      lines: [1],
    })),
    redactions: expected.redactions,
  };
}

/** The claim that says exactly what the label does. */
export function answerClaim(claim: ExpectedClaim, id: string, lines: readonly number[]): ParsedClaim {
  return {
    id,
    text: piecesOf(claim)[0] ?? '',
    metric: null,
    labels: {},
    confidence: 0,
    unit: claim.unit ?? null,
    window: claim.window ?? null,
    before: claim.before ?? null,
    after: claim.after ?? null,
    direction: claim.direction ?? null,
    changePct: claim.changePct ?? null,
    delta: claim.delta ?? null,
    factor: claim.factor ?? null,
    changePp: claim.changePp ?? null,
    limit: claim.limit ?? null,
    limitOp: claim.limitOp ?? (claim.limit === undefined ? null : '<='),
    guard: claim.guard ?? false,
    approximate: claim.approximate ?? false,
    source: { line: lines[0] ?? 1, lines: [...lines] },
  };
}

function withoutUndefined<T extends object>(facts: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept = Object.entries(facts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
