import type { Span } from '@/lib/core/claims/document.ts';

/** Two numbers are one when they differ by no more than this part of the larger. */
const TOLERANCE = 0.005;

const SECOND: Readonly<Record<string, number>> = {
  ns: 1e-9,
  µs: 1e-6,
  us: 1e-6,
  ms: 1e-3,
  s: 1,
  min: 60,
  h: 3600,
  day: 86_400,
  days: 86_400,
  week: 604_800,
};
const BYTE: Readonly<Record<string, number>> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
/** `2.4 MB → 780 KB` in one unit is 2,400 KB to one reader and 2,457.6 KB to another. */
const BINARY_STEPS = [1, 1.024, 1.024 ** 2, 1 / 1.024, 1 / 1.024 ** 2];
const WINDOW_SECONDS: Readonly<Record<string, readonly number[]>> = {
  s: [1],
  min: [60],
  h: [3600],
  day: [86_400],
  week: [604_800],
  // People count a month as 30 days or as a twelfth of a year.
  month: [30 * 86_400, (365 / 12) * 86_400],
  year: [365 * 86_400, 360 * 86_400],
};

/** A span with what it is counted in, as a claim states it; null or absent: not said. */
export interface Stated {
  readonly span: Span;
  readonly unit?: string | null | undefined;
  readonly window?: string | null | undefined;
}

/**
 * Whether two spans say the same within 0.5 %. Times, sizes and windows are brought to one base first; a unit or a
 * window that only one side names is not held against the other, and nouns are not compared.
 */
export function isSameStated(a: Stated, b: Stated): boolean {
  return scales(a, b).some((scale) => isSameSpan(a.span, b.span, scale));
}

/** Whether two bare spans are the same within 0.5 %, `b` multiplied by `scale`. A range is never a single number. */
export function isSameSpan(a: Span, b: Span, scale = 1): boolean {
  const [aLow, aHigh] = endsOf(a);
  const [bLow, bHigh] = endsOf(b);
  return isSameNumber(aLow, bLow * scale) && isSameNumber(aHigh, bHigh * scale);
}

/** What `b` may have to be multiplied by to stand in the unit and window of `a`; none where the two cannot be compared. */
function scales(a: Stated, b: Stated): number[] {
  const units = unitScales(a.unit ?? null, b.unit ?? null);
  const windows = windowScales(a.window ?? null, b.window ?? null);
  return units.flatMap((unit) => windows.map((window) => unit * window));
}

function unitScales(a: string | null, b: string | null): number[] {
  if (a === null || b === null) return [1];
  const [kindA, kindB] = [kindOf(a), kindOf(b)];
  if (kindA !== kindB) return [];
  if (kindA === 'time') return [(SECOND[b] ?? 1) / (SECOND[a] ?? 1)];
  if (kindA === 'bytes') return BINARY_STEPS.map((step) => ((BYTE[b] ?? 1) / (BYTE[a] ?? 1)) * step);
  return [1];
}

function kindOf(unit: string): 'time' | 'bytes' | 'percent' | 'money' | 'count' {
  if (Object.hasOwn(SECOND, unit)) return 'time';
  if (Object.hasOwn(BYTE, unit)) return 'bytes';
  if (unit === '%') return 'percent';
  if (unit === 'USD' || unit === 'EUR') return 'money';
  return 'count';
}

function windowScales(a: string | null, b: string | null): number[] {
  if (a === b || a === null || b === null) return [1];
  return secondsOf(a).flatMap((inA) => secondsOf(b).map((inB) => inA / inB));
}

function secondsOf(window: string): number[] {
  const match = /^(\d*)(\D+)$/.exec(window);
  const times = Number(match?.[1] || 1);
  return (WINDOW_SECONDS[match?.[2] ?? ''] ?? []).map((seconds) => seconds * times);
}

function endsOf(span: Span): readonly [number, number] {
  return typeof span === 'number' ? [span, span] : span;
}

function isSameNumber(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b)) + 1e-12;
}
