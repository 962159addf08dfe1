import type { Unit } from '../metrics/catalogue/entry.ts';
import { NO_DATA, threeDigits } from '../units/decimal.ts';
import { exactRateText, type RateWindow, rateText, WINDOW_SECONDS } from '../units/format-rate.ts';

/** How the rates of a table are written: by time, or by each HTTP request that the app answered meanwhile. */
export interface Measure {
  /** `per minute`, `per request`. */
  words: string;
  text: (perSecond: number | null) => string;
  /** The number itself, for a file; null where it cannot be told. */
  value: (perSecond: number | null) => number | null;
}

export interface MeasureInput {
  unit: Unit;
  window: RateWindow;
  /** Digits in full, as in a table of numbers. */
  isExact: boolean;
  /** Divide by `requestsPerSecond`. */
  perRequest: boolean;
  /** HTTP responses of the same window; null where nobody counts them. */
  requestsPerSecond: number | null;
}

const WORDS: Record<RateWindow, string> = {
  s: 'per second',
  min: 'per minute',
  h: 'per hour',
  day: 'per day',
};

/** The measure of one window. Per request nothing can be said without requests: missing, not zero. */
export function measureOf({ unit, window, isExact, perRequest, requestsPerSecond }: MeasureInput): Measure {
  if (perRequest) {
    const value = (perSecond: number | null): number | null =>
      perSecond === null || requestsPerSecond === null || requestsPerSecond <= 0
        ? null
        : perSecond / requestsPerSecond;
    return {
      words: 'per request',
      value,
      text: (perSecond) => {
        const each = value(perSecond);
        return each === null ? NO_DATA : threeDigits(each);
      },
    };
  }
  return {
    words: WORDS[window],
    value: (perSecond) => (perSecond === null ? null : perSecond * WINDOW_SECONDS[window]),
    text: (perSecond) => (isExact ? exactRateText(perSecond, window) : rateText(perSecond, unit, window)),
  };
}
