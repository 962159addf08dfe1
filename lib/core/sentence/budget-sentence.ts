import { type BudgetLimit, type BudgetTotal, nameInText } from '../model/budget.ts';
import type { SentenceView } from '../model/view.ts';
import { DAY_MS, HOUR_MS } from '../time/range.ts';
import { formatStamp } from '../units/clock.ts';
import { NBSP } from '../units/decimal.ts';
import { formatDuration } from '../units/duration.ts';
import { formatMoney } from '../units/money.ts';

export interface BudgetFacts {
  /** Ranked: what runs out first stands first. */
  limits: readonly BudgetLimit[];
  /** What everything costs; null where nothing is paid by use, or a part can't be told. */
  total: BudgetTotal | null;
  nowMs: number;
  /** True while Redis is out of use: rates of now say nothing of what it takes in use. */
  isSuspended: boolean;
}

/** What runs out first and when, with its band; then what it costs and what could not be told. */
export function writeBudgetSentence(facts: BudgetFacts): SentenceView {
  const rest = [costText(facts.total), untoldText(facts.limits), suspendedText(facts.isSuspended)];
  const known = rest.filter((text) => text !== null);
  return { verdict: verdictOf(facts), limit: known.length === 0 ? null : known.join(' ') };
}

function verdictOf({ limits, nowMs }: BudgetFacts): string {
  const [first] = limits;
  if (first === undefined) return 'No limit is known, so none can be told to run out.';
  if (first.used >= first.allowed) return `${theName(first)} is used up.`;
  const { forecast } = first;
  if (forecast !== null && forecast.likelyMs !== null)
    return `${theName(first)} ends in ${formatDuration(Math.max(0, forecast.likelyMs - nowMs))} at this rate${bandText(forecast, nowMs)}.`;
  if (forecast !== null && forecast.earliestMs !== null)
    return `${theName(first)} lasts at this rate, but may end from ${formatStamp(forecast.earliestMs)} on.`;
  const told = limits.filter(({ lasts }) => lasts);
  if (told.length === limits.length) return 'Nothing runs out before its period ends.';
  if (told.length === 0) return 'It can’t be told what runs out first.';
  return 'Nothing that can be told runs out before its period ends.';
}

/** `, between 18 h and 26 h`: the band around the likely time. */
export function bandText(
  { earliestMs, latestMs }: NonNullable<BudgetLimit['forecast']>,
  nowMs: number,
): string {
  if (earliestMs === null) return '';
  const from = spanText(earliestMs - nowMs);
  if (latestMs === null) return `, not before ${from}`;
  const to = spanText(latestMs - nowMs);
  return from === to ? '' : `, between ${from} and ${to}`;
}

/** Ends of a band are never finer than an hour, but within the last one. */
function spanText(ms: number): string {
  const span = Math.max(0, ms);
  if (span < 3 * HOUR_MS) return formatDuration(span);
  if (span < 3 * DAY_MS) return `${Math.round(span / HOUR_MS)}${NBSP}h`;
  return formatDuration(Math.round(span / DAY_MS) * DAY_MS);
}

function theName({ name }: BudgetLimit): string {
  return `The ${nameInText(name)}`;
}

function costText(total: BudgetTotal | null): string | null {
  if (total === null || total.usdPerDay === null) return null;
  const month = total.usdPerMonth === null ? '' : `, ${formatMoney(total.usdPerMonth)} this month`;
  return `What is paid by use costs ${formatMoney(total.usdPerDay)} a day at this rate${month}.`;
}

function untoldText(limits: readonly BudgetLimit[]): string | null {
  const untold = limits.filter(
    ({ forecast, lasts, used, allowed }) => forecast === null && !lasts && used < allowed,
  );
  if (untold.length === 0) return null;
  const names = untold.map(({ name }) => nameInText(name)).join(', ');
  return untold.length === 1
    ? `The ${names} can’t be told: ${untold[0]?.why ?? 'no rate is known'}.`
    : `Can’t be told: ${names}.`;
}

function suspendedText(isSuspended: boolean): string | null {
  return isSuspended ? 'Redis is suspended: its rate of now is not what it takes in use.' : null;
}
