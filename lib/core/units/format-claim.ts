import type { ClaimUnit, ClaimView, PromiseDirection } from '../model/claim.ts';
import { MINUS, NBSP, NO_DATA } from './decimal.ts';
import { type RateWindow, rateText, WINDOW_SECONDS } from './format-rate.ts';
import { valueText } from './format-value.ts';
import { formatMoney } from './money.ts';

const SIGNS: Record<PromiseDirection, string> = { atMost: '≤', atLeast: '≥', below: '<', above: '>' };

/** A number of a claim, with its window if it has one: `733K/h`, `$35.18/day`, `212 ms`. Null: `–`. */
export function claimValueText(value: number | null, unit: ClaimUnit, window: RateWindow | null): string {
  if (unit !== 'usd') return window === null ? valueText(value, unit) : rateText(value, unit, window);
  const amount = value === null || window === null ? value : value * WINDOW_SECONDS[window];
  const text = formatMoney(amount);
  return text === NO_DATA || window === null ? text : `${text}/${window}`;
}

/** What was promised: `≤ 36.7K/h`. Without a number: `–`. */
export function promiseText({ promised, unit, window }: ClaimView): string {
  if (promised === null) return NO_DATA;
  return `${SIGNS[promised.direction]}${NBSP}${claimValueText(promised.value, unit, window)}`;
}

/** A percentage of a change: `−96.7`, `+1.8`, `±0`; one decimal below a hundred. */
export function signedPercent(pct: number): string {
  const magnitude = Math.abs(pct);
  const text = magnitude < 99.95 ? magnitude.toFixed(1) : magnitude.toFixed(0);
  if (Number(text) === 0) return '±0';
  return `${pct < 0 ? MINUS : '+'}${text}`;
}

/** Effect with its interval: `−96.7 % [−97.2, −96.1]`, `−20.0 %, exact`. Null without an effect. */
export function effectText({
  effectPct,
  interval,
}: Pick<ClaimView, 'effectPct' | 'interval'>): string | null {
  if (effectPct === null || !Number.isFinite(effectPct)) return null;
  const effect = `${signedPercent(effectPct)}${NBSP}%`;
  if (interval === null) return effect;
  const [lo, hi] = interval;
  return lo === hi ? `${effect}, exact` : `${effect} [${signedPercent(lo)},${NBSP}${signedPercent(hi)}]`;
}
