import { unitScale } from '../bind/base-units.ts';
import type { Finding, ParsedClaim, Severity, Span } from '../document.ts';
import { type AuditContext, distance, figureOf, finding, halfStep } from './context.ts';
import { apart, corners, type Interval, intervalOf, middleOf, overlaps } from './numbers.ts';
import { countText, percentText, shortText, spanText } from './wording.ts';

/** A percentage that stands this many written lines from its pair, under a label, still speaks of it. */
const LABEL_LINES = 2;
const ABSURD_PCT = 1_000;
const PERCENT_LABEL =
  /^\W*(\*\*)?(reduction|reduced|change|improvement|savings?|decrease|increase|drop|reducción|mejora|ahorro|cambio)\b/i;

/** Percent, factor and percentage points against the pair that they speak of; savings against the difference. */
export function checkArithmetic(context: AuditContext): Finding[] {
  return context.summary.claims.flatMap((claim, index) => {
    const pair = pairOf(context, claim);
    if (pair === null) return [];
    const stated = claim.changePct === null ? nextPercent(context, index) : claim;
    return [
      ...(stated === null ? [] : checkPercent(context, claim, pair, stated)),
      ...checkFactor(claim, pair),
      ...checkPoints(claim, pair),
      ...checkSavings(context, claim, pair, claim.delta === null ? nextSaving(context, index) : claim),
    ];
  });
}

interface Pair {
  before: Interval;
  after: Interval;
  /** As the claim has them, without the width of their digits. */
  exact: { before: Interval; after: Interval };
}

function pairOf(context: AuditContext, claim: ParsedClaim): Pair | null {
  const { before, after } = claim;
  if (before === null || after === null) return null;
  const wide = (span: Span) =>
    intervalOf(span, Math.max(...ends(span).map((end) => halfStep(context, claim, end))));
  return {
    before: wide(before),
    after: wide(after),
    exact: { before: intervalOf(before), after: intervalOf(after) },
  };
}

function ends(span: Span): readonly number[] {
  return typeof span === 'number' ? [span] : span;
}

/** The claim after this one when it is nothing but `Reduction: 74 %`, said of the pair before it. */
function nextPercent(context: AuditContext, index: number): ParsedClaim | null {
  const { claims } = context.summary;
  const [claim, next] = [claims[index], claims[index + 1]];
  if (claim === undefined || next === undefined || next.changePct === null || next.before !== null)
    return null;
  const last = Math.max(...claim.source.lines.filter((line) => line <= next.source.line), claim.source.line);
  if (distance(context, last, next.source.line) > LABEL_LINES) return null;
  return PERCENT_LABEL.test(context.lineAt(next.source.line)) ? next : null;
}

/** The claim after this one when it is nothing but `Savings: $56/day`, in the same unit and window. */
function nextSaving(context: AuditContext, index: number): ParsedClaim | null {
  const { claims } = context.summary;
  const [claim, next] = [claims[index], claims[index + 1]];
  if (claim === undefined || next === undefined || next.delta === null || next.before !== null) return null;
  if (claim.unit !== next.unit || claim.window !== next.window) return null;
  const last = Math.max(...claim.source.lines.filter((line) => line <= next.source.line), claim.source.line);
  return distance(context, last, next.source.line) <= LABEL_LINES ? next : null;
}

function checkPercent(context: AuditContext, claim: ParsedClaim, pair: Pair, said: ParsedClaim): Finding[] {
  const { changePct } = said;
  if (changePct === null || pair.exact.before.low <= 0) return [];
  const change = (before: number, after: number) => (after / before - 1) * 100;
  const exact = corners(pair.exact.before, pair.exact.after, change);
  const wide = pair.before.low > 0 ? corners(pair.before, pair.after, change) : exact;
  if (exact === null || wide === null) return [];
  const middle = Math.abs(middleOf(changePct));
  const figure = figureOf(context, said, ends(changePct)[0] ?? middle);
  const half = roundness(middle, figure?.half ?? 0.5, figure?.approximate ?? false);
  const stated = intervalOf(changePct, half);
  // A fall of 40 % is written `40 %` and `-40 %`: only the size is held against the pair.
  if (overlaps(stated, wide) || overlaps(negated(stated), wide)) return [];
  if (figure?.bound === 'least' && Math.abs(exact.high) >= middle && Math.abs(exact.low) >= middle) return [];
  if (figure?.bound === 'most' && Math.abs(exact.high) <= middle && Math.abs(exact.low) <= middle) return [];
  // `150 % faster` of 500 ms → 200 ms compares the speeds, not the times.
  const speed = corners(pair.exact.before, pair.exact.after, (before, after) => (before / after - 1) * 100);
  if (speed !== null && isTurned(claim, exact, speed, intervalOf(middle, Math.max(half, 0.5)))) return [];
  const computed = Math.abs((exact.low + exact.high) / 2);
  const off = Math.abs(computed - middle);
  // Nobody writes 29 % for a rise to the thousandfold: those numbers are no pair, they were read as one.
  if (exact.low > ABSURD_PCT && middle <= 100) return [];
  const numbers = `${spanText(claim.before ?? 0, claim.unit, claim.window)} → ${spanText(claim.after ?? 0, claim.unit, claim.window)}`;
  const is =
    exact.low === exact.high
      ? percentText(computed)
      : `${countText(Math.abs(exact.high))}–${percentText(exact.low)}`;
  const way = exact.high < 0 ? ' less' : exact.low > 0 ? ' more' : '';
  const severity: Severity = off < 0.5 ? 'info' : off < 5 ? 'warning' : 'error';
  return [
    finding({
      kind: 'percent',
      severity,
      message: `${percentText(middle)} is stated for ${numbers}, which is ${is}${way}.`,
      stated: percentText(middle),
      computed: is,
      lines: [...claim.source.lines, ...said.source.lines],
    }),
  ];
}

/** Times are told by their speed too, and an interval by how often it comes: 60 s → 300 s is 80 % fewer polls. */
function isTurned(claim: ParsedClaim, change: Interval, speed: Interval, stated: Interval): boolean {
  if (change.high >= 0 && unitScale(claim.unit).family !== 'time') return false;
  return overlaps(stated, speed) || overlaps(negated(stated), speed);
}

/** How far a percentage may be off before it is said: round ones and those with `about` are meant roughly. */
function roundness(value: number, half: number, approximate: boolean): number {
  if (!approximate || value % 1 !== 0) return half;
  return value % 5 === 0 ? 2.5 : 1.5;
}

function negated({ low, high }: Interval): Interval {
  return { low: -high, high: -low };
}

function checkFactor(claim: ParsedClaim, { before, after, exact }: Pair): Finding[] {
  const { factor } = claim;
  if (factor === null || before.low <= 0 || after.low <= 0) return [];
  const times = corners(before, after, (a, b) => Math.max(a / b, b / a));
  const plain = corners(exact.before, exact.after, (a, b) => Math.max(a / b, b / a));
  const middle = middleOf(factor);
  const stated = { low: Math.min(...ends(factor)) * 0.9, high: Math.max(...ends(factor)) * 1.1 };
  if (times === null || plain === null || overlaps(stated, times)) return [];
  const computed = (plain.low + plain.high) / 2;
  return [
    finding({
      kind: 'percent',
      severity: Math.abs(computed / middle - 1) < 0.5 ? 'warning' : 'error',
      message: `${countText(middle)}× is stated for ${spanText(claim.before ?? 0, claim.unit, claim.window)} → ${spanText(claim.after ?? 0, claim.unit, claim.window)}, which is ${countText(computed)}×.`,
      stated: `${countText(middle)}×`,
      computed: `${countText(computed)}×`,
      lines: claim.source.lines,
    }),
  ];
}

function checkPoints(claim: ParsedClaim, { before, after, exact }: Pair): Finding[] {
  if (claim.changePp === null || claim.unit !== '%') return [];
  const wide = corners(before, after, (a, b) => b - a);
  const plain = corners(exact.before, exact.after, (a, b) => b - a);
  const stated = intervalOf(claim.changePp, 0.5);
  if (wide === null || plain === null || overlaps(stated, wide) || overlaps(negated(stated), wide)) return [];
  const [said, is] = [countText(Math.abs(middleOf(claim.changePp))), countText(Math.abs(plain.low))];
  return [
    finding({
      kind: 'percent',
      severity: 'warning',
      message: `${said} percentage points are stated for ${shortText(claim.text)}; they are ${is}.`,
      stated: `${said} pp`,
      computed: `${is} pp`,
      lines: claim.source.lines,
    }),
  ];
}

function checkSavings(
  context: AuditContext,
  claim: ParsedClaim,
  { before, after, exact }: Pair,
  said: ParsedClaim | null,
): Finding[] {
  const delta = said?.delta ?? null;
  if (said === null || delta === null) return [];
  const wide = corners(before, after, (a, b) => b - a);
  const plain = corners(exact.before, exact.after, (a, b) => b - a);
  if (wide === null || plain === null) return [];
  const half = Math.max(...ends(delta).map((end) => halfStep(context, said, Math.abs(end))));
  const stated = intervalOf(delta, half);
  if (overlaps(stated, wide) || overlaps(negated(stated), wide)) return [];
  const computed = (plain.low + plain.high) / 2;
  const saved = middleOf(delta);
  const off = apart(Math.abs(computed), Math.abs(saved));
  const text = (value: number) => spanText(Math.abs(value), claim.unit, claim.window);
  return [
    finding({
      kind: 'savings',
      severity: off <= 0.01 ? 'info' : off <= 0.1 ? 'warning' : 'error',
      message: `A difference of ${text(saved)} is stated, but ${spanText(claim.before ?? 0, claim.unit, null)} → ${spanText(claim.after ?? 0, claim.unit, null)} is one of ${text(computed)}.`,
      stated: text(saved),
      computed: text(computed),
      lines: [...claim.source.lines, ...said.source.lines],
    }),
  ];
}
