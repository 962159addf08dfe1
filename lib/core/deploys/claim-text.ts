import type { LimitOp, ParsedClaim, Span } from '../claims/document.ts';
import { MINUS, NBSP, onLadder } from '../units/decimal.ts';
import { parseQuantity } from '../units/parse-quantity.ts';

const FULL = new Intl.NumberFormat('en-US', { maximumFractionDigits: 4 });
const CENTS = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const COUNTS = [
  { factor: 1, suffix: '' },
  { factor: 1e3, suffix: 'K' },
  { factor: 1e6, suffix: 'M' },
  { factor: 1e9, suffix: 'B' },
  { factor: 1e12, suffix: 'T' },
];
/** From here on three digits say enough; below, a number is written as its author wrote it. */
const SHORTENED_FROM = 10_000;
const MEASURES = new Set(['s', 'ms', 'µs', 'us', 'min', 'h', 'B', 'KB', 'kB', 'MB', 'GB', 'TB', '%']);

const OPS: Record<LimitOp, string> = { '<': '<', '<=': '≤', '>': '>', '>=': '≥', '=': '=' };

function numberText(value: number, unit: string | null): string {
  const magnitude = Math.abs(value);
  const sign = value < 0 ? MINUS : '';
  if (unit === 'USD') {
    const text = Number.isInteger(magnitude) ? FULL.format(magnitude) : CENTS.format(magnitude);
    return `${sign}$${text}`;
  }
  if (magnitude < SHORTENED_FROM) return sign + FULL.format(magnitude);
  const { text, suffix } = onLadder(magnitude, COUNTS);
  return sign + text + suffix;
}

/** A span in its own unit, per its own window: `733K/h`, `95–99 %`, `$35.20/day`, `2 queries`. */
export function spanText(span: Span, unit: string | null, window: string | null): string {
  const number =
    typeof span === 'number'
      ? numberText(span, unit)
      : `${numberText(span[0], unit)}–${numberText(span[1], unit)}`;
  const measure = unit !== null && MEASURES.has(unit) ? NBSP + unit : '';
  // What is counted stands in the words of the claim; alone, a number needs its noun.
  const noun = unit !== null && unit !== 'USD' && measure === '' && window === null ? NBSP + unit : '';
  return `${number}${measure}${noun}${window === null ? '' : `/${window}`}`;
}

function signedText(span: Span, tail: string): string {
  const one = (value: number) => (value > 0 ? `+${FULL.format(value)}` : numberText(value, null));
  return `${typeof span === 'number' ? one(span) : `${one(span[0])} to ${one(span[1])}`}${NBSP}${tail}`;
}

const DIRECTION_WORDS = { down: 'lower', up: 'higher', unchanged: 'unchanged' } as const;

/** What a claim promises in numbers, most telling first: `733K/h → 24K/h`, `−96.7 %`. Never empty. */
export function claimFigures(claim: ParsedClaim): readonly string[] {
  const { before, after, unit, window, limit, limitOp } = claim;
  const about = claim.approximate ? '~' : '';
  const text = (span: Span) => spanText(span, unit, window);
  const figures: string[] = [];
  if (before !== null && after !== null) figures.push(`${text(before)} → ${about}${text(after)}`);
  else if (after !== null) figures.push(`→ ${about}${text(after)}`);
  else if (before !== null) figures.push(`from ${about}${text(before)}`);
  if (limit !== null) figures.push(`${OPS[limitOp ?? '=']} ${text(limit)}`);
  if (claim.changePct !== null) figures.push(signedText(claim.changePct, '%'));
  if (claim.changePp !== null) figures.push(signedText(claim.changePp, 'pp'));
  if (claim.factor !== null) figures.push(`${spanText(claim.factor, null, null)}×`);
  if (claim.delta !== null && before === null) figures.push(`${text(claim.delta)} change`);
  if (claim.guard) figures.push('must not get worse');
  if (figures.length === 0) {
    figures.push(claim.direction === null ? 'no number' : DIRECTION_WORDS[claim.direction]);
  }
  return figures;
}

/** A span as a person types it: empty is null; else a number, or two of them. `fault`: what it should look like. */
export function readSpan(text: string): { span: Span | null } | { fault: string } {
  const clean = text.replace(/[$%~×]|\bpp\b/g, '').trim();
  if (clean === '') return { span: null };
  const whole = readNumber(clean);
  if (whole !== null) return { span: whole };
  const parts = /^(.*?\S)\s*(?:–|—|\.\.| to |(?<=[\dkmbt])\s*-)\s*(\S.*)$/i.exec(clean);
  const low = readNumber(parts?.[1] ?? '');
  const high = readNumber(parts?.[2] ?? '');
  if (low === null || high === null) return { fault: 'Write a number such as 24K, or two of them: 10–50.' };
  return { span: low <= high ? [low, high] : [high, low] };
}

function readNumber(text: string): number | null {
  return parseQuantity(text.replace(/^\+/, '').replace(/\s+(?=[kmbt]$)/i, ''));
}

/** A span as it stands in a field: what {@link readSpan} reads back. */
export function writeSpan(span: Span | null): string {
  if (span === null) return '';
  return typeof span === 'number' ? FULL.format(span).replace('-', MINUS) : span.map(String).join(' to ');
}

/** `line 8`, `lines 8, 19–21`; empty for what was added by hand. */
export function linesText(lines: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const line of [...new Set(lines)].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && line === last[1] + 1) last[1] = line;
    else runs.push([line, line]);
  }
  if (runs.length === 0) return '';
  const text = runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
  return `${runs.length > 1 || runs[0]?.[0] !== runs[0]?.[1] ? 'lines' : 'line'} ${text}`;
}

/** A metric with what narrows it: `redis_commands_total{cmd=get}`. */
export function metricText({ metric, labels }: Pick<ParsedClaim, 'metric' | 'labels'>): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return `${metric ?? ''}${parts.length === 0 ? '' : `{${parts.join(', ')}}`}`;
}
