import type { ImpactFigure } from '../model/incident.ts';
import { formatDuration } from './duration.ts';
import { exactText, valueText } from './format-value.ts';
import { formatMoney } from './money.ts';

/**
 * A number of the impact, spelt the same wherever it is told: counts in full (`12,345`), money to the cent, times as
 * their two largest parts. Null: `–`.
 */
export function impactText({ value, unit }: Pick<ImpactFigure, 'value' | 'unit'>): string {
  switch (unit) {
    case 'ms':
      return formatDuration(value);
    case 'usd':
      return formatMoney(value);
    case 'ratio':
    case 'seconds':
    case 'bytes':
      return valueText(value, unit);
    default:
      // Events are counted whole; a sum over buckets may end in a part of one.
      return wholeText(value === null ? null : Math.round(value));
  }
}

/** A count: `12`, `1,884,728`; never `12.0`. */
function wholeText(count: number | null): string {
  return count !== null && Math.abs(count) < 1_000 ? String(count) : exactText(count);
}
