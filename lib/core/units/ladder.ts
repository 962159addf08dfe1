import type { Unit } from '../metrics/catalogue/entry.ts';
import { exactRateText, RATE_WINDOWS, type RateWindow, rateText, WINDOW_SECONDS } from './format-rate.ts';
import { tickText } from './format-value.ts';
import { formatMoney } from './money.ts';

/** What one command (query, request) costs: `usd` for every `perUnits` of them. */
export interface Pricing {
  perUnits: number;
  usd: number;
}

export interface LadderRow {
  window: RateWindow | 'money';
  /** `733,000/h`, `204/s`, `$35.18/day`. */
  text: string;
  /** `at $0.20 per 100K` beside money; empty otherwise. */
  remark: string;
}

/**
 * One rate in the ways people think of it: the exact number in the window of the chart first, then per second, hour and
 * day, and what it costs a day when a price is known. Null (and what is no number): no rows.
 */
export function ladder(
  perSecond: number | null,
  unit: Unit,
  pricing: Pricing | null = null,
  window: RateWindow = 'h',
): LadderRow[] {
  if (perSecond === null || !Number.isFinite(perSecond)) return [];
  const rows: LadderRow[] = [{ window, text: exactOrShort(perSecond, unit, window), remark: '' }];
  for (const other of RATE_WINDOWS) {
    // A minute says nothing that the second and the hour do not, unless the chart itself counts in it.
    if (other === window || other === 'min') continue;
    rows.push({ window: other, text: rateText(perSecond, unit, other), remark: '' });
  }
  if (pricing !== null && pricing.perUnits > 0 && Number.isFinite(pricing.usd)) {
    const perDay = ((perSecond * WINDOW_SECONDS.day) / pricing.perUnits) * pricing.usd;
    rows.push({
      window: 'money',
      text: `${formatMoney(perDay)}/day`,
      remark: `at ${formatMoney(pricing.usd)} per ${tickText(pricing.perUnits, 'requests')}`,
    });
  }
  return rows;
}

/** The ladder as one line: `733,000/h = 204/s = 17.6M/day = $35.18/day at $0.20 per 100K`. Empty without a rate. */
export function ladderText(rows: readonly LadderRow[]): string {
  return rows.map(({ text, remark }) => (remark === '' ? text : `${text} ${remark}`)).join(' = ');
}

/** Counts from a thousand on in full; below, and for bytes and the like, three digits. */
function exactOrShort(perSecond: number, unit: Unit, window: RateWindow): string {
  const isCount = unit !== 'bytes' && unit !== 'seconds' && unit !== 'ratio';
  return isCount && Math.abs(perSecond * WINDOW_SECONDS[window]) >= 999.5
    ? exactRateText(perSecond, window)
    : rateText(perSecond, unit, window);
}
