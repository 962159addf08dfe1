import { DAY_MS, HOUR_MS, MINUTE_MS, type TimeRange } from './range.ts';

/** Ranges that a link can name; each ends now. */
export const NAMED_RANGES = ['5m', '15m', '1h', '3h', '6h', '24h', '7d'] as const;
export type NamedRange = (typeof NAMED_RANGES)[number];

const LENGTH_MS: Record<NamedRange, number> = {
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '1h': HOUR_MS,
  '3h': 3 * HOUR_MS,
  '6h': 6 * HOUR_MS,
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
};

/** The span that a name stands for at `nowMs`. */
export function namedRange(name: NamedRange, nowMs: number): TimeRange {
  return { startMs: nowMs - LENGTH_MS[name], endMs: nowMs };
}

const PART_MS: Record<string, number> = { s: 1_000, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS, w: 7 * DAY_MS };

/** `90s`, `5m`, `1h`, `7d` as ms; null for anything else. */
export function parseDurationMs(text: string): number | null {
  const match = /^(\d{1,7})(s|m|h|d|w)$/.exec(text);
  const part = PART_MS[match?.[2] ?? ''];
  return match?.[1] === undefined || part === undefined ? null : Number(match[1]) * part;
}
