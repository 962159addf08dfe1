import type { ParsedClaim, Span } from '@/lib/core/claims/document.ts';
import type { ExpectedClaim } from './label.ts';
import { isSameSpan, isSameStated } from './numbers.ts';

/**
 * How a found claim stands to an expected one: `same`; `part` when it gives only the percent, saving or factor of a
 * promise that has its pair in the text (neither right nor invented); `other`.
 */
export type Match = 'same' | 'part' | 'other';

/** Compares by the numbers. Claims without any are compared by guard, direction and the line that they share. */
export function matchClaim(expected: ExpectedClaim, got: ParsedClaim, sharesLine: boolean): Match {
  if (hasPair(expected)) {
    if (isSamePair(expected, got)) return 'same';
    return hasNoPair(got) && (isSameChange(expected, got) || (sharesLine && isOneEnd(expected, got)))
      ? 'part'
      : 'other';
  }
  if (got.before !== null && got.after !== null) return 'other';
  if (hasChange(expected)) return isSameChange(expected, got) ? 'same' : 'other';
  if (expected.limit !== undefined) return isSameLimit(expected, got) ? 'same' : 'other';
  if (expected.after !== undefined) return isSameLevel(expected, got) ? 'same' : 'other';
  if (expected.before !== undefined) {
    return got.after === null && isStated(expected, expected.before, got, got.before) ? 'same' : 'other';
  }
  return sharesLine && hasNoNumber(got) ? 'same' : 'other';
}

/** Names of the fields that the label states and whether the found claim has them right. */
export function compareFields(expected: ExpectedClaim, got: ParsedClaim): Record<string, boolean> {
  const fields: Record<string, boolean> = {};
  if (expected.unit !== undefined) fields.unit = isSameUnit(expected.unit, got.unit);
  if (expected.window !== undefined) fields.window = got.window !== null;
  if (expected.direction !== undefined) fields.direction = got.direction === expected.direction;
  if (expected.changePct !== undefined) {
    fields.changePct = isOneOf([expected.changePct, ...(expected.altPct ?? [])], got.changePct);
  }
  if (expected.delta !== undefined) {
    fields.delta =
      isStated(expected, expected.delta, got, got.delta) || isOneOf(expected.altDelta ?? [], got.delta);
  }
  if (expected.factor !== undefined) {
    fields.factor = isOneOf([expected.factor, ...(expected.altFactor ?? [])], got.factor);
  }
  if (expected.changePp !== undefined) fields.changePp = isOneOf([expected.changePp], got.changePp);
  if (expected.limitOp !== undefined) fields.limitOp = got.limitOp === expected.limitOp;
  if (expected.guard !== undefined) fields.guard = got.guard === expected.guard;
  if (expected.approximate !== undefined) fields.approximate = got.approximate === expected.approximate;
  return fields;
}

function hasPair(expected: ExpectedClaim): boolean {
  return expected.before !== undefined && expected.after !== undefined;
}

function hasNoPair(got: ParsedClaim): boolean {
  return got.before === null || got.after === null;
}

function hasChange(expected: ExpectedClaim): boolean {
  const { changePct, changePp, delta, factor } = expected;
  return [changePct, changePp, delta, factor].some((span) => span !== undefined);
}

function hasNoNumber(got: ParsedClaim): boolean {
  const { before, after, changePct, changePp, delta, factor, limit } = got;
  return [before, after, changePct, changePp, delta, factor, limit].every((span) => span === null);
}

function isSamePair(expected: ExpectedClaim, got: ParsedClaim): boolean {
  return (
    isStated(expected, expected.before, got, got.before) && isStated(expected, expected.after, got, got.after)
  );
}

/** One end of a pair as a claim by itself: the reader saw the number and did not join it. */
function isOneEnd(expected: ExpectedClaim, got: ParsedClaim): boolean {
  return [got.before, got.after].some(
    (end) => isStated(expected, expected.before, got, end) || isStated(expected, expected.after, got, end),
  );
}

function isSameChange(expected: ExpectedClaim, got: ParsedClaim): boolean {
  return (
    isOneOf(present([expected.changePct], expected.altPct), got.changePct) ||
    isOneOf(present([expected.changePp], []), got.changePp) ||
    isOneOf(present([expected.factor], expected.altFactor), got.factor) ||
    isOneOf(expected.altDelta ?? [], got.delta) ||
    isStated(expected, expected.delta, got, got.delta)
  );
}

/** A target with what was reached is found by either. */
function isSameLimit(expected: ExpectedClaim, got: ParsedClaim): boolean {
  if (got.before !== null) return false;
  return (
    isStated(expected, expected.limit, got, got.limit) ||
    isStated(expected, expected.after, got, got.after) ||
    (expected.limitOp === '=' && isStated(expected, expected.limit, got, got.after))
  );
}

/** A level may be given as what is reached or as what must be kept. */
function isSameLevel(expected: ExpectedClaim, got: ParsedClaim): boolean {
  if (got.before !== null) return false;
  return (
    isStated(expected, expected.after, got, got.after) || isStated(expected, expected.after, got, got.limit)
  );
}

function isStated(
  expected: ExpectedClaim,
  wanted: Span | undefined,
  got: ParsedClaim,
  span: Span | null,
): boolean {
  if (wanted === undefined || span === null) return false;
  return isSameStated(
    { span: wanted, unit: expected.unit, window: expected.window },
    { span, unit: got.unit, window: got.window },
  );
}

function isSameUnit(unit: string, got: string | null): boolean {
  return got !== null && isSameStated({ span: 0, unit }, { span: 0, unit: got });
}

function isOneOf(wanted: readonly Span[], got: Span | null): boolean {
  return got !== null && wanted.some((span) => isSameSpan(span, got));
}

function present(spans: readonly (Span | undefined)[], others: readonly Span[] | undefined): Span[] {
  return [...spans, ...(others ?? [])].filter((span) => span !== undefined);
}
