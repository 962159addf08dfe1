import type { Unit } from '../metrics/catalogue/entry.ts';
import { type Formatted, NO_DATA } from './decimal.ts';
import { exactText, formatFinite } from './format-value.ts';

/** The window that a rate is written with. A rate is never shown without one. */
export const RATE_WINDOWS = ['s', 'min', 'h', 'day'] as const;
export type RateWindow = (typeof RATE_WINDOWS)[number];

/** Seconds in each window: multiply a rate per second by it. */
export const WINDOW_SECONDS: Record<RateWindow, number> = { s: 1, min: 60, h: 3_600, day: 86_400 };

/** Words for sentences and summaries: `per hour`. */
export const WINDOW_WORDS: Record<RateWindow, string> = {
  s: 'per second',
  min: 'per minute',
  h: 'per hour',
  day: 'per day',
};

/**
 * The shortest window in which a rate of `perSecond` is at least 1. Choose it once per chart, not per number:
 * a figure that changes its window between two looks cannot be compared. Null or 0 gives `h`.
 */
export function chooseRateWindow(perSecond: number | null): RateWindow {
  if (perSecond === null || perSecond === 0) return 'h';
  return RATE_WINDOWS.find((window) => Math.abs(perSecond) * WINDOW_SECONDS[window] >= 1) ?? 'day';
}

/** A rate per second, written per `window`: `24.0K/h`, `2.62/h`, `1.10 MB/s`. Null: `–`, without a window. */
export function formatRate(perSecond: number | null, unit: Unit, window: RateWindow): Formatted {
  const perWindow = perSecond === null ? Number.NaN : perSecond * WINDOW_SECONDS[window];
  if (!Number.isFinite(perWindow)) return { text: NO_DATA, suffix: '' };
  const { text, suffix } = formatFinite(perWindow, unit, 'three_digits');
  return { text, suffix: `${suffix}/${window}` };
}

/** `text + suffix` of {@link formatRate}, for sentences. */
export function rateText(perSecond: number | null, unit: Unit, window: RateWindow): string {
  const { text, suffix } = formatRate(perSecond, unit, window);
  return text + suffix;
}

/** The rate in full for a tooltip: `733,412/h`. Null: `–`. */
export function exactRateText(perSecond: number | null, window: RateWindow): string {
  const text = exactText(perSecond === null ? null : perSecond * WINDOW_SECONDS[window]);
  return text === NO_DATA ? text : `${text}/${window}`;
}
