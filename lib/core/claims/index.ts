import { auditSummary } from './audit/audit.ts';
import type { KnownFacts } from './audit/known.ts';
import { bindMetric } from './bind/bind.ts';
import type { ClaimsDocument, ReadSummary } from './document.ts';
import { readText } from './read.ts';

export { auditSummary } from './audit/audit.ts';
export type { KnownFacts } from './audit/known.ts';
export { auditTogether } from './audit/together.ts';
export { bindMetric } from './bind/bind.ts';

/** What the caller knows beyond the text; the audit compares with it. */
export interface ParseOptions {
  readonly known?: KnownFacts;
}

/** Reads a summary: secrets out, damage mended, claims bound. The lines stay for the audit. Pure; never throws. */
export function readSummary(text: string): ReadSummary {
  return readText(text, bindMetric);
}

/** Everything that can be said of a summary without its app. Pure; never throws. */
export function parseClaims(text: string, options: ParseOptions = {}): ClaimsDocument {
  const summary = readSummary(text);
  const { deploy, claims, checks, followUps, rollback, redactions } = summary;
  return {
    deploy,
    claims,
    checks,
    followUps,
    rollback,
    audit: auditSummary(summary, options.known),
    redactions,
  };
}
