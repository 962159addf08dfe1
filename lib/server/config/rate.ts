import 'server-only';
import { parseQuantity, parseRate } from '@/lib/core/units/parse-quantity.ts';

const WEEK_SECONDS = 7 * 86_400;
const WEEK = /\/\s*w(?:eek)?\s*$/i;

/** Events per second of a goal: `24K/h`, `50,816/day`, `1.5M/week`, `200/s`, `10/min`; null for anything else. */
export function parseRatePerSecond(text: string): number | null {
  const rate = WEEK.test(text) ? weekly(text.replace(WEEK, '')) : parseRate(text);
  return rate !== null && Number.isFinite(rate) && rate >= 0 ? rate : null;
}

function weekly(quantity: string): number | null {
  const times = parseQuantity(quantity);
  return times === null ? null : times / WEEK_SECONDS;
}
