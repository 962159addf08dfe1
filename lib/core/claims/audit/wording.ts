import { formatMoney } from '../../units/money.ts';
import type { Span } from '../document.ts';

const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `1,527.8`, `74.03`, `17.6M`, `576K`: about four digits, from a hundred thousand on in K, M and B where that loses nothing much. */
export function countText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9) return `${trimmed(value / 1e9, 2)}B`;
  if (size >= 1e6) return `${trimmed(value / 1e6, 2)}M`;
  if (size >= 1e5 && value % 1_000 === 0) return `${value / 1_000}K`;
  if (size >= 1e4) return GROUPED.format(value);
  if (size >= 1e3) return `${GROUPED.format(Math.trunc(value))}${trimmed(size % 1, 1).slice(1)}`;
  return trimmed(value, size >= 100 ? 1 : 2);
}

function trimmed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** A span of a claim with its unit and window: `733K GETs/h`, `$352.00/day`, `95–99 %`. */
export function spanText(span: Span, unit: string | null, window: string | null): string {
  const one = (value: number) => (unit === 'USD' ? formatMoney(value) : countText(value));
  const numbers = typeof span === 'number' ? one(span) : `${one(span[0])}–${one(span[1])}`;
  return `${numbers}${unit === null || unit === 'USD' ? '' : ` ${unit}`}${window === null ? '' : ` per ${windowText(window)}`}`;
}

const WORDS: Readonly<Record<string, string>> = { s: 'second', min: 'minute', h: 'hour' };

/** `day`, `3 hours`. */
export function windowText(window: string): string {
  const match = /^(\d+)?([a-z]+)$/.exec(window);
  const name = WORDS[match?.[2] ?? ''] ?? match?.[2] ?? window;
  return match?.[1] === undefined ? name : `${match[1]} ${name}s`;
}

/** A percentage of a change without its sign: `74.03 %`. */
export function percentText(value: number): string {
  return `${trimmed(Math.abs(value), 2)} %`;
}

/** `1 min`, `2 h 40 min`. */
export function minutesText(minutes: number): string {
  const whole = Math.round(minutes);
  if (whole < 60) return `${whole} min`;
  const rest = whole % 60;
  return `${Math.floor(whole / 60)} h${rest === 0 ? '' : ` ${rest} min`}`;
}

/** The claim's own words, short enough for a sentence. */
export function shortText(text: string): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  return plain.length <= 60 ? plain : `${plain.slice(0, 57).trimEnd()}…`;
}
