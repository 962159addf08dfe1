import type { Unit } from '../metrics/catalogue/entry.ts';
import { MINUS } from './decimal.ts';
import { type RateWindow, WINDOW_SECONDS } from './format-rate.ts';

const NUMBER = /^(-?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?:e(-?\d{1,3}))?\s*(\S*)$/i;
const COUNT_SCALES: Record<string, number> = { '': 1, k: 1e3, m: 1e6, b: 1e9, t: 1e12 };
const BYTE_SCALES: Record<string, number> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
const SECOND_SCALES: Record<string, number> = {
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3_600,
  d: 86_400,
};
const WINDOW_NAMES: Record<string, RateWindow> = {
  s: 's',
  sec: 's',
  second: 's',
  min: 'min',
  minute: 'min',
  h: 'h',
  hour: 'h',
  d: 'day',
  day: 'day',
};

/** An own entry only: people also write words such as `constructor`. */
function entry<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function plain(text: string): string {
  return text.replaceAll(MINUS, '-').replaceAll('\u00a0', ' ').trim();
}

function split(text: string): { number: number; tail: string } | null {
  const match = NUMBER.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = '', exponent, tail = ''] = match;
  const number = Number(`${sign}${whole.replaceAll(',', '')}${fraction}${exponent ? `e${exponent}` : ''}`);
  return Number.isFinite(number) ? { number, tail } : null;
}

/** A count as people write it: `24K`, `1.5M`, `195,680`, `−3`. Null for anything else. */
export function parseQuantity(text: string): number | null {
  const parts = split(plain(text));
  const scale = parts && entry(COUNT_SCALES, parts.tail.toLowerCase());
  return parts && scale ? parts.number * scale : null;
}

/** A rate with its window, `24K/h` or `12 /min`, as events per second. Null without a window: 24K of what? */
export function parseRate(text: string): number | null {
  const slash = text.lastIndexOf('/');
  if (slash === -1) return null;
  const name = text.slice(slash + 1).trim();
  const window = entry(WINDOW_NAMES, name.toLowerCase());
  const quantity = parseQuantity(text.slice(0, slash));
  return window === undefined || quantity === null ? null : quantity / WINDOW_SECONDS[window];
}

function parseSeconds(text: string): number | null {
  const sign = text.startsWith('-') ? -1 : 1;
  const words = text.replace(/^-/, '').match(/\S+ \S+/g);
  if (words === null || words.join(' ') !== text.replace(/^-/, '')) return null;
  let total = 0;
  for (const word of words) {
    const parts = split(word);
    const scale = parts && entry(SECOND_SCALES, parts.tail);
    if (!parts || !scale) return null;
    total += parts.number * scale;
  }
  return sign * total;
}

/** The inverse of `formatValue`: what we print, read back into the base unit. Null when it is no such text. */
export function parseValue(text: string, unit: Unit): number | null {
  const clean = plain(text);
  if (unit === 'seconds') return parseSeconds(clean);
  if (unit === 'usd') return /^-?\$/.test(clean) ? parseQuantity(clean.replace('$', '')) : null;
  if (unit !== 'ratio' && unit !== 'bytes') return parseQuantity(clean);
  const parts = split(clean);
  if (parts === null) return null;
  if (unit === 'ratio') return parts.tail === '%' ? parts.number / 100 : null;
  const scale = entry(BYTE_SCALES, parts.tail);
  return scale === undefined ? null : parts.number * scale;
}
