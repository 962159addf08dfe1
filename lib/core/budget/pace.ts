import { DAY_MS, HOUR_MS } from '../time/range.ts';
import { nextDayMs } from './day.ts';

/** What may be sent to a metered source on one UTC day, in contacts: commands and connects. */
export interface ContactBudget {
  /** Never more, whatever happens. */
  contactsPerDay: number;
  /** Denser visits after a deploy must leave room for the usual ones within this. */
  denseContactsPerDay: number;
  /** What a visit costs at most. */
  mostPerVisit: number;
}

export interface Spending {
  /** Contacts of today. */
  spent: number;
  /** Contacts of a visit, by the latest ones; 1 until enough were seen. */
  perVisit: number;
  nowMs: number;
}

/** A share of the budget is left for what is not visits on the beat: reconnects, probes, a person who asks. */
const PLANNED_SHARE = 0.9;

/** Whether one more visit stays within the budget, at its dearest. */
export function allowsVisit({ contactsPerDay, mostPerVisit }: ContactBudget, spent: number): boolean {
  return spent + mostPerVisit <= contactsPerDay;
}

/** Whether a denser pace leaves enough for the usual one until midnight UTC, however many deploys the day has. */
export function allowsDense(budget: ContactBudget, normalMs: number, spending: Spending): boolean {
  return restOfDay(normalMs, spending) + budget.mostPerVisit <= budget.denseContactsPerDay;
}

/**
 * The interval at which visits last until midnight UTC: `normalMs` or the smallest multiple of it that divides an hour
 * and fits. A source whose every visit is dear is visited seldom, and not often until noon and then no more.
 */
export function intervalWithin(budget: ContactBudget, normalMs: number, spending: Spending): number {
  const most = Math.max(1, Math.floor(HOUR_MS / normalMs));
  for (let times = 1; times < most; times += 1) {
    const intervalMs = normalMs * times;
    if (times > 1 && HOUR_MS % intervalMs !== 0) continue;
    if (fits(budget, intervalMs, spending)) return intervalMs;
  }
  return normalMs * most;
}

function fits(
  { contactsPerDay, mostPerVisit }: ContactBudget,
  intervalMs: number,
  spending: Spending,
): boolean {
  // By a whole day too, so that the beat of a dear source is the same in the evening as in the morning.
  const wholeDay = (DAY_MS / intervalMs) * spending.perVisit;
  if (wholeDay > contactsPerDay * PLANNED_SHARE) return false;
  return restOfDay(intervalMs, spending) + mostPerVisit <= contactsPerDay;
}

/** Contacts of today once visits have gone on at this interval until midnight. */
function restOfDay(intervalMs: number, { spent, perVisit, nowMs }: Spending): number {
  return spent + Math.ceil((nextDayMs(nowMs) - nowMs) / intervalMs) * perVisit;
}
