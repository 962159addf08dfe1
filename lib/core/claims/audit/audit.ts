import type { Finding, ReadSummary, Severity } from '../document.ts';
import { checkArithmetic } from './arithmetic.ts';
import { contextOf } from './context.ts';
import { checkIntervals } from './interval.ts';
import type { KnownFacts } from './known.ts';
import { checkMachines } from './machines.ts';
import { checkMonths } from './months.ts';
import { checkParts } from './parts.ts';
import { checkPrice } from './price.ts';
import { checkRollback } from './rollback.ts';
import { checkSameMetric } from './same-metric.ts';
import { checkTtls } from './ttl.ts';
import { checkVerification } from './verification.ts';
import { checkWindows } from './windows.ts';

export { type KnownFacts, LIST_PRICE_PER_100K_USD } from './known.ts';
export { auditTogether } from './together.ts';

/** More findings than anybody reads; the gravest are kept. */
const MAX_FINDINGS = 60;
const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/**
 * Recomputes what a summary states and says where it does not hold: stated beside computed, nothing is changed. `known`
 * goes before what the summary itself says of prices and machines. In order of the lines. Pure; never throws.
 */
export function auditSummary(summary: ReadSummary, known: KnownFacts = {}): Finding[] {
  const context = contextOf(summary);
  const findings = [
    ...checkArithmetic(context),
    ...checkWindows(context),
    ...checkMonths(context),
    ...checkSameMetric(context),
    ...checkParts(context),
    ...checkTtls(context),
    ...checkPrice(context, known),
    ...checkMachines(context, known),
    ...checkIntervals(context, known),
    ...checkVerification(context),
    ...checkRollback(context),
  ];
  return inOrder(withoutRepeats(findings));
}

/** One finding for what two rules found or two places state alike, with the lines of both. */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const known = new Map<string, Finding>();
  for (const one of findings) {
    const key = JSON.stringify([one.kind, one.stated, one.computed]);
    const first = known.get(key);
    if (first === undefined) known.set(key, one);
    else known.set(key, { ...first, lines: [...new Set([...first.lines, ...one.lines])].sort(byLine) });
  }
  return [...known.values()];
}

function inOrder(findings: readonly Finding[]): Finding[] {
  const gravest = findings.toSorted((a, b) => RANK[a.severity] - RANK[b.severity]).slice(0, MAX_FINDINGS);
  return gravest.toSorted((a, b) => byLine(a.lines[0] ?? 0, b.lines[0] ?? 0));
}

function byLine(a: number | string, b: number | string): number {
  return Number(a) - Number(b);
}
