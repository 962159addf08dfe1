import type { Unit } from '@/lib/core/metrics/catalogue/entry.ts';
import { type BudgetCost, type BudgetLimit, type BudgetTarget, isCompute } from '@/lib/core/model/budget.ts';
import type { Period } from '@/lib/core/model/money.ts';
import { bandText } from '@/lib/core/sentence/budget-sentence.ts';
import { DAY_MS } from '@/lib/core/time/range.ts';
import { formatClock, formatStamp } from '@/lib/core/units/clock.ts';
import { NO_DATA } from '@/lib/core/units/decimal.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import { rateText, WINDOW_SECONDS } from '@/lib/core/units/format-rate.ts';
import { tickText, valueText } from '@/lib/core/units/format-value.ts';
import { formatMoney } from '@/lib/core/units/money.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import type { GlyphName } from '../ui/glyph.tsx';

const A_PERIOD: Record<Period, string> = { day: 'a day', month: 'a month', year: 'a year' };

const CU_HOUR_SECONDS = 3_600;

/** `12.3M`, `446 CU-hours`: an amount of a limit or a cost in the unit that people know it by. */
export function amountText(value: number, of: { id: string; unit: Unit }): string {
  return isCompute(of) ? `${tickText(value / CU_HOUR_SECONDS, 'events')} CU-hours` : tickText(value, of.unit);
}

/** `12.3M of 20M used`. */
export function usedText(limit: BudgetLimit): string {
  return `${amountText(limit.used, limit)} of ${amountText(limit.allowed, limit)} used`;
}

/** How it stands: shape and word first, then when, in plain words. */
export function limitWords(
  limit: BudgetLimit,
  nowMs: number,
  zone: Zone,
): { glyph: GlyphName; word: string; detail: string | null } {
  const { forecast, lasts, used, allowed, period, why } = limit;
  if (used >= allowed) return { glyph: 'bad', word: 'Used up', detail: null };
  if (forecast?.likelyMs != null) {
    const leftMs = forecast.likelyMs - nowMs;
    const when = (leftMs < DAY_MS ? formatClock : formatStamp)(forecast.likelyMs, 'minutes', zone);
    return {
      glyph: leftMs < DAY_MS ? 'bad_outline' : 'warn_outline',
      word: `Ends in ${formatDuration(Math.max(0, leftMs))}`,
      detail: `at ${when}${bandText(forecast, nowMs)}`,
    };
  }
  if (forecast?.earliestMs != null) {
    return {
      glyph: 'pending',
      word: 'May end',
      detail: `from ${formatStamp(forecast.earliestMs, 'minutes', zone)} on; likely it lasts`,
    };
  }
  if (lasts)
    return { glyph: 'good_outline', word: 'Lasts', detail: period === null ? null : `the ${period}` };
  return { glyph: 'unknown', word: 'Can’t tell', detail: why };
}

/** `20M a month, 17.6M/day now`: what is allowed, and the rate that the forecast is made with. */
export function limitRateText(limit: BudgetLimit): string {
  const { allowed, period, perSecond } = limit;
  const whole = `${amountText(allowed, limit)}${period === null ? '' : ` ${A_PERIOD[period]}`}`;
  return `${whole}, ${perSecond === null ? 'rate not known' : `${paceText(perSecond, limit)} now`}`;
}

/** A rate in its own window: `24.0K/h`, `6.00 CU-hours/day`. */
export function paceText(perSecond: number, of: Pick<BudgetLimit, 'id' | 'unit' | 'rateWindow'>): string {
  return isCompute(of)
    ? `${valueText((perSecond * WINDOW_SECONDS.day) / CU_HOUR_SECONDS, 'events')} CU-hours/day`
    : rateText(perSecond, of.unit, of.rateWindow);
}

/** `17.6M/day`; a dash where it is not known. */
export function perDayText({ id, perDay, unit }: Pick<BudgetCost, 'id' | 'perDay' | 'unit'>): string {
  return perDay === null ? NO_DATA : paceText(perDay / WINDOW_SECONDS.day, { id, unit, rateWindow: 'day' });
}

/** `$35.18`; a dash where it is not known. */
export function usdText(usd: number | null): string {
  return formatMoney(usd);
}

/** `733K/h, $35.18 a day`; a dash where it is not known. */
export function levelText(
  level: BudgetTarget['before'],
  { unit, rateWindow }: Pick<BudgetTarget, 'unit' | 'rateWindow'>,
): { rate: string; usd: string } {
  if (level === null) return { rate: NO_DATA, usd: NO_DATA };
  return { rate: rateText(level.perSecond, unit, rateWindow), usd: `${formatMoney(level.usdPerDay)} a day` };
}
