import { WINDOW_SECONDS } from '../../units/format-rate.ts';
import type { Span } from '../document.ts';

/** What numbers of a unit count, whatever scale they are written in. */
export const UNIT_FAMILIES = ['time', 'bytes', 'percent', 'money', 'count'] as const;
export type UnitFamily = (typeof UNIT_FAMILIES)[number];

/** Scales of a claim's units to seconds, bytes, a ratio of 0–1 and dollars. Nouns count one by one. */
const SCALES: Readonly<Record<string, readonly [UnitFamily, number]>> = {
  µs: ['time', 1e-6],
  us: ['time', 1e-6],
  ms: ['time', 1e-3],
  s: ['time', 1],
  min: ['time', 60],
  h: ['time', 3_600],
  day: ['time', 86_400],
  B: ['bytes', 1],
  KB: ['bytes', 1e3],
  kB: ['bytes', 1e3],
  MB: ['bytes', 1e6],
  GB: ['bytes', 1e9],
  TB: ['bytes', 1e12],
  '%': ['percent', 0.01],
  USD: ['money', 1],
};

const DAY_SECONDS = WINDOW_SECONDS.day;
/** A month is a twelfth of 365 days; what counts 30 days instead says so. */
export const LONG_WINDOW_SECONDS = {
  week: 7 * DAY_SECONDS,
  month: (365 / 12) * DAY_SECONDS,
  year: 365 * DAY_SECONDS,
} as const;
const WINDOWS: Readonly<Record<string, number>> = { ...WINDOW_SECONDS, ...LONG_WINDOW_SECONDS };

/** Family and scale of a claim's unit; a noun and null count one by one. */
export function unitScale(unit: string | null): { family: UnitFamily; scale: number } {
  const known = unit !== null && Object.hasOwn(SCALES, unit) ? SCALES[unit] : undefined;
  return known === undefined ? { family: 'count', scale: 1 } : { family: known[0], scale: known[1] };
}

/** Seconds of a window such as `h`, `day`, `3h`; null for none and for what is no time (`order`). */
export function windowSeconds(window: string | null): number | null {
  const match = /^(\d+(?:\.\d+)?)?([a-z]+)$/.exec(window ?? '');
  const name = match?.[2] ?? '';
  const seconds = Object.hasOwn(WINDOWS, name) ? (WINDOWS[name] ?? null) : null;
  const times = match?.[1] === undefined ? 1 : Number(match[1]);
  return seconds === null || times === 0 ? null : seconds * times;
}

/** A span of a claim in base units: `733K/h` is 203.6 per second, `212 ms` is 0.212 s, `94.8 %` is 0.948. */
export interface BaseSpan {
  low: number;
  high: number;
  family: UnitFamily;
  /** True when the numbers are per second. The author's own window stays with the claim, for display. */
  perSecond: boolean;
}

/** Brings a span of a claim to base units; null stays null. */
export function baseSpan(span: Span | null, unit: string | null, window: string | null): BaseSpan | null {
  if (span === null) return null;
  const [low, high] = typeof span === 'number' ? [span, span] : span;
  const { family, scale } = unitScale(unit);
  const seconds = windowSeconds(window);
  const factor = scale / (seconds ?? 1);
  return { low: low * factor, high: high * factor, family, perSecond: seconds !== null };
}
